#!/usr/bin/env python3
"""The first three log-ins: printed once by --init and kept nowhere, given anew by
--administrators, also for a database from before there were accounts.

    test_init.py BIN_DIR
"""
import fcntl
import os
import pathlib
import re
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, run_all  # noqa: E402

BIN_DIR = sys.argv[1]
ROOT = pathlib.Path(__file__).parents[2]
LINE = re.compile(r"([a-z0-9-]+)  ((?:[a-z2-9]{4}-){5}[a-z2-9]{4})")
THREE = ["system", "security", "audit"]
FRESH = "Zhu-Ru-Shi-7-Xin"


class Own:
    """A daemon's folder that goes with the test, without a daemon in it."""

    def __init__(self, daemon):
        self.daemon = daemon

    def __enter__(self):
        return self.daemon

    def __exit__(self, *rest):
        self.daemon.__exit__(*rest)


def run(daemon, *args, env=None, stdout=subprocess.PIPE):
    return subprocess.run(
        [daemon.program, *args, "--data", str(daemon.data)], text=True,
        stdout=stdout, stderr=subprocess.PIPE, env=env or daemon.env,
        timeout=60, check=False)


def passwords(lines):
    """Account and password of each of the last three lines."""
    found = [LINE.fullmatch(line) for line in lines[-3:]]
    assert all(found), lines
    pairs = {match[1]: match[2] for match in found}
    assert len(set(pairs.values())) == 3, lines
    return pairs


def init(daemon):
    done = run(daemon, "--init")
    assert done.returncode == 0 and done.stderr == "", done
    return passwords(done.stdout.splitlines())


def log_in(peer, account, password, **more):
    return peer.call("login", {"account": account, "password": password,
                               **more})


def name_of(reply):
    return reply["error"]["data"]["name"]


def assert_kept_nowhere(daemon, secrets):
    files = [path for path in daemon.tmp.rglob("*") if path.is_file()]
    assert daemon.data / "bihuan.db" in files
    for path in files:
        content = path.read_bytes()
        for secret in secrets:
            for form in secret, secret.replace("-", ""):
                assert form.encode() not in content, (path, form)


# -- the first start ----------------------------------------------------------

def printed_once():
    with Own(Daemon(BIN_DIR)) as daemon:
        done = run(daemon, "--init")
        assert done.returncode == 0 and done.stderr == "", done
        lines = done.stdout.splitlines()
        assert len(lines) == 5, lines
        assert lines[0] == f"{daemon.data}: made", lines
        assert "once" in lines[1], lines
        assert list(passwords(lines)) == THREE
        again = run(daemon, "--init")
        assert again.returncode == 1 and again.stdout == "", again
        checked = run(daemon, "--check")
        assert checked.returncode == 0, checked
        assert not LINE.search(checked.stdout), checked


def no_two_are_equal():
    seen = set()
    for _ in range(3):
        with Own(Daemon(BIN_DIR)) as daemon:
            seen |= set(init(daemon).values())
    assert len(seen) == 9, seen


def in_chinese_too():
    with Own(Daemon(BIN_DIR)) as daemon:
        done = run(daemon, "--init",
                   env={**daemon.env, "LC_ALL": "zh_CN.UTF-8"})
        lines = done.stdout.splitlines()
        assert lines[0] == f"{daemon.data}: 已建立", lines
        assert "只显示这一次" in lines[1], lines
        assert list(passwords(lines)) == THREE


def not_told_not_made():
    """Whose standard output is full has seen nothing: nothing is left."""
    with Own(Daemon(BIN_DIR)) as daemon, open("/dev/full", "wb") as full:
        done = run(daemon, "--init", stdout=full)
        assert done.returncode == 1, done
        assert not daemon.data.exists()
        init(daemon)


