#!/usr/bin/env python3
"""The configuration file: what is refused and how that is told, what wins over
what, that each setting does something, and that sample and papers name what
the code knows.

    test_config.py BIN_DIR
"""
import os
import pathlib
import pwd
import re
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import easy, run_all, wait_for  # noqa: E402
from logins import Logins  # noqa: E402
from peer import Peer  # noqa: E402

BIN_DIR = sys.argv[1]
PROGRAM = str(pathlib.Path(BIN_DIR) / "bihuand")
ROOT = pathlib.Path(__file__).parents[2]
TMP = pathlib.Path(tempfile.mkdtemp(prefix="bihuan."))
CONF = TMP / "bihuand.conf"


def write(text, mode=0o644):
    CONF.write_bytes(text if isinstance(text, bytes) else text.encode())
    CONF.chmod(mode)
    return CONF


def run(*args, lang="en_US.UTF-8"):
    env = {k: v for k, v in os.environ.items() if not k.startswith("LC_")}
    env["LANG"] = lang
    return subprocess.run([PROGRAM, *map(str, args)], env=env, timeout=60,
                          capture_output=True, text=True)


def check(text, *args, **more):
    return run("--check", "--config", write(text), *args, **more)


def in_force(result):
    """name -> (value, where it comes from)"""
    return {name: (value, where) for name, value, where in re.findall(
        r"^(\w+\.\w+) = (.*) \(([^;\n]*);.*\)$", result.stdout, re.M)}


class Server:
    """bihuand with a configuration file."""

    def __init__(self, text, **env):
        self.log = TMP / "log"
        self.process = subprocess.Popen(
            [PROGRAM, "--config", write(text)], stdout=subprocess.PIPE,
            stderr=self.log.open("wb"), env={**os.environ, **env})

    def __enter__(self):
        line = self.process.stdout.readline()
        assert line == b"ready\n", (line, self.log.read_text())
        return self

    def __exit__(self, *rest):
        self.process.terminate()
        status = self.process.wait(timeout=30)
        self.process.stdout.close()
        assert status == 0, (status, self.log.read_text())


# -- what is refused ----------------------------------------------------------

