#!/usr/bin/env python3
"""Everything that a hostile peer can do to memory at once, beside a client that
does its work: bytes that drip, requests whose replies nobody reads, connections
without end, lines that are too long, requests a byte at a time, peers that leave
in the middle. Once by strangers, once by some who are logged in; over TCP and
TLS, from a hundred addresses, the daemon's settings being its defaults.

    abuse.py BIN_DIR [--seconds S] [--after S] [--only strangers|accounts]

Prints the daemon's memory each ten seconds, beside them and after them, the
good client's percentiles, what was shed. Fails if memory passes what
core/limits.h promises, if an eighth of that is still kept when they have gone,
if the good client's 99th percentile passes GOOD_MS, or if reads wait for whom
nobody is there any more.
"""
import argparse
import multiprocessing
import os
import pathlib
import random
import re
import resource
import socket
import ssl
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "lib"))
from net import NetDaemon  # noqa: E402
from peer import Peer  # noqa: E402

SOURCES = 100
ACCOUNTS = 8
# Two processors, and six processes that abuse. Turns go by connection: eight
# accounts with four thousand of them have four thousand turns.
GOOD_MS = {"strangers": 1000, "accounts": 5000}
# What a connection takes beside what is bounded for all together: its session,
# its TLS and the beginning of a line.
CONNECTION_BYTES = 64 << 10


def limit(name):
    text = (ROOT / "core" / "limits.h").read_text()
    return int(re.search(rf"^#define {name}\s+(?:\\\s*)?(\d+)", text, re.M)[1])


def promised(connections):
    """Bytes beside those of a daemon without peers."""
    return sum(map(limit, (
        "OUT_TOP_BYTES_MAX", "JOB_BYTES_MAX", "STRANGE_BYTES_MAX",
        "LINES_BYTES_MAX"))) + connections * CONNECTION_BYTES


class DefaultDaemon(NetDaemon):
    """Nothing is set but the certificate."""

    def config(self):
        path = self.tmp / "conf"
        path.write_text(self.settings)
        path.chmod(0o600)
        return ["--config", str(path)]


# -- who abuses ---------------------------------------------------------------

class Abuser:
    """Does one bad thing to the daemon, again and again."""

    def __init__(self, ports, tokens, draw):
        self.ports, self.tokens, self.draw = ports, tokens, draw
        self.opened = 0
        self.held = []

    def open(self, kind="tcp", small=False):
        sock = socket.socket()
        sock.settimeout(2)
        if small:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.bind((f"127.0.7.{1 + self.draw.randrange(SOURCES)}", 0))
        sock.connect(("127.0.0.1", self.ports[kind]))
        self.opened += 1
        return sock

    def open_tls(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context.wrap_socket(self.open("tls", small=True))

    def line(self, method=None):
        token = ""
        if self.tokens:
            token = ',"token":"%s"' % self.draw.choice(self.tokens)
        method = method or self.draw.choice(
            ("rpc.discover", "regulation.show", "ticket.list", "server.info"))
        return ('{"jsonrpc":"2.0","id":1,"method":"%s"%s}\n' %
                (method, token)).encode()

    def keep(self, sock, most):
        """Of those held the oldest goes when there are too many."""
        self.held.append(sock)
        if len(self.held) > most:
            self.held.pop(self.draw.randrange(most)).close()

    def known(self, sock):
        """Logs it in, if anybody is: strangers' lines are counted apart."""
        if self.tokens:
            sock.sendall(self.line("whoami"))
            sock.recv(4096)
        return sock

    def drip(self):
        if len(self.held) < 300:
            sock = self.known(self.open())
            sock.sendall(b'{"jsonrpc":')
            self.keep(sock, 300)
        for sock in list(self.held):
            try:
                sock.send(b" ")
            except OSError:
                self.held.remove(sock)
                sock.close()
        time.sleep(0.2)

    def deaf(self):
        sock = self.open_tls() if self.draw.random() < 0.2 else \
            self.open(small=True)
        self.keep(sock, 400)
        sock.setblocking(False)
        for other in self.draw.sample(self.held, min(20, len(self.held))):
            try:
                for _ in range(4):
                    other.send(b"".join(self.line() for _ in range(50)))
            except (OSError, ssl.SSLError):
                pass

    def churn(self):
        sock = self.open(self.draw.choice(("tcp", "tcp", "tls")))
        what = self.draw.randrange(4)
        if what == 1:
            sock.sendall(self.line() * 20)
        elif what == 2:
            sock.sendall(b"\x16\x03\x01\x02\x00\x01")
        elif what == 3:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                            b"\1\0\0\0\0\0\0\0")
            sock.sendall(self.line() * 5)
        sock.close()

    def long(self):
        sock = self.known(self.open())
        sock.sendall(b"x" * self.draw.choice((300000, 250000, 262144)))
        if self.draw.random() < 0.5:
            sock.sendall(b"\n")
        self.keep(sock, 300)

    def bytes(self):
        sock = self.open()
        for byte in self.line():
            sock.send(bytes([byte]))
        sock.recv(4096)
        sock.close()

    def leave(self):
        sock = self.open()
        sock.sendall(self.line() * self.draw.randrange(1, 200))
        if self.draw.random() < 0.5:
            sock.shutdown(socket.SHUT_WR)
            self.keep(sock, 200)
        else:
            sock.close()


