#!/usr/bin/env python3
"""Attachments through the command line and over the wire: byte for byte in and
out, a kill at any moment loses nothing acknowledged and leaves nothing behind, a
full disk, slow and broken uploads, backup and verify.

    test_attachment.py BIN_DIR
"""
import base64
import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
import disk  # noqa: E402
from daemon import Daemon, run_all, wait_for  # noqa: E402
from small_county import small_county  # noqa: E402

BIN_DIR = sys.argv[1]
DISK_MB = 160
PIECE = 131072


def county(peer):
    small_county(peer)
    return peer.ok("ticket.file", {"title": "道路", "category": "land"},
                   as_="e1")["result"]["number"]


def cli(daemon, *words, expect=0, as_="e1"):
    result = subprocess.run(
        [daemon.cli, "--server", f"unix:{daemon.path}", "--format", "json",
         *words],
        env=daemon.env_of(as_), capture_output=True, text=True)
    assert result.returncode == expect, (words, result.stdout, result.stderr)
    return json.loads(result.stdout) if expect == 0 else result.stderr


def photo(size, seed=1):
    """A JPEG as far as its head goes, of that size."""
    head = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")
    return head + random.Random(seed).randbytes(size - len(head))


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def begin(peer, data, as_="e1"):
    return peer.ok("attachment.begin", {
        "size": len(data), "sha256": sha256(data)}, as_=as_)["result"]["upload"]


def put(peer, upload, data, offset, n=PIECE, as_="e1"):
    piece = base64.b64encode(data[offset:offset + n]).decode()
    return peer.call("attachment.put", {
        "upload": upload, "offset": offset, "bytes": piece}, as_=as_)


def send(peer, data, as_="e1"):
    upload = begin(peer, data, as_)
    for offset in range(0, len(data), PIECE):
        reply = put(peer, upload, data, offset, as_=as_)
        assert "result" in reply, reply
    return upload


def keep(peer, number, upload, name="a.jpg", purpose="request", as_="e1", **m):
    return peer.call("attachment.keep", {
        "ticket": number, "upload": upload, "name": name, "purpose": purpose},
        as_=as_, **m)


def fetch(peer, number, n, as_="e1"):
    data = b""
    while True:
        r = peer.ok("attachment.read", {"ticket": number, "n": n,
                                        "offset": len(data)}, as_=as_)["result"]
        data += base64.b64decode(r["bytes"])
        if not r["more"]:
            return data


def name_of(reply):
    return reply["error"]["data"]["name"] if "error" in reply else "ok"


def kept(daemon):
    """The contents on disk, by digest."""
    return {p.name: p for p in (daemon.data / "files").glob("??/*")}


def uploads(daemon):
    return list((daemon.data / "uploads").iterdir())


def verify(daemon, expect=0):
    result = subprocess.run(
        [daemon.cli, "--format", "json", "verify", f"data={daemon.data}"],
        env=daemon.env, capture_output=True, text=True)
    assert result.returncode == expect, (result.stdout, result.stderr)
    return json.loads(result.stdout)


# -- in and out --------------------------------------------------------------

