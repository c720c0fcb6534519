#!/usr/bin/env python3
"""What one client may not do to the others: too many requests, log-ins and
connections, lines that do not end, replies that are not taken, nobody logged
in; and that no text of a peer forges a line of the log.

    test_load.py BIN_DIR
"""
import json
import pathlib
import re
import socket
import struct
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import run_all, wait_for  # noqa: E402
from logins import PASSWORD  # noqa: E402
from net import NetDaemon, NetPeer  # noqa: E402

BIN_DIR = sys.argv[1]


def name_of(reply):
    return reply["error"]["data"]["name"] if "error" in reply else "ok"


def limits(**values):
    return "[limits]\n" + "".join(f"{k} = {v}\n" for k, v in values.items())


def stats(daemon):
    return daemon.connect().ok("server.stats")["result"]


def ask(peer, n, method="server.info", params=None):
    """The outcomes of n requests sent at once."""
    peer.raw(b"".join(peer.request(method, params) for _ in range(n)))
    return [peer.recv() for _ in range(n)]


def waits(replies):
    """Seconds that the refusals name."""
    found = []
    for reply in replies:
        if name_of(reply) == "rate_limited":
            detail = reply["error"]["data"]["detail"]
            found.append(int(re.fullmatch(r"wait (\d+) s", detail)[1]))
    return found


def audited(peer, what):
    """Rows of the audit record about that refused as too often."""
    table = peer.ok("audit.list", {"limit": 1000})["result"]["events"]
    rows = [dict(zip(table["columns"], row)) for row in table["rows"]]
    return [row for row in rows
            if row["what"] == what and row["outcome"] == "rate_limited"]


# -- too often ----------------------------------------------------------------

def requests_of_one_log_in():
    """Ten seconds' worth at once, then the pace; another log-in of the same
    connection is not touched; what waits as long as it is told may go on."""
    with NetDaemon(BIN_DIR, limits(account_rate=5)) as daemon:
        other = NetPeer(daemon.open_unix(), daemon.token("audit"))
        peer = daemon.connect_tls()
        begin = time.monotonic()
        replies = ask(peer, 300)
        took = time.monotonic() - begin
        good = sum(name_of(reply) == "ok" for reply in replies)
        assert 50 <= good <= 51 + 5 * took, (good, took)
        assert len(waits(replies)) == 300 - good
        assert set(waits(replies)) == {1}
        # it goes by the log-in, not by the connection or the transport
        assert name_of(daemon.connect().call("server.info")) == "rate_limited"
        assert name_of(other.call("server.info")) == "ok"
        time.sleep(1)
        assert name_of(peer.call("server.info")) == "ok"
        time.sleep(1)
        counted = stats(daemon)
        assert counted["rate_limited"] >= 300 - good, counted
        # the audit record has them, as few lines
        time.sleep(2)  # it is written within one
        found = audited(other, "server.info")
        assert {row["source"] for row in found} >= {"127.0.0.1"}, found
        # each once, and the one on the other connection
        assert sum(row["times"] for row in found) == 301 - good, found
        assert len(found) < 20, found
        daemon.stop()


def requests_of_one_address():
    """Without a token too; others and the local socket are not touched."""
    with NetDaemon(BIN_DIR, limits(source_rate=10)) as daemon:
        nobody = NetPeer(daemon.open_tcp(source="127.0.0.9"))
        replies = ask(nobody, 300, "whoami")
        assert len(waits(replies)) > 150
        again = NetPeer(daemon.open_tcp(source="127.0.0.9"))
        # the connection itself weighs as much as ten requests
        assert name_of(again.recv()) == "rate_limited"
        assert again.recv() is None
        for peer in (daemon.connect_tcp(source="127.0.0.10"),
                     daemon.connect_tls(source="127.0.0.11"), daemon.connect()):
            assert name_of(peer.call("server.info")) == "ok"
        assert not waits(ask(daemon.connect(), 200))
        daemon.stop()


def log_ins_of_one_address():
    with NetDaemon(BIN_DIR, limits(logins=3)) as daemon:
        wrong = {"account": "system", "password": "wrong"}
        peer = daemon.connect_tls()
        names = [name_of(peer.call("login", wrong)) for _ in range(6)]
        assert names == ["login_failed"] * 3 + ["rate_limited"] * 3, names
        refusal = peer.call("login", wrong)
        assert 10 <= waits([refusal])[0] <= 20, refusal
        assert name_of(peer.call("server.info")) == "ok"
        # nobody is locked out from elsewhere
        right = {"account": "system", "password": PASSWORD}
        elsewhere = daemon.connect_tls(source="127.0.0.5")
        assert name_of(elsewhere.call("login", right)) == "ok"
        for _ in range(5):
            assert name_of(daemon.connect().call("login", right)) == "ok"
        daemon.stop()


