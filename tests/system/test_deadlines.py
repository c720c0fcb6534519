#!/usr/bin/env python3
"""Clocks fire by themselves, once, in time; after downtime too, late and
saying so.

    test_deadlines.py BIN_DIR
"""
import datetime as dt
import json
import pathlib
import sqlite3
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, run_all, wait_for  # noqa: E402
from small_county import small_county  # noqa: E402

BIN_DIR = sys.argv[1]
ZONE = dt.timezone(dt.timedelta(hours=8))


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
        small_county(peer)
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
        small_county(peer)
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


class Clocked(Daemon):
    """The daemon on a clock that stands in a file."""

    def __init__(self, now):
        super().__init__(BIN_DIR)
        self.program = str(pathlib.Path(BIN_DIR) / "bihuand_at")
        self.now = self.tmp / "now"
        self.env["BIHUAN_TEST_NOW"] = str(self.now)
        self.set(now)

    def set(self, text):
        """2026-11-02 10:00; in place at once, for it is read any time."""
        at = dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)
        new = self.tmp / "now.new"
        new.write_text(str(int(at.timestamp())))
        new.rename(self.now)
        if self.logins is not None:
            self.logins.forget()

    def again(self, now):
        """Killed, and back at that time."""
        self.kill()
        self.set(now)
        self.start()
        return self.connect()


def rows_of(peer, number, name):
    table = peer.ok("ticket.show", {"ticket": number},
                    as_="s1")["result"][name]
    return [dict(zip(table["columns"], row)) for row in table["rows"]]


def supervise_reply_after_downtime():
    """An order to reply by the 5th; the daemon is away over it: each step of
    that clock fires late, once, over two more restarts."""
    with Clocked("2026-11-02 10:00") as daemon:
        peer = daemon.connect()
        small_county(peer)
        number = peer.ok("ticket.file", {"title": "用地", "category": "land"},
                         as_="e1")["result"]["number"]
        peer.ok("ticket.dispatch", {"ticket": number, "unit": "fgj",
                                    "measure": "协调", "limit": "20wd"},
                as_="d1")
        peer.ok("ticket.supervise", {"ticket": number, "text": "请说明",
                                     "limit": "3wd"}, as_="s1")
        peer = daemon.again("2026-11-09 10:00")

        def fired():
            return [e for e in rows_of(peer, number, "escalations")
                    if e["clock"] == "supervise"]
        wait_for(fired, what="the supervise clock's steps")
        time.sleep(0.5)
        first = fired()
        does = [e["does"] for e in first]
        assert does and len(does) == len(set(does)), first
        assert all(e["late_s"] > 0 for e in first), first
        for _ in range(2):
            peer = daemon.again("2026-11-09 10:01")
            time.sleep(0.5)
            assert fired() == first, "fired twice"
        daemon.stop()


def digests(daemon):
    db = sqlite3.connect(f"file:{daemon.data}/bihuan.db?mode=ro", uri=True)
    found = db.execute("SELECT r.code, d.day, d.at FROM digest d JOIN register"
                       " r ON r.id = d.person ORDER BY d.day, r.code"
                       ).fetchall()
    db.close()
    return found


def digest_once_whatever_happens():
    """At 08:30; the daemon is killed after it, and away over the next one,
    which then comes late; it is back on a Sunday and says nothing."""
    with Clocked("2026-11-02 08:00") as daemon:
        peer = daemon.connect()
        small_county(peer)
        peer.ok("ticket.file", {"title": "用地", "category": "land"},
                as_="e1")
        assert digests(daemon) == []
        daemon.set("2026-11-02 08:30")
        # a write makes the daemon look at its clock
        peer.ok("office.add", {"code": "x1", "name": "甲"})
        wait_for(lambda: len(digests(daemon)) == 1, what="the digest")
        assert digests(daemon)[0][0] == "d1"
        peer = daemon.again("2026-11-02 08:31")
        time.sleep(0.5)
        assert len(digests(daemon)) == 1, "told twice"
        peer = daemon.again("2026-11-04 15:00")
        late = wait_for(lambda: digests(daemon)[1:], what="the late one")
        day = dt.date(2026, 11, 4)
        assert [d[1] for d in late] == [(day - dt.date(1970, 1, 1)).days] * \
            len(late), late
        assert {d[0] for d in late} >= {"d1"}
        before = len(digests(daemon))
        peer = daemon.again("2026-11-08 09:00")
        time.sleep(0.5)
        assert len(digests(daemon)) == before, "told on a Sunday"
        daemon.stop()


run_all([fires_in_time, fires_after_downtime, supervise_reply_after_downtime,
         digest_once_whatever_happens])
