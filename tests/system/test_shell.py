#!/usr/bin/env python3
"""`bihuan shell` over a real daemon: from a pipe, and typed on a terminal.

    test_shell.py BIN_DIR
"""
import os
import pathlib
import pty
import select
import signal
import stat
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from daemon import Daemon  # noqa: E402
from logins import PASSWORD  # noqa: E402

BIN = sys.argv[1] if len(sys.argv) > 1 else "build/dev/bin"


class Terminal:
    """The program on a terminal of 80 columns; what it prints so far."""

    def __init__(self, words, env):
        self.seen = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(words[0], words, {**env, "TERM": "xterm",
                                        "COLUMNS": "80", "LINES": "24"})

    def await_text(self, text, seconds=20):
        """What came up to and with it, from behind what was awaited before."""
        end = time.monotonic() + seconds
        while text not in self.seen:
            ready, _, _ = select.select([self.fd], [], [],
                                        max(0, end - time.monotonic()))
            try:
                piece = os.read(self.fd, 4096) if ready else b""
            except OSError:
                piece = b""
            if not piece:
                raise AssertionError(f"no {text!r} in {self.seen!r}")
            self.seen += piece.decode(errors="replace")
        before, self.seen = self.seen.split(text, 1)
        return before + text

    def type(self, keys):
        try:
            os.write(self.fd, keys.encode())
        except OSError:
            pass  # it has ended

    def leave(self, keys):
        """Types them until the program has ended; returns its exit status.
        More than once: a lone Ctrl-D that comes while a command still runs is
        the terminal's, not the editor's."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            self.type(keys)
            if self.ended(0.5):
                os.close(self.fd)
                return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        raise AssertionError(f"it does not end: {self.seen!r}")

    def ended(self, seconds):
        """Reads on for so long, or to the end of its output."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not select.select([self.fd], [], [], 0.05)[0]:
                continue
            try:
                piece = os.read(self.fd, 4096)
            except OSError:
                return True
            if not piece:
                return True
            self.seen += piece.decode(errors="replace")
        return False


