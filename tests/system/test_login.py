#!/usr/bin/env python3
"""Logging in through a real daemon: passwords, locks, tokens, the second
factor, and what must never be told or kept.

    test_login.py BIN_DIR
"""
import base64
import concurrent.futures
import hashlib
import hmac
import json
import pathlib
import random
import signal
import sys
import threading
import time
import urllib.parse
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from clocked import Clocked  # noqa: E402
from daemon import run_all, wait_for  # noqa: E402

BIN_DIR = sys.argv[1]
NEW = "Neu-Haus-71"


def name(reply):
    return reply.get("error", {}).get("data", {}).get("name", "ok")


def login(peer, account, password, **more):
    return peer.call("login", {"account": account, "password": password,
                               **more})


def expect(peer, want, account, password, **more):
    reply = login(peer, account, password, **more)
    assert name(reply) == want, (want, reply)
    return reply


# -- one's password -----------------------------------------------------------

def first_login():
    with Clocked(BIN_DIR) as daemon:
        peer = daemon.connect()
        once = daemon.passwords["system"]
        reply = expect(peer, "password_due", "system", once)
        assert "result" not in reply
        for new in ("short-A1", "Xq-SYSTEM-771", "abcdefghijk", "Aa1-Aa1-Aa1-"):
            reply = expect(peer, "bad_param", "system", once, new=new)
            assert reply["error"]["data"]["param"] == "new", reply
        expect(peer, "exists", "system", once, new=once)
        assert daemon.query("SELECT count(*) FROM token") == [(0,)]
        result = expect(peer, "ok", "system", once, new=NEW)["result"]
        assert result["account"] == "system"
        assert result["roles"] == ["system"], result
        assert result["idle_minutes"] == 30
        assert result["password_due_in_days"] == 90
        assert result["ends"] == "2026-11-20T22:00:00+08:00", result
        assert len(base64.urlsafe_b64decode(result["token"] + "=")) == 32
        expect(peer, "login_failed", "system", once)
        expect(peer, "ok", "system", NEW)


def due_by_age():
    with Clocked(BIN_DIR) as daemon:
        daemon.administrators()
        peer, password = daemon.connect(), daemon.passwords["system"]
        daemon.forward(days=89, hours=23, minutes=59)
        reply = expect(peer, "ok", "system", password)
        assert reply["result"]["password_due_in_days"] == 1
        daemon.forward(minutes=1)
        expect(peer, "password_due", "system", password)
        expect(peer, "login_failed", "system", password + "x")
        expect(peer, "ok", "system", password, new=NEW)
        expect(peer, "ok", "system", NEW)


def history():
    with Clocked(BIN_DIR) as daemon:
        daemon.administrators()
        peer, token = daemon.connect(), daemon.tokens["system"]
        used = [daemon.passwords["system"]]
        for i in range(6):
            new = f"Wort-{i}{i}-Satz"
            peer.ok("passwd", {"old": used[-1], "new": new}, token=token)
            used.append(new)
            for old in used[-6:]:
                reply = peer.call("passwd", {"old": new, "new": old},
                                  token=token)
                assert name(reply) == "exists", (i, old, reply)
        assert daemon.query("SELECT count(*) FROM password_old WHERE person ="
                            " (SELECT id FROM register WHERE code = 'system')"
                            ) == [(5,)]
        peer.ok("passwd", {"old": used[-1], "new": used[0]}, token=token)


def passwd_ends_the_others():
    with Clocked(BIN_DIR) as daemon:
        daemon.administrators()
        peer, password = daemon.connect(), daemon.passwords["system"]
        mine = daemon.tokens["system"]
        other = expect(peer, "ok", "system", password)["result"]["token"]
        for token in (mine, other):
            peer.ok("whoami", token=token)
        reply = peer.call("passwd", {"old": "wrong", "new": NEW}, token=mine)
        assert name(reply) == "login_failed", reply
        peer.ok("whoami", token=other)
        peer.ok("passwd", {"old": password, "new": NEW}, token=mine)
        peer.ok("whoami", token=mine)
        assert name(peer.call("whoami", token=other)) == "unauthenticated"
        # guessing with a stolen token is counted like any other
        for _ in range(5):
            reply = peer.call("passwd", {"old": "wrong", "new": "x"},
                              token=mine)
            assert name(reply) == "login_failed", reply
        reply = peer.call("passwd", {"old": NEW, "new": "Noch-Neuer-8"},
                          token=mine)
        assert name(reply) == "login_failed", reply


