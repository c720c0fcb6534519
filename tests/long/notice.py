#!/usr/bin/env python3
"""Next year's notice taken with a million open tickets: every limit that it
touches is reckoned anew, in strides, while other clients go on working.

    notice.py BIN_DIR [--tickets N] [--folder F]

Prints how long it took, what it changed, and the 50th and 99th percentile of a
reading and of a writing client before and meanwhile. Fails if a due is wrong:
of a sample of tickets each is counted anew here, day by day, from the notices.
"""
import argparse
import datetime as dt
import json
import os
import pathlib
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import million  # noqa: E402

SAMPLE = 1000
LIMIT_WD = 45
BASELINE_S = 20
ZONE = million.ZONE
DAY = dt.timedelta(days=1)


def notice(year):
    """Days like those of a real year: New Year's Day with its bridge, a make-up
    day, and the first week of October."""
    days = [(f"{year}-01-01", True), (f"{year}-01-02", True),
            (f"{year}-01-03", True), (f"{year}-01-04", True),
            (f"{year}-01-09", False)]
    days += [(f"{year}-10-{d:02d}", True) for d in range(1, 8)]
    return {"year": year, "papers": ["a notice made up for a test"],
            "days": [{"name": "假日", "date": d, "isOffDay": off}
                     for d, off in days]}


def works(day, special):
    return special.get(day.isoformat(), day.weekday() < 5)


def due_of(start, special):
    """The day after the 45th working day that follows the start's."""
    day, left = start.date(), LIMIT_WD
    while left > 0:
        day += DAY
        left -= works(day, special)
    return dt.datetime.combine(day + DAY, dt.time(), ZONE)


class Load(threading.Thread):
    """One client that asks again and again; what each asking took, with when
    it began."""

    def __init__(self, daemon, method, params_of, account):
        super().__init__(daemon=True)
        self.server, self.method = daemon, method
        self.params_of, self.account = params_of, account
        self.taken, self.stopping = [], False

    def run(self):
        n = 0
        while not self.stopping:
            begin = time.monotonic()
            took, _ = self.server.ask(self.account, self.method,
                                      **self.params_of(n))
            self.taken.append((begin, took))
            n += 1
            time.sleep(0.01)


def percentile(values, p):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * p))] * 1e3


def report(load, since, until, name):
    took = [t for begin, t in load.taken if since <= begin < until]
    p50, p99 = percentile(took, 0.5), percentile(took, 0.99)
    print(f"{name}: {len(took)} asked, p50 {p50:.1f} ms, p99 {p99:.1f} ms, "
          f"longest {max(took) * 1e3:.0f} ms", flush=True)
    return p99


def history(path, tickets, now):
    """All filed and dispatched in the last ten days, due in the next year."""
    million.history(path, 0, now)
    rng = random.Random(11)
    begin = now - dt.timedelta(days=10)
    step = dt.timedelta(days=9) / tickets
    with open(path, "a", encoding="utf-8") as out:
        def line(at, who, method, **params):
            out.write(json.dumps({"at": at.isoformat(), "as": who,
                                  "method": method, "params": params}) + "\n")
        for n in range(tickets):
            when = (begin + step * n).replace(microsecond=0)
            line(when, f"q{n % 500:03d}", "ticket.file", ref=f"M{n:07d}",
                 title=f"第{n}号诉求", category="complex")
            line(when, "zhb-1", "ticket.dispatch", ticket=f"M{n:07d}",
                 unit=f"d{rng.randrange(million.UNITS):02d}", measure="办理",
                 limit=f"{LIMIT_WD}wd")


def check(database, special):
    """A sample of finish clocks: their latest due against our own count."""
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    rows = db.execute(
        "SELECT ticket, start_at, due_at, v FROM clock WHERE kind = 1"
        " AND to_seq IS NULL AND ticket % 97 = 3 LIMIT ?", (SAMPLE,)).fetchall()
    db.close()
    wrong = 0
    for ticket, start, due, version in rows:
        want = due_of(dt.datetime.fromtimestamp(start, ZONE), special)
        if int(want.timestamp()) != due or version != 2:
            print(f"{ticket}: due {dt.datetime.fromtimestamp(due, ZONE)}, "
                  f"ours {want}, version {version}")
            wrong += 1
    print(f"dues counted anew: {len(rows)}, wrong: {wrong}", flush=True)
    if wrong or len(rows) < 10:
        sys.exit("notice: failed")


def published(daemon, special):
    """The days that the daemon has by itself: each year's, asked of it."""
    path = pathlib.Path(__file__).resolve().parents[3] / "shared/data/holidays"
    for year in range(2026, 2028):
        file = path / f"{year}.json"
        if file.exists():
            for day in json.loads(file.read_text())["days"]:
                special.setdefault(day["date"], not day["isOffDay"])


def run(args, top):
    data = str(top / "data")
    now = dt.datetime.now(ZONE)
    year = now.year + 1
    logins = million.init(args.bin_dir, top)
    history(top / "history.ndjson", args.tickets, now)
    daemon = million.Daemon(args.bin_dir, data, logins)
    million.timed(args.bin_dir, "import", str(top / "history.ndjson"))
    million.timed(args.bin_dir, "import", "close")
    print(f"{args.tickets} open tickets are in", flush=True)
    paper = top / "notice.json"
    paper.write_text(json.dumps(notice(year), ensure_ascii=False))

    rng = random.Random(3)
    reader = Load(daemon, "ticket.list",
                  lambda n: {"unit": f"d{n % million.UNITS:02d}", "limit": 50},
                  "dcs-1")
    writer = Load(daemon, "ticket.note",
                  lambda n: {"ticket": f"ref:M{rng.randrange(args.tickets):07d}",
                             "text": "在办"}, "zhb-1")
    reader.start()
    writer.start()
    begin = time.monotonic()
    time.sleep(BASELINE_S)
    middle = time.monotonic()
    took, out = million.timed(args.bin_dir, "--format", "json", "calendar",
                              "import", str(paper))
    end = time.monotonic()
    for load in (reader, writer):
        load.stopping = True
        load.join()
    result = json.loads(out)
    print(f"notice of {year}: {took:.0f} s, {result['recomputed']} clocks "
          f"reckoned anew, {result['kept_as_moved']} kept, "
          f"{result['lights_changed']} lights changed, "
          f"{len(result['tickets']['rows'])} of them listed, "
          f"peak {daemon.memory()['VmHWM']} MiB", flush=True)
    for load, name in ((reader, "reading"), (writer, "writing")):
        before = report(load, begin, middle, f"{name}, before")
        after = report(load, middle, end, f"{name}, meanwhile")
        print(f"{name}: p99 {after / before:.1f} times what it was")
    daemon.stop()
    special = {d["date"]: not d["isOffDay"] for d in notice(year)["days"]}
    published(daemon, special)
    check(f"{data}/bihuan.db", special)
    took, _ = million.timed(args.bin_dir, "verify", "--data", data)
    print(f"verify: sound, {took:.0f} s")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin_dir", nargs="?", default="build/release/bin")
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--folder", help="where to make the temporary folder")
    args = parser.parse_args()
    top = pathlib.Path(tempfile.mkdtemp(prefix="bihuan-notice.",
                                        dir=args.folder))
    try:
        run(args, top)
    finally:
        for process in million.Daemon.started:
            process.kill()
        shutil.rmtree(top, ignore_errors=True)


if __name__ == "__main__":
    main()
