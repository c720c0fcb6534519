#!/usr/bin/env python3
"""Log-ins of the command line, on a terminal and from a pipe, at a real daemon:
what is asked for, what is kept, and that no secret is left lying about.

    test_cli_login.py BIN_DIR
"""
import json
import os
import pathlib
import pty
import re
import select
import signal
import stat
import subprocess
import sys
import tempfile
import termios
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from daemon import Daemon, wait_for  # noqa: E402

BIN = sys.argv[1] if len(sys.argv) > 1 else "build/dev/bin"
NEW, NEXT = "Xin-kou.ling-7", "Geng.xin-de-8"


class Terminal:
    """A program on a terminal, what it showed so far, and the terminal's own
    state, as a person at it would have it."""

    def __init__(self, words, env):
        self.seen = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(words[0], words, {**env, "TERM": "xterm"})

    def read(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            piece = os.read(self.fd, 4096)
        except OSError:
            return False
        self.seen += piece.decode(errors="replace")
        return piece != b""

    def await_text(self, text, seconds=20):
        end = time.monotonic() + seconds
        at = self.seen.find(text)
        while at < 0:
            if not self.read(0.1) or time.monotonic() > end:
                raise AssertionError(f"no {text!r} in {self.seen!r}")
            at = self.seen.find(text)
        self.seen = self.seen[at + len(text):]

    def answer(self, question, text):
        """Only when it does not echo: a person sees the question then."""
        self.await_text(question + ": ")
        wait_for(lambda: not self.echoes(), what="a silent terminal")
        os.write(self.fd, text.encode() + b"\n")

    def echoes(self):
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def finish(self, seconds=20):
        """Its exit status and all it showed since."""
        end = time.monotonic() + seconds
        while self.read(0.2) and time.monotonic() < end:
            pass
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.fd)
        return status, self.seen


