#!/usr/bin/env python3
"""Clocks fire by themselves, once, in time; after downtime too, late and
saying so.

    test_deadlines.py BIN_DIR
"""
import datetime as dt
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, run_all, wait_for  # noqa: E402

BIN_DIR = sys.argv[1]
CREDIT = "91350100M000100Y43"
ZONE = dt.timezone(dt.timedelta(hours=8))


def county(peer):
    """A chain with its committee, an enterprise, a department, people."""
    peer.ok("chain.add", {"code": "auto", "name": "汽车"})
    peer.ok("committee.add", {"code": "dw", "name": "汽车产业链党委",
                              "chain": "auto"})
    peer.ok("enterprise.add", {"code": CREDIT, "name": "某厂",
                               "chain": "auto"})
    peer.ok("department.add", {"code": "fgj", "name": "发改局"})
    peer.ok("office.add", {"code": "dc", "name": "督查室"})
    for code, unit, role in (("e1", CREDIT, "enterprise"),
                             ("d1", "dw", "dispatcher"),
                             ("h1", "fgj", "head"),
                             ("s1", "dc", "supervisor")):
        peer.ok("person.add", {"code": code, "name": code, "unit": unit,
                               "role": role})


def dispatched(peer, seconds):
    """A ticket whose dispatch is due in so many seconds; its number and due."""
    number = peer.ok("ticket.file",
                     {"title": "用地", "category": "land"},
                     as_="e1")["result"]["number"]
    due = dt.datetime.now(ZONE).replace(microsecond=0) + \
        dt.timedelta(seconds=seconds)
    peer.ok("ticket.dispatch",
            {"ticket": number, "unit": "fgj", "measure": "协调",
             "due": due.isoformat()}, as_="d1")
    return number, due


def records_by_clock(peer, number):
    """The timeline's lines whose actor is the clock: (at, event, text)."""
    table = peer.ok("ticket.show", {"ticket": number},
                    as_="s1")["result"]["timeline"]
    who = table["columns"].index("who")
    return [json.dumps(row, ensure_ascii=False) for row in table["rows"]
            if row[who] == "clock"]


def fires_in_time():
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        county(peer)
        number, due = dispatched(peer, 6)
        wait_for(lambda: dt.datetime.now(ZONE) > due + dt.timedelta(seconds=2),
                 what="the due moment")
        fired = records_by_clock(peer, number)
        assert fired, "nothing fired"
        head = peer.ok("server.info")["result"]["head"]
        time.sleep(1.5)
        assert records_by_clock(peer, number) == fired, "fired again"
        assert peer.ok("server.info")["result"]["head"] == head
        daemon.stop()


def fires_after_downtime():
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        county(peer)
        number, due = dispatched(peer, 4)
        before = len(records_by_clock(peer, number))
        daemon.kill()
        while dt.datetime.now(ZONE) < due + dt.timedelta(seconds=2):
            time.sleep(0.1)
        daemon.start()
        peer = daemon.connect()
        wait_for(lambda: len(records_by_clock(peer, number)) > before,
                 what="fired late")
        time.sleep(0.5)
        fired = records_by_clock(peer, number)
        assert len(fired) == len(set(fired)), fired
        daemon.stop()
        daemon.start()
        peer = daemon.connect()
        time.sleep(0.5)
        assert records_by_clock(peer, number) == fired, "fired twice"
        daemon.stop()


run_all([fires_in_time, fires_after_downtime])
