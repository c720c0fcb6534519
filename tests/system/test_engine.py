#!/usr/bin/env python3
"""What the engine promises, seen from outside: order, reading one's own
writes, keys, waiting for a number, a clean end and a hard one.

    test_engine.py BIN_DIR
"""
import datetime as dt
import pathlib
import random
import signal
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, run_all, wait_for  # noqa: E402

BIN_DIR = sys.argv[1]


def name_of(reply):
    return reply["error"]["data"]["name"] if "error" in reply else "ok"


def add(peer, code, **members):
    return peer.call("chain.add", {"code": code, "name": f"链 {code}"},
                     **members)


def codes(peer, **members):
    """All chains, page by page."""
    found, params = [], {"limit": 1000}
    while True:
        result = peer.ok("chain.list", params, **members)["result"]
        found += [row[0] for row in result["chains"]["rows"]]
        if "next" not in result:
            return found
        params["after"] = result["next"]


def ten_thousand_in_order():
    """Reads, writes and errors pipelined: replies in the order of requests,
    journal numbers ascending in it."""
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect(timeout=60)
        kinds = []
        lines = []
        random.seed(1)
        for i in range(10000):
            kind = random.choice("rwe")
            kinds.append(kind)
            lines.append(
                peer.request("server.info") if kind == "r" else
                peer.request("chain.add", {"code": f"c{i}", "name": "n"})
                if kind == "w" else peer.request("chain.add", {}))
        sender = threading.Thread(target=peer.raw, args=(b"".join(lines),))
        sender.start()
        seq = 0
        for i, kind in enumerate(kinds):
            reply = peer.recv()
            assert reply["id"] == i + 1, (i, reply)
            if kind == "e":
                assert name_of(reply) == "bad_param", reply
            elif kind == "r":
                # each read sees all the writes before it
                assert reply["result"]["head"] >= seq, (seq, reply)
            else:
                assert reply["seq"] > seq, (seq, reply)
                seq = reply["seq"]
        sender.join()
        daemon.stop()


def reads_see_own_writes():
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        for i in range(200):
            peer.raw(peer.request("chain.add", {"code": f"c{i}", "name": "n"}) +
                     peer.request("server.info"))
            seq = peer.recv()["seq"]
            assert peer.recv()["result"]["head"] >= seq
        daemon.stop()


def after_waits():
    with Daemon(BIN_DIR) as daemon:
        one, two = daemon.connect(), daemon.connect()
        head = one.ok("server.info")["result"]["head"]
        two.send("server.info", after=head + 1)
        time.sleep(0.2)
        two.sock.setblocking(False)
        try:
            raise AssertionError(two.sock.recv(1000))
        except BlockingIOError:
            pass
        two.sock.settimeout(30)
        assert add(one, "c")["seq"] == head + 1
        assert two.recv()["result"]["head"] >= head + 1
        # one that never comes is refused in the end, and nobody waits for it
        begin = time.monotonic()
        two.send("server.info", after=head + 1000)
        assert name_of(one.call("server.info")) == "ok"
        assert name_of(two.recv()) == "busy"
        assert 5 < time.monotonic() - begin < 20
        daemon.stop()


def keys():
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        first = add(peer, "c", key="k")
        again = add(peer, "c", key="k")
        assert again["seq"] == first["seq"], (first, again)
        assert again["result"] == first["result"]
        # the order of parameters and blanks are not what a request is
        peer.raw(b'{"key": "k", "params": {"name": "\xe9\x93\xbe c", '
                 b'"code" : "c"}, "method":"chain.add","id":null,'
                 b'"jsonrpc":"2.0","token":"%s"}\n'
                 % daemon.token("system").encode())
        assert peer.recv()["seq"] == first["seq"]
        assert name_of(add(peer, "other", key="k")) == "key_reused"
        assert name_of(peer.call("office.add", {"code": "c", "name": "链 c"},
                                 key="k")) == "key_reused"
        # a refusal is not kept: the same key may succeed later
        assert name_of(add(peer, "c", key="k2")) == "exists"
        assert name_of(peer.call("department.add",
                                 {"code": "d1", "name": "n"}, key="k2")) == "ok"
        # a repeat while the first is on its way
        both = peer.request("chain.add", {"code": "e", "name": "n"}, key="k3")
        peer.raw(both + both)
        assert peer.recv()["seq"] == peer.recv()["seq"]
        daemon.stop()
        daemon.start()
        peer = daemon.connect()
        assert add(peer, "c", key="k")["seq"] == first["seq"]
        assert name_of(add(peer, "other", key="k")) == "key_reused"
        assert codes(peer) == ["c", "e"]
        daemon.stop()


