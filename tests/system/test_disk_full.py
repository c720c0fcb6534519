#!/usr/bin/env python3
"""A disk that fills up: writes are refused clearly, reads go on, and when there
is room again the daemon goes on by itself. Nothing acknowledged is lost.

    test_disk_full.py BIN_DIR

Needs a small file system of its own: tests/lib/disk.py.
"""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
import disk  # noqa: E402
from daemon import Daemon, run_all, wait_for  # noqa: E402

BIN_DIR = sys.argv[1]
DISK_MB = 120


def name_of(reply):
    return reply["error"]["data"]["name"] if "error" in reply else "ok"


def fills_and_recovers():
    with Daemon(BIN_DIR, folder=disk.folder()) as daemon:
        peer = daemon.connect()
        peer.ok("chain.add", {"code": "first", "name": "n"})
        filler = disk.fill()
        acked = {"first"}
        names = []
        for i in range(200):
            reply = peer.call("chain.add", {"code": f"c{i}", "name": "n" * 190})
            names.append(name_of(reply))
            if names[-1] == "ok":
                acked.add(f"c{i}")
        assert set(names) == {"ok", "disk_full"} or \
            set(names) == {"disk_full"}, set(names)
        assert names[-1] == "disk_full", names[-1]
        assert name_of(peer.call("server.info")) == "ok"
        assert name_of(peer.call("chain.list")) == "ok"
        peer.call("ticket.list", as_=None)  # goes into the audit record,
        time.sleep(2)  # which is tried twice a second
        told = daemon.log.read_text()
        assert told.count("audit: the disk is full") == 1, told
        filler.unlink()
        wait_for(lambda: name_of(peer.call(
            "chain.add", {"code": "again", "name": "n"})) in ("ok", "exists"),
            what="writes again")
        acked.add("again")
        daemon.kill()
        daemon.start()
        rows = daemon.connect().ok("chain.list", {"limit": 1000})
        there = {row[0] for row in rows["result"]["chains"]["rows"]}
        assert there == acked, there ^ acked
        daemon.stop()


if disk.folder() is None:
    disk.run_inside(__file__, BIN_DIR, DISK_MB)
else:
    run_all([fills_and_recovers])