def abuse(kind, ports, tokens, seed, end, opened):
    """In a process of its own, until told to end."""
    os.nice(19)  # they would be other machines
    one = Abuser(ports, tokens, random.Random(f"{kind} {seed}"))
    while not end.is_set():
        try:
            getattr(one, kind)()
        except OSError:
            pass  # turned away, shed or too slow: what is to be
    with opened.get_lock():
        opened.value += one.opened


KINDS = ("drip", "deaf", "churn", "long", "bytes", "leave")


# -- the good client ----------------------------------------------------------

class Watch:
    """Asks, and looks at the daemon's memory, each second."""

    def __init__(self, daemon, token):
        self.daemon = daemon
        self.peer = daemon.connect()
        self.times = []
        self.begin = time.monotonic()
        self.connections = 0

    def look(self, seconds, title):
        start = time.monotonic()
        told = 0
        while time.monotonic() < start + seconds:
            before = time.monotonic()
            self.peer.ok("server.info")
            self.times.append(1000 * (time.monotonic() - before))
            if time.monotonic() >= start + told:
                self.tell(title)
                told += 10
            time.sleep(0.02)
        return self.tell(title)

    def stats(self):
        return self.peer.ok("server.stats")["result"]

    def tell(self, title):
        stats = self.stats()
        memory = self.daemon.memory_kb() // 1024
        self.connections = max(self.connections, stats["connections"])
        print(f"{title:8} {time.monotonic() - self.begin:5.0f} s "
              f"{memory:5} MiB  " + "  ".join(
                  f"{name} {stats[name]}" for name in (
                      "connections", "connected", "in_flight",
                      "waiting_reads", "shed_slow", "turned_away",
                      "rate_limited")), flush=True)
        return memory


def percentile(times, share):
    return times[int(len(times) * share)]


def tokens_of(daemon):
    """Of handlers with nothing to do."""
    peer = daemon.connect()
    peer.ok("department.add", {"code": "dept", "name": "某局"})
    for i in range(ACCOUNTS):
        peer.ok("person.add", {"code": f"p{i}", "name": "某人", "unit": "dept",
                               "role": "handler"})
    return [daemon.token(f"p{i}") for i in range(ACCOUNTS)]


def run(bin_dir, who, seconds, after):
    with DefaultDaemon(bin_dir) as daemon:
        tokens = tokens_of(daemon) if who == "accounts" else []
        watch = Watch(daemon, None)
        alone = watch.look(3, "alone")
        end, opened = multiprocessing.Event(), multiprocessing.Value("q", 0)
        abusers = [multiprocessing.Process(
            target=abuse, args=(kind, daemon.ports, tokens, 1, end, opened))
            for kind in KINDS]
        for one in abusers:
            one.start()
        watch.times = []
        watch.look(seconds, who)
        times = sorted(watch.times)
        end.set()
        for one in abusers:
            one.join(10)
            one.kill()
        peak = daemon.memory_kb("VmHWM") // 1024
        watch.look(5, "after")
        waiting = watch.stats()["waiting_reads"]
        kept = watch.look(after, "after")
        bound = alone + promised(watch.connections) // (1 << 20)
        print(f"{who}: {opened.value} connections; memory {alone} MiB alone, "
              f"{peak} MiB at most, {bound} MiB promised, {kept} MiB {after} s "
              f"after; {waiting} reads wait 5 s after; good client p50 "
              f"{percentile(times, 0.5):.1f} ms, p99 "
              f"{percentile(times, 0.99):.1f} ms", flush=True)
        daemon.stop()
    assert peak <= bound, "memory passed what the limits promise"
    assert kept <= alone + (bound - alone) // 8, "memory is not given back"
    assert waiting == 0, "reads wait that nobody will take"
    assert percentile(times, 0.99) < GOOD_MS[who], "the good client waits"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin_dir", nargs="?", default="build/release/bin")
    parser.add_argument("--seconds", type=int, default=150)
    parser.add_argument("--after", type=int, default=60)
    parser.add_argument("--only", choices=("strangers", "accounts"))
    given = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    for who in ("strangers", "accounts"):
        if given.only in (None, who):
            run(given.bin_dir, who, given.seconds, given.after)


main()