REFUSED = [  # text, line, what stands in the answer
    ("[server]\nnonsense = 1\n", 2, ["server.nonsense", "no such setting"]),
    ("[server]\ndata = x\n", 2, ["server.data", "absolute path", "'x'"]),
    ("\n\n[nonsense]\n", 3, ["nonsense", "no such section"]),
    ("data = /x\n", 1, ["data", "[section]"]),
    ("[limits]\nconnections = 0\n", 2, ["from 1 to 4096", "'0'"]),
    ("[limits]\nconnections = 4097\n", 2, ["from 1 to 4096", "'4097'"]),
    ("[limits]\nconnections = 12x\n", 2, ["from 1 to 4096", "'12x'"]),
    ("[limits]\nconnections = -1\n", 2, ["from 1 to 4096"]),
    ("[limits]\nconnections =\n", 2, ["from 1 to 4096"]),
    ("[limits]\nconnections = 99999999999999999999\n", 2, ["from 1 to 4096"]),
    ("[limits]\nfree_space = 15M\n", 2, ["from 16M to 1024G", "'15M'"]),
    ("[limits]\nfree_space = 16MB\n", 2, ["from 16M to 1024G"]),
    ("[limits]\nballast = 999999999999999G\n", 2, ["from 0 to 1024G"]),
    ("[log]\nlevel = loud\n", 2, ["log.level", "error warning info", "'loud'"]),
    ("[log]\nlevel = in\n", 2, ["error warning info"]),
    ("[log]\nlevel = info\nlevel = info\n", 3, ["log.level", "once"]),
    ("[log]\n  level = info\n  format = xml\n", 3, ["text json", "'xml'"]),
    ("[log]\nlevel\n", 2, ["key = value"]),
    ("[log\nlevel = info\n", 1, ["[section]"]),
    ("[server]\nlisten = tcp:localhost\n", 2, ["unix:PATH", "tls:HOST:PORT"]),
    ("[server]\nlisten = tls:::1:7071\n", 2, ["tls:HOST:PORT", "'tls:::1"]),
    ("[server]\nplain = yes\n", 2, ["no yes-without-encryption"]),
    ("[server]\npeer = 1000\n", 2, ["UID=ACCOUNT"]),
    ("[server]\npeer = =li.si\n", 2, ["UID=ACCOUNT"]),
    ("[server]\npeer = 1000=li si\n", 2, ["UID=ACCOUNT"]),
    ("[server]\npeer = 4294967295=li.si\n", 2, ["UID=ACCOUNT"]),
    ("[server]\npeer = nobody.such=li.si\n", 2, ["of this machine"]),
    ("[server]\npeer = 7=li.si\npeer = 7=wang.wu\n", 3,
     ["one account a user", "7=wang.wu"]),
    ("[tls]\nkey = key.pem\n", 2, ["absolute path"]),
    ("[limits]\nsource_connections = 4097\n", 2, ["from 1 to 4096"]),
    ("[limits]\nidle_seconds = 0\n", 2, ["from 1 to 86400"]),
    ("[server]\nlisten = unix:\n", 2, ["unix:PATH"]),
    ("[server]\n" + "listen = unix:/s\n" * 9, 10, ["fewer"]),
    ("[notify]\nproxy = proxy.example.cn\n", 2, ["http://HOST:PORT"]),
    ("[notify]\nproxy = http://me:secret@p:1\n", 2, ["without user"]),
    ("[notify]\ndeliver = maybe\n", 2, ["no yes"]),
    ("[server]\ndata = /" + "x" * 200 + "\n", 2, ["198 bytes"]),
    (b"[server]\ndata = /\xff\n", 2, ["UTF-8"]),
    (b"[server]\ndata = /a\0b\n", 2, ["UTF-8"]),
    (b"[server]\ndata = /a\x1bb\n", 2, ["UTF-8"]),
    ("[log]\nlevel = \u202eofni\n", 2, ["UTF-8", "U+202E"]),
    ("[log]\nlevel = in\u200bfo\n", 2, ["UTF-8", "U+200B"]),
    ("[l\u202eog]\n", 1, ["UTF-8", "U+202E"]),
    ("[log]\n# a \u2066 note\n", 2, ["UTF-8", "U+2066"]),
    ("[log] level = error\n", 1, ["log", "nothing behind"]),
    ("[log]x\n", 1, ["log", "nothing behind"]),
    ("[log] # a note\n", 1, ["log", "nothing behind"]),
    ("[server]\nlisten = unix:/" + "x" * 107 + "\n", 2,
     ["unix:PATH", "107 bytes"]),
    ("# " + "x" * 5000 + "\n", 1, ["bytes"]),
]


def refusals_name_the_line():
    for text, line, words in REFUSED:
        result = check(text)
        assert result.returncode == 2 and not result.stdout, (text, result)
        begin = f"bihuand: {CONF}:{line}: "
        assert result.stderr.startswith(begin), (text, result.stderr)
        for word in words:
            assert word in result.stderr, (text, word, result.stderr)
        assert result.stderr.count("\n") == 1, result.stderr
        assert not re.search("[\u200b-\u202e\u2066-\u2069]", result.stderr)


def refusals_in_chinese():
    for text, line, _ in REFUSED:
        result = check(text, lang="zh_CN.UTF-8")
        assert result.returncode == 2, result
        told = result.stderr.split(f"{CONF}:{line}: ")[1]
        assert re.search("[\u4e00-\u9fff]", told), told
    told = check("[limits]\nconnections = 0\n", lang="zh_CN.UTF-8").stderr
    assert "limits.connections: 应为1 至 4096 的整数, 实为 '0'" in told, told


def files_that_are_refused():
    for mode in (0o664, 0o646, 0o666):
        result = run("--check", "--config", write("", mode))
        assert result.returncode == 2 and "chmod go-w" in result.stderr, result
        assert str(CONF) in result.stderr
    assert run("--check", "--config", write("", 0o400)).returncode == 0
    for path in (TMP / "none", TMP):
        result = run("--check", "--config", path)
        assert result.returncode == 2 and str(path) in result.stderr, result
    os.mkfifo(TMP / "fifo")  # must not be waited for
    assert run("--check", "--config", TMP / "fifo").returncode == 2
    if os.geteuid() == 0:
        os.chown(write(""), 12345, 12345)
        result = run("--check", "--config", CONF)
        assert result.returncode == 2 and "root" in result.stderr, result
        CONF.unlink()