def ten_mebibytes_through_the_command_line():
    with Daemon(BIN_DIR) as daemon:
        number = county(daemon.connect())
        source = daemon.tmp / "现场 照片.jpg"
        target = daemon.tmp / "out.jpg"
        source.write_bytes(photo(10 << 20))
        added = cli(daemon, "attachment", "add", f"ticket={number}",
                    f"file={source}", "purpose=request")
        assert added["n"] == 1 and added["size"] == 10 << 20, added
        assert added["name"] == source.name and added["type"] == "jpeg", added
        got = cli(daemon, "attachment", "get", f"ticket={number}", "n=1",
                  f"file={target}", as_="d1")
        assert target.read_bytes() == source.read_bytes()
        assert got["sha256"] == sha256(source.read_bytes()), got
        assert target.stat().st_mode & 0o077 == 0
        # nothing is overwritten, nothing half is left
        said = cli(daemon, "attachment", "get", f"ticket={number}", "n=1",
                   f"file={target}", expect=1)
        assert "exist" in said or "already" in said, said
        cli(daemon, "attachment", "get", f"ticket={number}", "n=2",
            f"file={daemon.tmp / 'two.jpg'}", expect=1)
        cli(daemon, "attachment", "get", f"ticket={number}", "n=1",
            f"file={daemon.tmp / 'three.jpg'}", expect=1, as_="h1")
        left = {p.name for p in daemon.tmp.iterdir()}
        assert left == {source.name, "out.jpg", "data", "sock", "log", "conf"}, left
        listed = cli(daemon, "attachment", "list", f"ticket={number}")
        assert len(listed["attachments"]["rows"]) == 1
        assert list(kept(daemon)) == [sha256(source.read_bytes())]
        assert uploads(daemon) == []
        mode = kept(daemon).popitem()[1].stat().st_mode & 0o777
        assert mode == 0o400, oct(mode)
        daemon.stop()
        assert verify(daemon)["attachments"] == 1


def refusals_of_the_command_line():
    with Daemon(BIN_DIR) as daemon:
        number = county(daemon.connect())
        program = daemon.tmp / "a.jpg"
        program.write_bytes(pathlib.Path(daemon.cli).read_bytes()[:100000])
        said = cli(daemon, "--lang", "zh", "attachment", "add",
                   f"ticket={number}", f"file={program}", "purpose=request",
                   expect=1)
        assert "pdf" in said and "宏" in said, said
        program.write_bytes(b"")
        cli(daemon, "attachment", "add", f"ticket={number}", f"file={program}",
            "purpose=request", expect=1)
        program.write_bytes(photo((20 << 20) + 1))
        cli(daemon, "attachment", "add", f"ticket={number}", f"file={program}",
            "purpose=request", expect=1)
        program.write_bytes(photo(3000))
        said = cli(daemon, "attachment", "add", f"ticket={number}",
                   f"file={program}", "purpose=request", "name=a.pdf", expect=1)
        assert "extension" in said, said
        cli(daemon, "attachment", "add", f"ticket={number}", f"file={program}",
            "purpose=evidence", expect=1)
        cli(daemon, "attachment", "add", "ticket=20200101-001",
            f"file={program}", "purpose=request", expect=1)
        cli(daemon, "attachment", "add", f"ticket={number}",
            f"file={daemon.tmp / 'none.jpg'}", "purpose=request", expect=1)
        cli(daemon, "attachment", "add", f"ticket={number}", f"file={program}",
            "purpose=request", "name=现场.jpeg")
        rows = cli(daemon, "attachment", "list",
                   f"ticket={number}")["attachments"]["rows"]
        assert [r[1] for r in rows] == ["现场.jpeg"], rows
        daemon.stop()


# -- broken, slow, many ------------------------------------------------------

