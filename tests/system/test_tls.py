#!/usr/bin/env python3
"""TLS against Python's ssl (OpenSSL) as the other implementation: versions,
ciphers, who is trusted, half closes, large replies, reloads, and what peers do
who are broken or hostile.

    test_tls.py BIN_DIR
"""
import json
import os
import pathlib
import random
import select
import socket
import ssl
import subprocess
import sys
import time
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import run_all, wait_for  # noqa: E402
from net import Authority, NetDaemon, hello  # noqa: E402

BIN_DIR = sys.argv[1]
CLI = str(pathlib.Path(BIN_DIR) / "bihuan")
V12, V13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
# What OpenSSL itself would rather not offer: the daemon must refuse it, not it.
WEAK = "ALL:@SECLEVEL=0"


def refused(what, *args, **more):
    try:
        what(*args, **more).close()
    except (ssl.SSLError, ConnectionError):
        return
    raise AssertionError((args, more))


# -- what is spoken -----------------------------------------------------------

def versions():
    with NetDaemon(BIN_DIR) as daemon:
        for version, name in ((V12, "TLSv1.2"), (V13, "TLSv1.3")):
            context = daemon.context(minimum_version=version,
                                     maximum_version=version)
            peer = daemon.connect_tls(context)
            assert peer.sock.version() == name
            assert peer.ok("whoami")["result"]["account"] == "system"
        old = daemon.context()
        old.set_ciphers(WEAK)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            old.minimum_version = ssl.TLSVersion.TLSv1
            old.maximum_version = ssl.TLSVersion.TLSv1_1
        refused(daemon.open_tls, old)
        daemon.stop()
        assert "tls: " in daemon.log.read_text()


def ciphers():
    """Forward secrecy and authenticated encryption, and nothing else; an RSA
    certificate, with which old clients could ask for less, serves too."""
    with NetDaemon(BIN_DIR, rsa=True) as daemon:
        for name in ("ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305",
                     "ECDHE-RSA-AES128-GCM-SHA256"):
            context = daemon.context(maximum_version=V12)
            context.set_ciphers(name)
            tls = daemon.open_tls(context)
            assert tls.cipher()[0] == name, tls.cipher()
        for name in ("AES128-GCM-SHA256", "AES256-SHA", "ECDHE-RSA-AES128-SHA",
                     "ECDHE-RSA-AES256-SHA384", "DHE-RSA-AES128-SHA256",
                     "AECDH-AES256-SHA", "eNULL"):
            context = daemon.context(maximum_version=V12)
            context.set_ciphers(name + ":@SECLEVEL=0")
            refused(daemon.open_tls, context)
        daemon.stop()


def who_is_trusted():
    with NetDaemon(BIN_DIR) as daemon:
        other = Authority(daemon.tmp, "other")
        refused(daemon.open_tls, ssl.create_default_context(cafile=other.file))
        refused(daemon.open_tls, ssl.create_default_context())
        refused(daemon.open_tls, name="bihuan.example.cn")
        for name in ("localhost", "127.0.0.1"):
            daemon.open_tls(name=name).close()
        daemon.stop()


# -- bytes --------------------------------------------------------------------

def fill(daemon):
    """Chains enough for a page of half a megabyte."""
    peer = daemon.connect()
    for i in range(1000):
        peer.send("chain.add", {"code": f"{i:04d}" + "c" * 59,
                                "name": "链" * 63})
    for i in range(1000):
        assert "result" in peer.recv()
    peer.close()


def large_replies_and_pipelining():
    with NetDaemon(BIN_DIR) as daemon:
        fill(daemon)
        expected = daemon.connect().ok("chain.list", {"limit": 1000})["result"]
        assert len(json.dumps(expected, ensure_ascii=False).encode()) > 250000
        for version in (V12, V13):
            peer = daemon.connect_tls(daemon.context(maximum_version=version))
            peer.raw(b"".join(peer.request("chain.list", {"limit": 1000})
                              for _ in range(40)))
            for i in range(40):  # ten megabytes, more than may wait at once
                reply = peer.recv()
                assert reply["id"] == i + 1 and reply["result"] == expected
            # requests cut anywhere, and many in one record
            lines = b"".join(peer.request("server.info") for _ in range(200))
            draw = random.Random(4)
            while lines:
                n = draw.choice((1, 2, 700, 20000))
                peer.raw(lines[:n])
                lines = lines[n:]
            assert [peer.recv()["id"] for _ in range(200)] == \
                list(range(41, 241))
            line = peer.request("server.info")
            peer.raw(b" " * (262144 - len(line) + 1) + line)
            assert peer.recv()["id"] == 241
            peer.raw(b"x" * 300000 + b"\n")
            assert peer.recv()["error"]["data"]["name"] == "line_too_long"
            assert peer.ok("server.info")
        daemon.stop()


