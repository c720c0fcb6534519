#!/usr/bin/env python3
"""One million open tickets: start to ready, memory, lists, reports, and the
rate of transitions beside raw SQLite doing the same rows, in one run.

    million.py BIN_DIR [--tickets N] [--moves N]

Prints the figures of docs/performance.md. Reads only /proc and its own files.
Lists and reports are timed from the request's last byte to the reply's, over
the socket itself; each beside the processor time that the daemon spent on it,
which says more on a machine that others use too. It fails when a count is
wrong, and when a page of a department's list costs more at all tickets than at a
tenth of them; nothing else fails for being slow.
"""
import argparse
import datetime as dt
import glob
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests/lib")]
import demo_county  # credit codes that pass both checks
from daemon import easy
from logins import Logins

ZONE = dt.timezone(dt.timedelta(hours=8))
UNITS = 44  # the last four: one ticket, 0.1 %, 2 % and 20 % of all


def unit_of(rng, n):
    """Of the ticket numbered n."""
    x = rng.random()
    return (40 if n == 7 else 41 if x < .001 else 42 if x < .021
            else 43 if x < .221 else rng.randrange(40))


def history(path, tickets, now):
    """Every ticket filed and dispatched in the past 60 days, none accepted."""
    rng = random.Random(7)
    begin = now - dt.timedelta(days=61)

    def line(at, who, method, **params):
        event = {"at": at.isoformat(), "method": method, "params": params}
        if who:
            event["as"] = who
        return json.dumps(event, ensure_ascii=False) + "\n"

    with open(path, "w", encoding="utf-8") as out:
        out.write(line(begin, None, "office.add", code="zhb", name="综合派单办公室"))
        out.write(line(begin, None, "person.add", code="zhb-1", name="派单员",
                       unit="zhb", role="dispatcher"))
        out.write(line(begin, None, "person.add", code="dcs-1", name="督查员",
                       unit="zhb", role="supervisor"))
        for i in range(UNITS):
            out.write(line(begin, None, "department.add", code=f"d{i:02d}",
                           name=f"第{i:02d}局"))
            out.write(line(begin, None, "person.add", code=f"d{i:02d}-1",
                           name=f"经办{i:02d}", unit=f"d{i:02d}", role="handler"))
        for i in range(500):
            code = demo_county.credit_code(i + 1)
            out.write(line(begin, None, "enterprise.add", code=code,
                           name=f"企业{i:03d}有限公司"))
            out.write(line(begin, None, "person.add", code=f"q{i:03d}",
                           name=f"联系人{i:03d}", unit=code, role="enterprise"))
        step = dt.timedelta(days=60) / max(tickets, 1)
        at = begin + dt.timedelta(hours=1)
        for n in range(tickets):
            when = (at + step * n).replace(microsecond=0)
            out.write(line(when, f"q{n % 500:03d}", "ticket.file", ref=f"M{n:07d}",
                           title=f"第{n}号诉求", category="permits"))
            out.write(line(when, "zhb-1", "ticket.dispatch", ticket=f"M{n:07d}",
                           unit=f"d{unit_of(rng, n):02d}", measure="核实办理"))