# -- what is in force ---------------------------------------------------------

def what_wins():
    text = ("\ufeff# 注释" + "字" * 400 + "\r\n[server]\r\n\tdata = /srv/a ; why\n"
            "listen = unix:/f1\nlisten = unix:/f2\n[log]  ; how\nlevel=warning\n")
    force = in_force(check(text, "--listen", "unix:/c1", "--data", TMP / "d"))
    assert force["server.listen"] == ("unix:/c1", "command line"), force
    assert force["server.data"] == (str(TMP / "d"), "command line"), force
    assert force["log.level"] == ("warning", "file"), force
    assert force["log.format"] == ("text", "default"), force
    force = in_force(check(text + "[server]\n"))
    assert force["server.listen"] == ("unix:/f1 unix:/f2", "file"), force
    assert force["server.data"] == ("/srv/a", "file"), force
    # it may stand behind the others
    assert in_force(run("--check", "--log=x")) == {}
    assert in_force(run("--config", write(text), "--check")) == force
    # a value of the file is checked even where the command line wins
    assert check("[server]\ndata = x\n", "--data", TMP).returncode == 2


def what_may_be_served():
    """Plain off loopback only in words, TLS only with a pair: exit 2."""
    base = f"[server]\ndata = {TMP}/nowhere\n"
    words = "yes-without-encryption"
    pair = f"[tls]\ncertificate = {TMP}/c.pem\nkey = {TMP}/k.pem\n"
    for listen, more, status, told in (
            ("plain:10.1.2.3:7070", "", 2, words),
            ("plain:[::]:7070", "plain = no\n", 2, words),
            ("plain:10.1.2.3:7070", f"plain = {words}\n", 1, ""),
            ("plain:127.0.0.1:7070", "", 1, ""),
            ("tcp:localhost:7070", "", 1, ""),
            ("tcp:0.0.0.0:7071", "", 2, "tls.certificate"),
            ("tls:127.0.0.1:7071", "", 2, "tls.certificate"),
            ("tls:127.0.0.1:7071", pair, 1, "c.pem"),
            ("unix:/s", f"[tls]\nkey = {TMP}/k.pem\n", 2, "go together")):
        for run_it in (check, lambda text: run("--config", write(text))):
            result = run_it(f"{base}listen = {listen}\n{more}")
            # 1: this was let pass, and there is no such data folder
            assert result.returncode == status, (listen, more, result)
            if status == 2 or run_it is check:
                assert told in result.stderr, (listen, more, result)
    result = run("--data", "d", "--listen", "plain:[2001:db8::1]:1")
    assert result.returncode == 2 and words in result.stderr, result
    result = run("--data", "d", "--listen", "tls:localhost:1",
                 lang="zh_CN.UTF-8")
    assert result.returncode == 2 and "TLS 需要" in result.stderr, result


def peers():
    uid, name = os.getuid(), pwd.getpwuid(os.getuid()).pw_name
    force = in_force(check(f"[server]\npeer = {uid + 1}=zhang.san\n"
                           f"peer = {name}=li.si\n"))
    assert force["server.peer"] == (f"{uid + 1}=zhang.san {name}=li.si",
                                    "file"), force
    force = in_force(run("--check", "--peer", f"{uid}=li.si", "--peer=7=a"))
    assert force["server.peer"] == (f"{uid}=li.si 7=a", "command line"), force
    for wrong in ("", "7", "7=", "=a", "x y=a"):
        result = run("--check", "--peer", wrong)
        assert result.returncode == 2 and "--peer" in result.stderr, result


def needs():
    """What must be given, from either side."""
    assert run("--config", write("[log]\n")).returncode == 2
    assert run("--config", write("[server]\ndata = /x\n")).returncode == 2
    assert run("--config").returncode == 2
    result = check(f"[server]\ndata = {TMP}/nowhere\n")
    assert result.returncode == 1, result  # the data that it names are checked


