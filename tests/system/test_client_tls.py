#!/usr/bin/env python3
"""Whom the client believes over TLS: a real daemon, and servers by Python's ssl
that are not what they should be. Each of these is refused with status 3, before
anything was told to it, and with words that say what to do.

    test_client_tls.py BIN_DIR
"""
import json
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import warnings

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from net import Authority, NetDaemon, openssl  # noqa: E402

BIN = sys.argv[1] if len(sys.argv) > 1 else "build/dev/bin"
TOKEN = "t" * 43


class Server:
    """Takes one connection after another, on 127.0.0.1 and ::1, and keeps what
    it was told. `context` None: it speaks plainly."""

    def __init__(self, context, answer=None, host="127.0.0.1"):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.sock = socket.socket(family)
        self.sock.bind((host, 0))
        self.sock.listen(8)
        self.port = self.sock.getsockname()[1]
        self.context = context
        self.answer = answer
        self.told = b""
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                peer, _ = self.sock.accept()
            except OSError:
                return
            try:
                self.serve(peer)
            except (OSError, ssl.SSLError):
                pass
            peer.close()

    def serve(self, peer):
        if self.context is not None:
            peer = self.context.wrap_socket(peer, server_side=True)
        with peer:
            peer.settimeout(15)
            for piece in iter(lambda: peer.recv(65536), b""):
                self.told += piece
                if self.answer is not None:
                    peer.sendall(self.answer(piece))

    def close(self):
        self.sock.close()


class Flood(Server):
    """Never stops sending one record, and never gets anywhere."""

    def __init__(self, record):
        self.record = record
        super().__init__(None)

    def serve(self, peer):
        self.told += peer.recv(65536)
        while True:
            peer.sendall(self.record * 1000)


def echo(line):
    asked = json.loads(line)
    return json.dumps({"jsonrpc": "2.0", "id": asked["id"],
                       "result": {"token_was": asked.get("token", "")}}
                      ).encode() + b"\n"