def init(bin_dir, top):
    """A data folder, and who can log in to it."""
    conf = top / "conf"
    conf.write_text("[login]\nidle_minutes = 1440\n" + easy())
    conf.chmod(0o600)
    printed = subprocess.run(
        [f"{bin_dir}/bihuand", "--init", "--config", conf, "--data",
         top / "data"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return Logins(top / "sock", printed)


class Daemon:
    started = []  # so that none outlives a check that fails

    def __init__(self, bin_dir, data, logins):
        self.socket = str(pathlib.Path(data).parent / "sock")
        self.logins = logins
        begin = time.monotonic()
        self.process = subprocess.Popen(
            [f"{bin_dir}/bihuand", "--data", data, "--listen",
             f"unix:{self.socket}", "--config",
             pathlib.Path(data).parent / "conf"], stdout=subprocess.PIPE,
            text=True)
        self.started.append(self.process)
        for text in self.process.stdout:
            if text.startswith("ready"):
                break
        self.ready_s = time.monotonic() - begin
        os.environ["BIHUAN_SERVER"] = f"unix:{self.socket}"
        os.environ["BIHUAN_TOKEN"] = logins.token("system")

    def memory(self):
        status = open(f"/proc/{self.process.pid}/status").read()
        return {k: int(re.search(rf"{k}:\s+(\d+)", status)[1]) // 1024
                for k in ("VmHWM", "VmRSS")}

    def cpu(self):
        """Seconds of processor time, of all threads."""
        tasks = glob.glob(f"/proc/{self.process.pid}/task/*/schedstat")
        return sum(int(open(name).read().split()[0]) for name in tasks) / 1e9

    def ask(self, account, method, **params):
        """One request on a connection of its own: seconds, and the result."""
        line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method,
                           "token": self.logins.token(account),
                           "params": params}) + "\n"
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(self.socket)
            with s.makefile("rb") as replies:
                begin = time.monotonic()
                s.sendall(line.encode())
                reply = json.loads(replies.readline())
                took = time.monotonic() - begin
        if "result" not in reply:
            sys.exit(f"million: {account} {method} {params}: {reply}")
        return took, reply["result"]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(600)


READS = (
    ("dcs-1", "server.info", {}),
    ("dcs-1", "ticket.list", {"unit": "d07", "overdue": True, "limit": 50}),
    ("d07-1", "ticket.list", {"unit": "d07", "overdue": True, "limit": 50}),
    ("dcs-1", "ticket.list", {"unit": "d31", "overdue": True, "limit": 50}),
    ("d42-1", "ticket.list", {"overdue": True, "limit": 50}),
    ("d43-1", "ticket.list", {"overdue": True, "limit": 50}),
    ("dcs-1", "ticket.list", {"overdue": True, "limit": 50}),
    ("q123", "ticket.list", {"overdue": True, "limit": 50}),
    ("zhb-1", "ticket.list", {"overdue": True, "limit": 50}),
    ("dcs-1", "ticket.list", {"state": "archived", "limit": 50}),
    ("dcs-1", "ticket.list", {"light": "grey", "limit": 50}),
    ("dcs-1", "ticket.list", {"limit": 50}),
    ("q123", "ticket.list", {"limit": 50}),
    ("dcs-1", "report.overdue", {"by": "department"}),
    ("dcs-1", "report.overdue", {"by": "department", "clock": "overall"}),
    ("dcs-1", "report.overdue", {"by": "chain"}),
    ("dcs-1", "report.overdue", {"by": "category"}),
    ("dcs-1", "report.overdue", {"by": "none", "limit": 50}),
    ("dcs-1", "report.lights", {}),
    ("d07-1", "report.lights", {}),
)


def reads(daemon, tickets, database):
    """Each three times, the fastest counts; what came is held against a search
    without the daemon's index and SQL."""
    for account, method, params in READS:
        spent = daemon.cpu()
        runs = [daemon.ask(account, method, **params) for _ in range(3)]
        spent = (daemon.cpu() - spent) / 3
        words = " ".join([method] + [f"{k}={v}" for k, v in params.items()])
        print(f"{account:5} {words}: {min(r[0] for r in runs) * 1e3:.1f} ms, "
              f"processor {spent * 1e3:.1f} ms", flush=True)
        result = runs[0][1]
        counted = result.get("total_filed", tickets)
        if counted != tickets:
            sys.exit(f"million: {words}: {counted} tickets, not {tickets}")
        if params.get("overdue"):
            got = [row[0] for row in result["tickets"]["rows"]]
            own = account[:3] if account[0] == "d" and account[1] != "c" else None
            if got != fifty_oldest(database, account, params.get("unit", own)):
                sys.exit(f"million: {account} {words}: not the fifty oldest")


FLAT = 2