def an_import_is_not_counted():
    with NetDaemon(BIN_DIR, limits(account_rate=2, source_rate=2)) as daemon:
        peer = daemon.connect()
        peer.ok("chain.add", {"code": "xcl", "name": "链"})
        tcp = daemon.connect_tcp()
        for i in range(100):
            event = {"at": "2015-01-01T00:20:09+08:00", "as": "nobody",
                     "method": "ticket.file",
                     "params": {"title": f"t{i}", "category": "consult"}}
            reply = tcp.call("import.event", {"event": event, "occurrence": 0})
            assert name_of(reply) != "rate_limited", (i, reply)
        audit = NetPeer(daemon.open_unix(), daemon.token("audit"))
        names = [name_of(reply) for reply in ask(
            audit, 60, "import.event", {"event": event, "occurrence": 0})]
        assert names[0] == "forbidden" and "rate_limited" in names, names
        daemon.stop()


# -- too many -----------------------------------------------------------------

def connections_of_one_address():
    with NetDaemon(BIN_DIR, limits(source_connections=5)) as daemon:
        plain = [daemon.connect_tcp(source="127.0.0.7") for _ in range(4)]
        secure = daemon.connect_tls(source="127.0.0.7")
        for peer in [*plain, secure]:
            assert peer.ok("server.info")
        sixth = NetPeer(daemon.open_tcp(source="127.0.0.7"))
        sixth.send("server.info")  # what it says is not a reason to lose ours
        reply = sixth.recv()
        assert name_of(reply) == "busy" and reply["id"] is None, reply
        assert "this address" in reply["error"]["data"]["detail"]
        assert sixth.recv() is None
        try:
            daemon.open_tls(source="127.0.0.7")
            raise AssertionError("a seventh")
        except ConnectionError:
            pass
        except OSError as told:  # ssl's word for an end
            assert "EOF" in str(told), told
        assert daemon.connect_tls(source="127.0.0.8").ok("server.info")
        plain[0].close()
        time.sleep(0.5)
        assert daemon.connect_tcp(source="127.0.0.7").ok("server.info")
        many = [daemon.connect() for _ in range(20)]
        assert all(peer.ok("server.info") for peer in many)
        assert stats(daemon)["turned_away"] == 2
        daemon.stop()


# -- too slow -----------------------------------------------------------------

def ends_with(peer, name, seconds):
    """A last reply of that name, and the end, at about that time."""
    begin = time.monotonic()
    reply = peer.recv()
    took = time.monotonic() - begin
    assert reply is not None and name_of(reply) == name, reply
    assert reply["id"] is None and peer.recv() is None
    assert seconds - 1 <= took <= seconds + 10, took  # a busy machine


def a_line_that_does_not_end():
    with NetDaemon(BIN_DIR, limits(line_seconds=2)) as daemon:
        for peer in daemon.connect_all():
            peer.ok("server.info")
            peer.raw(b'{"jsonrpc":')
            ends_with(peer, "too_slow", 2)
        # one byte now and then does not help
        dripping = daemon.connect_tls()
        dripping.sock.settimeout(0.2)
        begin, reply = time.monotonic(), None
        while reply is None:
            assert time.monotonic() - begin < 6
            dripping.raw(b" ")
            try:
                reply = dripping.recv()
            except TimeoutError:
                pass
        assert name_of(reply) == "too_slow"
        # a long line that comes, and requests that keep coming, are not slow
        peer = daemon.connect_tcp()
        begin = time.monotonic()
        while time.monotonic() - begin < 5:
            line = peer.request("server.info")
            peer.raw(line[:20])
            time.sleep(0.3)
            peer.raw(line[20:])
            assert name_of(peer.recv()) == "ok"
        assert stats(daemon)["shed_slow"] == 4
        assert "too slow: a line was begun" in daemon.log.read_text()
        daemon.stop()


