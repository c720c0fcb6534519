#!/usr/bin/env python3
"""What went wrong once under attack, and must not again: one test a finding.

    test_abuse.py BIN_DIR
"""
import json
import pathlib
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, run_all  # noqa: E402

BIN_DIR = sys.argv[1]
# 18 characters with right check digits, and one whose last is wrong
FIRST, SECOND, FORCED = ("91330988MA2000019E", "91330988MA20000279",
                         "91330988MA2000019A")


def name_of(reply):
    return reply["error"]["data"]["name"] if "error" in reply else "ok"


def rows(reply, name):
    return reply["result"][name]["rows"]


def county(peer):
    """A chain with its committee, a department, two enterprises, a guide."""
    def person(code, unit, role):
        peer.ok("person.add", {"code": code, "name": "某人", "unit": unit,
                               "role": role})

    peer.ok("chain.add", {"code": "cbhg", "name": "船舶海工产业链"})
    peer.ok("committee.add", {"code": "dw", "name": "产业链党委",
                              "chain": "cbhg"})
    peer.ok("department.add", {"code": "zjj", "name": "县住建局"})
    person("zhang", "dw", "dispatcher")
    person("li", "zjj", "handler")
    person("zdy", "zjj", "guide")
    for code, contact in ((FIRST, "qy1"), (SECOND, "qy2")):
        peer.ok("enterprise.add", {"code": code, "name": "企业 " + contact,
                                   "chain": "cbhg"})
        person(contact, code, "enterprise")


def file_ticket(peer, **more):
    return peer.ok("ticket.file", {"title": "用地手续", "category": "consult",
                                   **more}, as_="qy1")["result"]["number"]


def event(at, method, params, **more):
    return {"at": at, "method": method, "params": params, **more}


def run_import(daemon, data):
    path = daemon.tmp / "history.ndjson"
    path.write_bytes(data)
    done = subprocess.run(
        [daemon.cli, "--server", f"unix:{daemon.path}", "--format", "json",
         "import", path], env=daemon.env_of("system"), capture_output=True,
        timeout=60)
    return done.returncode, json.loads(done.stdout), done.stderr.decode()


def test_event_parameters_of_another_shape():
    """They ended the process by an assertion."""
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        for params in ([], None, 5, "x", True, [{}]):
            reply = peer.call("import.event", {
                "event": event("2020-01-01T09:00:00", "chain.add", params),
                "occurrence": 0})
            assert name_of(reply) == "bad_param", reply
            assert reply["error"]["data"]["param"] == "event.params", reply
        peer.ok("server.info")


def test_marks_at_the_ends_of_the_numbers():
    """The lowest one overflowed."""
    low, high = -2 ** 63, 2 ** 63 - 1
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        for mark in (low, high, 0, -1):
            for method, after, more in (
                    ("report.overdue", f"{mark}.{mark}", {}),
                    ("ticket.list", f"{mark}.{mark}", {"overdue": True}),
                    ("ticket.list", str(mark), {}),
                    ("notice.list", str(mark), {}),
                    ("chain.list", str(mark), {})):
                reply = peer.call(method, {"after": after, **more})
                assert "result" in reply, reply


def test_a_guide_does_not_read_the_units_notices():
    """A guide is registered in a department without working its tickets."""
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        county(peer)
        ticket = file_ticket(peer)
        peer.ok("ticket.dispatch", {"ticket": ticket, "unit": "zjj",
                                    "measure": "现场查看"}, as_="zhang")
        assert rows(peer.ok("notice.list", as_="li"), "notices")
        # a guide of some enterprise, but not of this one
        peer.ok("guide.assign", {"enterprise": SECOND, "person": "zdy"})
        for params in ({}, {"to": "zjj"}):
            reply = peer.ok("notice.list", params, as_="zdy")
            assert rows(reply, "notices") == [], reply
        assert name_of(peer.call("ticket.show", {"ticket": ticket},
                                 as_="zdy")) == "not_found"


def test_a_contact_is_nobodys_guide():
    """It let one enterprise read the tickets of another."""
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        county(peer)
        ticket = file_ticket(peer)
        reply = peer.call("guide.assign", {"enterprise": FIRST,
                                           "person": "qy2"}, as_="zhang")
        assert name_of(reply) == "blocked", reply
        assert name_of(peer.call("ticket.show", {"ticket": ticket},
                                 as_="qy2")) == "not_found"


def test_a_new_name_keeps_the_mark_of_a_forced_code():
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        peer.ok("enterprise.add", {"code": FORCED, "name": "旧名",
                                   "force": True})
        peer.ok("registry.rename", {"code": FORCED, "name": "新名"})
        table = peer.ok("enterprise.list")["result"]["enterprises"]
        row = dict(zip(table["columns"], table["rows"][0]))
        assert (row["name"], row["warned"]) == ("新名", True), row