def department_lists():
    """(account, method, parameters, how many times as much a page of it may cost
    at ten times the tickets). The 0.1 %, 100 and 1,000 tickets: what is overdue is
    found first and sorted, ten times as many; mine counts up to 1,000 of what waits
    and as many of what is late. Of who has more, it looks at 2,000 to 7,000."""
    for unit in ("d40", "d41", "d42", "d43"):
        found, counted = (10, 20) if unit == "d41" else (FLAT, 4)
        for method, params, bound in (
                ("ticket.list", {}, FLAT),
                ("ticket.list", {"state": "dispatched"}, FLAT),
                ("ticket.list", {"category": "permits"}, FLAT),
                ("ticket.list", {"unit": unit}, FLAT),
                ("ticket.list", {"unit": unit, "overdue": True}, FLAT),
                ("ticket.list", {"overdue": True}, found),
                ("mine", {}, counted)):
            yield f"{unit}-1", method, params, bound


def page_cost(daemon, account, method, params):
    """Processor time, the least of nine."""
    runs = []
    for _ in range(9):
        spent = daemon.cpu()
        daemon.ask(account, method, **params)
        runs.append(daemon.cpu() - spent)
    return min(runs)


def lists(daemon):
    """{what: (cost of a page, bound)}: the first, and the tenth if there is one."""
    costs = {}
    for account, method, params, bound in department_lists():
        words = " ".join([account, method] +
                         [f"{k}={v}" for k, v in params.items()])
        page = dict(params, limit=50)
        for n in range(1, 11):
            _, result = daemon.ask(account, method, **page)
            if n in (1, 10):
                costs[f"{words}, page {n}"] = (
                    page_cost(daemon, account, method, page), bound)
            if "next" not in result:
                break
            page["after"] = result["next"]
    return costs


def hold_lists(tenth, whole, full):
    """Fails for a page that grows with the tickets, when there are enough of them
    (`full`) for the departments to be what department_lists() takes them for."""
    over = []
    for words, (few, bound) in tenth.items():
        many = whole[words][0]
        print(f"{words}: {few * 1e3:.1f} ms at a tenth, {many * 1e3:.1f} ms at "
              f"all: x {many / few:.1f}, at most {bound}", flush=True)
        if many > bound * few:
            over.append(words)
    if over and full:
        sys.exit(f"million: grows with the tickets: {over}")


def fifty_oldest(database, account, unit):
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    ids = dict(db.execute("SELECT code, id FROM register"))
    number = int(account[1:]) if account[0] == "q" else 0
    firm = ids[demo_county.credit_code(number + 1)] if account[0] == "q" else 0
    rows = db.execute(
        "SELECT +c.due_at, c.ticket FROM clock c JOIN ticket t ON t.id = c.ticket"
        " WHERE +c.kind = 1 AND ?1 IN (0, +c.unit) AND ?2 IN (0, t.enterprise)"
        " AND +c.stop_at IS NULL AND +c.to_seq IS NULL AND +c.due_at <= ?3",
        (ids[unit] if unit else 0, firm, time.time())).fetchall()
    db.close()
    return [f"{t // 1000000}-{t % 1000000:03d}" for _, t in sorted(rows)[:50]]


def timed(bin_dir, *words):
    begin = time.monotonic()
    result = subprocess.run([f"{bin_dir}/bihuan", *words],
                            capture_output=True, text=True)
    took = time.monotonic() - begin
    if result.returncode:
        sys.exit(f"million: {words}: {result.stderr}")
    return took, result.stdout


