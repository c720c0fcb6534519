#!/usr/bin/env python3
"""`bihuan registry import` against a real daemon: tables as offices send them,
in both encodings and as a workbook written here by hand.

    test_registry_import.py BIN_DIR
"""
import io
import json
import os
import pathlib
import pty
import subprocess
import sys
import unittest
import zipfile
from xml.sax.saxutils import escape

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from daemon import Daemon  # noqa: E402

BIN = sys.argv[1] if len(sys.argv) > 1 else "build/dev/bin"

# Real credit codes whose two check digits agree, and one whose last fails.
GOOD = ["91350200MA2YJ1XR9G", "91350200776049653A", "91350500798359476R",
        "91350503MA31DKY80A", "91350200MA31E12PXF"]
FAILS = "91350203M0001QAY9B"

ENTERPRISES = f"""临澜县产业链企业名录,,,,
填报单位：县工信局,,,2026年11月,
序号,企业名称,*统一社会信用代码（18位）,所属产业链,链上位置
1,临澜船舶（集团）有限公司,{GOOD[0]},船舶海工产业链,链主
2,临澜海工 装备有限公司,９１３５０２００７７６０４９６５３ａ,cbhg,骨干企业
3,"临澜""锚链""
有限公司",{GOOD[2]},船舶海工产业链,上下游
4,临澜远洋有限公司,9.13502E+17,cbhg,
5,,{GOOD[3]},cbhg,
6,临澜旧码有限公司,{FAILS},cbhg,
7,临澜错链有限公司,{GOOD[4]},造船链,
8,临澜错位有限公司,{GOOD[4]},cbhg,中游
9,,,,
注：本表一式两份,,,,
"""


def column(i):
    return chr(ord("A") + i)


def workbook(rows, sheets=None):
    """An XLSX as a spreadsheet writes it: texts shared, numbers as numbers."""
    texts = []

    def cell(r, c, value):
        place = f'r="{column(c)}{r}"'
        if value is None:
            return f"<c {place}/>"
        if isinstance(value, (int, float)):
            return f"<c {place}><v>{value!r}</v></c>"
        if value not in texts:
            texts.append(value)
        return f'<c {place} t="s"><v>{texts.index(value)}</v></c>'

    def sheet(table):
        body = "".join(
            f'<row r="{r}">' + "".join(cell(r, c, v) for c, v in
                                       enumerate(row)) + "</row>"
            for r, row in enumerate(table, 1))
        return ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
                '<worksheet xmlns="http://schemas.openxmlformats.org/'
                'spreadsheetml/2006/main"><sheetData>' + body +
                "</sheetData></worksheet>")

    tables = {**(sheets or {}), "名录": rows}
    parts = {f"xl/worksheets/sheet{i}.xml": sheet(table)
             for i, table in enumerate(tables.values(), 1)}
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/" \
               "relationships"
    parts["_rels/.rels"] = (
        f'<Relationships><Relationship Id="rId1" Type="{relation}/'
        'officeDocument" Target="xl/workbook.xml"/></Relationships>')
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns:r="{relation}"><sheets>' + "".join(
            f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>'
            for i, name in enumerate(tables, 1)) + "</sheets></workbook>")
    parts["xl/_rels/workbook.xml.rels"] = "<Relationships>" + "".join(
        f'<Relationship Id="rId{i}" Type="{relation}/worksheet" '
        f'Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(tables) + 1)) + (
        f'<Relationship Id="t" Type="{relation}/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>')
    parts["xl/sharedStrings.xml"] = "<sst>" + "".join(
        f"<si><t>{escape(text)}</t></si>" for text in texts) + "</sst>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


