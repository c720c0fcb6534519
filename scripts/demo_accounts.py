#!/usr/bin/env python3
"""Logs the demo's people in, as each of them would: the three administrators
with the one-time passwords that --init printed, the others with the one that
the security administrator's account.add gives. All choose another.

    demo_accounts.py FOLDER administrators    FOLDER/init.log: what --init said
    demo_accounts.py FOLDER people            opens their accounts; or, if they
                                              are open, logs all in again
    demo_accounts.py FOLDER table             account, password, who it is

BIHUAN_SERVER names the server, XDG_STATE_HOME where log-ins are kept; bihuan is
looked for in PATH. The passwords stand in FOLDER/accounts, for its owner only.
"""
import json
import os
import pathlib
import re
import secrets
import subprocess
import sys

ADMINISTRATORS = [
    ("system", "系统管理员: 名录、日历、规程、导入、备份", "system administrator"),
    ("security", "安全管理员: 账号、口令、令牌", "security administrator"),
    ("audit", "审计管理员: 审计记录", "audit administrator"),
]
PEOPLE = [
    ("dcs-1", "督查室督查员, 看全县", "supervisor, reads everything"),
    ("xwld-1", "县委领导", "leader"),
    ("zhb-1", "综合派单办公室派单员", "dispatcher of the general office"),
    ("cbhg-1", "船舶海工产业链党委派单员", "dispatcher of the shipbuilding chain"),
    ("hkht-1", "航空航天产业链党委派单员", "dispatcher of the aerospace chain"),
    ("zjj-1", "县住建局负责人", "head of the housing department"),
    ("zjj-2", "县住建局经办人", "handler there"),
    ("jtj-2", "县交通运输局经办人", "handler of the transport department"),
    ("zdy-03", "党建指导员", "party guide of some enterprises"),
    ("qy-03", "企业联系人", "contact of an enterprise"),
    ("qy-17", "企业联系人", "contact of another enterprise"),
]
WORDS = "Chuan Hai Gang Feng Yun Shan Lan Bo Xing Qiao Deng Song".split()


def new_password():
    """To be typed by people: two words and a number; for a demo it will do."""
    return (f"{secrets.choice(WORDS)}-{secrets.randbelow(9000) + 1000}-"
            f"{secrets.choice(WORDS)}")


def bihuan(*words, given=""):
    done = subprocess.run(["bihuan", *words], input=given, text=True,
                          capture_output=True)
    if done.returncode != 0:
        sys.exit(f"demo_accounts.py: {' '.join(words)}: {done.stderr}")
    return done.stdout


class Accounts:
    def __init__(self, folder):
        self.file = folder / "accounts"
        self.passwords = {}
        if self.file.exists():
            self.passwords = dict(
                line.split() for line in self.file.read_text().splitlines())

    def log_in(self, account):
        bihuan("login", f"account={account}",
               given=self.passwords[account] + "\n")

    def first_log_in(self, account, one_time):
        """Kept before it is in force: nobody is left without a password."""
        self.passwords[account] = new_password()
        with os.fdopen(os.open(self.file, os.O_WRONLY | os.O_CREAT |
                               os.O_TRUNC, 0o600), "w") as out:
            for row in self.passwords.items():
                print(*row, file=out)
        bihuan("login", f"account={account}",
               given=f"{one_time}\n{self.passwords[account]}\n")

    def administrators(self, said):
        one_time = dict(re.findall(r"^(\w+)  (\S+)$", said, re.M))
        for account, *_ in ADMINISTRATORS:
            self.first_log_in(account, one_time[account])

    def people(self):
        self.log_in("security")
        for account, *_ in PEOPLE:
            if account in self.passwords:
                self.log_in(account)
                continue
            opened = bihuan("--account", "security", "--format", "json",
                            "account", "add", f"account={account}")
            self.first_log_in(account, json.loads(opened)["password"])

    def table(self):
        for account, zh, en in ADMINISTRATORS + PEOPLE:
            print(f"{account:9} {self.passwords[account]:17} {zh} / {en}")


def main():
    folder, step = pathlib.Path(sys.argv[1]), sys.argv[2]
    accounts = Accounts(folder)
    if step == "administrators":
        accounts.administrators((folder / "init.log").read_text())
    elif step == "people":
        accounts.people()
    else:
        accounts.table()


if __name__ == "__main__":
    main()