def test_history_ends_nothing_before_it_began():
    """An old rename made a registration that ended before it began."""
    old = "2019-01-01T00:00:00"
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        county(peer)
        peer.ok("guide.assign", {"enterprise": FIRST, "person": "zdy"})
        before = peer.ok("department.list")["result"]
        for method, params in (
                ("registry.rename", {"code": "zjj", "name": "建设局"}),
                ("registry.end", {"code": "zjj"}),
                ("person.role", {"code": "li", "unit": "zjj",
                                 "role": "handler", "end": True}),
                ("enterprise.move", {"code": FIRST, "chain": "cbhg",
                                     "position": "core"}),
                ("guide.assign", {"enterprise": FIRST, "person": "zdy"})):
            reply = peer.call("import.event", {
                "event": event(old, method, params), "occurrence": 0})
            assert name_of(reply) == "out_of_order", (method, reply)
        assert peer.ok("department.list")["result"] == before


def test_a_byte_order_mark_begins_a_file():
    line = json.dumps(event("2020-01-01T09:00:00", "chain.add",
                            {"code": "a", "name": "甲"})).encode()
    with Daemon(BIN_DIR) as daemon:
        status, result, err = run_import(
            daemon, b"\xef\xbb\xbf" + line + b"\r\n")
        assert (status, result["added"], err) == (0, 1, ""), (result, err)
        # the same line without it is the same line
        status, result, err = run_import(daemon, line)
        assert (status, result["already_there"]) == (0, 1), (result, err)


def test_what_is_not_seen_is_not_told():
    """`mine box=told` named a ticket to who works in the unit that it is
    against, and to a guide whose enterprise another has now."""
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        county(peer)
        peer.ok("department.add", {"code": "fgj", "name": "县发改局"})
        peer.ok("person.role", {"code": "li", "unit": "fgj",
                                "role": "handler"})
        peer.ok("guide.assign", {"enterprise": FIRST, "person": "zdy"})
        ticket = file_ticket(peer, against="fgj")
        peer.ok("ticket.dispatch", {"ticket": ticket, "unit": "zjj",
                                    "measure": "现场查看"}, as_="zhang")
        told = peer.ok("mine", {"box": "told"}, as_="zdy")
        assert [row[0] for row in rows(told, "tickets")] == [ticket] * 2
        peer.ok("person.add", {"code": "zdy2", "name": "某人"})
        peer.ok("guide.assign", {"enterprise": FIRST, "person": "zdy2"})
        for account in ("li", "zdy"):
            reply = peer.ok("mine", {"box": "told"}, as_=account)
            assert rows(reply, "tickets") == [], reply
            counts = {row[0]: row[1] for row in rows(reply, "counts")}
            assert counts["told"] == 0, reply


def test_a_ticket_is_not_handed_to_whom_it_complains_of():
    """enterprise.move gave it to the office that nobody of could see it."""
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        county(peer)
        peer.ok("chain.add", {"code": "lssh", "name": "石化产业链"})
        peer.ok("committee.add", {"code": "dw2", "name": "石化党委",
                                  "chain": "lssh"})
        peer.ok("person.add", {"code": "qian", "name": "某人", "unit": "dw2",
                               "role": "dispatcher"})
        against = file_ticket(peer, against="dw2")
        other = file_ticket(peer)
        moved = peer.ok("enterprise.move", {"code": FIRST, "chain": "lssh"})
        assert moved["result"]["done"] and moved["result"]["handed"] == 1
        for account, sees in (("zhang", against), ("qian", other)):
            peer.ok("ticket.decline", {"ticket": sees, "reason": "重复"},
                    as_=account)
        assert name_of(peer.call("ticket.show", {"ticket": against},
                                 as_="qian")) == "not_found"


def altered(daemon, statement):
    """The status of --check, and what a start would say."""
    database = sqlite3.connect(daemon.data / "bihuan.db")
    database.executescript(statement)
    database.close()
    check = subprocess.run([daemon.program, "--check", "--data", daemon.data],
                           env=daemon.env, capture_output=True, timeout=60)
    return check.returncode, check.stderr.decode()