class Memory:
    """TLS over two memories, so that each step is the test's."""

    def __init__(self, daemon, version):
        context = daemon.context(maximum_version=version,
                                 minimum_version=version)
        self.sock = daemon.open_tcp("tls")
        self.ins, self.outs = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.ins, self.outs,
                                    server_hostname="localhost")
        self.until(self.tls.do_handshake)

    def put(self):
        if self.outs.pending:
            self.sock.sendall(self.outs.read())

    def until(self, step):
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                self.put()
                piece = self.sock.recv(65536)
                if not piece:
                    return b""
                self.ins.write(piece)
            finally:
                self.put()

    def lines(self):
        """All that comes till the end, as lines."""
        data = b""
        while True:
            try:
                piece = self.until(lambda: self.tls.read(65536))
            except ssl.SSLZeroReturnError:
                piece = b""
            if not piece:
                return [json.loads(line) for line in data.splitlines()]
            data += piece


def half_closes():
    """What was asked is answered after the peer has said that it sends no more,
    in TLS's words or in TCP's; half a line is not run."""
    with NetDaemon(BIN_DIR) as daemon:
        for version in (V12, V13):
            for in_tls in (True, False):
                peer = Memory(daemon, version)
                whole = b"".join(
                    json.dumps({"jsonrpc": "2.0", "id": i,
                                "token": daemon.token("system"),
                                "method": "rpc.discover"}).encode() + b"\n"
                    for i in range(20))
                half = json.dumps({"jsonrpc": "2.0", "id": 99,
                                   "token": daemon.token("system"),
                                   "method": "server.info"}).encode()
                peer.tls.write(whole + half)
                if in_tls:
                    try:
                        peer.tls.unwrap()
                    except ssl.SSLWantReadError:
                        pass
                peer.put()
                if not in_tls:
                    peer.sock.shutdown(socket.SHUT_WR)
                    replies = peer.lines()
                    assert [r["id"] for r in replies] == list(range(20)), (
                        version, [r["id"] for r in replies])
                else:  # OpenSSL reads no more; the daemon's bytes come all the same
                    size = 0
                    while piece := peer.sock.recv(65536):
                        size += len(piece)
                    assert size > 20 * 100000, size
        daemon.stop()


# -- reload -------------------------------------------------------------------

def serial(daemon):
    tls = daemon.open_tls()
    number = tls.getpeercert()["serialNumber"]
    tls.close()
    return number


def told(daemon, words, times=1):
    wait_for(lambda: daemon.log.read_text().count(words) >= times, what=words)


def reload_of_the_certificate():
    with NetDaemon(BIN_DIR) as daemon:
        first = serial(daemon)
        old = daemon.connect_tls()
        daemon.authority.pair()  # in the place of the one in force
        daemon.process.send_signal(1)
        told(daemon, "reload: done")
        second = serial(daemon)
        assert second != first
        assert old.ok("whoami")
        # what cannot be used leaves it in force
        good_chain, good_key = daemon.chain.read_bytes(), daemon.key.read_bytes()
        for times, spoil in enumerate((
                lambda: daemon.key.write_bytes(b""),
                lambda: daemon.key.chmod(0o644),
                lambda: daemon.key.unlink(),
                lambda: daemon.chain.write_bytes(daemon.authority.file.read_bytes()),
                lambda: daemon.chain.write_bytes(b"\0\n\033[31mnone"))):
            spoil()
            daemon.process.send_signal(1)
            told(daemon, "the certificate in force stays", times + 1)
            assert serial(daemon) == second
            daemon.chain.write_bytes(good_chain)
            daemon.key.write_bytes(good_key)
            daemon.key.chmod(0o600)
        assert old.ok("whoami")
        daemon.stop()
        assert "PRIVATE" not in daemon.log.read_text()


def check_of_the_pair():
    """--check and the start look at certificate and key."""
    with NetDaemon(BIN_DIR) as daemon:
        def check():
            return subprocess.run(
                [daemon.program, "--check", "--data", daemon.data,
                 *daemon.listen(), *daemon.config()], env=daemon.env, capture_output=True,
                text=True)
        good = check()
        assert good.returncode == 0, good
        assert "certificate and key: ok" in good.stdout
        daemon.key.chmod(0o640)
        assert check().returncode == 0
        daemon.key.chmod(0o644)
        bad = check()
        assert bad.returncode == 1 and "chmod g-w,o=" in bad.stderr, bad
        assert "certificate and key: --" in bad.stdout
        daemon.stop()
        start = subprocess.run(
            [daemon.program, "--data", daemon.data, *daemon.listen(),
             *daemon.config()],
            env=daemon.env, capture_output=True, text=True, timeout=60)
        assert start.returncode == 1 and start.stdout == "", start
        assert "chmod" in start.stderr
        daemon.key.chmod(0o600)
        daemon.authority.pair("another")
        daemon.key.write_bytes((daemon.tmp / "another.key").read_bytes())
        bad = check()
        assert bad.returncode == 1 and "fits" in bad.stderr, bad


# -- the broken and the hostile -----------------------------------------------