def kept_nowhere():
    """Nor is what was chosen instead, nor the token, nor a guess."""
    with Own(Daemon(BIN_DIR)) as daemon:
        first = init(daemon)
        assert_kept_nowhere(daemon, first.values())
        daemon.start()
        peer = daemon.connect()
        assert name_of(log_in(peer, "system", first["system"])) == \
            "password_due"
        token = log_in(peer, "system", first["system"],
                       new=FRESH)["result"]["token"]
        assert peer.ok("whoami", token=token)["result"]["account"] == "system"
        assert name_of(log_in(peer, "system", first["system"])) == \
            "login_failed"
        assert "result" in log_in(peer, "system", FRESH)
        assert name_of(log_in(peer, "audit", "Falsch-Geraten-1")) == \
            "login_failed"
        secrets = [*first.values(), FRESH, token, "Falsch-Geraten-1"]
        assert_kept_nowhere(daemon, secrets)
        daemon.stop()
        assert_kept_nowhere(daemon, secrets)


# -- two at a time -------------------------------------------------------------

def one_of_many():
    """Of many who make the same folder at once one does; what it printed holds,
    and nobody else has emptied its folder."""
    for made_before in (False, True):
        with Own(Daemon(BIN_DIR)) as daemon:
            if made_before:
                daemon.data.mkdir()
            all_of_them = [subprocess.Popen(
                [daemon.program, "--init", "--data", str(daemon.data)],
                text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                env=daemon.env) for _ in range(8)]
            told = [one.communicate(timeout=60)[0] for one in all_of_them]
            assert sorted(one.returncode for one in all_of_them) == \
                [0] + [1] * 7, all_of_them
            text, = filter(None, told)
            first = passwords(text.splitlines())
            daemon.start()
            assert name_of(log_in(daemon.connect(), "audit",
                                  first["audit"])) == "password_due"
            daemon.stop()


def while_another_is_at_it():
    """Its folder may still be empty: it is not for us to count on."""
    with Own(Daemon(BIN_DIR)) as daemon:
        daemon.data.mkdir()
        other = os.open(daemon.data, os.O_RDONLY)
        fcntl.flock(other, fcntl.LOCK_EX)
        done = run(daemon, "--init")
        assert done.returncode == 1 and done.stdout == "", done
        assert "in use" in done.stderr, done
        assert os.listdir(daemon.data) == []
        os.close(other)
        init(daemon)


# -- whose folder it is -------------------------------------------------------

def a_folder_that_others_write():
    """Who may write there can put another database in its place."""
    with Own(Daemon(BIN_DIR)) as daemon:
        def refused(*args):
            done = run(daemon, *args)
            assert done.returncode == 1, done
            assert "others may write it" in done.stderr, done
            assert LINE.search(done.stdout) is None, done
        daemon.data.mkdir()
        for mode in (0o770, 0o707):
            daemon.data.chmod(mode)
            refused("--init")
            assert os.listdir(daemon.data) == []
        daemon.data.chmod(0o755)
        init(daemon)
        daemon.data.chmod(0o775)
        for args in (["--listen", f"unix:{daemon.path}"],
                     ["--administrators"], ["--check"]):
            refused(*args)
        daemon.data.chmod(0o700)
        assert run(daemon, "--check").returncode == 0
        daemon.start()
        daemon.stop()


# -- recovery -----------------------------------------------------------------

def not_beside_the_daemon():
    with Own(Daemon(BIN_DIR)) as daemon:
        first = init(daemon)
        daemon.start()
        done = run(daemon, "--administrators")
        assert done.returncode == 1 and done.stdout == "", done
        assert "in use" in done.stderr or "another process" in done.stderr, \
            done
        peer = daemon.connect()
        assert name_of(log_in(peer, "audit", first["audit"])) == "password_due"
        daemon.stop()


def let_in_again():
    with Own(Daemon(BIN_DIR)) as daemon:
        first = init(daemon)
        daemon.start()
        peer = daemon.connect()
        old = {code: log_in(peer, code, first[code], new=FRESH + code[0])
               ["result"]["token"] for code in THREE}
        peer.ok("account.disable", {"account": "audit", "reason": "x"},
                token=old["security"])
        daemon.stop()
        head = head_of(daemon)
        done = run(daemon, "--administrators")
        assert done.returncode == 0 and done.stderr == "", done
        fresh = passwords(done.stdout.splitlines())
        assert list(fresh) == THREE
        assert not set(fresh.values()) & set(first.values())
        assert head_of(daemon) == head  # of that the journal has nothing
        assert_kept_nowhere(daemon, fresh.values())
        daemon.start()
        peer = daemon.connect()
        for code in THREE:
            assert name_of(peer.call("whoami", token=old[code])) == \
                "unauthenticated"
            assert name_of(log_in(peer, code, FRESH + code[0])) == \
                "login_failed"
            assert "result" in log_in(peer, code, fresh[code],
                                      new=FRESH + "9" + code[0])
        daemon.stop()


