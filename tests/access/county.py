"""A county with a ticket, a meeting, an upload, a person in each relation to
each role of matrix.csv, and connections to its daemon on every transport.

    with County(bin_dir) as county:
        wire = county.wire("tls")
        replies = wire.ask([("ticket.show", {"ticket": number}, token), ...])
"""
import base64
import hashlib
import json
import pathlib
import socket
import ssl
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
from daemon import Daemon, Scene  # noqa: E402
from logins import PASSWORD  # noqa: E402,F401  (probes.py has it from here)

TRANSPORTS = ("unix", "tcp", "tls")
# Who stands for a role of the matrix; a stranger shows no token.
ROLES = {"enterprise": "ea1", "guide": "gd", "dispatcher": "dpa", "head": "h1",
         "handler": "w1", "leader": "ld", "supervisor": "sv",
         "system": "system", "security": "security", "audit": "audit",
         "nobody": "np", "stranger": None}
# The enterprises: EA is ours, EA2 another of its chain, EB of another chain;
# EM was ours and has moved to the other chain.
EA, EA2 = "91330921MA2B000014", "91330921MA2B000022"
EB, EM = "91330921MA2B000030", "91330921MA2B000049"
SETTINGS = """
[login]
failures = 20
[tls]
certificate = {folder}/certificate.pem
key = {folder}/key.pem
"""
IN_FLIGHT = 64
FILE = b"evidence of the access test\n"
PEOPLE = (  # account, unit, role
    ("ea1", EA, "enterprise"), ("ea2", EA, "enterprise"),
    ("e2", EA2, "enterprise"), ("eb1", EB, "enterprise"),
    ("gd", "DWA", "guide"), ("gd2", "DWA", "guide"),
    ("dpa", "DWA", "dispatcher"), ("dpa2", "DWA", "dispatcher"),
    ("dpb", "DWB", "dispatcher"), ("zb1", "ZB", "dispatcher"),
    ("h1", "D1", "head"), ("w1", "D1", "handler"), ("w1b", "D1", "handler"),
    ("ld", "D1", "leader"), ("h2", "D2", "head"), ("w2", "D2", "handler"),
    ("sv", "ZB", "supervisor"), ("np", None, None))


class Wire:
    """One connection; requests go out in strides, replies come in order."""

    def __init__(self, sock):
        self.sock = sock
        self.sock.settimeout(120)
        self.rest = b""

    def close(self):
        self.sock.close()

    def line(self):
        while b"\n" not in self.rest:
            piece = self.sock.recv(1 << 18)
            assert piece, "the connection ended"
            self.rest += piece
        line, self.rest = self.rest.split(b"\n", 1)
        return line

    def ask(self, requests):
        """(method, params, token) each; the reply lines as they came. Each
        request has the id 1, so that equal answers are equal bytes."""
        replies = []
        for i in range(0, len(requests), IN_FLIGHT):
            part = requests[i:i + IN_FLIGHT]
            out = b""
            for method, params, token in part:
                line = {"jsonrpc": "2.0", "id": 1, "method": method,
                        "params": params}
                if token is not None:
                    line["token"] = token
                out += json.dumps(line, ensure_ascii=False).encode() + b"\n"
            self.sock.sendall(out)
            replies += [self.line() for _ in part]
        return replies


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Served(Daemon):
    """On all transports."""

    def __init__(self, bin_dir):
        super().__init__(bin_dir)
        self.ports = {"tcp": free_port(), "tls": free_port()}
        self.settings = SETTINGS.format(folder=self.tmp)

    def init(self):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
             "/CN=localhost", "-addext",
             "subjectAltName=IP:127.0.0.1,DNS:localhost",
             "-keyout", self.tmp / "key.pem",
             "-out", self.tmp / "certificate.pem"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        (self.tmp / "key.pem").chmod(0o600)
        super().init()

    def listen(self):
        return super().listen() + [
            word for kind, port in self.ports.items()
            for word in ("--listen", f"{kind}:127.0.0.1:{port}")]