def abusive_bytes(draw):
    """What one connection of many sends before it says nothing more."""
    honest = hello()
    kind = draw.randrange(8)
    if kind == 0:
        return draw.randbytes(draw.randrange(1, 4000))
    if kind == 1:
        return b'{"jsonrpc":"2.0","id":1,"method":"server.info"}\n'
    if kind == 2:
        return honest[:draw.randrange(1, len(honest))]
    if kind == 3:  # one byte of it is another
        spoilt = bytearray(honest)
        spoilt[draw.randrange(len(spoilt))] ^= 1 << draw.randrange(8)
        return bytes(spoilt)
    if kind == 4:  # a record said to be longer than any may be
        return b"\x16\x03\x01\xff\xff" + draw.randbytes(70000)
    if kind == 5:
        return honest + honest
    if kind == 6:  # an alert, then application data before any key
        return b"\x15\x03\x03\x00\x02\x02\x28\x17\x03\x03\x00\x05hello"
    return b""


def two_hundred_abusive_connections():
    draw = random.Random(20260401)
    with NetDaemon(BIN_DIR, "[limits]\nhandshake_seconds = 2\n") as daemon:
        good = daemon.connect_tls()
        before = daemon.memory_kb()
        left = []
        for i in range(200):
            sock = daemon.open_tcp("tls")
            try:
                sock.sendall(abusive_bytes(draw))
                how = draw.randrange(4)
                if how == 0:
                    sock.shutdown(socket.SHUT_WR)
                elif how == 1:  # RST
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                    b"\1\0\0\0\0\0\0\0")
                    sock.close()
                elif how == 2:
                    sock.close()
            except OSError:  # the daemon was faster
                pass
            left.append(sock)
            if i % 20 == 0:
                assert good.ok("server.info")
        stats = wait_for(
            lambda: (lambda s: s["connections"] == 1 and s)(
                good.ok("server.stats")["result"]), what="all are gone")
        assert stats["tls_failed"] + stats["shed_slow"] >= 150, stats
        assert daemon.memory_kb() - before < 100e3
        for sock in left:
            sock.close()
        daemon.stop()


def records_spoilt_afterwards():
    """A handshake that is right, and then not a record of it."""
    with NetDaemon(BIN_DIR) as daemon:
        for version in (V12, V13):
            for data in (b"\x17\x03\x03\x00\x20" + b"x" * 32, b"x" * 5000,
                         b"\x16\x03\x03\x00\x04\x01\x00\x00\x00",
                         b"\x14\x03\x03\x00\x01\x01" * 100):
                peer = Memory(daemon, version)
                peer.sock.sendall(data)
                try:
                    while peer.sock.recv(65536):
                        pass
                except ConnectionError:
                    pass
        assert daemon.connect_tls().ok("server.info")
        daemon.stop()


def renegotiation_is_refused():
    """TLS 1.2's second handshake has no use here."""
    with NetDaemon(BIN_DIR) as daemon:
        client = subprocess.Popen(
            ["openssl", "s_client", "-connect",
             f"127.0.0.1:{daemon.ports['tls']}", "-tls1_2", "-CAfile",
             daemon.authority.file],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        seen = b""
        while b"Verify return code" not in seen:
            piece = os.read(client.stdout.fileno(), 65536)
            assert piece, seen
            seen += piece
        client.stdin.write(b"R\n")
        client.stdin.flush()
        rest, _ = client.communicate(timeout=30)
        assert client.returncode != 0, rest
        assert b"RENEGOTIATING" in rest
        assert daemon.connect_tls().ok("server.info")
        daemon.stop()


def a_peer_killed_while_it_is_written_to():
    with NetDaemon(BIN_DIR) as daemon:
        fill(daemon)
        for i in range(10):
            peer = daemon.connect_tls()
            peer.raw(b"".join(peer.request("chain.list", {"limit": 1000})
                              for _ in range(30)))
            select.select([peer.sock], [], [], 10)
            peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                 b"\1\0\0\0\0\0\0\0")
            time.sleep(0.01 * i)
            os.close(peer.sock.detach())
        one = daemon.connect_tls()
        wait_for(lambda: one.ok("server.stats")["result"]["connections"] == 1,
                 what="they are gone")
        daemon.stop()


def stop_while_peers_are_there():
    """SIGTERM: what was asked is answered, then the end is said in TLS."""
    with NetDaemon(BIN_DIR) as daemon:
        idle, busy = daemon.connect_tls(), daemon.connect_tls()
        idle.ok("server.info")
        asleep = daemon.open_tcp("tls")  # in its handshake
        asleep.sendall(hello()[:100])
        busy.ok("server.info")
        busy.raw(b"".join(busy.request("rpc.discover") for _ in range(10)))
        time.sleep(0.3)
        daemon.process.terminate()
        for _ in range(10):
            assert "result" in busy.recv()
        assert busy.recv() is None and idle.recv() is None
        busy.close()
        idle.close()
        daemon.stop()


run_all([versions, ciphers, who_is_trusted, large_replies_and_pipelining,
         half_closes, reload_of_the_certificate, check_of_the_pair,
         two_hundred_abusive_connections, records_spoilt_afterwards,
         renegotiation_is_refused, a_peer_killed_while_it_is_written_to,
         stop_while_peers_are_there])