def accepts(logins, database, path, moves, skip):
    """Request lines that accept tickets, spread over the whole file."""
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    rows = db.execute(
        "SELECT d.ticket, r.code FROM dispatch d JOIN register r ON r.id=d.unit"
        " WHERE d.state=1 AND r.to_seq IS NULL AND d.ticket % 17 = ?"
        " LIMIT ?", (skip, moves)).fetchall()
    db.close()
    random.Random(skip).shuffle(rows)
    with open(path, "w") as out:
        for n, (ticket, unit) in enumerate(rows):
            number = f"{ticket // 1000000}-{ticket % 1000000:03d}"
            out.write(json.dumps({
                "jsonrpc": "2.0", "id": n, "method": "ticket.accept",
                "token": logins.token(f"{unit}-1"),
                "params": {"ticket": number}}) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin_dir", nargs="?", default="build/release/bin")
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--moves", type=int, default=20_000)
    parser.add_argument("--folder", help="where to make the temporary folder")
    parser.add_argument("--keep", action="store_true", help="leave it there")
    args = parser.parse_args()
    top = pathlib.Path(tempfile.mkdtemp(prefix="bihuan-million.",
                                        dir=args.folder))
    try:
        run(args, top)
    finally:
        for process in Daemon.started:
            process.kill()
        if args.keep:
            print(f"kept: {top}")
        else:
            shutil.rmtree(top, ignore_errors=True)


def wal_mib(database):
    return os.path.getsize(f"{database}-wal") / 2**20


def lists_of_tenth(args, top):
    """Those of a county with a tenth of the tickets."""
    top.mkdir()
    logins = init(args.bin_dir, top)
    history(top / "history.ndjson", args.tickets // 10, dt.datetime.now(ZONE))
    daemon = Daemon(args.bin_dir, str(top / "data"), logins)
    timed(args.bin_dir, "import", str(top / "history.ndjson"))
    timed(args.bin_dir, "import", "close")
    costs = lists(daemon)
    daemon.stop()
    shutil.rmtree(top)
    return costs


def run(args, top):
    tenth = lists_of_tenth(args, top / "tenth")
    data = str(top / "data")
    database = f"{data}/bihuan.db"
    logins = init(args.bin_dir, top)
    history(top / "history.ndjson", args.tickets, dt.datetime.now(ZONE))
    daemon = Daemon(args.bin_dir, data, logins)
    spent = daemon.cpu()
    took, _ = timed(args.bin_dir, "import", str(top / "history.ndjson"))
    spent = daemon.cpu() - spent
    print(f"import: {2 * args.tickets} events in {took:.0f} s, "
          f"{2 * args.tickets / took:.0f}/s, processor {spent:.0f} s, "
          f"peak {daemon.memory()['VmHWM']} MiB, "
          f"log {wal_mib(database):.0f} MiB", flush=True)
    took, _ = timed(args.bin_dir, "import", "close")
    print(f"import close: {took:.1f} s, peak {daemon.memory()['VmHWM']} MiB, "
          f"log {wal_mib(database):.0f} MiB", flush=True)
    daemon.stop()
    print(f"database: {os.path.getsize(database) / 2**20:.0f} MiB")
    daemon = Daemon(args.bin_dir, data, logins)
    print(f"start to ready: {daemon.ready_s:.2f} s, "
          f"RSS {daemon.memory()['VmRSS']} MiB", flush=True)
    reads(daemon, args.tickets, database)
    hold_lists(tenth, lists(daemon), args.tickets >= 1_000_000)
    print(f"memory after the reads: {daemon.memory()}")
    for i, connections in enumerate((1, 50)):
        lines, raw = top / f"accept-{connections}.ndjson", top / "raw.db"
        accepts(logins, database, lines, args.moves // (4 if i == 0 else 1), i)
        for end in ("", "-wal", "-shm"):
            pathlib.Path(f"{raw}{end}").unlink(missing_ok=True)
        took, _ = timed(args.bin_dir, "backup", f"file={raw}")
        print(f"backup: {took:.1f} s", flush=True)
        for tool in ([f"{args.bin_dir}/bench_load", daemon.socket,
                      str(connections), str(lines)],
                     [f"{args.bin_dir}/bench_raw", str(raw), database,
                      str(connections)]):
            subprocess.run(tool, check=True)
            sys.stdout.flush()
    print(f"memory after: {daemon.memory()}")
    daemon.stop()
    took, _ = timed(args.bin_dir, "verify", "--data", data)
    print(f"verify: {took:.0f} s")


if __name__ == "__main__":
    main()
