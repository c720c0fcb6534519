#!/usr/bin/env python3
"""What is told goes outside: to receivers that take it, fail, hang, are late,
hang up, are busy, redirect or answer errcode 1; in order, once, signed, also
when the daemon is killed between the request and its note.

    test_outbox.py BIN_DIR
"""
import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import socket
import sqlite3
import struct
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, run_all, wait_for  # noqa: E402

BIN_DIR = sys.argv[1]
CREDIT = "91350100M000100Y43"
SECRET = "a secret of ours"
# A proxy of the machine is not for what runs on it.
INSIDE = "[notify]\nprivate = yes\n"  # where our receivers are
ENV = {"no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}


class Seen:
    """One request as the receiver saw it."""

    def __init__(self, handler, body):
        split = urllib.parse.urlsplit(handler.path)
        self.path = split.path
        self.query = dict(urllib.parse.parse_qsl(split.query))
        self.key = handler.headers["Idempotency-Key"]
        self.stamp = handler.headers["X-Bihuan-Timestamp"]
        self.signature = handler.headers["X-Bihuan-Signature"]
        self.type = handler.headers["Content-Type"]
        self.raw = body
        self.body = json.loads(body)
        self.at = time.monotonic()

    @property
    def number(self):
        """The delivery's id, the last part of the key."""
        return int(self.key.rsplit("-", 1)[1])


class Receiver(http.server.ThreadingHTTPServer):
    """Remembers all requests, and by path the keys that it has taken: the
    effect of a key happens once."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.seen = []
        self.effects = {}
        self.release = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def of(self, path):
        with self.lock:
            return [s for s in self.seen if s.path == path]

    def taken(self, path):
        with self.lock:
            return list(self.effects.get(path, []))

    def take(self, seen):
        with self.lock:
            keys = self.effects.setdefault(seen.path, [])
            if seen.key not in keys:
                keys.append(seen.key)

    def handle_error(self, request, client_address):
        pass  # the daemon may be gone when an answer comes


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        seen = Seen(self, body)
        with self.server.lock:
            earlier = sum(s.path == seen.path for s in self.server.seen)
            self.server.seen.append(seen)
        getattr(self, "on_" + seen.path.strip("/"))(seen, earlier)

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def good(self, seen, body=b""):
        self.server.take(seen)
        self.answer(200, body)

    def on_ok(self, seen, earlier):
        self.good(seen, b"x" * 300000)

    def on_fails(self, seen, earlier):
        if earlier < 2:
            self.answer(500)
        else:
            self.good(seen)

    def on_hangs(self, seen, earlier):
        if earlier == 0:
            self.server.release.wait(60)
            self.close_connection = True
        else:
            self.good(seen)

    def on_late(self, seen, earlier):
        time.sleep(1)
        self.good(seen)

    def on_resets(self, seen, earlier):
        if earlier == 0:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                       struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
        else:
            self.good(seen)

    def on_busy(self, seen, earlier):
        if earlier == 0:
            self.answer(429, Retry_After="9")
        else:
            self.good(seen)

    def on_endless(self, seen, earlier):
        """What it is sent first, it answers with more than anybody reads."""
        if earlier > 0:
            self.good(seen)
            return
        self.close_connection = True
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(1000):
                self.wfile.write(b"x" * 100000)

    def on_robot(self, seen, earlier):
        if earlier == 0:
            self.answer(200, b'{"errcode":45009,"errmsg":"api freq out"}')
        else:
            self.good(seen, b'{"errcode":0,"errmsg":"ok"}')

    def on_ding(self, seen, earlier):
        self.good(seen, b'{"errcode":0,"errmsg":"ok"}')

    def on_sms(self, seen, earlier):
        self.good(seen)

    def on_gone(self, seen, earlier):
        if self.server.release.is_set():
            self.good(seen)
        else:
            self.answer(404)

    def on_moved(self, seen, earlier):
        self.answer(302, Location=self.server.url("/elsewhere"))

    def on_elsewhere(self, seen, earlier):
        self.good(seen)

    def on_slow(self, seen, earlier):
        """The effect happens, the answer does not come in time."""
        self.server.take(seen)
        if earlier == 0:
            self.server.release.wait(60)
        self.answer(200)


def county(peer):
    peer.ok("chain.add", {"code": "auto", "name": "汽车"})
    peer.ok("committee.add", {"code": "dw", "name": "汽车产业链党委",
                              "chain": "auto"})
    peer.ok("enterprise.add", {"code": CREDIT, "name": "某厂",
                               "chain": "auto"})
    peer.ok("department.add", {"code": "fgj", "name": "发改局"})
    for code, unit, role, phone in (
            ("e1", CREDIT, "enterprise", "13800000001"),
            ("d1", "dw", "dispatcher", "13800000002"),
            ("h1", "fgj", "head", "13800000003")):
        peer.ok("person.add", {"code": code, "name": "张三", "unit": unit,
                               "role": role, "phone": phone})


def hook(peer, receiver, path, kind="json", query="", **more):
    peer.ok("hook.add", {"code": path.strip("/"), "kind": kind,
                         "url": receiver.url(path) + query, **more})


def file_one(peer):
    return peer.ok("ticket.file", {"title": "用地指标", "category": "land"},
                   as_="e1")["result"]["number"]


def file_and_dispatch(peer):
    number = file_one(peer)
    peer.ok("ticket.dispatch", {"ticket": number, "unit": "fgj",
                                "measure": "协调"}, as_="d1")
    return number


def rows(reply, table):
    of = reply["result"][table]
    return [dict(zip(of["columns"], row)) for row in of["rows"]]


def deliveries(peer, **filters):
    return rows(peer.ok("outbox.list", {"limit": 1000, **filters}),
                "deliveries")


def settled(peer, hook_code):
    mine = [d for d in deliveries(peer) if d["hook"] == hook_code]
    return mine if all(d["state"] != "waiting" for d in mine) else None


def check_order(receiver, path):
    """None is tried before all those before it are taken."""
    taken = set()
    expected = sorted({s.number for s in receiver.of(path)})
    for seen in receiver.of(path):
        left = [n for n in expected if n not in taken]
        assert seen.number == left[0], (path, seen.number, left)
        if seen.key in receiver.taken(path):
            following = [s for s in receiver.of(path) if s.at > seen.at]
            if all(s.key != seen.key for s in following):
                taken.add(seen.number)


def check_signature(seen):
    wanted = hmac.new(SECRET.encode(), seen.stamp.encode() + b"." + seen.raw,
                      hashlib.sha256).hexdigest()
    assert seen.signature == "sha256=" + wanted, seen.signature
    assert abs(int(seen.stamp) - time.time()) < 120
    assert seen.type == "application/json; charset=utf-8"


FAULTY = ("/fails", "/hangs", "/late", "/resets", "/busy", "/robot",
          "/endless")


def receivers_of_all_kinds():
    receiver = Receiver()
    with Daemon(BIN_DIR, env=ENV, settings=INSIDE) as daemon:
        peer = daemon.connect()
        county(peer)
        hook(peer, receiver, "/ok", secret=SECRET)
        for path in FAULTY:
            hook(peer, receiver, path,
                 kind="wecom" if path == "/robot" else "json")
        begin = time.monotonic()
        number = file_and_dispatch(peer)
        told = rows(peer.ok("notice.list", {"ticket": number}), "notices")
        assert len(told) >= 4, told
        wait_for(lambda: settled(peer, "ok"), what="/ok")
        assert time.monotonic() - begin < 5, "others held it up"
        assert not settled(peer, "hangs"), "it hangs"
        for path in FAULTY:
            wait_for(lambda p=path: settled(peer, p.strip("/")), 60, path)
            assert len(receiver.taken(path)) == len(told), path
            check_order(receiver, path)
        for seen in receiver.of("/ok"):
            check_signature(seen)
            assert seen.body["key"] == seen.key
            assert seen.body["ticket"] == number
        assert len(receiver.of("/ok")) == len(told) == len(
            receiver.taken("/ok"))
        assert [s.body["event"] for s in receiver.of("/ok")] == [
            n["event"] for n in reversed(told)]
        assert all(s.signature is None for s in receiver.of("/late"))
        back_off(receiver)
        told = rows(peer.ok("notice.list", {"ticket": number}), "notices")
        assert {n["sent"] for n in told} == {"done"}, told
        assert all(d["state"] == "done" for d in deliveries(peer))
        receiver.release.set()
        daemon.stop()


def back_off(receiver):
    """The same key each time, after about 5 and 10 s, or what was asked for;
    for the one that hangs after its 15 s too."""
    endless = receiver.of("/endless")[:2]
    assert endless[0].key == endless[1].key
    assert endless[1].at - endless[0].at <= 9, "it was read for too long"
    first = receiver.of("/fails")[:3]
    assert len({s.key for s in first}) == 1
    gaps = [b.at - a.at for a, b in zip(first, first[1:])]
    assert 3 <= gaps[0] <= 9 and 7 <= gaps[1] <= 15, gaps
    busy = receiver.of("/busy")[:2]
    assert busy[0].key == busy[1].key
    assert 8 <= busy[1].at - busy[0].at <= 14, busy[1].at - busy[0].at
    hangs = receiver.of("/hangs")[:2]
    assert hangs[0].key == hangs[1].key
    assert 17 <= hangs[1].at - hangs[0].at <= 30, hangs[1].at - hangs[0].at


def robots_and_messages():
    receiver = Receiver()
    with Daemon(BIN_DIR, env=ENV, settings=INSIDE) as daemon:
        peer = daemon.connect()
        county(peer)
        hook(peer, receiver, "/ding", "dingtalk", "?access_token=t0ken",
             secret=SECRET, to="fgj")
        hook(peer, receiver, "/sms", "sms", to="fgj")
        number = file_and_dispatch(peer)
        wait_for(lambda: settled(peer, "ding") and settled(peer, "sms"),
                 what="both")
        ding, = receiver.of("/ding")
        assert ding.query["access_token"] == "t0ken"
        stamp = ding.query["timestamp"]
        assert abs(int(stamp) / 1000 - time.time()) < 120
        wanted = base64.b64encode(hmac.new(
            SECRET.encode(), f"{stamp}\n{SECRET}".encode(),
            hashlib.sha256).digest()).decode()
        assert ding.query["sign"] == wanted
        assert ding.body["msgtype"] == "text"
        content = ding.body["text"]["content"]
        assert content.startswith(f"【闭环】工单{number}已派单,请及时签收办理")
        assert content.endswith("\n用地指标")
        sms, = receiver.of("/sms")
        assert set(sms.body) == {"to", "text"}
        assert sms.body["to"] == "13800000003"
        assert len(sms.body["text"]) <= 70
        assert "张三" not in ding.raw.decode() + sms.raw.decode()
        secrets_stay(daemon, peer)


def secrets_stay(daemon, peer):
    """Neither in a list nor in the journal."""
    listed = json.dumps(peer.ok("hook.list"), ensure_ascii=False)
    assert SECRET not in listed and "t0ken" not in listed, listed
    ding = rows(peer.ok("hook.list"), "hooks")[0]
    assert ding["url"].endswith("/ding?...") and ding["secret"] is True
    daemon.stop()
    db = sqlite3.connect(f"file:{daemon.data}/bihuan.db?mode=ro", uri=True)
    for (record,) in db.execute("SELECT record FROM journal"):
        assert SECRET not in record and "t0ken" not in record, record
    assert db.execute("SELECT count(*) FROM hook_secret"
                      " WHERE secret = ?", (SECRET,)).fetchone()[0] == 1
    db.close()


def confidential_names_nobody():
    receiver = Receiver()
    with Daemon(BIN_DIR, env=ENV, settings=INSIDE) as daemon:
        peer = daemon.connect()
        county(peer)
        hook(peer, receiver, "/ok")
        hook(peer, receiver, "/robot", "wecom")
        number = peer.ok("ticket.file", {"title": "某厂反映执法问题",
                                         "category": "land",
                                         "confidential": True},
                         as_="e1")["result"]["number"]
        peer.ok("ticket.dispatch", {"ticket": number, "unit": "fgj",
                                    "measure": "协调"}, as_="d1")
        wait_for(lambda: settled(peer, "ok"), what="/ok")
        wait_for(lambda: receiver.of("/robot"), what="/robot")
        told = [s.body["to"] for s in receiver.of("/ok")]
        assert None in told and "fgj" in told and "dw" in told, told
        for seen in receiver.of("/ok") + receiver.of("/robot"):
            text = seen.raw.decode()
            for word in ("某厂", CREDIT, "138", "张三"):
                assert word not in text, text
        assert all(s.body["title"] is None for s in receiver.of("/ok"))
        daemon.stop()


def given_up_and_tried_again():
    receiver = Receiver()
    with Daemon(BIN_DIR, env=ENV, settings=INSIDE) as daemon:
        peer = daemon.connect()
        county(peer)
        hook(peer, receiver, "/gone", to="dw")
        hook(peer, receiver, "/moved", to="dw")
        number = file_one(peer)
        for code in ("gone", "moved"):
            row, = wait_for(lambda c=code: settled(peer, c), what=code)
            assert row["state"] == "failed" and row["attempts"] == 1, row
        assert deliveries(peer, state="failed")[1]["last_error"] == "HTTP 404"
        assert receiver.of("/elsewhere") == [], "a redirect was followed"
        told = rows(peer.ok("notice.list", {"ticket": number, "to": "dw"}),
                    "notices")
        assert [n["sent"] for n in told] == ["failed"]
        receiver.release.set()
        reply = peer.ok("outbox.retry", {"hook": "gone"})["result"]
        assert reply["retried"] == 1
        wait_for(lambda: receiver.taken("/gone"), what="the second time")
        keys = {s.key for s in receiver.of("/gone")}
        assert len(keys) == 1, keys
        peer.ok("hook.end", {"code": "moved"})
        assert peer.ok("outbox.retry")["result"]["retried"] == 0
        assert [h["code"] for h in rows(peer.ok("hook.list"), "hooks")] == [
            "gone"]
        daemon.stop()


def refused():
    with Daemon(BIN_DIR, env=ENV, settings=INSIDE) as daemon:
        peer = daemon.connect()
        county(peer)
        for url in ("ftp://example.org/x", "http://user:pass@example.org/",
                    "https:///path", "http://exa mple.org/"):
            reply = peer.call("hook.add", {"code": "x", "kind": "json",
                                           "url": url})
            assert reply["error"]["data"]["name"] == "bad_param", reply
        peer.ok("hook.add", {"code": "x", "kind": "json",
                             "url": "https://example.invalid/"})
        for params, name in (
                ({"code": "x", "kind": "json", "url": "http://h.invalid/"},
                 "exists"),
                ({"code": "y", "kind": "json", "url": "http://h.invalid/",
                  "to": "nobody"}, "not_found")):
            reply = peer.call("hook.add", params)
            assert reply["error"]["data"]["name"] == name, reply
        reply = peer.call("hook.list", {}, as_="h1")
        assert reply["error"]["data"]["name"] == "forbidden", reply
        daemon.stop()


def killed_in_between():
    """The receiver has taken it, the daemon dies before it knows: the same key
    comes again, and what was told still goes out once."""
    receiver = Receiver()
    with Daemon(BIN_DIR, env=ENV, settings=INSIDE) as daemon:
        peer = daemon.connect()
        county(peer)
        hook(peer, receiver, "/slow")
        file_and_dispatch(peer)
        wait_for(lambda: receiver.of("/slow"), what="the first request")
        daemon.kill()
        receiver.release.set()
        daemon.start()
        peer = daemon.connect()
        done = wait_for(lambda: settled(peer, "slow"), what="/slow")
        assert {d["state"] for d in done} == {"done"}
        seen = receiver.of("/slow")
        assert seen[0].key == seen[1].key
        assert len(receiver.taken("/slow")) == len(done) == len(seen) - 1
        check_order(receiver, "/slow")
        daemon.stop()
        assert verified(daemon)


def verified(daemon):
    import subprocess
    return subprocess.run([daemon.cli, "verify", "--data", str(daemon.data)],
                          env=daemon.env, stdout=subprocess.DEVNULL
                          ).returncode == 0


def stopping_does_not_wait_for_ever():
    receiver = Receiver()
    with Daemon(BIN_DIR, env=ENV, settings=INSIDE) as daemon:
        peer = daemon.connect()
        county(peer)
        hook(peer, receiver, "/hangs")
        file_one(peer)
        wait_for(lambda: receiver.of("/hangs"), what="the request")
        begin = time.monotonic()
        daemon.stop()
        assert time.monotonic() - begin < 5
        daemon.start()
        peer = daemon.connect()
        wait_for(lambda: settled(peer, "hangs"), what="after the restart")
        assert receiver.of("/hangs")[0].key == receiver.of("/hangs")[1].key
        receiver.release.set()
        daemon.stop()


run_all([receivers_of_all_kinds, robots_and_messages,
         confidential_names_nobody,
         given_up_and_tried_again, refused, killed_in_between,
         stopping_does_not_wait_for_ever])