def lists_of_weak_passwords():
    """What is wrong with it is told at start and by --check, in both languages;
    nothing is served meanwhile."""
    path, folder, data = TMP / "weak.txt", TMP / "weak", TMP / "weak-data"
    folder.mkdir()
    made = run("--init", "--config", write(
        f"[server]\ndata = {data}\n" + easy()))
    assert made.returncode == 0, made
    wrong = [  # what the file is, what is told of it
        (None, ["may be read"], ["可读"]),
        (folder, ["text file"], ["文本文件"]),
        (b"\n\r\n", ["at least one"], ["至少一行"]),
        (b"dragon\nti\0ger\n", ["UTF-8", "line 2"], ["UTF-8", "第 2 行"]),
        (b"dragon\n\nti\xefger\n", ["UTF-8", "line 3"], ["UTF-8", "第 3 行"]),
        (b"x" * (8 << 20) + b"\n", ["8388608", "most used"], ["最常用"]),
        (b"x\n" * 1000001, ["1000000", "most used"], ["最常用"])]
    if os.geteuid() != 0:
        wrong.append((0o000, ["may be read"], ["可读"]))
    wrong.append((0o664, ["chmod go-w"], ["chmod go-w", "他人可写"]))
    for what, *told in wrong:
        name = what if what == folder else path
        if isinstance(what, bytes):
            path.write_bytes(what)
        elif isinstance(what, int):
            path.write_bytes(b"dragon\n")
            path.chmod(what)
        text = (f"[server]\ndata = {data}\nlisten = unix:{TMP}/s\n"
                f"[password]\nlist = {name}\n")
        for lang, words in zip(("en_US.UTF-8", "zh_CN.UTF-8"), told):
            for args in (["--check"], []):
                result = run("--config", write(text), *args, lang=lang)
                assert result.returncode == 1, (what, result)
                assert "ready" not in result.stdout
                for word in (str(name), *words):
                    assert word in result.stderr, (word, args, result.stderr)
    path.chmod(0o644)
    result = check(f"[password]\nlist = {path}\n")
    assert result.returncode == 0 and not result.stderr, result
    assert "list of weak passwords: ok\n" in result.stdout, result
    assert "weak passwords: " not in check("[log]\n").stdout


# -- papers -------------------------------------------------------------------

def rows():
    """name -> default, from the table itself."""
    text = (ROOT / "daemon/settings/settings.def").read_text(encoding="utf-8")
    found = re.findall(
        r'^SETTING\((\w+), (\w+), \w+,[^"]*(?:NULL|"[^"]*"), "([^"]*)",$',
        text, re.M)
    assert len(found) == len(re.findall(r"^SETTING\(", text, re.M)) > 8
    return {f"{section}.{key}": value for section, key, value in found}


def sample():
    """name -> (value, commented out) of packaging/bihuand.conf."""
    section, found = None, {}
    path = ROOT / "packaging/bihuand.conf"
    for line in path.read_text(encoding="utf-8").splitlines():
        if re.fullmatch(r"\[\w+\]", line):
            section = line[1:-1]
        match = re.fullmatch(r"(#?)(\w+) =(?: (.*))?", line)
        if match:
            name = f"{section}.{match[2]}"
            assert name not in found, name
            found[name] = (match[3] or "", match[1] == "#")
    return found


def sample_and_papers_name_what_the_code_knows():
    known = rows()
    assert {name: value for name, (value, _) in in_force(
        run("--check")).items()} == known
    shown = sample()
    assert list(shown) == list(known)
    for name, (value, commented) in shown.items():
        assert not commented or value == known[name], name
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    table = dict(re.findall(r"^\| `(\w+\.\w+)` \| (?:`([^`]*)` )?\|", text,
                            re.M))
    assert table == known, (table, known)
    result = check((ROOT / "packaging/bihuand.conf").read_bytes(),
                   "--data", "/nowhere")
    assert result.returncode == 1 and "bihuand.conf" not in result.stderr


# -- each does something ------------------------------------------------------

def error(reply):
    return reply["error"]["data"] if "error" in reply else None


