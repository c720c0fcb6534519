#!/usr/bin/env python3
"""The audit record of a real daemon: every kind of event with who, from where
and with what outcome; within a second, also when the daemon is killed then;
read by the audit administrator, who may do nothing else, and by nobody else;
without any secret; proved, and found when it was forged.

    test_audit.py BIN_DIR
"""
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, Scene, run_all, wait_for  # noqa: E402

BIN_DIR = sys.argv[1]
CREDIT = "91350100M000100Y43"
SOURCE = f"unix:{os.getuid()}"
SETTINGS = """
[password]
cost = 5
[login]
failures = 9
[notify]
proxy = http://127.0.0.1:9
[limits]
account_rate = 1000000
source_rate = 1000000
logins = 100000
"""
STRANGER = "A" * 43  # a token of nobody
LINE = re.compile(r"bihuan-audit 1 ([1-9][0-9]*) ([0-9a-f]{64}) "
                  r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00)")


class County(Scene):
    """A daemon, its administrators and a few people, all of them logged in."""

    def __init__(self, settings=SETTINGS):
        self.daemon = Daemon(BIN_DIR, settings=settings)
        self.tokens = {}
        self.secrets = set()

    def begin(self):
        passwords = self.daemon.logins.one_time
        self.daemon.logins = None  # who asks, each request says itself
        self.peer = self.daemon.connect()
        for account, password in passwords.items():
            self.log_in(account, password)
        self.ok("system", "office.add", code="zhb", name="综合派单办公室")
        self.ok("system", "department.add", code="jxj", name="经信局")
        self.ok("system", "enterprise.add", code=CREDIT, name="甲船厂")
        for code, unit, role in (("qy", CREDIT, "enterprise"),
                                 ("dp", "zhb", "dispatcher"),
                                 ("h1", "jxj", "head"),
                                 ("sv", "zhb", "supervisor")):
            self.ok("system", "person.add", code=code, name="姓名甲乙",
                    phone="13800138000", unit=unit, role=role)
            self.log_in(code, self.ok("security", "account.add",
                                      account=code)["password"])

    def call(self, who, method, /, **params):
        token = {} if who is None else {"token": self.tokens[who]}
        return self.peer.call(method, params, **token)

    def ok(self, who, method, /, **params):
        reply = self.call(who, method, **params)
        assert "result" in reply, (who, method, params, reply)
        return reply["result"]

    def refused(self, who, method, /, **params):
        reply = self.call(who, method, **params)
        assert "error" in reply, (who, method, params, reply)
        return reply["error"]["data"]["name"]

    def log_in(self, account, one_time):
        password = "Kept-Apart-2026"
        self.secrets |= {one_time, password}
        reply = self.ok(None, "login", account=account, password=one_time,
                        new=password)
        self.tokens[account] = reply["token"]
        self.secrets.add(reply["token"])

    def file(self):
        return self.ok("qy", "ticket.file", title="标题秘密一",
                       text="正文秘密二", category="financing")["number"]

    def events(self, **filters):
        """All that the audit administrator reads, newest first."""
        result = self.ok("audit", "audit.list", limit=1000, **filters)
        assert "next" not in result
        return rows(result)

    def written(self):
        """What is in the file by now, oldest first."""
        return written(self.daemon.data)


def rows(result):
    table = result["events"]
    return [dict(zip(table["columns"], row)) for row in table["rows"]]


def written(data):
    db = sqlite3.connect(f"file:{data}/bihuan.db?mode=ro", uri=True)
    try:
        return [json.loads(record) for record, in
                db.execute("SELECT record FROM audit ORDER BY n")]
    finally:
        db.close()


def having(events, **facts):
    return [e for e in events
            if all((e.get(k) or "") == v for k, v in facts.items())]


def expect(county, **facts):
    """Waits until such an event is written; the latest of them."""
    facts.setdefault("source", SOURCE)
    return wait_for(lambda: having(county.written(), **facts), 5, facts)[-1]


