#!/usr/bin/env python3
"""Who logs in to a test's daemon: passwords and tokens of its accounts.

    logins = Logins(socket_path, text_that_init_printed)
    logins.token("wang")      logs wang in; opens the account if there is none

The three administrators have the one-time passwords that --init printed. For
anybody else who is registered, the security administrator opens an account when
it is first asked for. As a program, for tests written in bash:

    logins.py SOCKET FILE ACCOUNT       FILE: what --init printed; new
                                        passwords are put at its end
"""
import pathlib
import re
import sys
import threading

from peer import SUPERVISOR, Peer

PASSWORD = "Probe-2026-Uhrwerk"
ROW = re.compile(r"^([^\s:]+) {2,}(\S+)$", re.M)


class Logins:
    def __init__(self, path, printed):
        self.path = path
        self.printed = printed
        self.lock = threading.RLock()
        rows = dict(ROW.findall(printed))
        self.passwords = {a: p for a, p in rows.items() if p == PASSWORD}
        self.one_time = {a: p for a, p in rows.items() if p != PASSWORD}
        self.tokens = {}

    def token(self, account):
        with self.lock:
            if account not in self.tokens:
                if account not in self.passwords | self.one_time:
                    self.open(account)
                self.tokens[account] = self.log_in(account)
            return self.tokens[account]

    def forget(self):
        """The tokens have ended: the clock went on."""
        with self.lock:
            self.tokens = {}

    def ask(self, who, method, params=None):
        """By a log-in of `who`, on a connection of its own."""
        peer = Peer(self.path)
        try:
            token = {} if who is None else {"token": self.token(who)}
            return peer.call(method, params, as_=None, **token)
        finally:
            peer.close()

    def must(self, *ask):
        reply = self.ask(*ask)
        assert "result" in reply, (ask[:2], reply)
        return reply["result"]

    def log_in(self, account):
        params = {"account": account}
        if account in self.one_time:
            params.update(password=self.one_time.pop(account), new=PASSWORD)
            self.passwords[account] = PASSWORD
        else:
            params["password"] = self.passwords[account]
        return self.must(None, "login", params)["token"]

    def open(self, account):
        if account == SUPERVISOR:
            self.register_supervisor()
        self.one_time[account] = self.must(
            "security", "account.add", {"account": account})["password"]

    def register_supervisor(self):
        """In a unit that is there: one more would change what is tested."""
        units = [code for method in ("department.list", "committee.list",
                                     "office.list")
                 for code in self.codes(method)]
        if not units:
            units = ["units-of-tests"]
            self.must("system", "department.add",
                      {"code": units[0], "name": "督查"})
        self.must("system", "person.add", {
            "code": SUPERVISOR, "name": "督查员", "unit": units[0],
            "role": "supervisor"})

    def codes(self, method):
        result = self.must("system", method)
        table, = (v for v in result.values() if isinstance(v, dict))
        place = table["columns"].index("code")
        return [row[place] for row in table["rows"]]


def main():
    path, file, account = sys.argv[1:]
    file = pathlib.Path(file)
    logins = Logins(path, file.read_text(encoding="utf-8"))
    print(logins.token(account))
    with file.open("a", encoding="utf-8") as out:
        for row in logins.passwords.items():
            print(*row, sep="  ", file=out)


if __name__ == "__main__":
    main()