class County(Scene):
    def __init__(self, bin_dir):
        self.daemon = Served(bin_dir)
        self.folder = self.daemon.tmp

    def begin(self):
        self.local = self.wire("unix")
        self.register()
        self.send_files()
        self.tickets = self.shared()
        for account in ROLES.values():
            self.token(account)

    def wire(self, transport):
        if transport == "unix":
            sock = socket.socket(socket.AF_UNIX)
            sock.connect(str(self.folder / "sock"))
            return Wire(sock)
        port = self.daemon.ports[transport]
        sock = socket.create_connection(("127.0.0.1", port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if transport == "tls":
            trust = ssl.create_default_context(
                cafile=str(self.folder / "certificate.pem"))
            sock = trust.wrap_socket(sock, server_hostname="127.0.0.1")
        return Wire(sock)

    # -- asking --------------------------------------------------------------

    def token(self, account):
        """Of its log-in, which is made when it is first asked for."""
        return None if account is None else self.daemon.token(account)

    def log_in(self, account):
        """Once more: another token."""
        return self.daemon.logins.log_in(account)

    def done(self, requests):
        """All of them must be granted; their results."""
        replies = [json.loads(r) for r in self.local.ask(requests)]
        for request, reply in zip(requests, replies):
            assert "result" in reply, (request[:2], reply)
        return [r["result"] for r in replies]

    def do(self, who, method, /, **params):
        return self.done([(method, params, self.token(who))])[0]

    # -- the register --------------------------------------------------------

    def register(self):
        def put(method, **params):
            self.do("system", method, **params)
        for chain, office in (("CA", "DWA"), ("CB", "DWB")):
            put("chain.add", code=chain, name=chain)
            put("committee.add", code=office, name=office, chain=chain)
        put("office.add", code="ZB", name="ZB")
        for unit in ("D1", "D2"):
            put("department.add", code=unit, name=unit)
        put("department.add", code="D11", name="D11", parent="D1")
        for code, chain in ((EA, "CA"), (EA2, "CA"), (EB, "CB"), (EM, "CA")):
            put("enterprise.add", code=code, name="E" + code[-4:], chain=chain,
                force=True)
        for account, unit, role in PEOPLE:
            where = {} if unit is None else {"unit": unit, "role": role}
            put("person.add", code=account, name="name-of-" + account,
                phone="13800138000", **where)
        put("guide.assign", enterprise=EA, person="gd")
        put("guide.assign", enterprise=EA2, person="gd2")
        put("guide.assign", enterprise=EB, person="gd2")

    # -- tickets -------------------------------------------------------------

    def file(self, by, enterprise, **more):
        return self.do(by, "ticket.file", title="request", category="other",
                       enterprise=enterprise, **more)["number"]

    def make(self, makings):
        """Tickets by the dozen: of each a list of steps (who, method, params),
        the first its filing. All first steps go out together, then all second
        ones; the numbers."""
        numbers = [None] * len(makings)
        for turn in range(max(len(m) for m in makings)):
            at = [i for i, m in enumerate(makings) if turn < len(m)]
            asked = []
            for i in at:
                who, method, params = makings[i][turn]
                ticket = {} if turn == 0 else {"ticket": numbers[i]}
                asked.append((method, {**params, **ticket}, self.token(who)))
            for i, result in zip(at, self.done(asked)):
                if turn == 0:
                    numbers[i] = result["number"]
        return numbers

    def keep(self, who, ticket, purpose="evidence"):
        self.do(who, "attachment.keep", ticket=ticket, name="a.txt",
                upload=self.sent[who], purpose=purpose)

    def upload(self, who):
        upload = self.do(
            who, "attachment.begin", size=len(FILE),
            sha256=hashlib.sha256(FILE).hexdigest())["upload"]
        self.do(who, "attachment.put", upload=upload, offset=0,
                bytes=base64.b64encode(FILE).decode())
        return upload

    def past(self):
        """Of an enterprise that ea1 spoke for, gd guided and dpa dispatched
        for, led by D1: none of that is so today."""
        self.do("system", "person.role", code="ea1", unit=EM, role="enterprise")
        self.do("system", "guide.assign", enterprise=EM, person="gd")
        ticket, = self.make([[
            ("ea1", "ticket.file", {"title": "request", "category": "other",
                                    "enterprise": EM}),
            sent("dpa", "D1"),
            ("w1", "ticket.accept", {}),
            ("w1", "ticket.return", {"reason": "not ours"}),
            ("dpa", "ticket.decide", {"grant": True, "fault": "dispatcher"}),
            sent("dpa", "D2")]])
        self.keep("dpa", ticket)
        self.do("system", "person.role", code="ea1", unit=EM, role="enterprise",
                end=True)
        self.do("system", "guide.assign", enterprise=EM, person="gd2")
        self.do("system", "enterprise.move", code=EM, chain="CB")
        return ticket

    def shared(self):
        """The ticket of each relation, which nobody moves."""
        tickets = {"past_hop": self.past()}
        names = ("own", "same_department", "other_department", "co_handled",
                 "guided", "closed", "confidential", "against")
        numbers = self.make([making(n, "begun") for n in names])
        tickets.update(zip(names, numbers))
        tickets["merged"], self.into = self.make(
            [making("own", "begun"), making("own", "begun")])
        tickets["other_chain"], tickets["none"] = self.make([
            [filing("eb1", EB), sent("dpb", "D2"), ("w2", "ticket.accept", {})],
            [filing("eb1", EB)]])
        for relation, ticket in tickets.items():
            if relation != "past_hop":
                by = "dpb" if relation in ("other_chain", "none") else "dpa"
                self.keep(by, ticket)
        self.do("dpa", "ticket.merge", ticket=tickets["merged"],
                into=self.into)
        for who, method, params in CLOSING:
            self.do(who, method, ticket=tickets["closed"], **params)
        return tickets

    # -- meetings, uploads, tokens -------------------------------------------

    def meet(self):
        self.meetings = {}
        for relation, office, unit in (
                ("own", "dpa", "D1"), ("other_department", "dpa", "D2"),
                ("other_chain", "dpb", "D2"), ("co_handled", "dpb", "D1"),
                ("closed", "dpa", "D1")):
            meeting = self.do(office, "meeting.call", title="meeting",
                              at="2030-01-04T09:00:00")["meeting"]
            self.do(office, "meeting.invite", meeting=meeting, unit=unit)
            self.meetings[relation] = meeting
        self.do("dpa", "meeting.close", meeting=self.meetings["closed"])

    def send_files(self):
        colleague = {"enterprise": "ea2", "guide": "gd2", "dispatcher": "dpa2",
                     "head": "w1", "handler": "w1b", "supervisor": "dpa"}
        self.sent = {who: self.upload(who) for who in
                     {*colleague.values(), *map(ROLES.get, colleague),
                      "eb1", "dpb"}}
        self.uploads = {
            (role, relation): self.sent[who]
            for role, other in colleague.items()
            for relation, who in (("own", ROLES[role]),
                                  ("same_department", other),
                                  ("none", "eb1"))}

    def spare_token(self, account):
        before = self.ids_of(account)
        self.log_in(account)
        new = self.ids_of(account) - before
        return max(new)

    def ids_of(self, account):
        table, = (v for v in self.do(account, "token.list").values()
                  if isinstance(v, dict))
        place = table["columns"].index("id")
        return {row[place] for row in table["rows"]}


# -- how tickets are made ----------------------------------------------------

def filing(by, enterprise, **more):
    return (by, "ticket.file", {"title": "request", "category": "other",
                                "enterprise": enterprise, **more})


def sent(by, unit, kind="lead"):
    return (by, "ticket.dispatch", {"unit": unit, "kind": kind,
                                    "measure": "a measure"})


CLOSING = (("w1", "ticket.resolve", {"public": "done"}),
           ("ea1", "ticket.evaluate", {"score": 5, "solved": True}),
           ("dpa", "ticket.archive", {}))


def begun(relation):
    """Who asks, and where it was sent: (filing, contact, worker, dispatches)"""
    d1, d2 = [sent("dpa", "D1")], [sent("dpa", "D2")]
    return {
        "own": (filing("ea1", EA), "ea1", "w1", d1),
        "closed": (filing("ea1", EA), "ea1", "w1", d1),
        "same_department": (filing("ea2", EA), "ea1", "w1b",
                            [sent("dpa2", "D1")]),
        "other_department": (filing("dpa", EA2), "e2", "w2", d2),
        "co_handled": (filing("dpa", EA2), "e2", "w2",
                       d2 + [sent("dpa", "D1", "co")]),
        "guided": (filing("ea1", EA), "ea1", "w2", d2),
        "confidential": (filing("ea1", EA, confidential=True), "ea1", "w1", d1),
        "against": (filing("ea1", EA, against="D1"), "ea1", "w2", d2),
    }[relation]


def making(relation, state):
    """The steps that bring a ticket of that relation into that state."""
    first, contact, worker, dispatches = begun(relation)
    head = {"w1": "h1", "w1b": "h1", "w2": "h2"}[worker]
    named = [("dpa", "ticket.leaders", {"leader": "ld"})] \
        if relation in ("own", "closed", "confidential") else []
    accepted = dispatches + [(worker, "ticket.accept", {})]
    other = [("w1", "ticket.accept", {}), ("w1", "ticket.resolve", {})] \
        if len(dispatches) > 1 else []
    resolved = accepted + other + [
        (worker, "ticket.resolve", {"public": "done"})]
    declined = [("dpa", "ticket.decline", {"reason": "not for us"})]
    bad = resolved + [
        (contact, "ticket.evaluate", {"score": 1, "solved": False})]
    steps = {
        "filed": [],
        "required": [("dpa", "ticket.require", {"text": "a paper"})],
        "declined": declined,
        "appealed": declined + [(contact, "ticket.appeal", {"reason": "no"})],
        "sent": dispatches,
        "begun": accepted,
        "asked": accepted + [(worker, "ticket.return", {"reason": "no"})],
        "extending": accepted + [(worker, "ticket.extend",
                                  {"limit": "1wd", "reason": "more time"})],
        "suspended": accepted + [("dpa", "ticket.suspend", {"reason": "x"})],
        "supervised": accepted + [("sv", "ticket.supervise", {"text": "x"})],
        "resolved": resolved,
        "evaluated": resolved + [
            (contact, "ticket.evaluate", {"score": 5, "solved": True})],
        "scored": bad,
        "disputed": bad + [(head, "ticket.appeal_score", {"reason": "no"})],
    }[state]
    return [first] + named + steps