# -- who, what, from where, with what outcome ---------------------------------

def every_kind():
    with County() as county:
        ticket = county.file()
        start = having(county.written(), what="daemon.start")
        assert len(start) == 1 and start[0]["object"] == "0.1.0", start
        told = {e["object"] for e in having(county.written(),
                                            what="daemon.setting")}
        assert told == {"server.data", "server.listen", "password.cost",
                        "login.failures", "notify.proxy",
                        "limits.account_rate", "limits.source_rate",
                        "limits.logins"}, told

        # log-ins: first ones, a wrong password, a name that nobody has
        expect(county, what="login", account="qy", outcome="ok")
        county.secrets.add("Wrong-Password-77")
        for account in "qy", "nobody":
            assert county.refused(None, "login", account=account,
                                  password="Wrong-Password-77") == \
                "login_failed"
            expect(county, what="login", account=account,
                   outcome="login_failed")

        # changes of accounts, people and roles, with their journal numbers
        expect(county, what="account.add", account="security", object="qy",
               outcome="ok")
        added = expect(county, what="person.add", account="system",
                       object="h1 jxj role=head", outcome="ok")
        db = sqlite3.connect(f"file:{county.daemon.data}/bihuan.db?mode=ro",
                             uri=True)
        record, = db.execute("SELECT record FROM journal WHERE seq = ?",
                             (added["seq"],)).fetchone()
        db.close()
        assert '"method":"person.add"' in record
        county.ok("system", "person.role", code="dp", unit="jxj",
                  role="handler")
        expect(county, what="person.role", object="dp jxj role=handler")
        county.ok("security", "account.disable", account="h1", reason="理由秘密")
        expect(county, what="account.disable", account="security", object="h1")

        # reads of what is personal
        for method, who, params, thing in (
                ("ticket.show", "qy", {"ticket": ticket}, ticket),
                ("ticket.progress", "qy", {"ticket": ticket}, ticket),
                ("attachment.list", "dp", {"ticket": ticket}, ticket),
                ("person.list", "system", {"unit": "jxj"}, "jxj"),
                ("notice.list", "dp", {"ticket": ticket}, ticket),
                ("report.overdue", "sv", {"by": "guide"}, "by=guide")):
            county.ok(who, method, **params)
            expect(county, what=method, account=who, object=thing,
                   outcome="ok")

        # refusals for who asked
        assert county.refused("qy", "account.list") == "forbidden"
        expect(county, what="account.list", account="qy", outcome="forbidden")
        assert county.refused("h1", "server.info") == "unauthenticated"
        expect(county, what="server.info", outcome="unauthenticated")
        assert county.refused("sv", "ticket.show",
                              ticket="20200101-001") == "not_found"
        expect(county, what="ticket.show", account="sv", outcome="not_found",
               object="20200101-001")
        assert county.refused("qy", "person.add", code="x",
                              name="x") == "forbidden"
        expect(county, what="person.add", account="qy", outcome="forbidden",
               object="x")

        # the rest
        county.ok("system", "hook.add", code="hk", kind="json",
                  url="https://hooks.invalid/x?key=querysecret",
                  secret="hooksecret1")
        county.secrets |= {"querysecret", "hooksecret1"}
        expect(county, what="hook.add", account="system", object="hk kind=json")
        file = county.daemon.tmp / "copy.db"
        county.ok("system", "backup", file=str(file))
        expect(county, what="backup", account="system")
        county.ok("sv", "text.redact", ticket=ticket, reason="涉个人信息")
        expect(county, what="text.redact", account="sv", object=ticket)
        county.ok("audit", "audit.anchor")
        expect(county, what="audit.anchor", account="audit")
        county.ok("sv", "logout")
        expect(county, what="logout", account="sv")
        county.daemon.stop()
        last = county.written()[-1]
        assert last["what"] == "daemon.stop" and last["object"] == "0.1.0"
        no_secret(county)