class Test(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon(BIN)
        self.daemon.__enter__()
        self.addCleanup(self.daemon.__exit__, None)
        self.addCleanup(self.daemon.process.stdout.close)
        self.peer = self.daemon.connect()
        self.addCleanup(self.peer.close)
        self.peer.ok("chain.add", {"code": "cbhg", "name": "船舶海工产业链"})
        self.peer.ok("committee.add", {"code": "cbdw", "chain": "cbhg",
                                       "name": "船舶海工产业链党委"})
        self.env = {**self.daemon.env_of("system"), "LC_ALL": "zh_CN.UTF-8",
                    "BIHUAN_SERVER": f"unix:{self.daemon.path}"}

    def file(self, name, data):
        path = self.daemon.tmp / name
        path.write_bytes(data)
        return path

    def run_import(self, kind, path, *more, lang="zh"):
        done = subprocess.run(
            [self.daemon.cli, "registry", "import", f"kind={kind}",
             f"file={path}", "--format", "json", "--lang", lang, *more],
            env=self.env, capture_output=True, timeout=120)
        summary = json.loads(done.stdout) if done.stdout else {}
        summary.pop("seconds", None)
        return done.returncode, summary, done.stderr.decode().splitlines()

    def rows(self, method, member, **more):
        result = self.peer.ok(method, {"limit": 1000},
                              **more)["result"][member]
        return [dict(zip(result["columns"], row)) for row in result["rows"]]

    def head(self):
        return self.peer.ok("server.info")["result"]["head"]

    # -- enterprises -----------------------------------------------------------

    def check_enterprises(self, name, data):
        path = self.file(name, data)
        status, summary, told = self.run_import("enterprise", path)
        self.assertEqual(status, 1)
        self.assertEqual(summary, {"rows": 8, "added": 3, "already_there": 0,
                                   "refused": 4, "warned": 1})
        got = {row["code"]: (row["name"], row["chain"], row["position"])
               for row in self.rows("enterprise.list", "enterprises")}
        self.assertEqual(got, {
            GOOD[0]: ("临澜船舶（集团）有限公司", "船舶海工产业链", "lead"),
            GOOD[1]: ("临澜海工装备有限公司", "船舶海工产业链", "core"),
            GOOD[2]: ('临澜"锚链"有限公司', "船舶海工产业链", "member")})
        self.assertEqual(len(told), 5, told)
        for words in (("第 8 行", "统一社会信用代码", "末几位数字已丢失"),
                      ("第 9 行", "企业名称", "该格为空"),
                      ("第 10 行", "统一社会信用代码", "force=true"),
                      ("第 11 行", "所属产业链", "'造船链'"),
                      ("第 12 行", "链上位置", "链主|骨干|上下游")):
            line = [t for t in told if t.startswith(words[0])]
            self.assertEqual(len(line), 1, told)
            for word in words[1:]:
                self.assertIn(word, line[0])
        head = self.head()
        status, summary, _ = self.run_import("enterprise", path)
        self.assertEqual((status, summary["added"], summary["already_there"]),
                         (1, 0, 3))
        self.assertEqual(self.head(), head)
        return path

    def test_utf8(self):
        path = self.check_enterprises("a.csv", ENTERPRISES.encode())
        status, summary, _ = self.run_import("enterprise", path, "force=true")
        self.assertEqual((status, summary["added"], summary["warned"]),
                         (1, 1, 0))
        forced = [row for row in self.rows("enterprise.list", "enterprises")
                  if row["code"] == FAILS]
        self.assertTrue(forced[0]["warned"])

    def test_gb18030(self):
        self.check_enterprises("a.csv", ENTERPRISES.encode("gb18030"))

    def test_as_excel_exports(self):
        """With its mark, CRLF and semicolons."""
        text = ENTERPRISES.replace("\n有限公司", "有限公司")
        text = text.replace(",", ";").replace("\n", "\r\n")
        path = self.file("a.csv", b"\xef\xbb\xbf" + text.encode())
        status, summary, _ = self.run_import("enterprise", path)
        self.assertEqual((status, summary["added"]), (1, 3))

    def test_all_good(self):
        path = self.file("a.csv", f"code,name\n{GOOD[0]},甲\n{GOOD[1]},乙\n"
                         f"{GOOD[0]},甲\n".encode())
        self.assertEqual(self.run_import("enterprise", path),
                         (0, {"rows": 3, "added": 2, "already_there": 1,
                              "refused": 0, "warned": 0}, []))

    def test_other_data(self):
        """In the register, and twice in the table."""
        self.peer.ok("enterprise.add", {"code": GOOD[0], "name": "甲"})
        path = self.file("a.csv", f"信用代码,名称,产业链\n{GOOD[0]},乙,\n"
                         f"{GOOD[1]},丙,\n{GOOD[1]},丁,cbhg\n".encode())
        status, summary, told = self.run_import("enterprise", path, lang="en")
        self.assertEqual((status, summary["added"], summary["refused"]),
                         (1, 1, 2))
        self.assertEqual(told, [
            "line 2, 名称: it is there already [exists]; registered with '甲';"
            " the same data, or a change by its own command",
            "line 4, 信用代码: it is there already [exists]; line 3; one row"
            " for each, with all its data"])

    def test_ended_since(self):
        """What was ended is added anew, though its key was used."""
        path = self.file("a.csv", f"code,name\n{GOOD[0]},甲\n".encode())
        self.assertEqual(self.run_import("enterprise", path)[1]["added"], 1)
        self.peer.ok("registry.end", {"code": GOOD[0]})
        self.assertEqual(self.rows("enterprise.list", "enterprises"), [])
        self.assertEqual(self.run_import("enterprise", path)[1]["added"], 1)
        self.assertEqual(len(self.rows("enterprise.list", "enterprises")), 1)

    # -- a workbook --------------------------------------------------------------

    def test_workbook(self):
        rows = [["临澜县部门人员名录", None, None, None, None],
                [],
                ["序号", "账号", "姓名", "手机", "单位", "角色"],
                [1, "wang", "王　五", 13800138000, "县自然资源和规划局",
                 "经办人"],
                [2, "li", "李四", "1390013 9000", "zrzy", "部门负责人"],
                [3, "zhao", "赵六", None, "县无此局", "经办人"],
                [4, 46346, "钱七", None, None, None],
                [5, None, None, None, None, None]]
        self.peer.ok("department.add", {"code": "zrzy",
                                        "name": "县自然资源和规划局"})
        path = self.file("a.xlsx", workbook(
            rows, {"填表说明": [["请如实填写"], ["账号不得重复"]]}))
        status, summary, told = self.run_import("person", path)
        self.assertEqual((status, summary),
                         (1, {"rows": 4, "added": 3, "already_there": 0,
                              "refused": 1, "warned": 0}))
        self.assertEqual(told[0], "bihuan: 工作表：名录")
        self.assertTrue(told[1].startswith("第 6 行, 单位："), told)
        self.assertEqual(len(told), 2)
        self.peer.ok("person.add", {"code": "dp", "name": "张一",
                                    "unit": "cbdw", "role": "dispatcher"})
        people = [(row["account"], row["name"], row["phone"], row["unit"],
                   row["role"])
                  for row in self.rows("person.list", "people", as_="dp")]
        self.assertEqual(people[3:6], [
            ("wang", "王*", "138****8000", "县自然资源和规划局", "handler"),
            ("li", "李*", "139****9000", "县自然资源和规划局", "head"),
            ("46346", "钱*", None, None, None)])
        full = {row["account"]: (row["name"], row["phone"])
                for row in self.rows("person.list", "people")}
        self.assertEqual(full["wang"], ("王五", "13800138000"))
        status, summary, _ = self.run_import("person", path)
        self.assertEqual((status, summary["added"], summary["already_there"]),
                         (1, 0, 3))

    def test_departments_in_any_order(self):
        path = self.file("a.csv", "部门代码,部门名称,上级部门\n"
                         "k1,用地科,县自然资源局\nzr,县自然资源局,\n"
                         "k2,审批股,用地科\nx,孤儿科,没有的局\n"
                         .encode("gb18030"))
        status, summary, told = self.run_import("department", path)
        self.assertEqual((status, summary["added"], summary["refused"]),
                         (1, 3, 1))
        self.assertTrue(told[0].startswith("第 5 行, 上级部门："), told)
        got = {row["code"]: row["parent"]
               for row in self.rows("department.list", "departments")}
        self.assertEqual(got, {"zr": None, "k1": "县自然资源局",
                               "k2": "用地科"})

    def test_guides(self):
        for code, name in ((GOOD[0], "临澜船舶"), (GOOD[1], "临澜海工")):
            self.peer.ok("enterprise.add", {"code": code, "name": name,
                                            "chain": "cbhg"})
        for account in ("sun", "zhou", "wu"):
            self.peer.ok("person.add", {"code": account, "name": account})
        path = self.file("a.csv", "企业名称,企业管家,服务专员\n"
                         "临澜船舶,sun,zhou\n临澜海工,wu,\n"
                         "临澜远洋,wu,\n临澜海工,,\n".encode())
        status, summary, told = self.run_import("guide", path)
        self.assertEqual((status, summary["added"], summary["refused"]),
                         (1, 3, 2))
        got = {(row["enterprise"], row["as"], row["account"])
               for row in self.rows("guide.list", "guides")}
        want = {("临澜船舶", "steward", "sun"), ("临澜海工", "steward", "wu"),
                ("临澜船舶", "specialist", "zhou")}
        self.assertEqual(got, want)
        path = self.file("b.csv", f"信用代码,账号,管家/专员\n{GOOD[0]},sun,管家"
                         f"\n{GOOD[0]},sun,专员\n{GOOD[1]},zhou,专员\n"
                         .encode())
        status, summary, told = self.run_import("guide", path)
        self.assertEqual((status, summary["added"], summary["already_there"],
                          summary["refused"]), (1, 1, 1, 1))
        self.assertIn("第 3 行, 账号：", told[0])
        self.assertIn("'zhou'", told[0])

    # -- refusals ----------------------------------------------------------------

    def test_refused_files(self):
        for data, words in (
                (b"a,b\n1,2\n", ["bad_param", "企业名称"]),
                (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ["unsupported", ".xlsx"]),
                (b"PK\x03\x04rubbish", ["bad_param"]),
                ("代码,名称\n好好好\n".encode() + b"\xff\n",
                 ["bad_utf8", "第 3 行"])):
            status, summary, told = self.run_import("enterprise",
                                                    self.file("a", data))
            self.assertEqual((status, summary), (1, {}))
            for word in words:
                self.assertIn(word, "\n".join(told))
        status, _, told = self.run_import("enterprise", "/no/such/file")
        self.assertEqual(status, 1)
        self.assertIn("io_error", told[0])

    def test_nobody_there(self):
        path = self.file("a.csv", f"code,name\n{GOOD[0]},甲\n".encode())
        self.env["BIHUAN_SERVER"] = "unix:/no/such/socket"
        status, summary, told = self.run_import("enterprise", path)
        self.assertEqual((status, summary), (3, {}))
        self.assertIn("no_connection", told[0])

    def test_not_allowed(self):
        self.peer.ok("department.add", {"code": "zrzy", "name": "局"})
        self.peer.ok("person.add", {"code": "sun", "name": "孙一",
                                    "unit": "zrzy", "role": "head"})
        path = self.file("a.csv", f"code,name\n{GOOD[0]},甲\n".encode())
        self.env["BIHUAN_TOKEN"] = self.daemon.token("sun")
        status, summary, told = self.run_import("enterprise", path)
        self.assertEqual((status, summary["refused"]), (1, 1))
        self.assertIn("forbidden", told[0])

    def test_progress_on_a_terminal(self):
        lines = ["code,name"] + [f"d{i},{i}科" for i in range(300)]
        path = self.file("a.csv", "\n".join(lines).encode())
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(self.daemon.cli,
                      [self.daemon.cli, "registry", "import", "department",
                       str(path)], {**self.env, "TERM": "xterm"})
        out = b""
        while True:
            try:
                piece = os.read(terminal, 4096)
            except OSError:
                break
            out += piece
            if not piece:
                break
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)
        self.assertIn("行 128/300", out.decode())
        self.assertIn("新增：300", out.decode())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
