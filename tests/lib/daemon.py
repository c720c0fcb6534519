"""A daemon of one's own and connections to it, for the system tests.

    with Daemon(bin_dir) as daemon:
        peer = daemon.connect()
        peer.call("server.info")["result"]["head"]
"""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

READY_S = 60


class Peer:
    """One connection. Requests are numbered; replies come in order."""

    def __init__(self, path, timeout=30):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(timeout)
        self.sock.connect(str(path))
        self.rest = b""
        self.last = 0

    def close(self):
        self.sock.close()

    def raw(self, data):
        self.sock.sendall(data)

    def request(self, method, params=None, **members):
        """The line of a request; its id is in self.last."""
        self.last += 1
        line = {"jsonrpc": "2.0", "id": self.last, "method": method}
        if params is not None:
            line["params"] = params
        # `as` is a word of Python's
        line.update({k.rstrip("_"): v for k, v in members.items()})
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


class Daemon:
    def __init__(self, bin_dir, folder=None, env=None, preexec=None,
                 settings=None):
        """`settings`: the text of a configuration file."""
        self.program = str(pathlib.Path(bin_dir) / "bihuand")
        self.cli = str(pathlib.Path(bin_dir) / "bihuan")
        self.own = folder is None
        self.tmp = pathlib.Path(folder or tempfile.mkdtemp(prefix="bihuan."))
        self.data = self.tmp / "data"
        self.path = self.tmp / "sock"
        self.log = self.tmp / "log"
        self.env = {**os.environ, "LC_ALL": "en_US.UTF-8", **(env or {})}
        self.preexec = preexec
        self.settings = settings
        self.process = None

    def __enter__(self):
        self.init()
        self.start()
        return self

    def __exit__(self, kind, *rest):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if kind is not None and self.log.exists():
            print("---- the daemon's log\n" + self.log.read_text()[-6000:])
        if self.own:
            shutil.rmtree(self.tmp, ignore_errors=True)

    def init(self):
        if not self.data.exists():
            subprocess.run([self.program, "--init", "--data", self.data],
                           check=True, env=self.env,
                           stdout=subprocess.DEVNULL)

    def config(self):
        """The arguments that give the settings."""
        if self.settings is None:
            return []
        path = self.tmp / "conf"
        path.write_text(self.settings)
        path.chmod(0o600)
        return ["--config", str(path)]

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.program, "--data", self.data, "--listen",
                 f"unix:{self.path}", *self.config()],
                stdout=subprocess.PIPE, stderr=log, env=self.env,
                preexec_fn=self.preexec)
        line = self.process.stdout.readline()
        assert line == b"ready\n", (line, self.log.read_text())

    def stop(self, expect=0):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=30)
        self.process.stdout.close()
        assert status == expect, (status, self.log.read_text()[-4000:])

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def connect(self, timeout=30):
        return Peer(self.path, timeout)

    def memory_kb(self, field="VmRSS"):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        for line in status.splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1])
        raise AssertionError(field)


def wait_for(condition, seconds=20, what="condition"):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"{what}: not in {seconds} s")


def run_all(tests):
    """Runs the functions in order and prints one line each."""
    for test in tests:
        begin = time.monotonic()
        test()
        print(f"ok {test.__name__} {time.monotonic() - begin:.1f} s",
              flush=True)