def keys_belong_to_accounts():
    """The same key of another account is another key, and a repeat by someone
    who may no longer do this is refused."""
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        for who in ("sys1", "sys2"):
            peer.ok("person.add", {"code": who, "name": who})
            peer.ok("person.role", {"code": who, "role": "system"},
                    as_="security")
        first = add(peer, "c1", key="k", as_="sys1")
        assert add(peer, "c2", key="k", as_="sys2")["seq"] > first["seq"]
        assert add(peer, "c1", key="k", as_="sys1")["seq"] == first["seq"]
        peer.ok("person.role", {"code": "sys1", "role": "system", "end": True},
                as_="security")
        assert name_of(add(peer, "c1", key="k", as_="sys1")) == "forbidden"
        # under the code of one who has left another person begins anew
        peer.ok("registry.end", {"code": "sys1"})
        peer.ok("person.add", {"code": "sys1", "name": "another"})
        peer.ok("person.role", {"code": "sys1", "role": "system"},
                as_="security")
        for kept in (daemon.logins.tokens, daemon.logins.passwords):
            kept.pop("sys1")
        assert name_of(add(peer, "c1", key="k", as_="sys1")) == "exists"
        daemon.stop()


def half_close_is_answered():
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        peer.raw(b"".join(
            peer.request("chain.add", {"code": f"c{i}", "name": "n"})
            for i in range(100)))
        # and half a request, which must not be run
        peer.raw(peer.request("chain.add", {"code": "half", "name": "n"})[:-1])
        peer.sock.shutdown(socket.SHUT_WR)
        for i in range(100):
            assert "result" in peer.recv()
        assert peer.recv() is None
        assert len(codes(daemon.connect())) == 100
        daemon.stop()


def a_client_that_goes_away():
    """Its requests are done, nobody is harmed."""
    with Daemon(BIN_DIR) as daemon:
        for i in range(50):
            peer = daemon.connect()
            peer.raw(b"".join(
                peer.request("chain.add", {"code": f"c{i}-{j}", "name": "n"}) +
                peer.request("chain.list") for j in range(20)))
            peer.close()
        peer = daemon.connect()
        wait_for(lambda: len(codes(peer)) == 1000, what="all written")
        daemon.stop()


def stop_answers_what_it_took():
    """SIGTERM under load: every reply that came is true after a restart, and
    nothing is answered twice."""
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        data = b"".join(
            peer.request("chain.add", {"code": f"c{i}", "name": "n"})
            for i in range(20000))
        sender = threading.Thread(target=send_until_closed, args=(peer, data))
        sender.start()
        done = [peer.recv() for _ in range(300)]
        daemon.process.send_signal(signal.SIGTERM)
        while (reply := receive_or_end(peer)) is not None:
            done.append(reply)
        sender.join()
        daemon.stop_status = daemon.process.wait(timeout=30)
        assert daemon.stop_status == 0, daemon.log.read_text()
        assert [r["id"] for r in done] == list(range(1, len(done) + 1))
        acked = {f"c{r['id'] - 1}" for r in done if "result" in r}
        assert {name_of(r) for r in done} <= {"ok", "busy"}
        assert not daemon.path.exists()
        daemon.start()
        there = set(codes(daemon.connect()))
        assert acked == there, (len(acked), len(there))
        daemon.stop()


def send_until_closed(peer, data):
    try:
        peer.raw(data)
    except OSError:
        pass


