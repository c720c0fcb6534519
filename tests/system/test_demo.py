#!/usr/bin/env python3
"""The demo county goes in whole, and shows what it is there to show: every
light, lateness everywhere, and one story from the wrong department to the
archive.

    test_demo.py BIN_DIR
"""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, run_all  # noqa: E402

BIN_DIR = sys.argv[1]
ROOT = pathlib.Path(__file__).parents[2]


def cli(daemon, *words):
    return subprocess.run(
        [os.path.join(BIN_DIR, "bihuan"), "--server", f"unix:{daemon.path}",
         *words], check=True, capture_output=True, text=True,
        env={**os.environ, "LANG": "zh_CN.UTF-8", "LC_ALL": ""}).stdout


def column(table, name):
    i = table["columns"].index(name)
    return [row[i] for row in table["rows"]]


def test_county():
    made = subprocess.run([sys.executable, ROOT / "scripts/demo_county.py"],
                          check=True, capture_output=True).stdout
    with tempfile.NamedTemporaryFile(suffix=".ndjson") as file, \
            Daemon(BIN_DIR) as daemon:
        file.write(made)
        file.flush()
        cli(daemon, "import", file.name)  # exit 1 if a line were refused
        cli(daemon, "import", "close")
        peer = daemon.connect()
        overdue = peer.ok("report.overdue",
                          {"by": "department"})["result"]
        assert len(overdue["overdue"]["rows"]) == 12
        assert 0 < overdue["total_still_open"] < overdue["total_overdue"]
        lights = peer.ok("report.lights", {})["result"]["lights"]
        for light in ("green", "yellow", "red"):
            assert sum(column(lights, light)) > 0, light
        story = peer.ok("ticket.show", {"ref": "LL00600"})["result"]
        assert (story["state"], story["round"], story["returns"],
                story["score"]) == ("archived", 2, 1, 5)
        assert "late" in column(story["clocks"], "verdict")
        timeline = story["timeline"]
        assert "return_grant" in column(timeline, "event")
        assert [s for s in column(timeline, "score") if s] == [2, 5]
        mine = peer.ok("ticket.list", {"overdue": True},
                       **{"as": "zjj-1"})["result"]
        assert mine["tickets"]["rows"]
        shown = cli(daemon, "--as", "dcs-1", "ticket", "show", "ref=LL00600")
        for words in ("走访发现", "县行政审批局", "同意退单", "2 不满意",
                      "党建指导员", "已归档"):
            assert words in shown, words
        whole_lists(daemon, made, overdue["total_overdue"])


def whole_lists(daemon, made, late):
    """CSV is the whole list, however many pages; limit= is one page of it."""
    filed = made.count(b'"ticket.file"')
    csv = ("--format", "csv", "ticket", "list")
    lines = cli(daemon, *csv).splitlines()
    assert len({line.split(",")[0] for line in lines}) == filed + 1
    assert len(lines) == filed + 1
    assert len(cli(daemon, *csv, "limit=7").splitlines()) == 8
    lines = cli(daemon, "--format", "csv", "report", "overdue").splitlines()
    assert len(lines) == late + 1, (len(lines), late)


run_all([test_county])