def head_of(daemon):
    with sqlite3.connect(daemon.data / "bihuan.db") as db:
        return db.execute("SELECT max(seq) FROM journal").fetchone()[0]


def make_older(daemon):
    """What --init of schema version 2 made: no administrators, nor what
    migration 3 adds. That it is whole is for `verify` to say."""
    init(daemon)
    added = (ROOT / "daemon/store/migrations/003.sql").read_text(
        encoding="utf-8")
    db = sqlite3.connect(daemon.data / "bihuan.db")
    before, = db.execute("SELECT min(seq) - 1 FROM journal WHERE record LIKE"
                         " '%\"method\":\"person.add\"%'").fetchone()
    for statement in ("journal WHERE seq > ?", "register WHERE from_seq > ?",
                      "relation WHERE from_seq > ?", "text WHERE 0 < ?"):
        db.execute("DELETE FROM " + statement, (before,))
    for index in re.findall(r"^CREATE (?:UNIQUE )?INDEX (\w+)", added, re.M):
        if f"DROP INDEX {index};" not in added:  # else an older one was there
            db.execute(f"DROP INDEX {index}")
    for table in re.findall(r"^CREATE TABLE (\w+)", added, re.M):
        db.execute(f"DROP TABLE {table}")
    for table, column in re.findall(
            r"^ALTER TABLE (\w+) ADD COLUMN (\w+)", added, re.M):
        db.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    db.execute("PRAGMA user_version = 2")
    db.commit()
    db.close()


def of_an_older_version():
    with Own(Daemon(BIN_DIR)) as daemon:
        make_older(daemon)
        daemon.start()  # brought up to date; nobody can log in
        peer = daemon.connect()
        assert name_of(log_in(peer, "system", FRESH)) == "login_failed"
        assert "bihuand --administrators" in daemon.log.read_text()
        daemon.stop()
        done = run(daemon, "--administrators")
        assert done.returncode == 0, done
        first = passwords(done.stdout.splitlines())
        assert list(first) == THREE
        daemon.start()
        peer = daemon.connect()
        tokens = {code: log_in(peer, code, first[code], new=FRESH)
                  ["result"]["token"] for code in THREE}
        for code in THREE:
            assert peer.ok("whoami", token=tokens[code])["result"]["roles"] \
                == [code]
        # and from here on it goes as with a new one
        peer.ok("department.add", {"code": "JXJ", "name": "经信局"},
                token=tokens["system"])
        peer.ok("person.add", {"code": "n", "name": "新人", "unit": "JXJ",
                               "role": "handler"}, token=tokens["system"])
        answer = peer.ok("account.add", {"account": "n"},
                         token=tokens["security"])["result"]
        assert "result" in log_in(peer, "n", answer["password"],
                                  new="Xin-Ren-De-5")
        daemon.stop()
        verified = subprocess.run(
            [daemon.cli, "verify", str(daemon.data)], text=True,
            capture_output=True, env=daemon.env, check=False)
        assert verified.returncode == 0, verified


def only_one_of_them():
    with Own(Daemon(BIN_DIR)) as daemon:
        for pair in (["--init", "--administrators"],
                     ["--administrators", "--check"]):
            done = run(daemon, *pair)
            assert done.returncode == 2 and done.stdout == "", done
        assert not daemon.data.exists()
        missing = run(daemon, "--administrators")
        assert missing.returncode == 1 and missing.stdout == "", missing


run_all([printed_once, no_two_are_equal, in_chinese_too, not_told_not_made,
         kept_nowhere, one_of_many, while_another_is_at_it,
         a_folder_that_others_write,
         not_beside_the_daemon, let_in_again, of_an_older_version,
         only_one_of_them])
