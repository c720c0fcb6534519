#!/usr/bin/env python3
"""Anchors and redactions on a real folder: the daily file and the one of a
clean stop, a cut tail and a chain hashed anew found by a line kept elsewhere,
and a redacted text that is in no file of the database any more.

    test_anchor.py BIN_DIR
"""
import hashlib
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, run_all, wait_for  # noqa: E402

BIN_DIR = sys.argv[1]
CREDIT = "91350100M000100Y43"
LINE = re.compile(r"bihuan-anchor 1 ([1-9][0-9]*) ([0-9a-f]{64}) "
                  r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00)")
TITLE = "标题里有身份证号330921198801011234"
UNIT = "电话13800138000"
LONG = (UNIT + "又写了一遍,") * 400  # on pages of its own
SHORT = "短"
MEASURE = "留下的措施文字"
NAME = "姓名待隐去者"
PHONE = "13900139000"


def county(peer):
    """A ticket whose texts are all kinds of long; returns its number."""
    for code in "dp", "sup", "gone":
        peer.ok("person.add", {"code": code, "name": NAME, "phone": PHONE})
    peer.ok("office.add", {"code": "zhb", "name": "综合派单办公室"})
    peer.ok("department.add", {"code": "a", "name": "经信局"})
    peer.ok("enterprise.add", {"code": CREDIT, "name": "甲船厂"})
    peer.ok("person.add", {"code": "qy", "name": "企业联系人",
                           "unit": CREDIT, "role": "enterprise"})
    for code, role in ("dp", "dispatcher"), ("sup", "supervisor"):
        peer.ok("person.role", {"code": code, "unit": "zhb", "role": role})
    ticket = peer.ok("ticket.file", {
        "title": TITLE, "text": LONG, "category": "financing"},
        as_="qy")["result"]["number"]
    peer.ok("ticket.dispatch", {"ticket": ticket, "unit": "a",
                                "measure": MEASURE}, as_="dp")
    peer.ok("ticket.note", {"ticket": ticket, "text": SHORT * 3}, as_="dp")
    return ticket


def timeline(peer, ticket):
    result = peer.ok("ticket.show", {"ticket": ticket}, as_="sup")["result"]
    columns = result["timeline"]["columns"]
    return result, [dict(zip(columns, row)) for row in
                    result["timeline"]["rows"]]


def verify(data, *more):
    run = subprocess.run(
        [f"{BIN_DIR}/bihuan", "--lang", "en", "--format", "json", "verify",
         f"data={data}", *more], capture_output=True, text=True)
    result = json.loads(run.stdout) if run.stdout else None
    return run.returncode, result, run.stderr


def in_files(data, text):
    """The files of the database, and of what lies beside, that have it."""
    return [path.name for path in data.rglob("*")
            if path.is_file() and text.encode() in path.read_bytes()]


def rechain(path, seq, old, new):
    """Changes a record and hashes it and all after it anew: a hash that is not
    the program's own."""
    db = sqlite3.connect(path)
    rows = db.execute("SELECT seq, record FROM journal ORDER BY seq")
    before = bytes(32)
    for number, record in rows.fetchall():
        if number == seq:
            assert old in record, record
            record = record.replace(old, new, 1)
        before = hashlib.new("sm3", before + record.encode()).digest()
        db.execute("UPDATE journal SET record = ?, hash = ? WHERE seq = ?",
                   (record, before, number))
    db.commit()
    db.close()


def of_journal(paths):
    """Those of the audit record: test_audit.py."""
    return sorted(p for p in paths if not p.name.endswith(".audit.anchor"))


