#!/usr/bin/env python3
"""bihuand's command line: exit statuses, languages, --init and --check.

    test_options.py BIN_DIR
"""
import os
import pathlib
import socket
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, run_all  # noqa: E402

BIN_DIR = sys.argv[1]
PROGRAM = str(pathlib.Path(BIN_DIR) / "bihuand")


def run(*args, lang="en_US.UTF-8", **more):
    env = {k: v for k, v in os.environ.items() if not k.startswith("LC_")}
    env["LANG"] = lang
    return subprocess.run([PROGRAM, *map(str, args)], env=env, timeout=60,
                          capture_output=True, text=True, **more)


def usage():
    """What is wrong or comes later: exit 2, told on stderr, nothing on stdout."""
    for args in ([], ["--data"], ["--data", ""], ["--data", "/nowhere"],
                 ["--nonsense"], ["nonsense"], ["--init=yes", "--data", "d"],
                 ["--data", "d", "--listen", "/tmp/path"],
                 ["--data", "d", "--listen", "unix:"],
                 ["--data", "d", "--listen", "tcp:127.0.0.1"],
                 ["--data", "d", "--listen", "unix:" + "x" * 150],
                 ["--data", "d", "--listen", "unix:s", "--peer", "1000"],
                 ["--data", "d", "--listen", "unix:s", "--http", "h:80"],
                 ["--data", "d", "--init", "--check"],
                 ["--data", "d"] + ["--listen", "unix:s"] * 9):
        result = run(*args)
        assert result.returncode == 2, (args, result)
        assert result.stderr and not result.stdout, (args, result)
    assert "later" in run("--data", "d", "--http", "h:80").stderr


def languages():
    for option in ("--help", "--version"):
        assert run(option).returncode == 0
    assert "the data folder" in run("--help").stdout
    assert "数据目录" in run("--help", lang="zh_CN.UTF-8").stdout
    assert "数据目录" in run("--help", lang="C").stdout
    assert run("--version").stdout.startswith("bihuand 0.")


def init_and_check():
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        data = tmp / "data"
        assert run("--init", "--data", data).returncode == 0
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        assert stat.S_IMODE((data / "bihuan.db").stat().st_mode) == 0o600
        result = run("--check", f"--data={data}")
        assert result.returncode == 0, result
        lines = [line for line in result.stdout.splitlines()
                 if " = " not in line]
        assert len(lines) == 8 and all(x.endswith(": ok") for x in lines), lines
        assert run("--check").returncode == 0
        # a folder that is there is left alone
        before = (data / "bihuan.db").read_bytes()
        assert run("--init", "--data", data).returncode == 1
        assert (data / "bihuan.db").read_bytes() == before
        # an empty one is taken; no half of one is left behind
        (tmp / "empty").mkdir()
        assert run("--init", "--data", tmp / "empty").returncode == 0
        assert run("--init", "--data", tmp / "no" / "parent").returncode == 1
        assert not (tmp / "no").exists()
        assert run("--check", "--data", tmp / "nowhere").returncode == 1
        # damage is found
        with (data / "bihuan.db").open("r+b") as file:
            size = file.seek(0, 2)
            for at in range(4096, size, 997):
                file.seek(at)
                file.write(b"\xa5")
        result = run("--check", "--data", data)
        assert result.returncode == 1 and result.stderr, result
        result = run("--data", data, "--listen", f"unix:{tmp}/s")
        assert result.returncode == 1 and "ready" not in result.stdout, result


def serving():
    """--check beside the daemon; the socket is its owner's; systemd is told;
    several sockets; SIGINT ends it too."""
    tmp = pathlib.Path(tempfile.mkdtemp(prefix="bihuan."))
    notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notify.settimeout(30)
    notify.bind(str(tmp / "notify"))
    with Daemon(BIN_DIR, env={"NOTIFY_SOCKET": str(tmp / "notify")}) as daemon:
        assert notify.recv(100).startswith(b"READY=1\n")
        assert stat.S_IMODE(daemon.path.stat().st_mode) & 0o077 == 0
        assert run("--check", "--data", daemon.data).returncode == 0
        daemon.process.send_signal(2)
        assert daemon.process.wait(timeout=30) == 0
        assert notify.recv(100).startswith(b"STOPPING=1\n")
        daemon.start()
        daemon.stop()
    (tmp / "notify").unlink()
    tmp.rmdir()


def no_folder_no_service():
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        result = run("--data", tmp / "none", "--listen", f"unix:{tmp}/s")
        assert result.returncode == 1 and result.stdout == "", result
        assert result.stderr.startswith("<3>"), result
        # a file that is no socket, and a port that is another's
        assert run("--init", "--data", tmp / "d").returncode == 0
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            for place in (f"unix:{tmp}/d/bihuan.db", f"tcp:127.0.0.1:{port}"):
                result = run("--data", tmp / "d", "--listen", place)
                assert result.returncode == 1 and result.stdout == "", result
        assert (tmp / "d" / "bihuan.db").stat().st_size > 0


run_all([usage, languages, init_and_check, serving, no_folder_no_service])
