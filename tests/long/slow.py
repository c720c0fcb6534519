#!/usr/bin/env python3
"""A thousand slow connections beside a client that does its work: those that
drip a byte now and then, those that never read their replies, and those that
stop in the middle of a handshake, each come back when it is shed. The daemon's
settings are its defaults.

    slow.py BIN_DIR [--slow N] [--seconds S]

Prints the good client's 50th and 99th percentile alone and beside them, for a
reading and for a writing request over TLS, the daemon's memory, and what was
shed. Fails if a 99th percentile doubles, if memory passes 256 MiB, or if the
daemon does not end well.
"""
import argparse
import os
import pathlib
import random
import resource
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from net import NetDaemon, hello  # noqa: E402

MEMORY_KB = 256 * 1024
LINE = b'{"jsonrpc":"2.0","id":1,"method":"rpc.discover","token":"%s"}\n'
LINES = 2  # more than the kernel takes of what nobody reads


# -- the slow -----------------------------------------------------------------

class Slow:
    """One of them; `again` when the daemon has ended it."""

    def __init__(self, ports, token, number, first):
        self.kind = ("drip", "deaf", "half")[number % 3]
        port = ports["tls" if self.kind == "half" else "tcp"]
        self.sock = socket.socket()
        # a thousand machines rather than one
        self.sock.bind((f"127.0.{1 + number // 250}.{1 + number % 250}", 0))
        if self.kind == "deaf":
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.sock.connect(("127.0.0.1", port))
        self.sock.setblocking(False)
        self.rest = {"drip": b"", "deaf": LINE % token.encode() * LINES,
                     "half": first}[self.kind]

    def poke(self):
        """Does what it does, once; False: the daemon has ended it."""
        try:
            if self.kind == "drip":
                self.sock.send(b" ")
            elif self.rest:
                self.rest = self.rest[self.sock.send(self.rest):]
            if self.kind != "deaf":
                return self.sock.recv(65536) != b""
            # what is not read does not say that the connection is over
            return self.sock.getsockopt(socket.SOL_SOCKET,
                                        socket.SO_ERROR) == 0
        except BlockingIOError:
            return True
        except OSError:
            return False


def be_slow(ports, token, n):
    """The thousand, in a process of their own, till it is killed."""
    os.nice(19)  # they would be other machines
    first = hello()
    slow = [Slow(ports, token, i, first) for i in range(n)]
    for one in slow:
        one.poke()
    time.sleep(5)  # they have asked what they ask
    print("there", flush=True)
    while True:
        for i, one in enumerate(slow):
            if i % 25 == 0:
                time.sleep(0.05)  # a round takes two seconds
            if not one.poke():
                one.sock.close()
                slow[i] = Slow(ports, token, i, first)


# -- the good -----------------------------------------------------------------

def percentile(times, share):
    return sorted(times)[int(len(times) * share)]


def measure(peer, seconds, draw):
    """Milliseconds of each request, reading and writing in turn."""
    times = {"read": [], "write": []}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for what in draw.sample(list(times), 2):
            begin = time.monotonic()
            if what == "read":
                peer.ok("regulation.show")  # does not grow meanwhile
            else:
                peer.ok("chain.add", {"code": f"c{draw.getrandbits(64):x}",
                                      "name": "链"})
            times[what].append(1000 * (time.monotonic() - begin))
        time.sleep(0.005)
    return times


def show(title, times, daemon):
    for what, list_ in times.items():
        print(f"{title:8} {what:5} p50 {percentile(list_, 0.5):7.2f} ms  "
              f"p99 {percentile(list_, 0.99):7.2f} ms  of {len(list_)}")
    print(f"{title:8} memory {daemon.memory_kb() // 1024} MiB", flush=True)


def run(bin_dir, n, seconds):
    draw = random.Random(1)
    with NetDaemon(bin_dir) as daemon:
        peer = daemon.connect_tls()
        measure(peer, 2, draw)
        alone = measure(peer, seconds, draw)
        show("alone", alone, daemon)
        other = daemon.token("audit")
        others = subprocess.Popen(
            [sys.executable, __file__, bin_dir, "--slow", str(n), "--be-slow",
             str(daemon.ports["tcp"]), str(daemon.ports["tls"]), other],
            stdout=subprocess.PIPE)
        try:
            assert others.stdout.readline() == b"there\n"
            beside = measure(peer, seconds, draw)
            stats = peer.ok("server.stats")["result"]
        finally:
            others.kill()
            others.wait()
        show("beside", beside, daemon)
        print({name: stats[name] for name in (
            "connections", "connected", "shed_slow", "tls_failed",
            "turned_away", "rate_limited")})
        peak = daemon.memory_kb("VmHWM")
        print(f"highest  memory {peak // 1024} MiB")
        daemon.stop()
    assert stats["connections"] > n * 2 // 3 and stats["shed_slow"] > n // 3
    assert peak < MEMORY_KB, peak
    for what in alone:
        before = percentile(alone[what], 0.99)
        after = percentile(beside[what], 0.99)
        print(f"{what}: p99 {after / before:.2f} times its baseline")
        assert after < 2 * before, what


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin_dir")
    parser.add_argument("--slow", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--be-slow", nargs=3, default=None)
    given = parser.parse_args()
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    if given.be_slow is not None:
        tcp, tls, token = given.be_slow
        be_slow({"tcp": int(tcp), "tls": int(tls)}, token, given.slow)
    else:
        run(given.bin_dir, given.slow, given.seconds)


main()