def test_line_and_files():
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        folder = daemon.data / "anchors"
        first = of_journal(wait_for(
            lambda: len(list(folder.glob("*.anchor"))) == 2
            and list(folder.glob("*.anchor")), 20, "a file of each chain"))
        assert len(first) == 1, first
        assert re.fullmatch(r"\d{4}-\d\d-\d\d\.anchor", first[0].name)
        assert first[0].stat().st_mode & 0o777 == 0o600
        said = first[0].read_text()
        assert LINE.fullmatch(said.rstrip("\n")) and said.endswith("\n"), said
        county(peer)
        head = peer.ok("server.info")["result"]["head"]
        result = peer.ok("journal.anchor", as_="sup")["result"]
        number, digest, at = LINE.fullmatch(result["anchor"]).groups()
        assert int(number) == result["seq"] == head
        assert digest == result["head_hash"] and at == result["recorded"]
        db = sqlite3.connect(f"file:{daemon.data}/bihuan.db?mode=ro", uri=True)
        assert db.execute("SELECT lower(hex(hash)) FROM journal WHERE seq = ?",
                          (head,)).fetchone() == (digest,)
        db.close()
        reply = peer.call("journal.anchor", as_="qy")
        assert reply["error"]["data"]["name"] == "forbidden", reply
        daemon.stop()
        assert first[0].read_text() == said, "the day's file was overwritten"
        last = of_journal(folder.iterdir())
        assert len(last) == 2, last
        assert f"-{head}.anchor" in "".join(p.name for p in last), last
        daemon.start()
        daemon.stop()
        assert of_journal(folder.iterdir()) == last, "the same head twice"
        status, result, _ = verify(daemon.data, f"anchor={said}")
        assert status == 0 and result["sound"], result
        assert result["anchors"] == 3 and result["anchored"] == head, result


def test_kept_as_the_papers_say():
    """docs/operations.md: two lines onto a file, and the file to verify."""
    with Daemon(BIN_DIR) as daemon:
        county(daemon.connect())
        kept = daemon.tmp / "kept.anchor"
        for chain, account in ("journal", "system"), ("audit", "audit"):
            for lang in "zh", "en":
                with kept.open("a") as out:
                    subprocess.run(
                        [f"{BIN_DIR}/bihuan", "--server", f"unix:{daemon.path}",
                         "--lang", lang, chain, "anchor"], check=True,
                        env=daemon.env_of(account), stdout=out)
        lines = kept.read_text().splitlines()
        assert len(lines) == 4 and LINE.fullmatch(lines[0]), lines
        daemon.stop()
        status, result, complaint = verify(daemon.data, f"anchor={kept}")
        assert status == 0 and result["sound"], complaint


def test_forgeries():
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        county(peer)
        anchor = peer.ok("journal.anchor")["result"]
        line, head = anchor["anchor"], anchor["seq"]
        daemon.stop()
        kept = daemon.tmp / "kept.anchor"
        kept.write_text(line + "\n")
        forged = daemon.tmp / "forged"
        path = forged / "bihuan.db"

        # a record that is in no state: the fold alone cannot know
        shutil.copytree(daemon.data, forged)
        rechain(path, head - 2, '"method":"', '"method":"x')
        status, result, _ = verify(forged)
        assert status == 1 and "differs from the anchor" in result["reason"]
        shutil.rmtree(forged / "anchors")
        assert verify(forged)[0] == 0, "nobody could know it without an anchor"
        for given in line, kept:
            status, result, complaint = verify(forged, f"anchor={given}")
            assert status == 1 and not result["sound"], result
            assert result["first_bad"] == head, result
            assert f"record {head} differs from the anchor" in complaint

        # the folder as it was before the county
        shutil.rmtree(forged)
        subprocess.run([f"{BIN_DIR}/bihuand", "--init", "--data", forged],
                       check=True, capture_output=True)
        status, result, _ = verify(forged)
        end = result["records"]
        assert status == 0 and end < head
        status, result, complaint = verify(forged, f"anchor={line}")
        assert status == 1 and result["first_bad"] == end + 1, result
        assert (f"the journal ends at {end}, the anchor names {head}"
                in complaint), complaint

        # what is no anchor is not taken for one
        for bad in (line[:-1], line.replace(" 1 ", " 2 ", 1), line.upper(),
                    "bihuan-anchor 1 0 " + "0" * 64, str(daemon.tmp / "no")):
            status, result, complaint = verify(daemon.data, f"anchor={bad}")
            assert status == 1 and result is None, (bad, result)
        (daemon.data / "anchors" / "2026-01-01.anchor").write_text("")
        assert verify(daemon.data)[0] == 1, "an emptied anchor passed"