LOGINS = []  # of the data folder, once it is made


def connect(name):
    return Peer(TMP / name, logins=LOGINS[0])


def settings_do_something():
    (TMP / "backup").mkdir()
    data = TMP / "data"
    made = run("--init", "--config", write(
        f"[server]\ndata = {data}\n" + easy()))
    assert made.returncode == 0, made
    LOGINS.append(Logins(TMP / "one", made.stdout))
    text = f"""
[server]
data = {data}
listen = unix:{TMP}/one
listen = unix:{TMP}/two
socket = group
[limits]
connections = 2
ballast = 1M
[backup]
folder = {TMP}/backup/
[log]
format = json
""" + easy()
    with Server(text):
        LOGINS[0].token("system")  # while there is a connection for it
        one = connect("one")  # the connection of the log-in is gone in a moment
        wait_for(lambda: one.ok("server.stats")["result"]["connections"] == 1)
        two = connect("two")
        assert stat.S_IMODE((TMP / "two").stat().st_mode) == 0o660
        assert (data / "bihuan.db.ballast").stat().st_size == 1 << 20
        assert one.ok("server.info") and two.ok("server.info")
        third = connect("two")
        assert error(third.recv())["name"] == "busy"
        for path in ("/tmp/x.db", f"{TMP}/x.db", f"{TMP}/backup/../x.db",
                     f"{TMP}/backup/", f"{TMP}/backupx/x.db"):
            told = error(one.call("backup", {"file": path}))
            assert told["name"] == "bad_param" and \
                f"'{TMP}/backup/'" in told["expected"], told
        one.ok("backup", {"file": f"{TMP}/backup/x.db"})
        assert (TMP / "backup/x.db").stat().st_size > 0
    log = (TMP / "log").read_text().splitlines()
    assert log and all(line.startswith('{"time":"') for line in log), log
    # a file system can hardly have a tebibyte free: nothing may be written
    with Server(text.replace("ballast", "free_space = 1024G\nballast")):
        peer = connect("one")
        told = error(peer.call("chain.add", {"code": "c", "name": "n"}))
        assert told["name"] == "disk_full", told
        assert peer.ok("chain.list")


def deliveries():
    """deliver = no: what is due waits; a proxy is what is spoken to."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(30)
    proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
    base = (f"[server]\ndata = {TMP}/data\nlisten = unix:{TMP}/one\n"
            + easy() + "[notify]\n")
    with Server(base + "deliver = no\n"):
        peer = connect("one")
        for method, params in (
                ("hook.add", {"code": "h", "kind": "json",
                              "url": "http://receiver.invalid/x"}),
                ("chain.add", {"code": "xcl", "name": "链"}),
                ("committee.add", {"code": "dw", "name": "党委",
                                   "chain": "xcl"}),
                ("enterprise.add", {"code": "91350100M000100Y43", "name": "企",
                                    "chain": "xcl"}),
                ("person.add", {"code": "w", "name": "王", "role": "enterprise",
                                "unit": "91350100M000100Y43"}),
                ("person.add", {"code": "d", "name": "张", "role": "dispatcher",
                                "unit": "dw"})):
            peer.ok(method, params)
        peer.ok("ticket.file", {"title": "t", "category": "land"}, as_="w")

        def rows_waiting():
            found = peer.ok("outbox.list")["result"]["deliveries"]
            place = found["columns"].index("attempts")
            return [row[place] for row in found["rows"]]
        assert wait_for(rows_waiting, what="something to send")
        time.sleep(0.5)
        assert set(rows_waiting()) == {0}
    with Server(base + f"proxy = {proxy}\n", no_proxy=""):
        connection, _ = listener.accept()
        line = connection.recv(1000).split(b"\r\n")[0]
        assert line == b"POST http://receiver.invalid/x HTTP/1.1", line
        connection.close()
    listener.close()


run_all([refusals_name_the_line, refusals_in_chinese, files_that_are_refused,
         what_wins, what_may_be_served, peers, needs,
         lists_of_weak_passwords, sample_and_papers_name_what_the_code_knows,
         settings_do_something, deliveries])
shutil.rmtree(TMP)