def receive_or_end(peer):
    try:
        return peer.recv()
    except ConnectionResetError:
        return None


def kill_keeps_what_was_answered():
    with Daemon(BIN_DIR) as daemon:
        acked = set()
        for cycle in range(5):
            peer = daemon.connect()
            base = f"k{cycle}-"
            data = b"".join(
                peer.request("chain.add", {"code": f"{base}{i}", "name": "n"})
                for i in range(3000))
            sender = threading.Thread(target=send_until_closed,
                                      args=(peer, data))
            sender.start()
            for _ in range(200 + 137 * cycle):
                reply = peer.recv()
                acked.add(f"{base}{reply['id'] - 1}")
            daemon.kill()
            while (reply := receive_or_end(peer)) is not None:
                acked.add(f"{base}{reply['id'] - 1}")
            sender.join()
            daemon.start()
            there = codes(daemon.connect())
            assert len(there) == len(set(there))
            missing = acked - set(there)
            assert not missing, (len(missing), sorted(missing)[:5])
        daemon.stop()


def one_daemon_a_folder():
    with Daemon(BIN_DIR) as daemon:
        second = subprocess.run(
            [daemon.program, "--data", daemon.data, "--listen",
             f"unix:{daemon.tmp}/sock2"],
            env=daemon.env, capture_output=True, timeout=30)
        assert second.returncode == 1, second
        assert second.stdout == b"" and b"<3>" in second.stderr, second
        assert not (daemon.tmp / "sock2").exists()
        # a socket in use is refused too, whatever folder
        other = Daemon(BIN_DIR, folder=daemon.tmp / "other")
        other.tmp.mkdir()
        other.init()
        third = subprocess.run(
            [daemon.program, "--data", other.data, "--listen",
             f"unix:{daemon.path}"],
            env=daemon.env, capture_output=True, timeout=30)
        assert third.returncode == 1 and third.stdout == b"", third
        assert name_of(daemon.connect().call("server.info")) == "ok"
        # one that a dead process left is replaced
        daemon.kill()
        assert daemon.path.exists()
        daemon.start()
        assert name_of(daemon.connect().call("server.info")) == "ok"
        daemon.stop()


def backup_while_writing():
    with Daemon(BIN_DIR) as daemon:
        writer, peer = daemon.connect(), daemon.connect()
        data = b"".join(
            writer.request("chain.add", {"code": f"c{i}", "name": "n"})
            for i in range(2000))
        sender = threading.Thread(target=writer.raw, args=(data,))
        sender.start()
        heads = []
        for i in range(3):
            folder = daemon.tmp / f"b{i}"
            folder.mkdir()
            result = peer.ok("backup",
                             {"file": f"{folder}/bihuan.db"})["result"]
            heads.append(result["head"])
            check = subprocess.run([daemon.program, "--check", "--data", folder],
                                   env=daemon.env, capture_output=True)
            assert check.returncode == 0, check
        assert heads == sorted(heads)
        again = peer.call("backup", {"file": f"{daemon.tmp}/b0/bihuan.db"})
        assert name_of(again) == "exists", again
        assert name_of(peer.call("backup", {"file": "here"})) == "bad_param"
        for _ in range(2000):
            assert "result" in writer.recv()
        sender.join()
        daemon.stop()
        # the copy is a data folder
        copy = Daemon(BIN_DIR, folder=daemon.tmp / "copy")
        copy.tmp.mkdir()
        (daemon.tmp / "b2").rename(copy.data)
        copy.copy_of(daemon)
        copy.start()
        assert copy.connect().ok("server.info")["result"]["head"] == heads[2]
        copy.stop()


