#!/usr/bin/env python3
"""A disk that fills up: writes are refused clearly, reads go on, and when there
is room again the daemon goes on by itself. Nothing acknowledged is lost.

    test_disk_full.py BIN_DIR

Needs a small file system of its own: the script runs itself in a name space
where it may mount one, and says so if that is not allowed here.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, run_all, wait_for  # noqa: E402

BIN_DIR = sys.argv[1]
DISK_MB = 120
INSIDE = "BIHUAN_TEST_DISK"


def name_of(reply):
    return reply["error"]["data"]["name"] if "error" in reply else "ok"


def fills_and_recovers():
    folder = pathlib.Path(os.environ[INSIDE])
    with Daemon(BIN_DIR, folder=folder) as daemon:
        peer = daemon.connect()
        peer.ok("chain.add", {"code": "first", "name": "n"})
        filler = folder / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(1 << 20))
            except OSError:
                pass
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


def outside():
    with tempfile.TemporaryDirectory(prefix="bihuan.") as tmp:
        mount = (f"mount -t tmpfs -o size={DISK_MB}m none {tmp} && "
                 f'exec {sys.executable} "$0" "$1"')
        args = ["unshare", "--mount"]
        if os.geteuid() != 0:
            args += ["--user", "--map-root-user"]
        if subprocess.run([*args, "sh", "-c", f"mount -t tmpfs none {tmp}"],
                          capture_output=True).returncode != 0:
            print("skipped: no file system can be mounted here")
            return 0
        return subprocess.run(
            [*args, "sh", "-c", mount, __file__, BIN_DIR],
            env={**os.environ, INSIDE: tmp}).returncode


if INSIDE in os.environ:
    run_all([fills_and_recovers])
else:
    sys.exit(outside())