def refuses(peer, token, old, new, word):
    reply = peer.call("passwd", {"old": old, "new": new}, token=token)
    assert name(reply) == "bad_param", (new, reply)
    data = reply["error"]["data"]
    assert data["param"] == "new" and word in data["expected"], (new, data)
    assert "estrel" not in json.dumps(data), data


def common_passwords():
    """Without any list."""
    with Clocked(BIN_DIR) as daemon:
        peer, once = daemon.connect(), daemon.passwords["system"]
        for new in ("Admin@1234", "P@ssw0rd2026", "Bihuan@2026", "1qaz@WSX3edc"):
            told = expect(peer, "bad_param", "system", once, new=new)
            assert "common words" in told["error"]["data"]["expected"], told
        daemon.administrators()
        refuses(peer, daemon.tokens["system"], daemon.passwords["system"],
                "Woaini#1314520", "common words")


class Listed(Clocked):
    """With a list of weak passwords."""

    def __init__(self, text):
        super().__init__(BIN_DIR)
        self.file = self.tmp / "weak.txt"
        self.more = f"[password]\nlist = {self.file}\n"
        self.file.write_bytes(text)
        self.file.chmod(0o644)

    def put(self, text, told):
        """Another list, and what the log says of it."""
        fresh = self.file.with_suffix(".new")
        if text is None:
            self.file.unlink()
        else:
            fresh.write_bytes(text)
            fresh.chmod(0o644)
            fresh.rename(self.file)
        begin = len(self.log.read_text())
        self.process.send_signal(signal.SIGHUP)
        wait_for(lambda: "reload: done" in self.log.read_text()[begin:])
        assert told in self.log.read_text()[begin:], self.log.read_text()[begin:]


def weak_list():
    with Listed(b"# kestrel\r\nKESTREL\r\n\r\nMoon-River-71\r\n") as daemon:
        assert "list of weak passwords: read: passwords=3" in \
            daemon.log.read_text()
        peer, once = daemon.connect(), daemon.passwords["system"]
        for new in ("Kestrel@2026", "1!kESTREL!1", "moon-RIVER-71"):
            told = expect(peer, "bad_param", "system", once, new=new)
            assert "list of weak" in told["error"]["data"]["expected"], told
        daemon.administrators()
        token, old = daemon.tokens["system"], daemon.passwords["system"]
        for new in ("Kestrel@2026", "Moon-River-71"):
            refuses(peer, token, old, new, "list of weak")
        # a file that is refused leaves the list in force
        for broken, told in (
                (None, "may be read"), (b"", "at least one"),
                (b"heron\nkes\0trel\n", "line 2"), (b"\xff\n", "UTF-8")):
            daemon.put(broken, told)
            assert "the list of weak passwords in force stays" in \
                daemon.log.read_text()
            refuses(peer, token, old, "Kestrel@2026", "list of weak")
        daemon.put(b"heron\n", "passwords=1")
        refuses(peer, token, old, "Heron@2026", "list of weak")
        peer.ok("passwd", {"old": old, "new": "Kestrel@2026"}, token=token)
        # none is named any more
        daemon.more = ""
        daemon.config()
        daemon.put(b"heron\n", "done")
        peer.ok("passwd", {"old": "Kestrel@2026", "new": "Heron@2026"},
                token=token)


def weak_list_while_it_changes():
    """Whoever looks finds one list or the other, never none."""
    with Listed(b"kestrel\n") as daemon:
        daemon.administrators()
        over = threading.Event()
        asked = {"system": 0, "security": 0}

        def ask(account):
            peer = daemon.connect()
            while not over.is_set():
                refuses(peer, daemon.tokens[account], daemon.passwords[account],
                        "Kestrel@2026", "list of weak")
                asked[account] += 1
        with concurrent.futures.ThreadPoolExecutor() as pool:
            asking = [pool.submit(ask, account) for account in asked]
            try:
                i = 0
                while i < 20 or min(asked.values()) <= 5:
                    more = b"".join(b"%d\n" % n for n in range(i % 5 * 1000))
                    daemon.put(more + b"kestrel\n",
                               f"passwords={i % 5 * 1000 + 1}")
                    assert not any(each.done() for each in asking)
                    i += 1
            finally:
                over.set()
            for each in asking:
                each.result()