def slow_and_broken_uploads():
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        number = county(peer)
        data = photo(3 * PIECE, 5)
        upload = begin(peer, data)
        put(peer, upload, data, 0)
        # the line breaks off in the middle of a piece
        broken = daemon.connect()
        line = broken.request("attachment.put", {
            "upload": upload, "offset": PIECE,
            "bytes": base64.b64encode(data[PIECE:2 * PIECE]).decode()},
            as_="e1")
        broken.raw(line[:len(line) // 2])
        broken.close()
        # a byte now and then on one connection holds nobody else up
        slow = daemon.connect()
        slow_line = slow.request("attachment.put", {
            "upload": upload, "offset": PIECE,
            "bytes": base64.b64encode(data[PIECE:2 * PIECE]).decode()},
            as_="e1")
        for i in range(0, 50):
            slow.raw(slow_line[i * 10:i * 10 + 10])
            begin_at = time.monotonic()
            peer.ok("server.info")
            assert time.monotonic() - begin_at < 5
        slow.raw(slow_line[500:])
        assert slow.recv()["result"]["received"] == 2 * PIECE
        last = put(peer, upload, data, 2 * PIECE)
        assert last["result"]["whole"], last
        first = keep(peer, number, upload, key="k1")
        again = keep(peer, number, upload, key="k1")
        assert first["result"] == again["result"], (first, again)
        assert fetch(peer, number, 1) == data
        rows = peer.ok("attachment.list", {"ticket": number}, as_="e1")
        assert len(rows["result"]["attachments"]["rows"]) == 1
        # many at once on one connection, answers in order
        datas = [photo(PIECE + i, i) for i in range(3)]
        ids = [begin(peer, d) for d in datas]
        for i, d in enumerate(datas):
            for offset in (0, PIECE):
                if offset < len(d):
                    reply = put(peer, ids[i], d, offset)
                    assert "result" in reply, reply
        for i, d in enumerate(datas):
            n = keep(peer, number, ids[i])["result"]["n"]
            assert fetch(peer, number, n) == d
        # the same upload from two sides at once: none of it is mixed up
        data = photo(PIECE, 77)
        upload = begin(peer, data)
        others = [daemon.connect() for _ in range(8)]
        piece = base64.b64encode(data).decode()
        for p in others:
            p.send("attachment.put", {"upload": upload, "offset": 0,
                                      "bytes": piece}, as_="e1")
        names = {name_of(p.recv()) for p in others}
        assert names <= {"ok", "busy"} and "ok" in names, names
        n = keep(peer, number, upload)["result"]["n"]
        assert fetch(peer, number, n) == data
        # a restart ends what was under way, and nothing of it is left
        upload = begin(peer, photo(2 * PIECE, 9))
        put(peer, upload, photo(2 * PIECE, 9), 0)
        assert len(uploads(daemon)) == 1
        daemon.stop()
        daemon.start()
        assert uploads(daemon) == []
        reply = put(daemon.connect(), upload, photo(2 * PIECE, 9), PIECE)
        assert name_of(reply) == "not_found", reply
        daemon.stop()
        assert verify(daemon)["attachments"] == 5


# -- kill -9 -----------------------------------------------------------------

class Attacher:
    """Attaches files of its own, one after another, until the daemon dies."""

    def __init__(self, n, number):
        self.random = random.Random(n)
        self.number = number
        self.acked = {}      # number of the attachment: digest
        self.pending = None  # key and upload whose answer is not known
        self.fault = None
        self.n = n
        self.keys = 0

    def work(self, daemon):
        try:
            peer = daemon.connect()
            while True:
                data = photo(self.random.randint(30, 3 * PIECE),
                             self.random.random())
                upload = send(peer, data)
                self.keys += 1
                reply = keep(peer, self.number, upload,
                             key=f"{self.n}-{self.keys}")
                if name_of(reply) == "limit_reached":
                    return
                assert "result" in reply, reply
                self.acked[reply["result"]["n"]] = sha256(data)
        except (OSError, TypeError, AssertionError) as fault:
            # recv() gives None when the daemon is gone
            if isinstance(fault, AssertionError) and \
                    "the connection ended" not in str(fault):
                self.fault = fault


def killed_at_any_moment():
    chance = random.Random(4)
    with Daemon(BIN_DIR) as daemon:
        county(daemon.connect())
        expected = {}
        numbers = []
        for cycle in range(25):
            peer = daemon.connect()
            number = peer.ok("ticket.file", {
                "title": f"t{cycle}", "category": "land"},
                as_="e1")["result"]["number"]
            numbers.append(number)
            attachers = [Attacher(100 * cycle + i, number) for i in range(3)]
            threads = [threading.Thread(target=a.work, args=(daemon,))
                       for a in attachers]
            for thread in threads:
                thread.start()
            time.sleep(chance.uniform(0.02, 0.5))
            daemon.kill()
            for thread in threads:
                thread.join()
            for a in attachers:
                assert a.fault is None, a.fault
                for n, digest in a.acked.items():
                    assert (number, n) not in expected
                    expected[number, n] = digest
            verify(daemon)  # each record has its file
            daemon.start()
            assert uploads(daemon) == []
        peer = daemon.connect()
        assert len(expected) > 25, len(expected)
        named = set()
        for number in numbers:
            table = peer.ok("attachment.list", {"ticket": number}, as_="e1")
            for row in table["result"]["attachments"]["rows"]:
                named.add(row[7])
                want = expected.get((number, row[0]))
                assert want in (None, row[7]), (number, row)
        for number, n in random.Random(1).sample(sorted(expected), 20):
            assert sha256(fetch(peer, number, n)) == expected[number, n]
        wait_for(lambda: set(kept(daemon)) == named, what="the sweep")
        print(f"acknowledged {len(expected)}, files {len(named)}")
        daemon.stop()
        assert verify(daemon)["files"] == len(named)


# -- what is durable, and when -----------------------------------------------

def trace(daemon, out, *options):
    """strace on the daemon, or None where that is not allowed."""
    if shutil.which("strace") is None:
        return None
    process = subprocess.Popen(
        ["strace", "-f", "-y", "-o", out, *options, "-p",
         str(daemon.process.pid)], stderr=subprocess.PIPE, text=True)
    if "attached" not in process.stderr.readline():
        process.wait()
        return None
    return process


def end(process):
    process.terminate()
    process.wait()
    process.stderr.close()


def durable_before_it_is_answered():
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        number = county(peer)
        out = daemon.tmp / "trace"
        data = photo(3000)
        tracer = trace(daemon, out, "-e", "trace=fsync,fdatasync,rename,write")
        if tracer is None:
            print("skipped: strace cannot be used here")
            return
        keep(peer, number, send(peer, data))
        end(tracer)
        steps = []
        for line in out.read_text(errors="replace").splitlines():
            for name, mark in (("flushed", "/uploads/"), ("named", "rename("),
                               ("listed", f"/files/{sha256(data)[:2]}>"),
                               ("recorded", "bihuan.db-wal>"),
                               ("answered", "socket:")):
                calls = {"named": "rename(", "answered": "write(",
                         "recorded": "fdatasync("}.get(name, "fsync(")
                if mark in line and calls in line:
                    steps.append(name)
        # begin is answered, then put, then keep
        assert steps == ["answered", "flushed", "named", "listed", "answered",
                         "recorded", "answered"], steps

        # the disk fails under a file: it is not taken, nothing more is, and
        # records go on; a restart takes files again
        data = photo(4000, 3)
        upload = begin(peer, data)
        tracer = trace(daemon, out, "-e", "trace=fsync", "-e",
                       "inject=fsync:error=EIO")
        assert name_of(put(peer, upload, data, 0)) == "io_error"
        end(tracer)
        reply = peer.call("attachment.begin", {"size": 1, "sha256": "a" * 64},
                          as_="e1")
        assert name_of(reply) == "io_error", reply
        assert name_of(keep(peer, number, upload)) == "not_found"
        peer.ok("ticket.file", {"title": "y", "category": "land"}, as_="e1")
        assert uploads(daemon) == []
        daemon.stop()
        daemon.start()
        peer = daemon.connect()
        n = keep(peer, number, send(peer, data))["result"]["n"]
        assert fetch(peer, number, n) == data
        daemon.stop()


# -- the store's papers ------------------------------------------------------

def backup_and_verify():
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        number = county(peer)
        datas = [photo(50000 + i, i) for i in range(5)]
        for data in datas:
            keep(peer, number, send(peer, data))
        keep(peer, number, send(peer, datas[0]), name="b.jpg")
        copy = daemon.tmp / "copy.db"
        result = peer.ok("backup", {"file": str(copy)})["result"]
        files = result["attachments"]
        assert files["files"] == 5 and files["missing"] == 0, files
        assert files["linked"] == 5, files
        assert files["bytes"] == sum(map(len, datas)), files
        assert files["folder"] == f"{copy}.files", files
        assert name_of(peer.call("backup", {"file": str(copy)})) == "exists"
        # what comes later is not in it
        keep(peer, number, send(peer, photo(777, 9)))
        daemon.stop()
        # restored beside nothing else, it is whole
        place = daemon.tmp / "restored"
        place.mkdir()
        copy.rename(place / "bihuan.db")
        (daemon.tmp / "copy.db.files").rename(place / "files")
        kept_data, daemon.data = daemon.data, place
        found = verify(daemon)
        assert found["attachments"] == 6 and found["files"] == 5, found
        daemon.start()
        assert fetch(daemon.connect(), number, 6) == datas[0]
        daemon.stop()
        # one file lost, one changed: both are named
        lost = place / "files" / sha256(datas[1])[:2] / sha256(datas[1])
        lost.unlink()
        changed = place / "files" / sha256(datas[2])[:2] / sha256(datas[2])
        data = bytearray(changed.read_bytes())
        data[40000] ^= 1
        changed.chmod(0o600)
        changed.unlink()  # it has another name in the data folder
        changed.write_bytes(data)
        found = verify(daemon, expect=1)
        assert not found["sound"] and found["missing"] == 2, found
        rows = sorted(found["faults"]["rows"])
        assert rows == [[number, 2, "missing"], [number, 3, "changed"]], rows
        daemon.start()
        peer = daemon.connect()
        reply = peer.call("attachment.read", {"ticket": number, "n": 2},
                          as_="e1")
        assert name_of(reply) == "corrupt", reply
        out = daemon.tmp / "out.jpg"
        said = cli(daemon, "attachment", "get", f"ticket={number}", "n=3",
                   f"file={out}", expect=1)
        assert "digest" in said and not out.exists(), said
        # a backup is made all the same, and says what it lacks
        result = peer.ok("backup", {"file": str(daemon.tmp / "c2.db")})
        assert result["result"]["attachments"]["missing"] == 1, result
        daemon.stop()
        daemon.data = kept_data
        assert verify(daemon)["attachments"] == 7


# -- a full disk -------------------------------------------------------------

def fills_and_recovers():
    with Daemon(BIN_DIR, folder=disk.folder()) as daemon:
        peer = daemon.connect()
        number = county(peer)
        acked = {}
        name = "ok"
        for i in range(40):
            data = photo(4 << 20, i)
            reply = peer.call("attachment.begin", {
                "size": len(data), "sha256": sha256(data)}, as_="e1")
            name = name_of(reply)
            if name != "ok":
                break
            upload = reply["result"]["upload"]
            for offset in range(0, len(data), PIECE):
                assert name_of(put(peer, upload, data, offset)) == "ok"
            acked[keep(peer, number, upload)["result"]["n"]] = sha256(data)
        assert name == "disk_full" and len(acked) > 3, (name, len(acked))
        # records go on where files are refused
        peer.ok("ticket.file", {"title": "y", "category": "land"}, as_="e1")
        # one that is under way when others fill the disk
        small = photo(2 * PIECE, 99)
        upload = begin(peer, small)
        assert name_of(put(peer, upload, small, 0)) == "ok"
        filler = disk.fill()
        assert name_of(put(peer, upload, small, PIECE)) == "disk_full"
        assert sha256(fetch(peer, number, 1)) == acked[1]
        filler.unlink()
        wait_for(lambda: name_of(peer.call(
            "ticket.file", {"title": "z", "category": "land"},
            as_="e1")) == "ok", what="writes again")
        assert name_of(put(peer, upload, small, PIECE)) == "ok"
        n = keep(peer, number, upload)["result"]["n"]
        acked[n] = sha256(small)
        daemon.kill()
        daemon.start()
        peer = daemon.connect()
        for n, digest in acked.items():
            assert sha256(fetch(peer, number, n)) == digest
        daemon.stop()
        assert verify(daemon)["attachments"] == len(acked)


def full_disk():
    disk.run_inside(__file__, BIN_DIR, DISK_MB)


if disk.folder() is not None:
    run_all([fills_and_recovers])
else:
    run_all([ten_mebibytes_through_the_command_line,
             refusals_of_the_command_line, slow_and_broken_uploads,
             killed_at_any_moment, durable_before_it_is_answered,
             backup_and_verify, full_disk])