def test_redaction():
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        ticket = county(peer)
        _, rows = timeline(peer, ticket)
        assert [row["event"] for row in rows] == ["file", "dispatch", "note"]
        for text in TITLE, UNIT, SHORT * 3:
            assert in_files(daemon.data, text), "the test looks wrong"

        def redact(**params):
            return peer.call("text.redact", {"reason": "涉个人信息", **params},
                             as_="sup")
        peer.ok("registry.end", {"code": "gone"})
        daemon.stop()  # so that they are in the database, not only its log
        assert in_files(daemon.data, UNIT) == ["bihuan.db"]
        daemon.start()
        peer = daemon.connect()
        for params in ({}, {"record": rows[0]["seq"], "ticket": ticket},
                       {"record": 10 ** 9}, {"person": "nobody"},
                       {"person": "dp"}):
            assert "error" in redact(**params), params
        for who in "system", "dp", "qy":
            reply = peer.call("text.redact", {"record": rows[0]["seq"],
                                              "reason": "x"}, as_=who)
            assert reply["error"]["data"]["name"] == "forbidden", reply

        seqs = []
        for params, count in (({"record": rows[0]["seq"]}, 2),
                              ({"record": rows[2]["seq"]}, 1),
                              ({"person": "gone"}, 2)):
            reply = redact(**params)
            assert reply["result"]["redacted"] == count, reply
            seqs.append(peer.ok("server.info")["result"]["head"])
            assert redact(**params)["error"]["data"]["name"] == "not_found"
        result, after = timeline(peer, ticket)
        assert result["title"] == result["text"] == "[redacted]", result
        assert after[2]["internal"] == "[redacted]", after
        assert after[1]["text"] == MEASURE
        assert [row["event"] for row in after[3:]] == ["text.redact"] * 2
        assert after[3]["internal"] == "涉个人信息"
        run = subprocess.run(
            [daemon.cli, "--server", f"unix:{daemon.path}",
             "ticket", "show", f"ticket={ticket}"], capture_output=True,
            text=True, env={**daemon.env_of("sup"), "LC_ALL": "C.UTF-8",
                            "LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8",
                            "LC_MESSAGES": "zh_CN.UTF-8"})
        assert "〔已隐去〕" in run.stdout or "[redacted]" in run.stdout, run

        for text in TITLE, UNIT, SHORT * 3:
            wait_for(lambda t=text: not in_files(daemon.data, t), 10,
                     f"{text[:20]} is still in {in_files(daemon.data, text)}")
        # the others of that name are still registered
        db = sqlite3.connect(f"file:{daemon.data}/bihuan.db?mode=ro", uri=True)
        count = "SELECT count(*) FROM text WHERE "
        assert db.execute(count + "body = ?", (NAME,)).fetchone() == (2,)
        assert db.execute(count + "salt IS NULL").fetchone() == (5,)
        db.close()
        status, report, _ = verify(daemon.data)
        assert status == 0 and report["redacted"] == 5, report
        assert sorted({row[1] for row in report["redactions"]["rows"]}) == seqs

        # the rest of the ticket, but not why it was redacted
        assert redact(ticket=ticket)["result"]["redacted"] == 1
        _, last = timeline(peer, ticket)
        assert last[1]["text"] == "[redacted]"
        assert {row["internal"] for row in last[3:]} == {"涉个人信息"}
        wait_for(lambda: not in_files(daemon.data, MEASURE), 10, "measure")
        daemon.kill()
        daemon.start()
        daemon.stop()
        assert verify(daemon.data)[0] == 0


def test_hashing_stands_in_no_way():
    """The log is cut at once, while a password is still being hashed, which may
    take many seconds."""
    with Daemon(BIN_DIR, settings="[password]\ncost = 8\n") as daemon:
        peer, other = daemon.connect(), daemon.connect(120)
        ticket = county(peer)
        peer.ok("mine", as_="sup")
        log = daemon.data / "bihuan.db-wal"

        def hashes():
            return peer.ok("server.stats")["result"]["hashes"]
        other.send("login", {"account": "nobody", "password": "x"})
        wait_for(hashes, 5)
        peer.ok("text.redact", {"ticket": ticket, "reason": "涉个人信息"},
                as_="sup")
        wait_for(lambda: log.stat().st_size == 0, 30, "the log is cut")
        assert hashes() == 1, "the log was cut only after the hash"
        other.recv()
        daemon.stop()


run_all([test_line_and_files, test_kept_as_the_papers_say, test_forgeries,
         test_redaction, test_hashing_stands_in_no_way])
