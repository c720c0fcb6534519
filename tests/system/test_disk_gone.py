#!/usr/bin/env python3
"""What a disk does beside filling up: files may not grow, the data folder is
taken away while the daemon serves, the process is killed in a backup or while
it writes the day's anchor. What was acknowledged is there, what was left lying
is swept, and the log says once what it is.

    test_disk_gone.py BIN_DIR
"""
import pathlib
import random
import resource
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, run_all, wait_for  # noqa: E402

BIN_DIR = sys.argv[1]


def name_of(reply):
    return reply["error"]["data"]["name"] if "error" in reply else "ok"


def chains(daemon):
    rows = daemon.connect().ok("chain.list", {"limit": 1000})
    return {row[0] for row in rows["result"]["chains"]["rows"]}


def verify(daemon, data):
    done = subprocess.run([daemon.cli, "verify", str(data)], env=daemon.env,
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def files_that_may_not_grow():
    """The signal of `ulimit -f` would kill it without a word; a commit of which
    nothing is known ends it with status 70."""
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        peer.ok("chain.add", {"code": "first", "name": "n"})
        acked = {"first"}
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE,
                         (1 << 20, 1 << 20))
        try:
            for i in range(900):
                if name_of(peer.call("chain.add", {
                        "code": f"c{i}", "name": "n" * 190})) == "ok":
                    acked.add(f"c{i}")
        except (AssertionError, OSError):
            pass  # the connection ended
        assert daemon.process.wait(20) == 70, daemon.process.returncode
        assert "a commit failed" in daemon.log.read_text()
        daemon.process.stdout.close()
        verify(daemon, daemon.data)
        daemon.start()
        there = chains(daemon)
        assert acked <= there and len(there - acked) <= 1, there ^ acked
        daemon.stop()


def folder_taken_away():
    """Writes into files that were removed would be kept by nobody."""
    away = "removed or replaced"
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        peer.ok("chain.add", {"code": "a", "name": "n"})
        elsewhere = daemon.tmp / "elsewhere"
        daemon.data.rename(elsewhere)
        daemon.data.mkdir()
        for _ in range(3):
            reply = peer.call("chain.add", {"code": "b", "name": "n"})
            assert name_of(reply) == "store_error", reply
        assert name_of(peer.call("chain.list")) == "ok"
        assert daemon.log.read_text().count(away) == 1, daemon.log.read_text()
        daemon.data.rmdir()
        elsewhere.rename(daemon.data)
        peer.ok("chain.add", {"code": "b", "name": "n"})
        assert daemon.log.read_text().count("is there again") == 1
        daemon.stop()
        verify(daemon, daemon.data)
        daemon.start()
        assert chains(daemon) == {"a", "b"}
        daemon.stop()


def killed_in_a_backup():
    draw = random.Random(3)
    with Daemon(BIN_DIR) as daemon:
        copy = daemon.tmp / "copy.db"
        cut = 0
        for cycle in range(8):
            peer = daemon.connect()
            for i in range(30):
                peer.ok("chain.add", {"code": f"c{cycle}-{i}",
                                      "name": "n" * 190})
            peer.send("backup", {"file": str(copy)})
            time.sleep(draw.uniform(0, 0.05))
            daemon.kill()
            cut += not copy.exists()
            if copy.exists():  # whole, or not there
                copy.unlink()
            verify(daemon, daemon.data)
            daemon.start()
        assert cut > 0, "each backup was done before its kill"
        daemon.connect().ok("backup", {"file": str(copy)})
        left = sorted(p.name for p in daemon.tmp.glob("copy.db*"))
        assert not [name for name in left if "part" in name], left
        daemon.stop()


def killed_at_an_anchor():
    """A clean stop writes one; whenever it is cut off, none is half one."""
    draw = random.Random(5)
    with Daemon(BIN_DIR) as daemon:
        anchors = daemon.data / "anchors"
        for cycle in range(12):
            daemon.connect().ok("chain.add", {"code": f"c{cycle}",
                                              "name": "n"})
            daemon.process.send_signal(signal.SIGTERM)
            killer = threading.Timer(draw.uniform(0, 0.04),
                                     daemon.process.kill)
            killer.start()
            daemon.process.wait(30)
            killer.join()
            daemon.process.stdout.close()
            verify(daemon, daemon.data)
            (anchors / "draft").write_text("half of o")  # as if cut there
            daemon.start()
        daemon.connect().ok("chain.add", {"code": "last", "name": "n"})
        daemon.stop()
        wait_for(lambda: not (anchors / "draft").exists(), what="no draft")
        lines = [p.read_text() for p in anchors.iterdir()]
        assert lines and all(line.endswith("\n") and " 1 " in line
                             for line in lines), lines
        verify(daemon, daemon.data)


run_all([files_that_may_not_grow, folder_taken_away, killed_in_a_backup,
         killed_at_an_anchor])