class Test(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="bihuan.tls.")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = pathlib.Path(cls.folder.name)
        cls.authority = Authority(cls.path)
        cls.stranger = Authority(cls.path, "stranger")

    def context(self, pair, **more):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*pair)
        for name, value in more.items():
            setattr(context, name, value)
        return context

    def server(self, context, **more):
        server = Server(context, **more)
        self.addCleanup(server.close)
        return server

    def run_cli(self, server, *words, lang="en_US.UTF-8", **env):
        began = time.monotonic()
        clean = {k: v for k, v in os.environ.items()
                 if not k.startswith("BIHUAN_") or k == "BIHUAN_LOCALE_DIR"}
        done = subprocess.run(
            [f"{BIN}/bihuan", "--server", server, "--format=json", *words],
            env={**clean, "LC_ALL": lang, "XDG_STATE_HOME": str(self.path),
                 "BIHUAN_TOKEN": TOKEN, **env},
            capture_output=True, text=True, timeout=60)
        self.assertLess(time.monotonic() - began, 25)
        return done.returncode, done.stdout, done.stderr

    def refused(self, server, address, *texts, ca=None):
        words = ["--ca", str(ca or self.authority.file), "whoami"]
        status, out, said = self.run_cli(address.format(server.port), *words)
        self.assertEqual((status, out), (3, ""), said)
        self.assertIn("[no_connection]: server", said)
        for text in texts:
            self.assertIn(text, said)
        self.assertNotIn(TOKEN.encode(), server.told)
        status, _, said = self.run_cli(address.format(server.port), *words,
                                       lang="zh_CN.UTF-8")
        self.assertEqual(status, 3)
        for line in said.splitlines():  # nothing of it is left in English
            self.assertRegex(line, "[\u4e00-\u9fff]", said)

    def accepted(self, server, address, **env):
        status, out, said = self.run_cli(
            address.format(server.port), "--ca", str(self.authority.file),
            "whoami", **env)
        self.assertEqual(status, 0, said)
        self.assertEqual(json.loads(out)["token_was"], TOKEN)

    # -- right ones ----------------------------------------------------------

    def test_right(self):
        pair = self.authority.pair("right")
        versions = ssl.TLSVersion
        for version in (versions.TLSv1_2, versions.TLSv1_3):
            server = self.server(self.context(pair, maximum_version=version,
                                              minimum_version=version),
                                 answer=echo)
            self.accepted(server, "tls:127.0.0.1:{}")
            self.accepted(server, "tls:localhost:{}")
        six = self.server(self.context(pair), answer=echo, host="::1")
        self.accepted(six, "tls:[::1]:{}")
        if any(found[0] == socket.AF_INET6
               for found in socket.getaddrinfo("localhost", six.port)):
            self.accepted(six, "tls:localhost:{}")  # whichever answers

    def test_authority_from_the_environment(self):
        server = self.server(self.context(self.authority.pair("env")),
                             answer=echo)
        status, _, said = self.run_cli(f"tls:localhost:{server.port}",
                                       "whoami",
                                       BIHUAN_CA=str(self.authority.file))
        self.assertEqual(status, 0, said)

    def test_plain_on_loopback(self):
        server = self.server(None, answer=echo)
        self.accepted(server, "tcp:127.0.0.1:{}")
        self.accepted(server, "plain:127.0.0.1:{}")

    # -- wrong ones ----------------------------------------------------------

    def test_another_name(self):
        pair = self.authority.pair("other", hosts=["db.example"],
                                   addresses=["127.0.0.9"])
        server = self.server(self.context(pair), answer=echo)
        self.refused(server, "tls:localhost:{}", "not for 'localhost'")
        self.refused(server, "tls:127.0.0.1:{}", "not for '127.0.0.1'")

    def test_another_purpose(self):
        """What the authority made for people is no server's."""
        for purpose in ("clientAuth", "emailProtection"):
            pair = self.authority.pair("person", purpose=purpose)
            server = self.server(self.context(pair), answer=echo)
            self.refused(server, "tls:localhost:{}", "not in order")
        for purpose in ("serverAuth", "clientAuth,serverAuth"):
            pair = self.authority.pair("named", purpose=purpose)
            server = self.server(self.context(pair), answer=echo)
            self.accepted(server, "tls:localhost:{}")

    def test_another_authority(self):
        pair = self.stranger.pair("strange")
        server = self.server(self.context(pair), answer=echo)
        self.refused(server, "tls:localhost:{}", "--ca FILE or BIHUAN_CA")
        # the system's authorities have not made it either
        status, _, said = self.run_cli(f"tls:localhost:{server.port}",
                                       "whoami")
        self.assertEqual(status, 3)
        self.assertIn("--ca FILE or BIHUAN_CA", said)
        self.assertNotIn(TOKEN.encode(), server.told)

    def test_expired(self):
        chain, key = self.expired_pair()
        server = self.server(self.context((chain, key)), answer=echo)
        self.refused(server, "tls:localhost:{}", "has expired",
                     "this computer's clock")

    def expired_pair(self):
        """Valid on one day of the year 2020."""
        key, request = self.path / "old.key", self.path / "old.csr"
        chain, database = self.path / "old.pem", self.path / "db"
        database.write_text("")
        (self.path / "old.conf").write_text(
            "[ca]\ndefault_ca = x\n[x]\n"
            f"database = {database}\nnew_certs_dir = {self.path}\n"
            "rand_serial = yes\ndefault_md = sha256\npolicy = any\n"
            "x509_extensions = e\n[any]\ncommonName = supplied\n"
            "[e]\nsubjectAltName = DNS:localhost\n")
        openssl("req", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=old",
                "-keyout", key, "-out", request)
        openssl("ca", "-batch", "-config", self.path / "old.conf", "-cert",
                self.authority.file, "-keyfile", self.authority.key,
                "-startdate", "20200101000000Z", "-enddate",
                "20200102000000Z", "-in", request, "-out", chain, "-notext")
        return chain, key

    def test_plain_where_tls_is_expected(self):
        talks = self.server(None, answer=lambda _: b'{"jsonrpc":"2.0"}\n')
        self.refused(talks, "tls:localhost:{}", "TLS", "plain:HOST:PORT")

    def test_silent_where_tls_is_expected(self):
        silent = self.server(None)
        status, _, said = self.run_cli(f"tls:127.0.0.1:{silent.port}",
                                       "whoami")
        self.assertEqual(status, 3)
        self.assertIn("does not answer in TLS", said)

    def test_flood_where_tls_is_expected(self):
        """Records that TLS lets a client pass over, one after another: time
        is up all the same."""
        for record in (b"\x15\x03\x03\x00\x02\x01\x5a",  # alert: a warning
                       b"\x14\x03\x03\x00\x01\x01",  # change_cipher_spec
                       b"\x16\x03\x03\x00\x00"):  # a handshake of no bytes
            flood = Flood(record)
            self.addCleanup(flood.close)
            status, _, said = self.run_cli(f"tls:127.0.0.1:{flood.port}",
                                           "whoami")
            self.assertEqual(status, 3, said)
            self.assertIn("[no_connection]: server", said)

    def test_old_versions(self):
        context = self.context(self.authority.pair("aged"))
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        server = self.server(context, answer=echo)
        self.refused(server, "tls:localhost:{}")

    def test_authority_file_that_is_none(self):
        empty = self.path / "empty.pem"
        empty.write_text("nothing\n")
        server = self.server(self.context(self.authority.pair("ok")))
        for name in (empty, self.path / "missing.pem"):
            status, _, said = self.run_cli(f"tls:localhost:{server.port}",
                                           "--ca", str(name), "whoami")
            self.assertEqual(status, 2)
            self.assertIn("[bad_param]: ca", said)
            self.assertIn(str(name), said)

    # -- the real one --------------------------------------------------------

    def test_daemon(self):
        """A log-in over TLS; and an import, whose requests run far ahead of
        their answers."""
        with NetDaemon(BIN) as daemon:
            self.addCleanup(daemon.process.stdout.close)
            name = f"tls:localhost:{daemon.ports['tls']}"
            status, out, said = self.run_cli(
                name, "--ca", str(daemon.authority.file), "whoami",
                BIHUAN_TOKEN=daemon.token("system"))
            self.assertEqual(status, 0, said)
            self.assertEqual(json.loads(out)["account"], "system")
            lines = "".join(json.dumps({"at": "2026-01-05T09:00:00+08:00",
                                        "as": "operator", "method": "x.y",
                                        "params": {"t": "文" * 2000, "n": i}},
                                       ensure_ascii=False) + "\n"
                            for i in range(1500))
            file = self.path / "history"
            file.write_text(lines)
            status, out, said = self.run_cli(
                name, "--ca", str(daemon.authority.file), "import",
                str(file), BIHUAN_TOKEN=daemon.token("system"))
            self.assertEqual(status, 1)  # no line of it is right
            told = json.loads(out)
            self.assertEqual((told["lines"], told["refused"]), (1500, 1500))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