def no_secret(county):
    told = "\n".join(json.dumps(e, ensure_ascii=False)
                     for e in county.written())
    for secret in (*county.secrets, "秘密", "姓名甲乙", "13800138000",
                   "涉个人信息", "甲船厂"):
        assert secret not in told, secret
    # and what opens anything is nowhere at all, nor in the log
    for path in (*county.daemon.data.rglob("*"), county.daemon.log):
        for secret in county.secrets - {"hooksecret1", "querysecret"}:
            assert not path.is_file() or \
                secret.encode() not in path.read_bytes(), (path, secret)


# -- within a second ----------------------------------------------------------

def a_second_later():
    with County() as county:
        ticket = county.file()
        for turn in range(3):
            time.sleep(0.2 * turn)
            county.ok("dp", "ticket.show", ticket=ticket)
            begin = time.monotonic()
            count = turn + 1
            wait_for(lambda: len(having(county.written(), account="dp",
                                        what="ticket.show")) == count, 1,
                     "the read")
            took = time.monotonic() - begin
            assert took < 1, took
        county.ok("sv", "ticket.show", ticket=ticket)
        time.sleep(1)
        county.daemon.kill()
        assert having(county.written(), account="sv", what="ticket.show",
                      object=ticket, outcome="ok", source=SOURCE)
        county.daemon.start()
        county.peer = county.daemon.connect()
        assert len(county.events(what="daemon.start")) == 2
        assert not county.events(what="daemon.stop")
        county.daemon.stop()
        assert sound(county.daemon)[0] == 0


def equal_ones_are_one():
    with County() as county:
        peer = county.daemon.connect()
        for _ in range(500):
            peer.send("account.list", token=county.tokens["qy"])
        for _ in range(500):
            assert peer.recv()["error"]["data"]["name"] == "forbidden"
        time.sleep(1)
        told = having(county.written(), account="qy", what="account.list",
                      outcome="forbidden")
        assert sum(e.get("times", 1) for e in told) == 500, told
        assert len(told) < 20, told
        # a stranger's guesses are one, whatever they name
        for i in range(500):
            peer.send("ticket.show", {"ticket": f"20261120-{i + 1:03d}"},
                      token=STRANGER)
        for _ in range(500):
            assert peer.recv()["error"]["data"]["name"] == "unauthenticated"
        time.sleep(1)
        told = having(county.written(), what="ticket.show",
                      outcome="unauthenticated")
        assert sum(e.get("times", 1) for e in told) == 500, told
        assert len(told) < 20 and not any("object" in e for e in told), told
        county.daemon.stop()


# -- who reads it -------------------------------------------------------------

def read_by_one_alone():
    with County() as county:
        ticket = county.file()
        assert county.events(account="qy")
        for who in "system", "security", "qy", "dp", "h1", "sv":
            for method in "audit.list", "audit.anchor":
                assert county.refused(who, method) == "forbidden", (who, method)
        for method in "audit.list", "audit.anchor":
            reply = county.peer.call(method, token=STRANGER)
            assert reply["error"]["data"]["name"] == "unauthenticated", reply
        for method, params in (
                ("person.list", {}), ("enterprise.list", {}),
                ("ticket.list", {}), ("ticket.show", {"ticket": ticket}),
                ("ticket.progress", {"ticket": ticket}), ("mine", {}),
                ("notice.list", {}), ("report.overdue", {}),
                ("report.lights", {}), ("account.list", {}),
                ("server.stats", {}), ("hook.list", {}), ("outbox.list", {}),
                ("backup", {"file": "/tmp/x"}), ("regulation.list", {}),
                ("ticket.file", {"title": "x", "category": "other"}),
                ("ticket.note", {"ticket": ticket, "text": "x"}),
                ("person.add", {"code": "x", "name": "x"}),
                ("account.add", {"account": "qy"}),
                ("account.reset", {"account": "qy"}),
                ("text.redact", {"ticket": ticket, "reason": "x"}),
                ("import.close", {}), ("calendar.list", {})):
            assert county.refused("audit", method, **params) == "forbidden", \
                method
        for method in ("server.info", "rpc.discover", "whoami", "token.list",
                       "journal.anchor"):
            county.ok("audit", method)
        county.daemon.stop()


