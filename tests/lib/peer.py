"""One connection to a daemon, line by line.

    peer = Peer(socket_path, logins=daemon.logins)
    peer.call("server.info")["result"]["head"]
    peer.ok("mine", as_="wang")
"""
import json
import re
import socket

WHO_MAY = object()  # see who_may()
# Reads every ticket and report; registered when a test first needs one.
SUPERVISOR = "on-looker"
BY_SYSTEM = re.compile(
    r"(chain|committee|office|department|enterprise|person|guide|registry|"
    r"calendar|regulation|import|hook|outbox|server|rpc|journal)\.|backup$")
BY_NAME = {"account": "security", "token": "security", "audit": "audit"}


def who_may(method):
    """The account by which a test without a person of its own does that; None:
    nobody need be logged in."""
    family = method.partition(".")[0]
    if method == "login":
        return None
    if family in BY_NAME:
        return BY_NAME[family]
    return "system" if BY_SYSTEM.match(method) else SUPERVISOR


class Peer:
    """Requests are numbered; replies come in order. Each goes with the token of
    who is named by as_, of the one who may where nobody is, with none for
    as_=None, or without logins."""

    logins = None

    def __init__(self, path, timeout=30, logins=None):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(timeout)
        self.sock.connect(str(path))
        self.logins = logins
        self.rest = b""
        self.last = 0

    def close(self):
        self.sock.close()

    def raw(self, data):
        self.sock.sendall(data)

    def proof(self, method, who):
        """{"token": T}, or {} for a request by nobody."""
        if who is WHO_MAY:
            who = who_may(method) if self.logins else None
        return {} if who is None else {"token": self.logins.token(who)}

    def request(self, method, params=None, as_=WHO_MAY, **members):
        """The line of a request; its id is in self.last."""
        self.last += 1
        line = {"jsonrpc": "2.0", "id": self.last, "method": method}
        if params is not None:
            line["params"] = params
        if "token" not in members:
            line.update(self.proof(method, as_))
        line.update(members)
        return json.dumps(line, ensure_ascii=False).encode() + b"\n"

    def send(self, method, params=None, **members):
        self.raw(self.request(method, params, **members))
        return self.last

    def recv(self):
        """The next reply, or None at the end of the stream."""
        while b"\n" not in self.rest:
            piece = self.sock.recv(1 << 16)
            if not piece:
                return None
            self.rest += piece
        line, self.rest = self.rest.split(b"\n", 1)
        return json.loads(line)

    def call(self, method, params=None, **members):
        self.send(method, params, **members)
        reply = self.recv()
        assert reply is not None, "the connection ended"
        assert reply["id"] == self.last, reply
        return reply

    def ok(self, method, params=None, **members):
        reply = self.call(method, params, **members)
        assert "result" in reply, reply
        return reply
