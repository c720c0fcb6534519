#!/usr/bin/env python3
"""The story of tests/scenario/test_story.c through a real daemon that is ended
between any two lines, now asked to and now killed: the same journal, record by
record, as the one that the story writes in one process without a restart.

The daemon is bihuand_at, whose clock is a file of this test's. A text's digest
is salted at random and left out."""
import datetime
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
from daemon import easy  # noqa: E402
from logins import Logins  # noqa: E402
from peer import Peer  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent.parent / "scenario/story"
START = "2026-09-07T07:00:00+08:00"
READY_S = 60
DAY = datetime.timedelta(days=1)


class Machine:
    """A daemon, its data and its clock."""

    def __init__(self, bin_dir, folder):
        self.program = str(pathlib.Path(bin_dir) / "bihuand_at")
        self.folder = folder
        self.sock = folder / "sock"
        self.clock = folder / "now"
        self.log = open(folder / "log", "w", encoding="utf-8")
        self.env = dict(os.environ, BIHUAN_TEST_NOW=str(self.clock))
        self.process = None
        self.peer = None
        self.starts = 0
        self.conf = folder / "conf"
        self.conf.write_text(easy())
        self.conf.chmod(0o600)
        self.set_clock(datetime.datetime.fromisoformat(START))
        printed = subprocess.run(
            [self.program, "--init", "--data", folder / "data", "--config",
             self.conf], env=self.env, check=True, stdout=subprocess.PIPE,
            text=True).stdout
        self.logins = Logins(self.sock, printed)

    def set_clock(self, now):
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(str(int(now.timestamp())))
        fresh.rename(self.clock)

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "--data", self.folder / "data", "--listen",
             f"unix:{self.sock}", "--config", self.conf], env=self.env,
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        assert line == "ready\n", line
        self.logins.forget()  # the clock went on
        self.peer = Peer(self.sock, logins=self.logins)
        self.starts += 1

    def end(self):
        """Killed every other time; what was answered is durable."""
        kill = self.starts % 2 == 0
        self.peer.close()
        self.process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        self.process.wait(READY_S)
        self.process.stdout.close()

    def tick(self):
        """What is due has fired once a write that changes nothing is done."""
        self.peer.ok("import.settle")


def moments(steps):
    """Each midnight on the way, and each line's own time."""
    now = datetime.datetime.fromisoformat(START)
    for step in steps:
        to = datetime.datetime.fromisoformat(step["at"])
        midnight = now.replace(hour=0, minute=0) + DAY
        while midnight < to:
            yield midnight, None
            midnight += DAY
        yield to, step
        now = to


def do(machine, step):
    params = step.get("params", {})
    if "patch" in step:
        body = machine.peer.ok("regulation.show")["result"]["body"]
        params = {"body": {**body, **step["patch"]}}
    more = {"as_": step["as"]} if "as" in step else {}
    reply = machine.peer.call(step["method"], params, **more)
    name = reply.get("error", {}).get("data", {}).get("name")
    assert name == step.get("refused"), (step, reply)


def masked(record):
    record = json.loads(record)
    for table, row in record["put"]:
        if table == "text":
            row.pop("digest")
    return record


def journal(folder):
    database, = (folder / "data").glob("*.db")
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        return [masked(row[0]) for row in
                db.execute("SELECT record FROM journal ORDER BY seq")]


def told_in_one_process(bin_dir, folder):
    dump = folder / "journal"
    subprocess.run([pathlib.Path(bin_dir) / "test_story"], check=True,
                   env=dict(os.environ, BIHUAN_STORY_DUMP=str(dump)),
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return [json.loads(line) for line in dump.read_text().splitlines()]


def main():
    bin_dir = sys.argv[1]
    lines = (HERE / "story.ndjson").read_text().splitlines()
    steps = [json.loads(line) for line in lines]
    with tempfile.TemporaryDirectory(prefix="bihuan.") as name:
        folder = pathlib.Path(name)
        want = told_in_one_process(bin_dir, folder)
        machine = Machine(bin_dir, folder)
        begun = time.monotonic()
        for now, step in moments(steps):
            machine.set_clock(now)
            machine.start()
            machine.tick()
            if step is not None:
                do(machine, step)
            machine.end()
        got = journal(folder)
        for i, (a, b) in enumerate(zip(want, got), start=1):
            assert a == b, f"record {i}:\n{a}\n{b}"
        assert len(want) == len(got), (len(want), len(got))
        print(f"{len(got)} records the same, {machine.starts} starts in "
              f"{time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