def gone_while_at_work():
    """Who has hung up in the midst of a line, with a request that waits, is not
    slow."""
    with NetDaemon(BIN_DIR, limits(line_seconds=1)) as daemon:
        peer = daemon.connect_tcp()
        head = peer.ok("server.info")["result"]["head"]
        peer.send("server.info", after=head + 1000)
        peer.raw(b'{"half')
        time.sleep(0.3)
        peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                             struct.pack("ii", 1, 0))
        peer.close()
        time.sleep(3)
        assert stats(daemon)["connections"] == 2, "its request is at work"
        assert stats(daemon)["shed_slow"] == 0
        assert "too slow" not in daemon.log.read_text()
        daemon.stop()


def nobody_logs_in():
    with NetDaemon(BIN_DIR, limits(idle_seconds=2)) as daemon:
        known = [*daemon.connect_all()]
        for peer in known:
            peer.ok("server.info")
        for opened in (daemon.open_unix, daemon.open_tcp, daemon.open_tls):
            ends_with(NetPeer(opened()), "too_slow", 2)
        # who is refused is nobody
        refused = NetPeer(daemon.open_tcp(), "wrong")
        assert name_of(refused.call("whoami")) == "unauthenticated"
        ends_with(refused, "too_slow", 2)
        for peer in known:  # eight seconds later
            peer.ok("server.info")
        daemon.stop()


def replies_that_are_not_taken():
    """Requests without end whose replies nobody reads."""
    with NetDaemon(BIN_DIR, limits(take_seconds=3)) as daemon:
        slow = [daemon.connect(), daemon.connect_tcp(), daemon.connect_tls()]
        for peer in slow:
            peer.sock.settimeout(1)
            line = peer.request("rpc.discover")
            try:
                while True:
                    peer.raw(line * 20)
            except OSError:
                pass
        wait_for(lambda: stats(daemon)["shed_slow"] == 3, what="they are shed")
        wait_for(lambda: stats(daemon)["connections"] <= 1, what="and gone")
        for peer in slow:
            peer.close()
        daemon.stop()


def a_handshake_that_does_not_end():
    with NetDaemon(BIN_DIR, limits(handshake_seconds=2)) as daemon:
        begin = time.monotonic()
        silent = daemon.open_tcp("tls")
        assert silent.recv(1) == b""
        assert 1 <= time.monotonic() - begin <= 5
        assert stats(daemon)["shed_slow"] == 1
        daemon.stop()


# -- the log ------------------------------------------------------------------

EVIL = ("\n<3>outbox: given up", "\r\n<6>stopping: SIGTERM", "\x1b[2J\x1b[31m",
        "\u202eevil\u2066", "a\u2028b\u0085c", "\x00\x07\x7f\x9b",
        '","level":"error","what":"forged')


def no_line_is_forged():
    for form in ("text", "json"):
        with NetDaemon(BIN_DIR, f"[log]\nformat = {form}\n"
                       "[limits]\nline_seconds = 1\n") as daemon:
            peer = daemon.connect_tcp()
            for evil in EVIL:
                peer.call(evil, {evil: evil})
                peer.call("login", {"account": evil, "password": evil})
                peer.call("chain.add", {"code": evil, "name": evil})
                peer.call("hook.add", {"code": "h", "kind": "json",
                                       "url": f"http://127.0.0.1/{evil}"})
                sock = daemon.open_tcp("tls")
                sock.sendall(evil.encode())
                sock.close()
                try:
                    daemon.open_tls(name="localhost", context=None).close()
                except OSError:
                    pass
            peer.raw('{"\n<3>forged: '.encode())
            wait_for(lambda: stats(daemon)["shed_slow"] == 1, what="shed")
            daemon.stop()
            log = daemon.log.read_bytes().decode("utf-8")
            lines = log.split("\n")
            assert lines.pop() == ""
            words = {"certificate", "listening", "tls", "too slow", "stopping",
                     "audit"}
            for line in lines:
                if form == "json":
                    assert json.loads(line)["what"] in words, line
                else:
                    assert re.match(r"<[346]>([a-z ]+): ", line), line
                    assert line[3:].split(":")[0] in words, line
            hidden = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e"
                                "\u2028\u2029\u2066-\u2069]")
            assert not hidden.search(log), log
            assert sum("SIGTERM" in line for line in lines) == 1


run_all([requests_of_one_log_in, requests_of_one_address,
         log_ins_of_one_address, an_import_is_not_counted,
         connections_of_one_address, a_line_that_does_not_end, gone_while_at_work,
         nobody_logs_in,
         replies_that_are_not_taken, a_handshake_that_does_not_end,
         no_line_is_forged])
