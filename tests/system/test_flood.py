#!/usr/bin/env python3
"""Clients that take without end, or not at all: memory stays bounded, others
are served, nothing is lost or reordered.

    test_flood.py BIN_DIR
"""
import json
import multiprocessing
import pathlib
import resource
import select
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, run_all, shadowed, wait_for  # noqa: E402

BIN_DIR = sys.argv[1]
# A sanitizer keeps freed memory for a while; here it must not hide a leak.
ENV = {"ASAN_OPTIONS": "quarantine_size_mb=4"}
ROOM = shadowed(BIN_DIR)


def send_until_stuck(peer, line_of):
    """Sends requests without reading until the daemon takes no more for one
    second; returns how many were sent whole."""
    peer.sock.setblocking(False)
    sent = 0
    rest = b""
    while True:
        if not rest:
            rest = line_of()
            sent += 1
        try:
            rest = rest[peer.sock.send(rest):]
        except BlockingIOError:
            if not select.select([], [peer.sock], [], 1)[1]:
                break
    peer.sock.setblocking(True)
    peer.sock.settimeout(30)
    return sent, rest


def a_client_that_does_not_read():
    with Daemon(BIN_DIR, env=ENV) as daemon:
        other = daemon.connect()
        size = len(str(other.ok("rpc.discover")))
        before = daemon.memory_kb()
        slow = daemon.connect()
        sent, rest = send_until_stuck(
            slow, lambda: slow.request("rpc.discover"))
        # replies to all that was sent would be far more than may wait
        assert sent * size > 3 * 4194304, (sent, size)
        grown = daemon.memory_kb("VmHWM") - before
        assert grown < 100e3, f"{grown} KiB for one client"
        begin = time.monotonic()
        for i in range(100):
            other.ok("chain.add", {"code": f"c{i}", "name": "n"})
        assert time.monotonic() - begin < 10
        # it wakes up: everything comes, in order
        for i in range(sent - 1):
            assert slow.recv()["id"] == i + 1
        slow.raw(rest)
        assert slow.recv()["id"] == sent
        daemon.stop()


def many_that_do_not_read():
    with Daemon(BIN_DIR, env=ENV) as daemon:
        before = daemon.memory_kb()
        peers = [daemon.connect() for _ in range(10)]
        for peer in peers:
            peer.sock.setblocking(False)
            line = peer.request("server.stats") * 4000
            try:
                peer.sock.send(line)
            except BlockingIOError:
                pass
        daemon.connect().ok("server.info")
        time.sleep(0.5)
        assert daemon.memory_kb("VmHWM") - before < ROOM * 150e3
        daemon.stop()


def many_large_replies():
    """256 requests at work a connection, were they all taken, would be answered
    with hundreds of megabytes, and who comes later would wait for them all."""
    with Daemon(BIN_DIR, env=ENV) as daemon:
        other = daemon.connect()
        size = len(json.dumps(other.ok("rpc.discover")))
        before = daemon.memory_kb()
        peers = [daemon.connect() for _ in range(40)]
        line = peers[0].request("rpc.discover")
        for peer in peers:
            peer.sock.setblocking(False)
            peer.sock.send(line * 256)
        wait_for(lambda: other.ok("server.info")["result"]["calls"] > 500,
                 what="500 replies")
        time.sleep(1)
        grown = daemon.memory_kb("VmHWM") - before
        assert 40 * 256 * size > 400e6, "the test asks for too little"
        assert grown < ROOM * 250e3, f"{grown} KiB for 40 clients"
        daemon.stop()


def stop_does_not_wait_for_ever():
    with Daemon(BIN_DIR, env=ENV) as daemon:
        slow = daemon.connect()
        send_until_stuck(slow, lambda: slow.request("rpc.discover"))
        begin = time.monotonic()
        daemon.stop()
        assert time.monotonic() - begin < 15


