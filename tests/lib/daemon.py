"""A daemon of one's own and connections to it, for the system tests.

    with Daemon(bin_dir) as daemon:
        peer = daemon.connect()
        peer.call("server.info")["result"]["head"]
        peer.ok("mine", as_="wang")

Who is logged in for a request: peer.py and logins.py.
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from logins import Logins
from peer import Peer  # noqa: F401  (for who imports it from here)

# Hashes of passwords that cost little, and as much as one likes to ask.
EASY = {"cost": ("password", 5), "logins": ("limits", 100000),
        "account_rate": ("limits", 1000000),
        "source_rate": ("limits", 1000000)}


def easy(settings=""):
    """A configuration file's text: these settings, but for what the other ones
    say."""
    return settings + "".join(
        f"\n[{section}]\n{key} = {value}\n"
        for key, (section, value) in EASY.items() if f"{key} =" not in settings)


class Daemon:
    def __init__(self, bin_dir, folder=None, env=None, preexec=None,
                 settings=""):
        """`settings`: more text for the configuration file; None: without
        one."""
        self.program = str(pathlib.Path(bin_dir) / "bihuand")
        self.cli = str(pathlib.Path(bin_dir) / "bihuan")
        self.own = folder is None
        self.tmp = pathlib.Path(folder or tempfile.mkdtemp(prefix="bihuan."))
        self.data = self.tmp / "data"
        self.path = self.tmp / "sock"
        self.log = self.tmp / "log"
        self.settings = settings
        self.logins = None
        self.env = {**os.environ, "LC_ALL": "en_US.UTF-8",
                    "XDG_STATE_HOME": str(self.tmp / "state"), **(env or {})}
        self.env.pop("BIHUAN_TOKEN", None)
        self.preexec = preexec
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
            printed = subprocess.run(
                [self.program, "--init", "--data", self.data, *self.config()],
                check=True, env=self.env, text=True,
                stdout=subprocess.PIPE).stdout
            self.logins = Logins(self.path, printed)

    def listen(self):
        """The arguments that say where it serves."""
        return ["--listen", f"unix:{self.path}"]

    def config(self):
        """The arguments that give the settings."""
        if self.settings is None:
            return []
        path = self.tmp / "conf"
        path.write_text(easy(self.settings))
        path.chmod(0o600)
        return ["--config", str(path)]

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.program, "--data", self.data, *self.listen(),
                 *self.config()],
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
        return Peer(self.path, timeout, self.logins)

    def token(self, account):
        return self.logins.token(account)

    def copy_of(self, other):
        """The data folder is a copy of another's: so are its accounts."""
        self.logins = Logins(self.path, "")
        self.logins.passwords = dict(other.logins.passwords)
        self.logins.one_time = dict(other.logins.one_time)

    def env_of(self, account):
        """The environment in which the command line acts as that account."""
        return {**self.env, "BIHUAN_TOKEN": self.token(account)}

    def memory_kb(self, field="VmRSS"):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        for line in status.splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1])
        raise AssertionError(field)


class Scene:
    """A daemon, self.daemon, and what begin() builds upon it; it ends also when
    that fails."""

    def __enter__(self):
        try:
            self.daemon.__enter__()
            self.begin()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, *rest):
        self.daemon.__exit__(*rest)


def wait_for(condition, seconds=20, what="condition"):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"{what}: not in {seconds} s")


def shadowed(bin_dir):
    """How many bytes of a process each byte takes: ThreadSanitizer keeps up to
    four of shadow beside it."""
    program = pathlib.Path(bin_dir, "bihuand").read_bytes()
    return 5 if b"__tsan_init" in program else 1


def run_all(tests):
    """Runs the functions in order and prints one line each."""
    for test in tests:
        begin = time.monotonic()
        test()
        print(f"ok {test.__name__} {time.monotonic() - begin:.1f} s",
              flush=True)