def cost_rises():
    """A stored hash is what another program makes of the password."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import crypt
    with Clocked(BIN_DIR, cost=5) as daemon:
        daemon.administrators()
        hashes = []
        for cost in (5, 6, 5):
            daemon.cost = cost
            daemon.restart()
            expect(daemon.connect(), "ok", "system",
                   daemon.passwords["system"])
            row, = daemon.query(
                "SELECT hash FROM account JOIN register ON id = person"
                " WHERE code = 'system'")
            hashes.append(row[0])
            assert crypt.crypt(daemon.passwords["system"], row[0]) == row[0]
        assert [h[:7] for h in hashes] == ["$y$j9T$", "$y$jAT$", "$y$jAT$"]
        assert hashes[1] == hashes[2]


def cost_falls():
    """Whose hash is of a dearer time is not told by time: a name that nobody
    has takes as long. The best of some, which nothing else has made longer."""
    with Clocked(BIN_DIR, cost=7) as daemon:
        daemon.administrators()
        daemon.cost = 5
        daemon.restart()
        peer = daemon.connect()

        def best(account):
            took = []
            for _ in range(8):
                begin = time.monotonic()
                expect(peer, "login_failed", account, "wrong")
                took.append(time.monotonic() - begin)
            return min(took)
        known, unknown = best("audit"), best("nobody")
        assert 0.7 < unknown / known < 1.4, (known, unknown)


# -- failures -----------------------------------------------------------------

def lock():
    with Clocked(BIN_DIR) as daemon:
        daemon.administrators()
        right = daemon.passwords["system"]
        bad, good, local = (daemon.tcp("127.0.0.2"), daemon.tcp("127.0.0.3"),
                            daemon.connect())
        for _ in range(4):
            expect(bad, "login_failed", "system", "wrong")
        expect(bad, "ok", "system", right)  # and the row is cleared
        for _ in range(5):
            expect(bad, "login_failed", "system", "wrong")
        locked_at = daemon.now
        expect(bad, "login_failed", "system", right)
        expect(daemon.tcp("127.0.0.2"), "login_failed", "system", right)
        # nobody else is locked, and this source not out of other accounts
        expect(good, "ok", "system", right)
        expect(local, "ok", "system", right)
        expect(bad, "ok", "security", daemon.passwords["security"])
        # trying on prolongs nothing
        for minutes in (5, 5, 4):
            daemon.forward(minutes=minutes)
            for _ in range(6):
                expect(bad, "login_failed", "system", "wrong")
        daemon.forward(seconds=59)
        expect(bad, "login_failed", "system", right)
        daemon.restart()
        bad = daemon.tcp("127.0.0.2")
        expect(bad, "login_failed", "system", right)
        daemon.forward(seconds=1)
        assert daemon.now == locked_at + 15 * 60
        # counted anew from here
        for _ in range(4):
            expect(bad, "login_failed", "system", "wrong")
        expect(bad, "ok", "system", right)


def same_bytes():
    """Not known, disabled, locked, wrong: one answer."""
    with Clocked(BIN_DIR) as daemon:
        daemon.administrators()
        for code in ("zhangsan", "lisi", "wangwu"):
            daemon.person(code, NEW)
        admin = daemon.connect()
        admin.ok("account.disable", {"account": "lisi", "reason": "left"},
                 token=daemon.tokens["security"])
        for _ in range(5):
            expect(daemon.tcp("127.0.0.9"), "login_failed", "wangwu", "wrong")

        def answer(account, password, **more):
            peer = daemon.tcp("127.0.0.9")
            expected = peer.send("login", {"account": account,
                                           "password": password, **more})
            assert expected == 1
            while not peer.rest.endswith(b"\n"):
                peer.rest += peer.sock.recv(1 << 16)
            return peer.rest

        answers = {answer("nobody", "x"), answer("zhangsan", "x"),
                   answer("lisi", NEW), answer("wangwu", NEW),
                   answer("wangwu", "x"), answer("wangwu", NEW, new="y"),
                   answer("lisi", NEW, new="Noch-Neuer-8"),
                   answer("nobody", NEW, new=NEW, code="123456")}
        assert len(answers) == 1, answers
        assert json.loads(answers.pop())["error"]["data"] == {
            "name": "login_failed", "param": "", "expected": "", "detail": ""}
        failures = dict(daemon.query("SELECT name, failures FROM lockout"))
        assert failures == {"nobody": 2, "zhangsan": 1, "lisi": 2,
                            "wangwu": 5}, failures


# -- tokens -------------------------------------------------------------------

def idle_and_end():
    with Clocked(BIN_DIR, "[login]\nhours = 2\n") as daemon:
        daemon.administrators()
        peer, token = daemon.connect(), daemon.tokens["system"]
        for _ in range(4):
            daemon.forward(minutes=29)
            peer.ok("whoami", token=token)
            wait_for(lambda: daemon.query(
                "SELECT count(*) FROM token JOIN register ON register.id ="
                " person WHERE code = 'system' AND used_at = ?",
                daemon.now)[0][0] == 1, what="the use is written")
        daemon.forward(minutes=4)  # two hours in all
        assert name(peer.call("whoami", token=token)) == "unauthenticated"
        token = expect(peer, "ok", "system",
                       daemon.passwords["system"])["result"]["token"]
        daemon.forward(minutes=29, seconds=59)
        peer.ok("whoami", token=token)
        wait_for(lambda: daemon.query(
            "SELECT count(*) FROM token WHERE used_at = ?",
            daemon.now)[0][0] == 1)
        daemon.forward(minutes=30)
        assert name(peer.call("whoami", token=token)) == "unauthenticated"
        expect(peer, "ok", "system", daemon.passwords["system"])
        # what has ended is gone from the file too
        wait_for(lambda: daemon.query("SELECT count(*) FROM token")
                 == [(1,)], what="ended tokens go")


def used_at_most_once_a_minute():
    with Clocked(BIN_DIR) as daemon:
        daemon.administrators()
        peer, token = daemon.connect(), daemon.tokens["system"]
        made = daemon.now
        stats = peer.ok("server.stats", token=token)["result"]
        for _ in range(59):
            daemon.forward(seconds=1)
            peer.ok("whoami", token=token)
        time.sleep(1.5)
        assert daemon.query("SELECT max(used_at) FROM token") == [(made,)]
        daemon.forward(seconds=1)
        for _ in range(50):
            peer.ok("whoami", token=token)
        wait_for(lambda: daemon.query("SELECT max(used_at) FROM token")
                 == [(made + 60,)], what="the use is written")
        more = peer.ok("server.stats", token=token)["result"]
        assert more["batches"] - stats["batches"] <= 12, (stats, more)


def oldest_makes_room():
    with Clocked(BIN_DIR) as daemon:
        daemon.administrators()
        peer, password = daemon.connect(), daemon.passwords["system"]
        tokens = [daemon.tokens["system"]]
        for _ in range(33):
            tokens.append(expect(peer, "ok", "system",
                                 password)["result"]["token"])
        living = [name(peer.call("whoami", token=t)) == "ok" for t in tokens]
        assert living == [False] * 2 + [True] * 32, living


def no_key():
    with Clocked(BIN_DIR) as daemon:
        daemon.administrators()
        peer, token = daemon.connect(), daemon.tokens["system"]
        password = daemon.passwords["system"]
        for method, params in (
                ("login", {"account": "system", "password": password}),
                ("passwd", {"old": password, "new": NEW}),
                ("totp.begin", {"password": password}),
                ("totp.confirm", {"code": "123456"}),
                ("token.add", {"name": "x", "scope": "read"}),
                ("account.add", {"account": "x"}),
                ("account.reset", {"account": "x"})):
            reply = peer.call(method, params, token=token, key="k1")
            assert name(reply) == "bad_param", (method, reply)
            assert reply["error"]["data"]["param"] == "key", reply
        peer.ok("chain.add", {"code": "c1", "name": "c"}, token=token, key="k")
        assert daemon.query("SELECT count(*) FROM idem") == [(1,)]


# -- the second factor --------------------------------------------------------

def code_at(secret, instant):
    """RFC 6238, by Python's own HMAC."""
    mac = hmac.new(base64.b32decode(secret),
                   (instant // 30).to_bytes(8, "big"), hashlib.sha1).digest()
    at = mac[-1] & 15
    number = int.from_bytes(mac[at:at + 4], "big") & 0x7fffffff
    return f"{number % 10 ** 6:06}"


def set_up(daemon, peer, account):
    token = daemon.tokens[account]
    begun = peer.ok("totp.begin", {"password": daemon.passwords[account]},
                    token=token)["result"]
    peer.ok("totp.confirm", {"code": code_at(begun["secret"], daemon.now)},
            token=token)
    return begun


def second_factor():
    with Clocked(BIN_DIR) as daemon:
        daemon.administrators()
        peer, token = daemon.connect(), daemon.tokens["system"]
        password = daemon.passwords["system"]
        reply = peer.call("totp.confirm", {"code": "123456"}, token=token)
        assert name(reply) == "bad_state", reply
        reply = peer.call("totp.begin", {"password": "wrong"}, token=token)
        assert name(reply) == "login_failed", reply
        first = peer.ok("totp.begin", {"password": password}, token=token)
        expect(peer, "ok", "system", password)  # not confirmed: not asked
        reply = peer.call("totp.confirm", {"code": "12345x"}, token=token)
        assert name(reply) == "bad_param", reply
        begun = set_up(daemon, peer, "system")
        secret = begun["secret"]
        assert secret != first["result"]["secret"]
        uri = urllib.parse.urlparse(begun["uri"])
        assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
        assert urllib.parse.unquote(uri.path) == "/Bihuan:system"
        assert urllib.parse.parse_qs(uri.query) == {
            "secret": [secret], "issuer": ["Bihuan"], "algorithm": ["SHA1"],
            "digits": ["6"], "period": ["30"]}, begun
        expect(peer, "code_required", "system", password)
        # nor is it replaced by who has the password alone
        reply = peer.call("totp.begin", {"password": password}, token=token)
        assert name(reply) == "code_required", reply
        # the code that proved the authenticator has been used
        expect(peer, "login_failed", "system", password,
               code=code_at(secret, daemon.now))
        daemon.forward(seconds=30)
        code = code_at(secret, daemon.now)
        expect(peer, "login_failed", "system", "wrong", code=code)
        expect(peer, "ok", "system", password, code=code)
        expect(peer, "login_failed", "system", password, code=code)
        daemon.forward(seconds=90)
        expect(peer, "login_failed", "system", password, code=code)
        # one step late, one step early
        expect(peer, "ok", "system", password,
               code=code_at(secret, daemon.now - 30))
        expect(peer, "ok", "system", password,
               code=code_at(secret, daemon.now + 30))
        # a new password needs it too, and does not use it up when refused
        daemon.forward(seconds=90)
        code = code_at(secret, daemon.now)
        expect(peer, "code_required", "system", password, new=NEW)
        expect(peer, "bad_param", "system", password, new="x", code=code)
        expect(peer, "ok", "system", password, new=NEW, code=code)
        # guessing codes locks
        for _ in range(5):
            expect(peer, "login_failed", "system", NEW, code="000000")
        daemon.forward(seconds=30)
        expect(peer, "login_failed", "system", NEW,
               code=code_at(secret, daemon.now))


def second_factor_of_all():
    """The account's name is percent-encoded in the address."""
    with Clocked(BIN_DIR) as daemon:
        daemon.administrators()
        daemon.person("张三", NEW)
        begun = set_up(daemon, daemon.connect(), "张三")
        assert "/Bihuan:%E5%BC%A0%E4%B8%89?" in begun["uri"], begun
        daemon.forward(seconds=30)
        expect(daemon.connect(), "ok", "张三", NEW,
               code=code_at(begun["secret"], daemon.now))


def second_factor_asked_for():
    with Clocked(BIN_DIR) as daemon:
        daemon.administrators()
        daemon.person("zhangsan", NEW)
        for rule, without in (("administrators", "ok"),
                              ("everyone", "password_due"),
                              ("optional", "ok")):
            daemon.more = f"[login]\ntotp = {rule}\n"
            daemon.restart()
            peer = daemon.connect()
            reply = peer.call("token.list", token=daemon.tokens["zhangsan"])
            assert name(reply) == without, (rule, reply)
            reply = peer.call("chain.list", token=daemon.tokens["system"])
            want = "ok" if rule == "optional" else "password_due"
            assert name(reply) == want, (rule, reply)
            if want != "ok":
                assert (reply["error"]["data"]["expected"]
                        == "first: bihuan totp begin"), reply
            peer.ok("whoami", token=daemon.tokens["system"])
        daemon.more = "[login]\ntotp = everyone\n"
        daemon.restart()
        peer = daemon.connect()
        set_up(daemon, peer, "system")
        peer.ok("chain.list", token=daemon.tokens["system"])


# -- hashes beside everything else --------------------------------------------

def two_at_a_time():
    with Clocked(BIN_DIR, cost=7) as daemon:
        daemon.administrators()
        reader, token = daemon.connect(), daemon.tokens["system"]
        peers = [daemon.connect() for _ in range(20)]
        ended = []

        def guess(peer):
            peer.recv()
            ended.append(time.monotonic())

        for peer in peers:
            peer.send("login", {"account": "nobody", "password": "x"})
        threads = [threading.Thread(target=guess, args=(p,)) for p in peers]
        for thread in threads:
            thread.start()
        between = 0
        while len(ended) < len(peers):
            reader.ok("whoami", token=token)
            between += len(ended) < len(peers)
        for thread in threads:
            thread.join()
        assert between >= 20, between  # reads went on meanwhile
        stats = reader.ok("server.stats", token=token)["result"]
        assert stats["most_hashes"] == 2, stats
        assert stats["hashes"] == stats["waiting_hashes"] == 0, stats


def too_many():
    with Clocked(BIN_DIR) as daemon:
        peers = [daemon.connect(60) for _ in range(90)]
        for peer in peers:
            peer.send("login", {"account": "nobody", "password": "x"})
        said = [name(peer.recv()) for peer in peers]
        assert set(said) == {"login_failed", "busy"}, set(said)
        assert said.count("login_failed") >= 66, said.count("login_failed")


def strangers():
    """Are refused as such, not for the password that they try."""
    with Clocked(BIN_DIR) as daemon:
        daemon.administrators()
        peer = daemon.connect()
        for method, params in (("passwd", {"old": "a", "new": "b"}),
                               ("totp.begin", {"password": "a"}),
                               ("account.add", {"account": "system"})):
            reply = peer.call(method, params, token="x" * 43)
            assert name(reply) == "unauthenticated", (method, reply)
        reply = peer.call("account.reset", {"account": "security"},
                          token=daemon.tokens["system"])
        assert name(reply) == "forbidden", reply


def order_on_one_connection():
    """What follows a log-in waits for it; others do not."""
    with Clocked(BIN_DIR, cost=7) as daemon:
        daemon.administrators()
        peer, token = daemon.connect(), daemon.tokens["system"]
        other = daemon.connect()
        lines = b""
        for i in range(4):
            lines += peer.request("login", {"account": "nobody",
                                            "password": "x"})
            lines += peer.request("chain.add", {"code": f"c{i}", "name": "c"},
                                  token=token)
            lines += peer.request("chain.list", token=token)
        peer.raw(lines)
        other.ok("whoami", token=token)
        for i in range(4):
            assert name(peer.recv()) == "login_failed"
            assert name(peer.recv()) == "ok"
            rows = peer.recv()["result"]["chains"]["rows"]
            assert len(rows) == i + 1, (i, rows)


def killed():
    """What was answered holds; without an answer the old or the new one."""
    with Clocked(BIN_DIR) as daemon:
        daemon.administrators()
        draw = random.Random(4)
        password = daemon.passwords["system"]
        for i in range(12):
            new = f"Wort-{i}x{i}-Satz"
            peer = daemon.connect()
            peer.send("login", {"account": "system", "password": password,
                                "new": new})
            peer.sock.settimeout(draw.uniform(0.02, 0.35))
            try:
                answered = peer.recv()
            except TimeoutError:
                answered = None
            daemon.restart(kill=True)
            peer = daemon.connect()
            works = [p for p in (password, new)
                     if name(login(peer, "system", p)) == "ok"]
            assert len(works) == 1, (i, works)
            if answered is not None:
                assert works == [new]
                peer.ok("whoami", token=answered["result"]["token"])
            password = works[0]


def stop_waits_for_hashes():
    with Clocked(BIN_DIR, cost=8) as daemon:
        peers = [daemon.connect() for _ in range(6)]
        for peer in peers:
            peer.send("login", {"account": "nobody", "password": "x"})
        time.sleep(0.2)
        daemon.stop()
        said = [peer.recv() for peer in peers]
        assert all(name(r) in ("login_failed", "busy") for r in said if r)
        assert any(r for r in said), said


# -- secrets ------------------------------------------------------------------

def nothing_is_kept():
    """No password, token, secret or code in any file or line of the log."""
    with Clocked(BIN_DIR) as daemon:
        daemon.administrators()
        daemon.person("zhangsan", NEW)
        peer = daemon.connect()
        begun = set_up(daemon, peer, "zhangsan")
        added = peer.ok("token.add", {"name": "sync", "scope": "read"},
                        token=daemon.tokens["system"])["result"]
        reset = peer.ok("account.reset", {"account": "zhangsan"},
                        token=daemon.tokens["security"])["result"]
        login(peer, "zhangsan", "Falsches-Wort-1")
        login(peer, "Kein-Konto-5", "Falsches-Wort-2", new="Falsches-Wort-3")
        peer.call("whoami", token="Falsche-Marke-4")
        peer.raw(b'{"login": "Falsches-Wort-5"\n')
        peer.recv()
        secrets = {*daemon.passwords.values(), *daemon.tokens.values(),
                   begun["secret"], added["token"], reset["password"],
                   *(f"Falsches-Wort-{i}" for i in (1, 2, 3, 5)),
                   "Falsche-Marke-4"}
        assert len(secrets) > 12
        daemon.stop()
        files = [f for f in daemon.tmp.rglob("*") if f.is_file()]
        assert any(f.suffix == ".db" for f in files), files
        for file in files:
            content = file.read_bytes()
            for secret in secrets:
                assert secret.encode() not in content, (file, secret)
        assert b"Kein-Konto-5" in b"".join(
            f.read_bytes() for f in files)  # it would have been found


def clock_ran_ahead():
    """A clock that was four years ahead and was put right, while nothing was
    recorded: no log-in of then lives on, and nobody stays locked out."""
    with Clocked(BIN_DIR) as daemon:
        daemon.administrators()
        right, peer = daemon.now, daemon.connect()
        daemon.forward(days=4 * 365)
        token = expect(peer, "ok", "system", daemon.passwords["system"],
                       new=NEW)["result"]["token"]
        program = peer.ok("token.add", {"name": "copy", "scope": "backup"},
                          token=token)["result"]["token"]
        for _ in range(6):
            expect(peer, "login_failed", "security", "wrong")
        expect(peer, "login_failed", "security", daemon.passwords["security"])
        daemon.now = right
        daemon.forward(seconds=1)
        daemon.restart()
        peer = daemon.connect()
        for dead in (token, program):
            assert name(peer.call("whoami", token=dead)) == "unauthenticated"
        expect(peer, "ok", "security", daemon.passwords["security"])
        own = expect(peer, "ok", "system", NEW)["result"]["token"]
        rows = peer.ok("token.list", token=own)["result"]["tokens"]["rows"]
        assert len(rows) == 1, rows


if __name__ == "__main__":
    run_all([first_login, due_by_age, history, passwd_ends_the_others,
             common_passwords, weak_list, weak_list_while_it_changes,
             cost_rises, cost_falls, lock, same_bytes, idle_and_end,
             used_at_most_once_a_minute, clock_ran_ahead,
             oldest_makes_room, no_key, second_factor,
             second_factor_of_all, second_factor_asked_for, two_at_a_time,
             too_many, strangers, order_on_one_connection, killed,
             stop_waits_for_hashes, nothing_is_kept])
