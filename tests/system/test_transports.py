#!/usr/bin/env python3
"""The local socket, plain TCP and TLS give the same bytes for the same bytes,
and say of a connection what is true: where it comes from, whose it is.

    test_transports.py BIN_DIR
"""
import json
import os
import pathlib
import random
import re
import socket
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, run_all  # noqa: E402
from logins import PASSWORD  # noqa: E402
from net import NetDaemon, NetPeer  # noqa: E402

BIN_DIR = sys.argv[1]


def requests(token):
    """Lines right and wrong, whose answers do not depend on when they come."""
    def line(text):
        return text.replace("TOKEN", token).encode() + b"\n"
    envelope = '"jsonrpc":"2.0","token":"TOKEN"'
    return [line(text) for text in (
        '{%s,"id":1,"method":"chain.list"}' % envelope,
        '{%s,"id":"二","method":"rpc.discover"}' % envelope,
        '{%s,"id":3,"method":"regulation.show"}' % envelope,
        '{%s,"id":4,"method":"ticket.show","params":{"ticket":"20260101-001"}}'
        % envelope,
        '{%s,"id":5,"method":"nonsense"}' % envelope,
        '{%s,"id":6,"method":"chain.add","params":{"code":""}}' % envelope,
        '{%s,"id":7,"method":"chain.add"}' % envelope,
        '{"jsonrpc":"2.0","id":8,"method":"chain.list","token":"wrong"}',
        '{"jsonrpc":"2.0","id":9,"method":"login","params":'
        '{"account":"nobody","password":"none"}}',
        '{%s,"method":"chain.list"}' % envelope,  # no id: no answer
        "", "nonsense", "[]", "\r", '{"id":"\\ud800"}', '{"a":' * 20,
        "\x7f\x00\x01", "x" * 300000,
        '{%s,"id":10,"method":"chain.list","params":{"limit":1}}' % envelope,
    )] + [b"\xff\xfe\n", b'{"jsonrpc":"2.0"\xc3}\n']


def replies_to(sock, data, draw):
    """Sends it in pieces and says that this was all; what comes till the end."""
    received = bytearray()

    def read():
        while piece := sock.recv(65536):
            received.extend(piece)
    reader = threading.Thread(target=read)
    reader.start()
    while data:
        n = draw.choice((1, 3, 100, 5000, 100000))
        sock.sendall(data[:n])
        data = data[n:]
    # ssl's sockets have no other way to close one side
    socket.socket.shutdown(sock, socket.SHUT_WR)
    reader.join(60)
    assert not reader.is_alive()
    sock.close()
    return bytes(received)


def the_same_bytes():
    with NetDaemon(BIN_DIR) as daemon:
        setup = daemon.connect()
        for i in range(20):
            setup.ok("chain.add", {"code": f"c{i}", "name": f"链{i}"})
        lines = requests(daemon.token("system"))
        for seed in range(3):
            draw = random.Random(seed)
            data = b"".join(draw.sample(lines, len(lines)))
            opened = [daemon.open_unix, daemon.open_tcp, daemon.open_tls]
            draw.shuffle(opened)
            replies = [replies_to(how(), data, draw) for how in opened]
            assert replies[0] == replies[1] == replies[2]
            assert replies[0].count(b"\n") == len(lines) - 1
        daemon.stop()


REPLY_MAX = 1048576  # core/limits.h


def tickets(daemon, n):
    """So many of wang's, with names and titles as long as they may be."""
    setup, name = daemon.connect(), "名" * 63
    unit = "91350100M000100Y43"
    for method, params in (
            ("chain.add", {"code": "x"}),
            ("committee.add", {"code": "cx", "chain": "x"}),
            ("enterprise.add", {"code": unit, "chain": "x"}),
            ("person.add", {"code": "wang", "unit": unit,
                            "role": "enterprise"})):
        setup.ok(method, {"name": name, **params})
    wang = daemon.token("wang")
    for i in range(n):
        title = f"{i:03d}" + "题" * 99 + '"' * 300  # each takes two bytes
        setup.send("ticket.file", {"title": title, "category": "land"},
                   token=wang)
    for _ in range(n):
        assert "result" in setup.recv()
    return wang