class Test(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon(BIN)
        self.daemon.__enter__()
        self.addCleanup(self.daemon.__exit__, None)
        self.addCleanup(self.daemon.process.stdout.close)
        self.state = self.daemon.tmp / "state"
        self.history = self.state / "bihuan" / "history"
        self.env = {**self.daemon.env_of("system"),
                    "BIHUAN_SERVER": f"unix:{self.daemon.path}"}
        server = self.env["BIHUAN_SERVER"]
        self.prompt = "@" + (server if len(server) <= 32 else
                             ".." + server[-32:]) + "> "
        self.peer = self.daemon.connect()
        self.addCleanup(self.peer.close)
        self.peer.ok("department.add", {"code": "zrzy", "name": "县自然资源局"})
        self.peer.ok("person.add", {"code": "wang", "name": "王五",
                                    "unit": "zrzy", "role": "head"})

    def piped(self, text):
        done = subprocess.run([self.daemon.cli, "shell"], env=self.env,
                              input=text.encode(), capture_output=True,
                              timeout=60)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def typed(self):
        terminal = Terminal([self.daemon.cli, "shell"], self.env)
        terminal.await_text("system" + self.prompt)
        return terminal

    def keep(self, account):
        """That account's log-in is kept, as its owner's are."""
        self.daemon.token(account)
        subprocess.run([self.daemon.cli, "login", f"account={account}"],
                       env=self.env, input=PASSWORD + "\n", text=True,
                       check=True, capture_output=True, timeout=60)

    def connections(self):
        """That the daemon has, and its other sockets."""
        folder = f"/proc/{self.daemon.process.pid}/fd"
        links = [os.readlink(f"{folder}/{name}") for name in os.listdir(folder)]
        return sum(link.startswith("socket:") for link in links)

    # -- from a pipe -----------------------------------------------------------

    def test_piped(self):
        status, out, err = self.piped(
            "# first the units\n"
            "department add code=kjj name='科 技局'\n"
            "\n"
            "department list --format csv\n"
            "exit\n"
            "department add code=never name=never\n")
        self.assertEqual((status, err), (0, ""))
        self.assertIn("kjj,科 技局,", out)
        self.assertNotIn("> ", out)
        self.assertNotIn("never", self.piped("department list\n")[1])
        self.assertFalse(self.history.exists())

    def test_errors_do_not_end_it(self):
        status, out, err = self.piped(
            "chain add code=c name=n\n"
            "chain add code=c name=n\n"
            "fly\n"
            "ticket list state='\n"
            "ticket list --format pdf\n"
            "--server unix:/x server info\n"
            "shell\n"
            "server info\n")
        self.assertEqual(status, 2)  # the last that failed
        for name in ("exists", "unknown_method", "bad_param", "bad_state"):
            self.assertIn(f"[{name}]", err)
        self.assertIn("Journal head", out)

    def test_use(self):
        for account in ("system", "wang"):
            self.keep(account)
        status, out, err = self.piped(
            "use wang\n"
            "department add code=a name=a\n"
            "use nobody\n"
            "mine\n"
            "use system\n"
            "department add code=b name=b\n"
            "--account wang department add code=c name=c\n")
        self.assertEqual(status, 2, err)  # one log-in for a line there is not
        self.assertEqual(err.count("[forbidden]"), 1, err)
        self.assertEqual(err.count("[bad_param]: --account"), 1, err)
        self.assertEqual(err.count("[unauthenticated]"), 1, err)
        status, out, _ = self.piped("department list --format csv\n")
        self.assertIn("\nb,b,", out.replace("\r", ""))
        self.assertNotIn("a,a,", out)

    def test_nobody_there(self):
        self.env["BIHUAN_SERVER"] = "unix:/no/such/socket"
        status, _, err = self.piped("server info\n")
        self.assertEqual(status, 3)
        self.assertIn("no_connection", err)

    # -- typed -------------------------------------------------------------------

    def test_one_connection(self):
        before = self.connections()
        terminal = self.typed()
        self.assertEqual(self.connections(), before + 1)
        for _ in range(3):
            terminal.type("server info\r")
            terminal.await_text("Journal head")
            terminal.await_text(self.prompt)
        self.assertEqual(self.connections(), before + 1)
        self.assertEqual(terminal.leave("\x04"), 0)

    def test_account_in_prompt(self):
        for account in ("system", "wang"):
            self.keep(account)
        terminal = self.typed()
        terminal.type("use wang\r")
        terminal.await_text("wang" + self.prompt)
        terminal.type("use nobody\r")
        terminal.await_text("[unauthenticated]")
        terminal.await_text("wang" + self.prompt)
        terminal.type("use system\r")
        terminal.await_text("system" + self.prompt)
        self.assertEqual(terminal.leave("exit\r"), 0)

    def test_completion(self):
        terminal = self.typed()
        terminal.type("depar\t")
        terminal.await_text("tment ")  # redrawn: the rest alone
        terminal.type("l\t")
        terminal.await_text("ist ")
        terminal.type("\r")
        terminal.await_text("县自然资源局")
        terminal.await_text(self.prompt)
        terminal.type("ticket list light=re\t")
        terminal.await_text("d ")
        terminal.type("state=re\t")
        listed = terminal.await_text("state=resolved")
        self.assertIn("state=review", listed)
        terminal.type("\x03")
        self.assertEqual(terminal.leave("exit\r"), 0)

    def test_control_keys(self):
        terminal = self.typed()
        terminal.type("department add code=gone name=gone\x03")
        terminal.type("server info\r")
        terminal.await_text("Journal head")
        terminal.await_text(self.prompt)
        self.assertEqual(terminal.leave("\x04"), 0)
        rows = self.peer.ok("department.list")["result"]["departments"]["rows"]
        self.assertEqual([row[0] for row in rows], ["zrzy"])

    def test_lost_connection(self):
        """The next command finds the daemon that was started anew."""
        terminal = self.typed()
        self.daemon.stop()
        terminal.type("server info\r")
        terminal.await_text("[no_connection]")
        terminal.await_text(self.prompt)
        self.daemon.start()
        self.addCleanup(self.daemon.process.stdout.close)
        terminal.type("server info\r")
        terminal.await_text("Journal head")
        self.assertEqual(terminal.leave("exit\r"), 0)

    def test_history(self):
        terminal = self.typed()
        terminal.type("department list\r")
        terminal.await_text("县自然资源局")
        terminal.await_text(self.prompt)
        terminal.type("hook add code=h kind=json url=http://127.0.0.1:9/ "
                      "secret=opensesame\r")
        terminal.await_text(self.prompt)
        self.assertEqual(terminal.leave("\x04"), 0)
        text = self.history.read_text()
        self.assertIn("department", text)
        self.assertNotIn("sesame", text)
        self.assertNotIn("hook", text)
        mode = stat.S_IMODE(self.history.stat().st_mode)
        self.assertEqual(mode, 0o600)
        self.assertEqual(
            stat.S_IMODE(self.history.parent.stat().st_mode), 0o700)
        terminal = self.typed()
        terminal.type("\x10\r")  # the line before: of the last time
        terminal.await_text("县自然资源局")
        self.assertEqual(terminal.leave("exit\r"), 0)

    def test_no_place_for_history(self):
        pathlib.Path(self.state).write_text("a file")
        terminal = self.typed()
        terminal.type("server info\r")
        terminal.await_text("Journal head")
        self.assertEqual(terminal.leave("exit\r"), 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
