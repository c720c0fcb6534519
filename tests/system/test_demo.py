#!/usr/bin/env python3
"""The demo county goes in whole, and shows what it is there to show: every
light, lateness everywhere, and each verb at work in a story of its own; and what
scripts/demo says to paste can be pasted.

    test_demo.py BIN_DIR
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, run_all  # noqa: E402

BIN_DIR = sys.argv[1]
ROOT = pathlib.Path(__file__).parents[2]


def cli(daemon, *words):
    return subprocess.run(
        ["bihuan", *words], check=True, capture_output=True, text=True,
        env=environment(daemon)).stdout


def environment(daemon):
    return {**daemon.env, "LC_ALL": "zh_CN.UTF-8",
            "BIHUAN_SERVER": f"unix:{daemon.path}",
            "PATH": f"{BIN_DIR}:{os.environ['PATH']}"}


def accounts(daemon, step):
    return subprocess.run(
        [sys.executable, ROOT / "scripts/demo_accounts.py", daemon.tmp, step],
        check=True, capture_output=True, text=True,
        env=environment(daemon)).stdout


def column(table, name):
    i = table["columns"].index(name)
    return [row[i] for row in table["rows"]]


def test_county():
    made = subprocess.run([sys.executable, ROOT / "scripts/demo_county.py"],
                          check=True, capture_output=True).stdout
    with tempfile.NamedTemporaryFile(suffix=".ndjson") as file, \
            Daemon(BIN_DIR) as daemon:
        file.write(made)
        file.flush()
        (daemon.tmp / "init.log").write_text(daemon.logins.printed)
        accounts(daemon, "administrators")
        # exit 1 if a line were refused
        cli(daemon, "--account", "system", "import", file.name)
        cli(daemon, "--account", "system", "import", "close")
        accounts(daemon, "people")
        logged_in(daemon)
        peer = daemon.connect()
        overdue = peer.ok("report.overdue",
                          {"by": "department"})["result"]
        assert len(overdue["overdue"]["rows"]) == 12
        assert 0 < overdue["total_still_open"] < overdue["total_overdue"]
        lights = peer.ok("report.lights", {})["result"]["lights"]
        for light in ("green", "yellow", "red"):
            assert sum(column(lights, light)) > 0, light
        story = peer.ok("ticket.show", {"ref": "LL00600"})["result"]
        assert (story["state"], story["round"], story["returns"],
                story["score"]) == ("archived", 2, 1, 5)
        assert "late" in column(story["clocks"], "verdict")
        timeline = story["timeline"]
        assert "return_grant" in column(timeline, "event")
        assert [s for s in column(timeline, "score") if s] == [2, 5]
        mine = peer.ok("ticket.list", {"overdue": True},
                       as_="zjj-1")["result"]
        assert mine["tickets"]["rows"]
        shown = cli(daemon, "--account", "dcs-1", "ticket", "show", "ref=LL00600")
        for words in ("走访发现", "县行政审批局", "同意退单", "2 不满意",
                      "党建指导员", "已归档"):
            assert words in shown, words
        stories(peer)
        minutes(daemon, peer)
        pasted(daemon)
        whole_lists(daemon, made, overdue["total_overdue"])


def logged_in(daemon):
    """With the passwords of the table, which are of use elsewhere too."""
    rows = [line.split()[:2] for line in accounts(daemon, "table").splitlines()]
    assert len(rows) >= 14, rows
    daemon.logins.passwords, daemon.logins.one_time = dict(rows), {}
    for account, _ in rows:
        told = cli(daemon, "--account", account, "--format", "json", "whoami")
        assert json.loads(told)["account"] == account, told
    assert (daemon.tmp / "accounts").stat().st_mode & 0o777 == 0o600
    accounts(daemon, "people")  # as the demo does it when it is started again
    again = [line.split()[:2] for line in
             accounts(daemon, "table").splitlines()]
    assert again == rows, (again, rows)


def show(peer, ref, who="dcs-1"):
    return peer.ok("ticket.show", {"ref": ref}, as_=who)["result"]


def events(ticket):
    return column(ticket["timeline"], "event")


def row(table, name, value):
    """The rows in which that column holds that value, as dicts."""
    rows = [dict(zip(table["columns"], r)) for r in table["rows"]]
    return [r for r in rows if r[name] == value]


def stories(peer):
    """What each one of scripts/demo_stories.py is told for."""
    extended = show(peer, "LL00601")
    assert "extend_grant" in events(extended)
    (finish,) = row(extended["clocks"], "clock", "finish")
    assert (finish["turn"], finish["verdict"]) == (1, "open")
    (granted,) = row(extended["timeline"], "event", "extend_grant")
    assert granted["who"] and granted["for"], granted  # of who is away
    suspended = show(peer, "LL00602")
    assert (suspended["state"], suspended["light"]) == ("suspended", "grey")
    (review,) = row(suspended["clocks"], "clock", "suspension")
    assert (review["verdict"], review["stop"]) == ("open", None)
    supervised = show(peer, "LL00603")
    assert {"urge", "leaders", "supervise"} <= set(events(supervised))
    (order,) = row(supervised["clocks"], "clock", "supervise")
    assert order["verdict"] == "open"
    duties = column(supervised["people"], "duty")
    assert {"steward", "sponsor", "responsible", "lead"} <= set(duties)
    whole = show(peer, "LL00607")
    assert column(whole["parts"], "state") == ["handling", "resolved",
                                               "handling"]
    planned = show(peer, "LL00608")
    assert planned["special"] is True
    special = peer.ok("report.overdue",
                      {"by": "department"})["result"]["special"]
    assert special["total"] == 2, special  # the lead's and the co-handler's


def minutes(daemon, peer):
    meeting = peer.ok("meeting.show", {"meeting": "LL-HY-01"},
                      as_="cbhg-1")["result"]
    assert column(meeting["items"], "decision") == ["meet_dispatch",
                                                    "meet_resolve"]
    assert meeting["closed"]
    agenda = peer.ok("meeting.agenda", {}, as_="cbhg-1")["result"]
    assert "外来焊工子女入园名额" in column(agenda["agenda"], "title")
    paper = cli(daemon, "--account", "cbhg-1", "meeting", "show", "LL-HY-01")
    for words in ("联席会议纪要", "参会单位", "厂区东侧雨水管网错接", "多次退单"):
        assert words in paper, words


def pasted(daemon):
    """Each line that the demo prints for pasting does what is said of it."""
    with open(ROOT / "scripts/demo", encoding="utf-8") as file:
        lines = re.findall(r"^bihuan .*$", file.read(), re.M)
    assert len(lines) >= 10, lines
    for line in lines:
        done = subprocess.run(
            ["bash", "-c", line], capture_output=True, text=True, check=False,
            env=environment(daemon))
        assert done.returncode == 0, (line, done.stderr)
        assert len(done.stdout.splitlines()) >= 3, (line, done.stdout)


def whole_lists(daemon, made, late):
    """CSV is the whole list, however many pages; limit= is one page of it."""
    filed = made.count(b'"ticket.file"') + made.count(b'"ticket.split"')
    csv = ("--account", "dcs-1", "--format", "csv", "ticket", "list")
    lines = cli(daemon, *csv).splitlines()
    assert len({line.split(",")[0] for line in lines}) == filed + 1
    assert len(lines) == filed + 1
    assert len(cli(daemon, *csv, "limit=7").splitlines()) == 8
    lines = cli(daemon, "--account", "dcs-1", "--format", "csv", "report",
                "overdue").splitlines()
    assert len(lines) == late + 1, (len(lines), late)


run_all([test_county])