def the_largest_reply():
    """A page that fills a reply to the last row comes whole; one a little larger
    is refused, and the connection serves on."""
    with NetDaemon(BIN_DIR) as daemon:
        wang = tickets(daemon, 1000)

        def listed(opened, limit, times=1):
            line = NetPeer(None, wang).request("ticket.list", {"limit": limit})
            received = replies_to(opened, line * times, random.Random(limit))
            return received.splitlines(keepends=True)
        few, more = (len(listed(daemon.open_unix(), limit)[0])
                     for limit in (100, 200))
        row = (more - few) / 100
        most = 100 + int((REPLY_MAX - few) / row) - 1
        assert most < 1000, row  # else no page is too large
        for opened in (daemon.open_unix, daemon.open_tcp, daemon.open_tls):
            for line in listed(opened(), most, 3):
                assert REPLY_MAX - 3 * row < len(line) <= REPLY_MAX, len(line)
                table = json.loads(line)["result"]["tickets"]
                at = table["columns"].index("title")
                assert sorted(row[at][:3] for row in table["rows"]) == \
                    [f"{i:03d}" for i in range(1000 - most, 1000)]
        for peer in daemon.connect_all():
            reply = peer.call("ticket.list", {"limit": most + 5}, token=wang)
            assert reply["error"]["data"]["name"] == "limit_reached", reply
            peer.ok("server.info")
        daemon.stop()


def two_clients_on_one_thing():
    """What one has written the other reads, by TLS both; each keeps its order."""
    with NetDaemon(BIN_DIR) as daemon:
        one, two = daemon.connect_tls(), daemon.connect_tls()
        for i in range(50):
            peer, other = (one, two) if i % 2 else (two, one)
            seq = peer.ok("chain.add", {"code": f"c{i}", "name": "n"})["seq"]
            rows = other.ok("chain.list", {"limit": 100}, after=seq)
            assert len(rows["result"]["chains"]["rows"]) == i + 1
        errors = [peer.call("chain.add", {"code": "c1", "name": "n"})["error"]
                  for peer in (one, two)]
        assert errors[0] == errors[1] and errors[0]["data"]["name"] == "exists"
        daemon.stop()


def where_from():
    """Sources as whoami tells them and the record will."""
    with NetDaemon(BIN_DIR) as daemon:
        for opened, account, source in (
                (daemon.open_unix, "security", f"unix:{os.getuid()}"),
                (daemon.open_tcp, "audit", "127.0.0.1"),
                (lambda: daemon.open_tls(source="127.0.0.77"), "system",
                 "127.0.0.77")):
            peer = NetPeer(opened())
            secret = {"password": PASSWORD} if account == "system" else \
                {"password": daemon.logins.one_time[account], "new": PASSWORD}
            reply = peer.ok("login", {"account": account, **secret})
            peer.token = reply["result"]["token"]
            assert peer.ok("whoami")["result"]["source"] == source
        daemon.stop()


class Six(Daemon):
    def config(self):
        return ["--listen", "tcp:[::1]:0"]


def over_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        print("   (this machine has no IPv6)")
        return
    with Six(BIN_DIR) as daemon:
        port = int(re.search(r"listening: tcp:\[::1\]:(\d+)",
                             daemon.log.read_text())[1])
        peer = NetPeer(socket.create_connection(("::1", port), 30))
        reply = peer.call("login", {"account": "a", "password": "b"})
        assert reply["error"]["data"]["name"] == "login_failed", reply
        daemon.stop()


class Mapped(NetDaemon):
    def config(self):
        return [*super().config(), "--peer", f"{os.getuid()}=system"]


def a_peer_that_is_an_account():
    """By its user, on the local socket and nowhere else; a token goes first."""
    with Mapped(BIN_DIR) as daemon:
        mapped = NetPeer(daemon.open_unix())
        assert mapped.ok("whoami")["result"]["account"] == "system"
        name = mapped.call("whoami", token="wrong")["error"]["data"]["name"]
        assert name == "unauthenticated", name
        for opened in (daemon.open_tcp, daemon.open_tls):
            reply = NetPeer(opened()).call("whoami")
            assert "error" in reply or \
                reply["result"]["account"] != "system", reply
        daemon.stop()


def a_socket_that_is_taken():
    """Who serves there is asked in vain, so many wait already: not for ever."""
    with Daemon(BIN_DIR) as daemon:
        daemon.stop()
        with socket.socket(socket.AF_UNIX) as served:
            served.bind(str(daemon.path))
            served.listen(0)
            waiting = []
            try:
                while len(waiting) < 100:
                    waiting.append(socket.socket(socket.AF_UNIX))
                    waiting[-1].setblocking(False)
                    waiting[-1].connect(str(daemon.path))
            except BlockingIOError:
                pass
            assert 1 < len(waiting) < 100, len(waiting)
            run = subprocess.run(
                [daemon.program, "--data", daemon.data, *daemon.listen(),
                 *daemon.config()], env=daemon.env, timeout=30, text=True,
                capture_output=True)
            assert run.returncode != 0, run
            assert "another process serves there" in run.stderr, run
            for sock in waiting:
                sock.close()


run_all([a_socket_that_is_taken, the_same_bytes, the_largest_reply, two_clients_on_one_thing,
         where_from, over_ipv6, a_peer_that_is_an_account])