class Test(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(BIN)
        made = subprocess.run([cls.daemon.program, "--init", "--data",
                               cls.daemon.data], check=True,
                              capture_output=True, text=True).stdout
        cls.first = dict(re.findall(r"^([a-z]+)  (\S+)$", made, re.M))
        cls.daemon.start()
        cls.addClassCleanup(cls.daemon.__exit__, None)
        cls.addClassCleanup(cls.daemon.process.stdout.close)
        cls.server = f"unix:{cls.daemon.path}"
        cls.setup_accounts()

    @classmethod
    def setup_accounts(cls):
        """The administrators in, and a person with a one-time password each
        test may use up."""
        cls.shared = pathlib.Path(tempfile.mkdtemp(dir=cls.daemon.tmp))
        for account in ("system", "security"):
            status, _, said = cls.run_in(
                cls.shared, "login", f"account={account}",
                lines=[cls.first[account], NEW])
            assert status == 0, said

    @classmethod
    def env_in(cls, state, **more):
        env = {k: v for k, v in os.environ.items()
               if not k.startswith("BIHUAN_") or k == "BIHUAN_LOCALE_DIR"}
        return {**env, "LC_ALL": "en_US.UTF-8", "XDG_STATE_HOME": str(state),
                "BIHUAN_SERVER": cls.server, **more}

    @classmethod
    def run_in(cls, state, *words, lines=(), **more):
        done = subprocess.run([cls.daemon.cli, *words],
                              env=cls.env_in(state, **more),
                              input="".join(f"{x}\n" for x in lines),
                              capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def setUp(self):
        self.state = pathlib.Path(tempfile.mkdtemp(dir=self.daemon.tmp))
        self.logins = self.state / "bihuan" / "logins"

    def run_cli(self, *words, lines=(), **more):
        return self.run_in(self.state, *words, lines=lines, **more)

    def administer(self, account, *words):
        status, out, said = self.run_in(self.shared, "--account", account,
                                        "--format=json", *words)
        self.assertEqual(status, 0, said)
        return json.loads(out)

    def person(self, code):
        """Registered, with an account; its one-time password."""
        self.administer("system", "person", "add", f"code={code}", "name=王五")
        return self.administer("security", "account", "add",
                               f"account={code}")["password"]

    def log_in(self, code):
        once = self.person(code)
        status, out, said = self.run_cli("login", f"account={code}",
                                         lines=[once, NEW])
        self.assertEqual(status, 0, said)
        return out

    def whoami(self, *words, **more):
        status, out, said = self.run_cli("--format=json", *words, "whoami",
                                         **more)
        self.assertEqual(status, 0, said)
        return json.loads(out)["account"]

    # -- from a pipe ---------------------------------------------------------

    def test_lines(self):
        out = self.log_in("wang")
        self.assertIn("wang", out)
        self.assertEqual(self.whoami(), "wang")
        self.assertEqual(stat.S_IMODE(self.logins.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(self.logins.parent.stat().st_mode),
                         0o700)
        server, account, token, ends = \
            self.logins.read_text().rstrip("\n").split("\t")
        self.assertEqual((server, account), (self.server, "wang"))
        self.assertEqual(len(token), 43)
        self.assertRegex(ends, r"^20\d\d-\d\d-\d\dT.*\+08:00$")
        self.assertNotIn(token, out)

    def test_json_gives_the_token(self):
        once = self.person("wang_json")
        status, out, said = self.run_cli("--format=json", "login",
                                         "account=wang_json",
                                         lines=[once, NEW])
        self.assertEqual(status, 0, said)
        self.assertIn(json.loads(out)["token"], self.logins.read_text())

    def test_wrong_password(self):
        self.person("li")
        status, out, said = self.run_cli("login", "account=li", lines=["no"])
        self.assertEqual((status, out), (1, ""))
        self.assertIn("[login_failed]", said)
        self.assertNotIn("no such", said)
        self.assertFalse(self.logins.exists())
        nobody = self.run_cli("login", "account=nobody-at-all", lines=["no"])
        self.assertEqual(nobody, (status, out, said))

    def test_cut_by_a_nul(self):
        """Another password than was meant is none."""
        once = self.person("nul")
        for lines, want in (((once, f"{NEW}\0rest"), 1),
                            ((f"{once}\0",), 2)):
            status, out, err = self.run_cli("login", "account=nul",
                                            lines=lines)
            self.assertEqual((status, out), (want, ""), err)
            self.assertIn("[nul_byte]", err)
        self.assertFalse(self.logins.exists())

    def test_nothing_on_standard_input(self):
        status, _, said = self.run_cli("login", "account=li")
        self.assertEqual(status, 2)
        self.assertIn("password", said)

    def test_new_password_that_does_not_do(self):
        once = self.person("zhao")
        status, _, said = self.run_cli("login", "account=zhao",
                                       lines=[once, "short"])
        self.assertEqual(status, 1)
        self.assertIn("[bad_param]: new", said)
        status, _, said = self.run_cli("login", "account=zhao",
                                       lines=[once, NEW])
        self.assertEqual(status, 0, said)

    def test_which_account(self):
        self.log_in("sun_a")
        self.log_in("sun_b")
        self.assertEqual(self.whoami(), "sun_b")
        self.assertEqual(self.whoami("--account", "sun_a"), "sun_a")
        self.assertEqual(self.whoami(BIHUAN_ACCOUNT="sun_a"), "sun_a")
        token = self.logins.read_text().splitlines()[0].split("\t")[2]
        self.assertEqual(self.whoami(BIHUAN_TOKEN=token), "sun_a")
        self.assertEqual(
            self.whoami("--account", "sun_b", BIHUAN_TOKEN=token), "sun_b")
        status, _, said = self.run_cli("--account", "sun_c", "whoami")
        self.assertEqual(status, 1)
        self.assertIn("bihuan login account=sun_c", said)
        status, _, said = self.run_cli("whoami", BIHUAN_TOKEN="x" * 43)
        self.assertEqual(status, 1)
        self.assertIn("BIHUAN_TOKEN", said)
        self.assertIn("bihuan login\n", said)

    def test_file_that_others_read(self):
        self.log_in("open")
        self.logins.chmod(0o644)
        status, out, said = self.run_cli("whoami")
        self.assertEqual((status, out), (1, ""))
        self.assertIn(str(self.logins), said)
        self.assertIn("chmod", said)
        # and a log-in that cannot be kept does not live on
        status, _, said = self.run_cli("login", "account=open", lines=[NEW])
        self.assertEqual(status, 1)
        self.logins.chmod(0o600)
        status, out, _ = self.run_cli("--format=json", "token", "list")
        self.assertEqual(len(json.loads(out)["rows"]
                             if "rows" in json.loads(out)
                             else json.loads(out)["tokens"]["rows"]), 1)

    def test_logout(self):
        self.log_in("gone_a")
        self.log_in("gone_b")
        token = self.logins.read_text().splitlines()[1].split("\t")[2]
        status, out, said = self.run_cli("logout")
        self.assertEqual(status, 0, said)
        self.assertIn("gone_b", out)
        self.assertIn("gone_a", said)  # who is next
        status, _, said = self.run_cli("whoami", BIHUAN_TOKEN=token)
        self.assertIn("[unauthenticated]", said)  # dead at the server, too
        self.assertEqual(self.whoami(), "gone_a")
        # ended by somebody else meanwhile: said plainly, and taken out
        self.administer("security", "token", "end", "account=gone_a")
        status, _, said = self.run_cli("whoami")
        self.assertEqual(status, 1)
        self.assertIn("the log-in of 'gone_a' has ended", said)
        self.assertIn("bihuan login account=gone_a", said)
        status, _, said = self.run_cli("logout")
        self.assertEqual(status, 0, said)
        self.assertEqual(self.logins.read_text(), "")

    def test_passwd(self):
        self.log_in("chen")
        status, _, said = self.run_cli("passwd", lines=["wrong", NEXT])
        self.assertEqual(status, 1)
        self.assertIn("[login_failed]", said)
        status, _, said = self.run_cli("passwd", lines=[NEW, NEXT])
        self.assertEqual(status, 0, said)
        self.assertEqual(self.whoami(), "chen")  # one's own goes on
        self.assertEqual(
            self.run_cli("login", "account=chen", lines=[NEW])[0], 1)
        self.assertEqual(
            self.run_cli("login", "account=chen", lines=[NEXT])[0], 0)

    def test_nothing_is_asked_of_who_is_not_logged_in(self):
        """Nor read: there is no line, and that is not what is told."""
        for words in (["passwd"], ["totp", "begin"], ["totp", "confirm"]):
            status, _, said = self.run_cli(*words)
            self.assertEqual(status, 1, said)
            self.assertIn("[unauthenticated]", said)
            self.assertNotIn("assword", said)
        self.log_in("nolines")
        for words in (["passwd"], ["totp", "begin"], ["totp", "confirm"]):
            status, _, said = self.run_cli(*words)
            self.assertEqual(status, 2, said)
            self.assertIn("[bad_param]", said)

    def test_one_time_password_is_shown_once(self):
        self.administer("system", "person", "add", "code=qian", "name=钱六")
        status, out, _ = self.run_in(self.shared, "--account", "security",
                                     "account", "add", "qian")
        self.assertEqual(status, 0)
        once = re.search(r"^ {4}(\S+)$", out, re.M).group(1)
        self.assertEqual(out.count(once), 1)
        status, _, said = self.run_cli("login", "account=qian",
                                       lines=[once, NEW])
        self.assertEqual(status, 0, said)
        status, out, _ = self.run_in(self.shared, "--account", "security",
                                     "account", "list")
        self.assertNotIn(once, out)

    def test_help_shows_no_password(self):
        status, out, _ = self.run_cli("help", "login")
        self.assertEqual(status, 0)
        self.assertIn("bihuan login account=CODE", out)
        self.assertNotIn("password=", out)
        self.assertIn("without echo", out)

    # -- on a terminal -------------------------------------------------------

    def terminal(self, *words, **more):
        return Terminal([self.daemon.cli, *words], self.env_in(self.state,
                                                               **more))

    def test_typed(self):
        once = self.person("zhou")
        t = self.terminal("login", "account=zhou")
        t.answer("Password", once)
        t.answer("New password", NEW)
        t.answer("New password again", NEXT)
        t.await_text("not the same")
        t.answer("New password", "short")
        t.answer("New password again", "short")
        t.await_text("[bad_param]")
        t.answer("New password", NEW)
        t.answer("New password again", NEW)
        status, seen = t.finish()
        self.assertEqual(status, 0, seen)
        self.assertEqual(self.whoami(), "zhou")
        for secret in (once, NEW, NEXT):
            self.assertNotIn(secret, seen)

    def test_the_last_try_asks_for_nothing(self):
        """What is typed is sent: nobody is asked in vain."""
        t = self.terminal("login", "account=weak")
        t.answer("Password", self.person("weak"))
        for _ in range(5):
            t.answer("New password", "short")
            t.answer("New password again", "short")
            t.await_text("[bad_param]")
        status, seen = t.finish()
        self.assertEqual(status, 1, seen)
        self.assertNotIn("New password", seen)

    def test_no_word_of_the_command_line(self):
        """Where everybody could read it, it is not even tried; a file is as
        good as a pipe."""
        once = self.person("argv")
        for words in ((f"password={once}",), (f"--password={once}",),
                      ("--password", once), (f"password=@@{once}",)):
            status, _, err = self.run_cli("login", "account=argv", *words)
            self.assertEqual(status, 2, err)
            self.assertIn("others can read", err)
            self.assertNotIn(once, err)
        file = self.state / "one-time"
        file.write_text(once)
        status, _, err = self.run_cli(
            "login", "account=argv", f"password=@{file}", lines=[NEW])
        self.assertEqual(status, 0, err)

    def test_nothing_is_shown_or_left_in_argv(self):
        once = self.person("wu")
        t = self.terminal("login", "account=wu")
        t.await_text("Password: ")
        wait_for(lambda: not t.echoes(), what="a silent terminal")
        os.write(t.fd, once.encode() + b"\n")
        t.await_text("New password: ")
        line = pathlib.Path(f"/proc/{t.pid}/cmdline").read_bytes()
        self.assertNotIn(once.encode(), line)
        wait_for(lambda: not t.echoes(), what="a silent terminal")
        os.write(t.fd, b"\x03")
        status, seen = t.finish()
        self.assertEqual(status, -signal.SIGINT)
        self.assertNotIn(once, seen)

    def test_signals_restore_the_terminal(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            pid, fd = pty.fork()
            if pid == 0:  # a parent that keeps the terminal open behind it
                signal.signal(signal.SIGHUP, signal.SIG_IGN)
                child = subprocess.Popen(
                    [self.daemon.cli, "login", "account=wu"],
                    env=self.env_in(self.state),
                    preexec_fn=lambda: signal.signal(signal.SIGHUP,
                                                     signal.SIG_DFL))
                print(f"child={child.pid};", flush=True)
                status = child.wait()
                print(f"ended={status};", flush=True)
                time.sleep(30)
                os._exit(0)
            seen = b""
            while b"Password: " not in seen or b";" not in seen:
                seen += os.read(fd, 1024)
            wait_for(lambda: not termios.tcgetattr(fd)[3] & termios.ECHO,
                     what="a silent terminal")
            child = int(re.search(rb"child=(\d+);", seen).group(1))
            os.kill(child, number)
            while b"ended=" not in seen:
                seen += os.read(fd, 1024)
            self.assertIn(b"ended=%d;" % -number, seen + os.read(fd, 64)
                          if b";" not in seen.split(b"ended=")[1] else seen)
            self.assertTrue(termios.tcgetattr(fd)[3] & termios.ECHO)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(fd)

    def test_shell(self):
        once = self.person("zheng")
        self.log_in("feng")
        history = self.state / "bihuan" / "history"
        t = self.terminal("shell")
        t.await_text("feng@")
        os.write(t.fd, b"login account=zheng\n")
        t.answer("Password", once)
        t.answer("New password", NEW)
        t.answer("New password again", NEW)
        t.await_text("zheng@")
        os.write(t.fd, b"use feng\n")
        t.await_text("feng@")
        # refused, and yet in no history
        os.write(t.fd, f"login account=zheng password={NEW}\n".encode())
        t.await_text("[bad_param]")
        t.await_text("feng@")
        os.write(t.fd, b"login account=zheng\n")
        t.answer("Password", NEW)
        t.await_text("zheng@")
        os.write(t.fd, b"logout\n")
        t.await_text("Logged out: zheng")
        t.await_text("@")
        os.write(t.fd, b"exit\n")
        status, _ = t.finish()
        self.assertEqual(status, 0)
        # libedit writes a blank as \\040
        kept = history.read_text().replace("\\040", " ")
        self.assertIn("use feng", kept)
        self.assertNotIn(NEW, kept)
        self.assertNotIn(once, kept)
        self.assertEqual(self.whoami(), "feng")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
