#!/usr/bin/env python3
"""The command line before a server that means harm: what it answers reaches the
terminal as text alone, and a log-in that is none is not kept.

    test_hostile_server.py BIN_DIR
"""
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import run_all  # noqa: E402

CLI = str(pathlib.Path(sys.argv[1]) / "bihuan")
WORDS = ("login", "account=system")


class Server:
    """Answers each request with that result."""

    def __init__(self, result):
        self.result = result
        self.folder = tempfile.TemporaryDirectory(prefix="bihuan.")
        self.path = pathlib.Path(self.folder.name) / "sock"
        self.state = pathlib.Path(self.folder.name) / "state"
        self.sock = socket.socket(socket.AF_UNIX)

    def __enter__(self):
        self.sock.bind(str(self.path))
        self.sock.listen()
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *rest):
        self.sock.close()
        self.folder.cleanup()

    def serve(self):
        peer, _ = self.sock.accept()
        with peer.makefile("rwb") as file:
            for line in file:
                answer = {"jsonrpc": "2.0", "id": json.loads(line)["id"],
                          "result": self.result}
                file.write(json.dumps(answer).encode() + b"\n")
                file.flush()

    def run(self, *words):
        return subprocess.run(
            [CLI, *words], input=b"Passwort-71\n", capture_output=True,
            timeout=30, check=False,
            env={**os.environ, "LC_ALL": "en_US.UTF-8",
                 "BIHUAN_SERVER": f"unix:{self.path}",
                 "XDG_STATE_HOME": str(self.state)})


def log_in_without_token():
    for result in ([1, 2], {"account": "system"},
                   {"account": "system", "token": ""},
                   {"account": "", "token": "abc"}):
        with Server(result) as server:
            done = server.run(*WORDS)
            assert done.returncode == 3, (result, done)
            assert b"not an answer" in done.stderr, done
            assert not (server.state / "bihuan" / "logins").exists()


def marks_of_a_next_page():
    """What is told to be typed next can be typed."""
    table = {"columns": ["id"], "rows": [[1]]}

    def told(**more):
        with Server({"tickets": table, **more}) as server:
            done = server.run("ticket", "list")
            assert done.returncode == 0, done
            return done.stderr.decode().strip()
    instant = "2026-11-20T10:00:00+08:00"
    assert told(next="17,4") == "next page: after='17,4'"
    assert told(next="县-7", at=instant, known=9) == \
        f"next page: at={instant} known=9 after='县-7'"
    for mark in ("\x1b[31m", "'; reboot '", "a\nb", "\u202egpj"):
        assert told(next=mark) == "", mark
        assert told(next="1", at=mark, known=9) == "", mark
    assert told(next="1", at="$(reboot)", known=9) == ""


run_all([log_in_without_token, marks_of_a_next_page])
