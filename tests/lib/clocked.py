"""A daemon on a clock of the test's (bihuand_at), on a local socket and plain
loopback TCP, and the three administrators logged in.

    with Clocked(bin_dir, cost=5) as daemon:
        daemon.forward(minutes=15)
        peer = daemon.tcp("127.0.0.2")
"""
import os
import pathlib
import re
import signal
import socket
import sqlite3

from daemon import Daemon, Peer

START = 1795140000  # 2026-11-20T10:00:00+08:00, a Friday
ADMINISTRATORS = ("system", "security", "audit")


class TcpPeer(Peer):
    def __init__(self, port, source, timeout=30):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout,
                                             (source, 0))
        self.rest = b""
        self.last = 0


class Clocked(Daemon):
    def __init__(self, bin_dir, settings="", cost=5):
        super().__init__(bin_dir)
        self.program = str(pathlib.Path(bin_dir) / "bihuand_at")
        self.clock = self.tmp / "now"
        self.env["BIHUAN_TEST_NOW"] = str(self.clock)
        self.now = START
        self.more = settings
        self.cost = cost
        self.passwords = {}
        self.tokens = {}
        self.forward()

    def config(self):
        self.settings = (f"[password]\ncost = {self.cost}\n"
                         f"[limits]\nlogins = 100000\n{self.more}")
        return super().config()

    def init(self):
        super().init()
        self.passwords = dict(self.logins.one_time)
        self.logins = None  # who is logged in, each request says itself

    def listen(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        return [*super().listen(), "--listen", f"tcp:127.0.0.1:{self.port}"]

    def forward(self, seconds=0, minutes=0, hours=0, days=0):
        self.now += seconds + 60 * (minutes + 60 * (hours + 24 * days))
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(str(self.now))
        fresh.rename(self.clock)

    def tcp(self, source="127.0.0.1"):
        return TcpPeer(self.port, source)

    def change(self, account, new):
        """The first log-in: the one-time password goes."""
        reply = self.connect().ok("login", {
            "account": account, "password": self.passwords[account],
            "new": new})
        self.passwords[account] = new
        self.tokens[account] = reply["result"]["token"]
        return self.tokens[account]

    def administrators(self):
        for account in ADMINISTRATORS:
            self.change(account, f"Erst-{account[::-1]}-7")

    def person(self, code, new=None):
        """A registered person with an account; logged in if `new` is given."""
        peer = self.connect()
        peer.ok("person.add", {"code": code, "name": code},
                token=self.tokens["system"])
        reply = peer.ok("account.add", {"account": code},
                        token=self.tokens["security"])
        self.passwords[code] = re.sub(r"\s", "", reply["result"]["password"])
        if new is not None:
            self.change(code, new)

    def query(self, sql, *binds):
        database, = self.data.glob("*.db")
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
            return db.execute(sql, binds).fetchall()

    def restart(self, kill=False):
        self.process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        self.process.wait()
        self.process.stdout.close()
        self.start()
