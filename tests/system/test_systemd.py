#!/usr/bin/env python3
"""What systemd is told: READY, STATUS, RELOADING, STOPPING, and WATCHDOG only
as long as the loop and the writer thread are alive. A socket of the test's
stands in for systemd's.

    test_systemd.py BIN_DIR

A hung thread is made by attaching to it as a debugger does; where that is not
allowed this part is left out, which is said.
"""
import ctypes
import os
import pathlib
import signal
import socket
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, run_all, wait_for  # noqa: E402

BIN_DIR = sys.argv[1]
TMP = pathlib.Path(tempfile.mkdtemp(prefix="bihuan."))
LIMIT_S = 2.0  # a loaded machine is late by a second at times
PTRACE_ATTACH, PTRACE_DETACH, WALL = 16, 17, 0x40000000


class Manager:
    """systemd's end of NOTIFY_SOCKET."""

    def __init__(self, name=None):
        self.name = name or str(TMP / "notify")
        pathlib.Path(self.name).unlink(missing_ok=True)
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sock.bind("\0" + name[1:] if name else self.name)

    def close(self):
        self.sock.close()

    def heard(self, seconds):
        """(when, variables) of what comes in so many seconds."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.sock.settimeout(left)
            try:
                text = self.sock.recv(4096).decode()
            except TimeoutError:
                return
            yield time.monotonic(), dict(
                line.split("=", 1) for line in text.split("\n"))

    def drain(self):
        list(self.heard(0.01))

    def wait(self, name, seconds=30):
        for _, told in self.heard(seconds):
            if name in told:
                return told
        raise AssertionError(f"{name} was not told in {seconds} s")

    def pings(self, seconds):
        return [at for at, told in self.heard(seconds) if "WATCHDOG" in told]


def served(manager, **env):
    return Daemon(BIN_DIR, env={"NOTIFY_SOCKET": manager.name, **env})


WATCHED = {"WATCHDOG_USEC": str(int(LIMIT_S * 1e6))}


def begin_and_end():
    for name in (None, f"@bihuan-test-{os.getpid()}"):
        manager = Manager(name)
        with served(manager) as daemon:
            told = manager.wait("READY")
            assert told["READY"] == "1" and told["STATUS"], told
            daemon.stop()
            told = manager.wait("STOPPING")
            assert told["STOPPING"] == "1" and told["STATUS"], told
            assert not manager.pings(0.3)  # nobody waits for any
        manager.close()


def pings_in_time():
    manager = Manager()
    with served(manager, **WATCHED) as daemon:
        manager.wait("READY")
        pings = manager.pings(2 * LIMIT_S)
        gaps = [b - a for a, b in zip(pings, pings[1:])]
        assert len(pings) >= 3 and max(gaps) < LIMIT_S, gaps
        told = manager.wait("STATUS")
        assert "0 connections" in told["STATUS"], told
        daemon.stop()
    manager.close()


def not_for_another():
    """WATCHDOG_PID of another process, no socket, nonsense: no pings."""
    for env in ({**WATCHED, "WATCHDOG_PID": "1"}, {"WATCHDOG_USEC": "x"},
                {"WATCHDOG_USEC": "-5"}):
        manager = Manager()
        with served(manager, **env) as daemon:
            manager.wait("READY")
            assert not manager.pings(1)
            daemon.stop()
        manager.close()


def busy_is_not_dead():
    manager = Manager()
    with served(manager, **WATCHED) as daemon:
        manager.wait("READY")
        peers = [daemon.connect() for _ in range(20)]
        for number, peer in enumerate(peers):
            peer.raw(b"".join(peer.request(
                "chain.add", {"code": f"c{number}-{i}", "name": "n"})
                for i in range(200)))
        pings = manager.pings(3 * LIMIT_S)
        gaps = [b - a for a, b in zip(pings, pings[1:])]
        assert len(pings) >= 3 and max(gaps) < LIMIT_S, gaps
        daemon.stop()
    manager.close()


# -- threads that hang --------------------------------------------------------

def ptrace(request, thread):
    call = ctypes.CDLL(None, use_errno=True).ptrace
    call.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p,
                     ctypes.c_void_p]
    if call(request, thread, None, None) != 0:
        raise OSError(ctypes.get_errno(), "ptrace")


class Hung:
    """One thread of the daemon stands still."""

    def __init__(self, daemon, name):
        tasks = pathlib.Path(f"/proc/{daemon.process.pid}/task")
        self.thread = min(wait_for(lambda: [
            int(task.name) for task in tasks.iterdir()
            if (task / "comm").read_text().strip() == name], what=name))

    def __enter__(self):
        ptrace(PTRACE_ATTACH, self.thread)
        os.waitpid(self.thread, WALL)

    def __exit__(self, *rest):
        ptrace(PTRACE_DETACH, self.thread)


def a_hung_thread_stops_the_pings():
    manager = Manager()
    with served(manager, **WATCHED) as daemon:
        manager.wait("READY")
        peer = daemon.connect()
        daemon.token("system")  # while the writer is there
        try:
            with Hung(daemon, "writer"):
                pass
        except PermissionError:
            print("left out: a thread may not be held here")
            daemon.stop()
            return
        wait_for(lambda: manager.pings(LIMIT_S), what="pings again")
        with Hung(daemon, "writer"):
            manager.pings(LIMIT_S)  # one may be on its way
            heard = [told for _, told in manager.heard(2 * LIMIT_S)]
            assert not [told for told in heard if "WATCHDOG" in told], heard
            # and that is not because the loop hung too
            assert len([told for told in heard if "STATUS" in told]) >= 2
            assert "result" in peer.call("server.info")
        assert manager.pings(LIMIT_S)
        with Hung(daemon, "bihuand"):  # the loop
            manager.drain()
            assert not list(manager.heard(LIMIT_S))
        assert manager.pings(LIMIT_S)
        peer.close()
        daemon.stop()
    manager.close()


# -- reload -------------------------------------------------------------------

class Configured(Daemon):
    """Takes all from a configuration file."""

    def configure(self, more=""):
        self.settings = None  # they are in a file of our own
        self.conf = self.tmp / "own.conf"
        self.conf.write_text(f"[server]\ndata = {self.data}\n"
                             f"listen = unix:{self.path}\n{more}")
        self.conf.chmod(0o600)
        wrapper = self.tmp / "bihuand"
        wrapper.write_text(f'#!/bin/sh\nexec {BIN_DIR}/bihuand --config '
                           f'{self.conf} --listen unix:{self.path}\n')
        wrapper.chmod(0o755)
        self.program = str(wrapper)


def reload(daemon, manager):
    """What the log says of it."""
    manager.drain()
    before = len(daemon.log.read_text())
    daemon.process.send_signal(signal.SIGHUP)
    assert int(manager.wait("RELOADING")["MONOTONIC_USEC"]) > 0
    assert manager.wait("READY")["READY"] == "1"
    return daemon.log.read_text()[before:]


def reloading():
    manager = Manager()
    daemon = Configured(BIN_DIR, env={"NOTIFY_SOCKET": manager.name})
    daemon.init()
    daemon.configure("[log]\nlevel = warning\n")
    with daemon:
        manager.wait("READY")
        assert reload(daemon, manager) == ""
        daemon.configure("[log]\nlevel = info\n")
        assert reload(daemon, manager) == "<6>reload: done\n"
        daemon.configure("[log]\nformat = json\n[limits]\nconnections = 1\n")
        told = reload(daemon, manager)
        for name in ("log.format", "limits.connections"):
            assert f"after a restart: setting={name}\n" in told, told
        assert told.count("\n") == 3, told
        daemon.connect().close(), daemon.connect().ok("server.info")
        # what is refused changes nothing
        daemon.configure("[log]\nlevel = error\nnonsense = 1\n")
        told = reload(daemon, manager)
        assert told.startswith("<3>reload: ") and ":6: log.nonsense" in told
        daemon.configure("[server]\nlisten = unix:/other\n[log]\nlevel = info\n")
        assert "server.listen" not in reload(daemon, manager)
        daemon.conf.unlink()
        assert str(daemon.conf) in reload(daemon, manager)
        assert daemon.connect().ok("server.info")
        daemon.stop()
    manager.close()
    # without a file there is nothing to read again, and nothing ends
    with Daemon(BIN_DIR, settings=None) as daemon:
        daemon.process.send_signal(signal.SIGHUP)
        wait_for(lambda: "no configuration file" in daemon.log.read_text())
        assert daemon.connect().ok("server.info")
        daemon.stop()


run_all([begin_and_end, pings_in_time, not_for_another, busy_is_not_dead,
         a_hung_thread_stops_the_pings, reloading])
(TMP / "notify").unlink(missing_ok=True)
TMP.rmdir()