def long_lines_do_not_pile_up():
    """Writes of 200 KB each: what waits is bounded by bytes, not by count."""
    with Daemon(BIN_DIR, env=ENV) as daemon:
        before = daemon.memory_kb()
        peer = daemon.connect()
        pad = "n" * 200000
        sent, rest = 0, b""
        for _ in range(300):
            peer.raw(peer.request("chain.add", {"code": "c", "name": pad}))
            sent += 1
            if sent >= 20:
                assert "error" in peer.recv()
        assert daemon.memory_kb("VmHWM") - before < 100e3
        daemon.stop()


def a_line_without_end():
    with Daemon(BIN_DIR, env=ENV) as daemon:
        before = daemon.memory_kb()
        peer = daemon.connect()
        for _ in range(400):
            peer.raw(b"x" * 100000)
        reply = peer.recv()
        assert reply["error"]["data"]["name"] == "line_too_long", reply
        peer.raw(b"\n")
        peer.ok("server.info")
        assert daemon.memory_kb("VmHWM") - before < 50e3
        daemon.stop()


def few_descriptors():
    """With no descriptor left a connection is dropped, and the daemon lives on
    and serves when there is one again."""
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    with Daemon(BIN_DIR, preexec=limit) as daemon:
        first = daemon.connect()
        daemon.token("system")  # while there is a descriptor for it
        peers = []
        dropped = 0
        for _ in range(100):
            peer = daemon.connect(timeout=5)
            try:
                peer.raw(peer.request("server.info"))
                alive = peer.recv() is not None
            except OSError:
                alive = False
            if alive:
                peers.append(peer)
            else:
                dropped += 1
                peer.close()
            if dropped == 20:
                break
        assert dropped == 20 and len(peers) > 10, (dropped, len(peers))
        first.ok("chain.add", {"code": "c", "name": "n"})
        for peer in peers:
            peer.close()

        def again():
            try:
                return "result" in daemon.connect().call("server.info")
            except (OSError, AssertionError):
                return False
        wait_for(again, what="served again")
        daemon.stop()


def too_many_connections():
    """One more than CONNECTIONS_MAX is told so and turned away."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 5000:
        print("skipped: not enough descriptors here")
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (5000, hard))
    with Daemon(BIN_DIR, env=ENV) as daemon:
        first = daemon.connect()
        # the connection of the log-in is gone
        wait_for(lambda: first.ok("server.stats")["result"]["connections"] == 1,
                 what="one connection")
        peers = []
        for _ in range(4095):
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            sock.connect(str(daemon.path))
            peers.append(sock)
        extra = daemon.connect()
        reply = extra.recv()
        assert reply["error"]["data"]["name"] == "busy", reply
        assert extra.recv() is None
        peers.pop().close()

        def again():
            try:
                return "result" in daemon.connect().call("server.info")
            except (OSError, AssertionError):
                return False
        wait_for(again, what="room again")
        for sock in peers:
            sock.close()
        daemon.stop()


def connect_without_end(path, end):
    while not end.is_set():
        with socket.socket(socket.AF_UNIX) as sock:
            try:
                sock.connect(path)
            except OSError:
                pass


def connections_without_end():
    """As long as another one waits to be accepted, those who have a connection
    are served as well."""
    with Daemon(BIN_DIR, env=ENV) as daemon:
        peer = daemon.connect()
        peer.ok("server.info")
        end = multiprocessing.Event()
        crowd = [multiprocessing.Process(target=connect_without_end,
                                         args=(str(daemon.path), end))
                 for _ in range(2)]
        for one in crowd:
            one.start()
        time.sleep(0.3)
        begin = time.monotonic()
        served = 0
        while time.monotonic() - begin < 4:
            peer.ok("server.info")
            served += 1
        end.set()
        for one in crowd:
            one.join()
        assert served > 20, served
        daemon.stop()


run_all([a_client_that_does_not_read, many_that_do_not_read,
         many_large_replies,
         stop_does_not_wait_for_ever, long_lines_do_not_pile_up,
         a_line_without_end, few_descriptors, too_many_connections,
         connections_without_end])