def many_clients():
    """Sixteen at once, each with its own pipeline; the journal has no gap."""
    with Daemon(BIN_DIR) as daemon:
        seqs = []

        def work(n):
            peer = daemon.connect()
            for i in range(50):
                peer.raw(peer.request("chain.add",
                                      {"code": f"c{n}-{i}", "name": "n"}) +
                         peer.request("chain.list", {"limit": 10}))
                seqs.append(peer.recv()["seq"])
                assert "result" in peer.recv()

        threads = [threading.Thread(target=work, args=(n,)) for n in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(seqs) == 800
        assert sorted(seqs) == list(range(min(seqs), min(seqs) + 800))
        daemon.stop()


def a_kept_answer_needs_sight():
    """Who was moved to another unit no longer reads the answer kept for them."""
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        peer.ok("office.add", {"code": "o", "name": "o"})
        for code in "xy":
            peer.ok("department.add", {"code": code, "name": code})
        peer.ok("enterprise.add", {"code": "91330921MA2B000014", "name": "e",
                                   "force": True})
        for code, unit, role in (("e1", "91330921MA2B000014", "enterprise"),
                                 ("d1", "o", "dispatcher"),
                                 ("x1", "x", "head")):
            peer.ok("person.add", {"code": code, "name": code, "unit": unit,
                                   "role": role})
        number = peer.ok("ticket.file", {"title": "t", "category": "land"},
                         as_="e1")["result"]["number"]
        peer.ok("ticket.dispatch", {"ticket": number, "unit": "x",
                                    "measure": "m"}, as_="d1")
        accept = ("ticket.accept", {"ticket": number})
        first = peer.ok(*accept, as_="x1", key="k")
        assert peer.ok(*accept, as_="x1", key="k")["seq"] == first["seq"]
        peer.ok("person.role", {"code": "x1", "unit": "y", "role": "head"})
        peer.ok("person.role", {"code": "x1", "unit": "x", "role": "head",
                                "end": True})
        assert name_of(peer.call(*accept, as_="x1", key="k")) == "not_found"
        daemon.stop()


def strides_under_one_key():
    """A notice over more tickets than one transaction takes, under one key:
    the key stands for the whole, and only its end is the answer that is kept.
    Others are served in between."""
    zone = dt.timezone(dt.timedelta(hours=8))
    day = dt.datetime.now(zone).date() + dt.timedelta(days=1)
    while day.weekday() > 4:
        day += dt.timedelta(days=1)
    notice = {"body": {"year": day.year, "papers": ["p"], "days": [
        {"name": "x", "date": day.isoformat(), "isOffDay": True}]}}
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect(timeout=60)
        peer.ok("office.add", {"code": "o", "name": "o"})
        peer.ok("enterprise.add", {"code": "91330921MA2B000014", "name": "e",
                                   "force": True})
        for code, unit, role in (("e1", "91330921MA2B000014", "enterprise"),
                                 ("d1", "o", "dispatcher")):
            peer.ok("person.add", {"code": code, "name": code, "unit": unit,
                                   "role": role})
        for _ in range(0, 1010, 101):
            files = [peer.request("ticket.file", {"title": "t",
                                                  "category": "land"},
                                  as_="e1") for _ in range(101)]
            peer.raw(b"".join(files))
            numbers = [peer.recv()["result"]["number"] for _ in files]
            peer.raw(b"".join(
                peer.request("ticket.dispatch",
                             {"ticket": number, "unit": "o", "measure": "m",
                              "limit": "5wd"}, as_="d1")
                for number in numbers))
            for _ in numbers:
                peer.recv()
        first = peer.ok("calendar.import", notice, key="k")
        assert first["result"]["done"] is False, first
        second = first
        while not second["result"]["done"]:
            second = peer.ok("calendar.import", notice, key="k")
        assert second["result"]["recomputed"] >= 1010, second
        third = peer.ok("calendar.import", notice, key="k")
        assert third == dict(second, id=third["id"]), (second, third)
        daemon.stop()


run_all([ten_thousand_in_order, reads_see_own_writes, after_waits, keys,
         keys_belong_to_accounts, half_close_is_answered,
         a_client_that_goes_away, stop_answers_what_it_took,
         kill_keeps_what_was_answered, one_daemon_a_folder,
         backup_while_writing, many_clients, strides_under_one_key,
         a_kept_answer_needs_sight])
