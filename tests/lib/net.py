"""A daemon that serves on a local socket, plain TCP and TLS at once, and
connections to it by Python's own ssl: the other implementation.

    with NetDaemon(BIN_DIR) as daemon:
        for peer in daemon.connect_all():
            peer.ok("server.info")
"""
import pathlib
import re
import socket
import ssl
import subprocess

from daemon import Daemon, Peer


def openssl(*args):
    subprocess.run(["openssl", *map(str, args)], check=True,
                   capture_output=True)


def hello():
    """The first bytes of an honest client: a handshake's."""
    ins, outs = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = ssl.create_default_context().wrap_bio(ins, outs,
                                                server_hostname="localhost")
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        return outs.read()


class Authority:
    """A certificate authority of a test's own."""

    def __init__(self, folder, name="ca"):
        self.folder = pathlib.Path(folder)
        self.file = self.folder / f"{name}.pem"
        self.key = self.folder / f"{name}.key"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                "-subj", f"/CN=test {name}", "-keyout", self.key,
                "-out", self.file)

    def pair(self, name="server", days=20, rsa=False, hosts=("localhost",),
             addresses=("127.0.0.1", "::1"), purpose=None):
        """A certificate and its key, both for nobody else to read."""
        chain, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        kind = (["rsa:2048"] if rsa else
                ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
        names = ",".join([f"DNS:{host}" for host in hosts] +
                         [f"IP:{address}" for address in addresses])
        openssl("req", "-x509", "-newkey", *kind, "-nodes", "-days", days,
                "-subj", f"/CN={name}", "-addext", f"subjectAltName={names}",
                "-addext", "basicConstraints=critical,CA:false",
                *([] if purpose is None else
                  ["-addext", f"extendedKeyUsage={purpose}"]),
                "-CA", self.file, "-CAkey", self.key, "-keyout", key,
                "-out", chain)
        key.chmod(0o600)
        return chain, key


class NetPeer(Peer):
    """Over a socket that is connected already; each request proves itself."""

    def __init__(self, sock, token=None):
        self.sock = sock
        self.rest = b""
        self.last = 0
        self.token = token

    def request(self, method, params=None, **members):
        if self.token is not None:
            members.setdefault("token", self.token)
        return super().request(method, params, **members)


class NetDaemon(Daemon):
    def __init__(self, bin_dir, settings="", rsa=False, **more):
        super().__init__(bin_dir, settings=settings, **more)
        self.authority = Authority(self.tmp)
        self.chain, self.key = self.authority.pair(rsa=rsa)
        self.settings = (f"[tls]\ncertificate = {self.chain}\n"
                         f"key = {self.key}\n{settings}")
        self.ports = {}

    def listen(self):
        return [*super().listen(), "--listen", "tcp:127.0.0.1:0",
                "--listen", "tls:127.0.0.1:0"]

    def start(self):
        begin = self.log.stat().st_size if self.log.exists() else 0
        super().start()
        told = self.log.read_text()[begin:]
        self.ports = {kind: int(port) for kind, port in re.findall(
            r"listening\W.*(tcp|tls):127\.0\.0\.1:(\d+)\b", told, re.M)}
        assert set(self.ports) == {"tcp", "tls"}, told
        self.token("system")  # no test counts that log-in
        return self

    def open_unix(self, timeout=30):
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(timeout)
        sock.connect(str(self.path))
        return sock

    def open_tcp(self, kind="tcp", timeout=30, source="127.0.0.1"):
        return socket.create_connection(("127.0.0.1", self.ports[kind]),
                                        timeout, (source, 0))

    def context(self, **versions):
        context = ssl.create_default_context(cafile=self.authority.file)
        for name, version in versions.items():
            setattr(context, name, version)
        return context

    def open_tls(self, context=None, name="localhost", **more):
        return (context or self.context()).wrap_socket(
            self.open_tcp("tls", **more), server_hostname=name)

    def connect(self, timeout=30):
        return NetPeer(self.open_unix(timeout), self.token("system"))

    def connect_tcp(self, **more):
        return NetPeer(self.open_tcp(**more), self.token("system"))

    def connect_tls(self, context=None, **more):
        return NetPeer(self.open_tls(context, **more), self.token("system"))

    def connect_all(self):
        return self.connect(), self.connect_tcp(), self.connect_tls()
