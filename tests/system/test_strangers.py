#!/usr/bin/env python3
"""What peers who prove nothing, or little, may not take from those who log in:
the room where passwords are hashed, and memory.

    test_strangers.py BIN_DIR
"""
import pathlib
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, Peer, run_all, shadowed, wait_for  # noqa: E402

BIN_DIR = sys.argv[1]


class TcpDaemon(Daemon):
    """On a port of loopback too."""

    def __init__(self, **limits):
        super().__init__(BIN_DIR, settings="[limits]\n" + "".join(
            f"{k} = {v}\n" for k, v in limits.items()))
        with socket.create_server(("127.0.0.1", 0)) as sock:
            self.port = sock.getsockname()[1]

    def config(self):
        return [*super().config(), "--listen", f"tcp:127.0.0.1:{self.port}"]

    def open(self, source):
        return socket.create_connection(("127.0.0.1", self.port), 30,
                                        (source, 0))

    def peer(self, source):
        return TcpPeer(self.open(source), self.logins)


class TcpPeer(Peer):
    def __init__(self, sock, logins):
        self.sock = sock
        self.logins = logins
        self.rest = b""
        self.last = 0


def name_of(reply):
    return reply["error"]["data"]["name"] if "error" in reply else "ok"


def stats(daemon):
    return daemon.connect().ok("server.stats")["result"]


def hashes_of_one_address():
    """Whatever has a password hashed is counted with the log-ins: who fills the
    room of the hashes keeps everybody out. Not the opening of accounts."""
    hosts = 20
    with TcpDaemon(logins=3) as daemon:
        for method, params in (
                ("passwd", {"old": "wrong", "new": "weak"}),
                ("totp.begin", {"password": "wrong"}),
                ("account.add", {"account": "x"}),
                ("account.reset", {"account": "x"})):
            for token in (daemon.token("system"), "x" * 43):
                hosts += 1
                peer = daemon.peer(f"127.0.0.{hosts}")
                names = [name_of(peer.call(method, params, token=token))
                         for _ in range(6)]
                assert names[3:] == ["rate_limited"] * 3, (method, names)
                assert "rate_limited" not in names[:3], (method, names)
        daemon.token("security")
        peer = daemon.peer("127.0.0.19")
        for _ in range(10):
            peer.ok("account.reset", {"account": "audit"}, as_="security")
        daemon.stop()


def long_lines_of_strangers():
    """All together they hold 64 MiB; a log-in is short, and lines of who is
    logged in are not of them."""
    half = b"x" * 262000
    with TcpDaemon(line_seconds=60) as daemon:
        known = daemon.peer("127.0.0.2")
        known.ok("server.info", as_="system")
        before = daemon.memory_kb()
        strangers = [daemon.open(f"127.0.1.{i // 400 + 1}")
                     for i in range(800)]
        for sock in strangers:
            try:
                sock.sendall(half)
            except OSError:
                pass  # turned away
        wait_for(lambda: stats(daemon)["turned_away"] >= 500, what="refusals")
        grown = daemon.memory_kb() - before
        # what they hold; a sanitizer keeps what was freed beside it
        assert grown < (64 * shadowed(BIN_DIR) + 192) << 10, grown
        known.raw(known.request("server.info", as_="system")[:-1] +
                  b" " * 200000)
        time.sleep(0.2)
        known.raw(b"\n")
        assert name_of(known.recv()) == "ok"
        fresh = daemon.peer("127.0.0.3")
        assert name_of(fresh.call("login", {
            "account": "system", "password": "wrong"})) == "login_failed"
        for sock in strangers:
            sock.close()
        wait_for(lambda: stats(daemon)["connections"] <= 4, what="they go")
        late = daemon.peer("127.0.0.4")
        late.raw(late.request("server.info", as_="system")[:-1] +
                 b" " * 200000 + b"\n")
        assert name_of(late.recv()) == "ok"
        daemon.stop()


def no_room_to_wait_in():
    """A read for a journal number that has not come waits ten seconds: who may
    not read at all is told so at once, and none of it is kept in memory."""
    big = {"calendar": {"a": [{}] * 8000}}  # 24 KB, and 0.7 MB once it is read
    with TcpDaemon() as daemon:
        daemon.token("system")
        head = daemon.connect().ok("server.info")["result"]["head"]
        peers = [daemon.peer(f"127.0.0.{2 + i % 8}") for i in range(20)]
        for peer in peers:
            peer.raw(40 * peer.request("deadline.what_if", big,
                                       after=head + 1000, token="x" * 43))
        for peer in peers:
            for _ in range(40):
                assert name_of(peer.recv()) == "unauthenticated"
        # who may read waits, and is answered as soon as it has come
        waiting = daemon.peer("127.0.0.2")
        waiting.send("server.info", after=head + 1, as_="system")
        daemon.connect().ok("chain.add", {"code": "x", "name": "x"})
        assert waiting.recv()["result"]["head"] >= head + 1
        daemon.stop()


run_all([hashes_of_one_address, long_lines_of_strangers, no_room_to_wait_in])