def test_tables_that_are_not_ours():
    """A trigger put into the file, a table taken out of it."""
    with Daemon(BIN_DIR) as daemon:
        daemon.stop()
        assert altered(daemon, "SELECT 1")[0] == 0
        status, err = altered(
            daemon, "CREATE TRIGGER t AFTER INSERT ON journal BEGIN"
            " DELETE FROM register; END")
        assert status == 1 and "tables are ours" in err, err
        # nor does it run
        daemon.start()
        peer = daemon.connect()
        peer.ok("chain.add", {"code": "a", "name": "甲"})
        peer.ok("chain.add", {"code": "b", "name": "乙"})
        assert len(rows(peer.ok("chain.list"), "chains")) == 2
        peer.close()
        daemon.stop()
        status, err = altered(daemon,
                              "DROP TRIGGER t; DROP TABLE journal")
        assert status == 1 and "tables are ours" in err, err
        start = subprocess.run(
            [daemon.program, "--data", daemon.data, "--listen",
             f"unix:{daemon.path}"], env=daemon.env, capture_output=True,
            timeout=60)
        assert start.returncode == 1, start
        assert b"start: ok" not in start.stderr, start.stderr
        daemon.process = None


def test_no_way_round_to_the_unit_complained_of():
    """A complaint was merged into a ticket that the unit handled, and who
    worked there could be named on it and was told of it."""
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        county(peer)
        complaint, other = file_ticket(peer, against="zjj"), file_ticket(peer)
        peer.ok("ticket.dispatch", {"ticket": other, "unit": "zjj",
                                    "measure": "现场查看"}, as_="zhang")
        reply = peer.call("ticket.merge", {"ticket": complaint, "into": other},
                          as_="zhang")
        assert name_of(reply) == "forbidden", reply
        reply = peer.call("ticket.leaders", {"ticket": complaint,
                                             "leader": "li"}, as_="zhang")
        assert name_of(reply) == "forbidden", reply
        assert reply["error"]["data"]["param"] == "leader", reply
        again = file_ticket(peer, against="zjj")
        peer.ok("ticket.merge", {"ticket": again, "into": complaint},
                as_="zhang")
        peer.ok("ticket.leaders", {"ticket": complaint, "leader": "zhang"},
                as_="zhang")


def test_a_name_on_one_ticket_opens_no_other():
    """Who was named on one ticket of a meeting read all that was on it."""
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        county(peer)
        named, other = file_ticket(peer), file_ticket(peer, confidential=True)
        meeting = {"meeting": peer.ok("meeting.call", {
            "title": "联席会议", "at": "2199-01-01T09:00:00"},
            as_="zhang")["result"]["meeting"]}
        for ticket in (named, other):
            peer.ok("meeting.add", {**meeting, "ticket": ticket}, as_="zhang")
        peer.ok("ticket.leaders", {"ticket": named, "responsible": "li"},
                as_="zhang")

        def read_by(account):
            listed = rows(peer.ok("meeting.list", as_=account), "meetings")
            shown = rows(peer.ok("meeting.show", meeting, as_=account),
                         "items")
            assert listed[0][5] == listed[0][6] == len(shown), listed
            return [item[0] for item in shown]

        assert read_by("zhang") == [named, other]
        assert read_by("li") == [named]
        peer.ok("meeting.invite", {**meeting, "unit": "zjj"}, as_="zhang")
        assert read_by("li") == [named, other]


def test_one_bad_ticket_is_no_end_of_the_others():
    """It ended the process by an assertion, at each start anew."""
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        county(peer)
        bad, good = file_ticket(peer), file_ticket(peer)
        peer.close()
        daemon.stop()
        altered(daemon, "UPDATE ticket SET round = 0, clock_last = 0"
                f" WHERE id = {bad.replace('-', '000')}")
        daemon.start()
        peer = daemon.connect()
        for account in ("qy1", "zhang"):
            reply = peer.call("ticket.show", {"ticket": bad}, as_=account)
            assert name_of(reply) == "corrupt", reply
        reply = peer.call("ticket.decline", {"ticket": bad, "reason": "重复"},
                          as_="zhang")
        assert name_of(reply) == "corrupt", reply
        peer.ok("ticket.decline", {"ticket": good, "reason": "重复"},
                as_="zhang")


if __name__ == "__main__":
    run_all([
        test_event_parameters_of_another_shape,
        test_marks_at_the_ends_of_the_numbers,
        test_a_guide_does_not_read_the_units_notices,
        test_a_contact_is_nobodys_guide,
        test_a_new_name_keeps_the_mark_of_a_forced_code,
        test_history_ends_nothing_before_it_began,
        test_a_byte_order_mark_begins_a_file,
        test_tables_that_are_not_ours,
        test_what_is_not_seen_is_not_told,
        test_a_ticket_is_not_handed_to_whom_it_complains_of,
        test_no_way_round_to_the_unit_complained_of,
        test_a_name_on_one_ticket_opens_no_other,
        test_one_bad_ticket_is_no_end_of_the_others,
    ])