def filters_and_pages():
    with County() as county:
        ticket = county.file()
        for _ in range(40):
            county.ok("dp", "ticket.show", ticket=ticket)
            county.refused("qy", "account.list")
            time.sleep(0.02)
        time.sleep(1)
        all_ = county.events()
        order = [(e["at"], e["n"]) for e in all_]
        assert order == sorted(order, reverse=True)
        stored = {e["n"]: e for e in county.written()}
        for e in all_:
            assert stored[e["n"]]["what"] == e["what"]
            assert stored[e["n"]].get("account") == e["account"]
        for filters in ({"account": "dp"}, {"what": "ticket.show"},
                        {"outcome": "forbidden"}, {"outcome": "ok"},
                        {"account": "qy", "outcome": "forbidden"},
                        {"account": "qy", "what": "login"},
                        {"what": "login", "outcome": "ok"}):
            found = county.events(until=all_[0]["at"], **filters)
            expected = having([e for e in all_
                               if e["at"] <= all_[0]["at"]], **filters)
            assert [e["n"] for e in found if e["n"] <= all_[0]["n"]] == \
                [e["n"] for e in expected], filters
            assert found, filters
        moment = all_[len(all_) // 2]["at"]
        early = county.events(until=moment, what="login")
        assert early == [e for e in all_ if e["what"] == "login"
                         and e["at"] <= moment], early
        late = county.events(**{"from": moment, "outcome": "forbidden"})
        assert [e["n"] for e in late] == [
            e["n"] for e in all_ if e["at"] >= moment
            and e["outcome"] == "forbidden"]
        # page by page the same, though it grows meanwhile
        pages, after = [], {"until": all_[0]["at"]}
        while after is not None:
            result = county.ok("audit", "audit.list", limit=7, **after)
            assert len(result["events"]["rows"]) <= 7
            pages += rows(result)
            after = ({"after": result["next"]} if "next" in result else None)
        numbers = [e["n"] for e in pages]
        assert len(numbers) == len(set(numbers))
        assert [n for n in numbers if n <= all_[0]["n"]] == \
            [e["n"] for e in all_]
        county.daemon.stop()


# -- proofs -------------------------------------------------------------------

def sound(daemon, *more):
    run = subprocess.run(
        [daemon.cli, "--format", "json", "verify", f"data={daemon.data}",
         *more], capture_output=True, text=True, env=daemon.env)
    result = json.loads(run.stdout) if run.stdout else None
    return run.returncode, result, run.stderr


def forged():
    with County() as county:
        ticket = county.file()
        county.ok("dp", "ticket.show", ticket=ticket)
        expect(county, what="ticket.show", account="dp")
        anchor = county.ok("audit", "audit.anchor")
        number, digest, at = LINE.fullmatch(anchor["anchor"]).groups()
        assert int(number) == anchor["n"] and digest == anchor["head_hash"]
        assert at == anchor["recorded"]
        county.daemon.stop()
        daemon = county.daemon
        names = [p.name for p in (daemon.data / "anchors").iterdir()]
        assert any(re.fullmatch(r"\d{4}-\d\d-\d\d\.audit\.anchor", n)
                   for n in names), names
        status, result, _ = sound(daemon, f"anchor={anchor['anchor']}")
        audit = result["audit"]
        assert status == 0 and result["sound"] and audit["sound"], result
        assert audit["records"] == audit["head"] == county.written()[-1]["n"]
        assert audit["anchors"] == 3 and audit["expired"] == 0, audit
        for path in (daemon.data / "anchors").iterdir():
            path.unlink()
        read, = [e["n"] for e in having(county.written(), account="dp",
                                        what="ticket.show")]
        copy = (daemon.data / "bihuan.db").read_bytes()
        for sql, given, bad, said in (
                ("UPDATE audit SET record = replace(record, '\"dp\"', '\"qy\"')"
                 f" WHERE n = {read}", False, read, "hash and record"),
                (f"UPDATE audit SET account = 'qy' WHERE n = {read}", False,
                 read, "a column and the record disagree"),
                (f"DELETE FROM audit WHERE n = {read}", False, read, "missing"),
                (f"DELETE FROM audit WHERE n >= {read}", True, read,
                 f"the audit record ends at {read - 1}")):
            db = sqlite3.connect(daemon.data / "bihuan.db")
            db.execute(sql)
            db.commit()
            db.close()
            more = [f"anchor={anchor['anchor']}"] if given else []
            status, result, complaint = sound(daemon, *more)
            assert status == 1 and not result["sound"], (sql, result)
            assert "first_bad" not in result, result
            assert result["audit"]["first_bad"] == bad, (sql, result)
            assert said in result["audit"]["reason"], (sql, result)
            assert said in complaint, complaint
            (daemon.data / "bihuan.db").write_bytes(copy)
        rechain(daemon.data, read)
        assert sound(daemon)[0] == 0, "nobody could know it without an anchor"
        status, result, _ = sound(daemon, f"anchor={anchor['anchor']}")
        assert status == 1 and "differs from the anchor" in \
            result["audit"]["reason"], result


def rechain(data, n):
    """Changes who read, and hashes all from there on anew: a hash that is not
    the program's own."""
    import hashlib
    db = sqlite3.connect(data / "bihuan.db")
    before = bytes(32)
    for number, record in db.execute(
            "SELECT n, record FROM audit ORDER BY n").fetchall():
        if number == n:
            record = record.replace('"dp"', '"qy"')
            db.execute("UPDATE audit SET account = 'qy' WHERE n = ?", (n,))
        before = hashlib.new("sm3", before + record.encode()).digest()
        db.execute("UPDATE audit SET record = ?, hash = ? WHERE n = ?",
                   (record, before, number))
    db.commit()
    db.close()


# -- anchors go out -----------------------------------------------------------

class Receiver(BaseHTTPRequestHandler):
    taken = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Receiver.taken.append((self.path, json.loads(body)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass


def anchors_go_out():
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    inside = "\n[notify]\nprivate = yes\n"
    with County(settings=SETTINGS.split("[notify]")[0] + inside) as county:
        for code, kind, to in (("all", "json", {}), ("one", "json",
                                                     {"to": "qy"}),
                               ("robot", "wecom", {})):
            county.ok("system", "hook.add", code=code, kind=kind,
                      url=f"{url}/{code}", **to)
        for _ in range(3):  # a day has one, however often the daemon starts
            county.daemon.stop()
            county.daemon.start()
            county.peer = county.daemon.connect()

            def anchors():
                return [(p, b) for p, b in Receiver.taken
                        if b.get("event") == "anchor"]
            wait_for(anchors, 20, "the anchors")
        time.sleep(0.5)
        (path, body), = anchors()
        assert path == "/all" and body["to"] is None, body
        assert LINE.fullmatch(body["anchor"]["audit"]), body
        assert body["anchor"]["journal"].startswith("bihuan-anchor 1 "), body
        listed = county.ok("system", "outbox.list")["deliveries"]
        told = [dict(zip(listed["columns"], row)) for row in listed["rows"]]
        assert [t["hook"] for t in told if t["event"] == "anchor"] == ["all"]
        county.daemon.stop()
        for line in body["anchor"].values():
            assert sound(county.daemon, f"anchor={line}")[0] == 0
    server.shutdown()


run_all([every_kind, a_second_later, equal_ones_are_one, read_by_one_alone,
         filters_and_pages, forged, anchors_go_out])
