#!/usr/bin/env python3
"""The command line as a whole, against a scripted daemon: a Unix socket on
which this script answers what each test wants. What the real daemon answers is
other tests' business; here it is what people and scripts get to see.

    test_cli.py BIN_DIR
"""
import json
import os
import pty
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

BIN = os.path.join(sys.argv[1], "bihuan") if len(sys.argv) > 1 else "bihuan"


class Daemon:
    """Answers each request line with what handle(request) returns: a result, an
    exception Refused, or None to close the connection. Greets nobody."""

    def __init__(self, folder, handle):
        self.path = os.path.join(folder, "sock")
        self.handle = handle
        self.asked = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines:
                for line in lines:
                    if not self.answer(connection, json.loads(line)):
                        break

    def answer(self, connection, ask):
        self.asked.append(ask)
        reply = {"jsonrpc": "2.0", "id": ask["id"]}
        try:
            result = self.handle(ask)
            if result is None:
                return False
            reply["result"] = result
        except Refused as refused:
            reply["error"] = {"code": -32000, "message": "m",
                              "data": refused.data}
        connection.sendall(json.dumps(reply).encode() + b"\n")
        return True

    def close(self):
        """Awaits the thread: its accept() would else be one of whoever gets
        the number of this listener next."""
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # closed before
        self.thread.join(10)
        self.listener.close()


class Refused(Exception):
    def __init__(self, name, param="", expected="", detail=""):
        super().__init__(name)
        self.data = {"name": name, "param": param, "expected": expected,
                     "detail": detail}


LIST = {"tickets": {"columns": ["number", "title", "light", "due", "held_s"],
                    "rows": [["20261120-001", "=融资", "red",
                              "2026-11-27T00:00:00+08:00", 90000],
                             ["20261120-002", "用地, 续期", "green", None, 60]]},
        "next": "20261120-002"}


class Test(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="bihuan-cli-")
        self.daemons = []
        self.env = {"PATH": os.environ["PATH"], "LANG": "en_US.UTF-8",
                    "HOME": self.folder.name}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def tearDown(self):
        for daemon in self.daemons:
            daemon.close()
        self.folder.cleanup()

    def daemon(self, handle):
        daemon = Daemon(self.folder.name, handle)
        self.daemons.append(daemon)
        self.env["BIHUAN_SERVER"] = "unix:" + daemon.path
        return daemon

    def run_cli(self, *words, stdin=b"", **env):
        done = subprocess.run([BIN, *words], input=stdin, timeout=60,
                              env={**self.env, **env}, capture_output=True)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def file(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def on_terminal(self, *words, **env):
        """Output and errors of the program on a terminal 40 columns wide."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(BIN, [BIN, *words], {**self.env, "TERM": "xterm",
                                           "COLUMNS": "40", **env})
        out = b""
        while True:
            try:
                piece = os.read(terminal, 4096)
            except OSError:
                break
            if not piece:
                break
            out += piece
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), out.decode()

    # -- one call ------------------------------------------------------------

    def test_table(self):
        daemon = self.daemon(lambda ask: LIST)
        status, out, err = self.run_cli("ticket", "list", "state=filed",
                                        "--after", "5", BIHUAN_TOKEN="t-1")
        self.assertEqual((status, err),
                         (0, "next page: after='20261120-002'\n"))
        self.assertEqual(out.splitlines(), [
            "Number        Title       Light  Due                  Held for",
            "------------  ----------  -----  -------------------  --------",
            "20261120-001  =融资       red    2026-11-27 00:00:00     1d 1h",
            "20261120-002  用地, 续期  green                           1min"])
        ask = daemon.asked[0]
        self.assertEqual(ask["method"], "ticket.list")
        self.assertEqual(ask["params"], {"state": "filed"})
        self.assertEqual((ask["token"], ask["after"]), ("t-1", 5))
        self.assertNotIn("key", ask)

    def test_pages_of_a_report_are_of_one_view(self):
        view = {"at": "2026-11-27T00:00:00+08:00", "known": 7}
        self.daemon(lambda ask: {**view, **LIST})
        _, _, err = self.run_cli("report", "overdue")
        self.assertEqual(err, "next page: at=2026-11-27T00:00:00+08:00 known=7"
                              " after='20261120-002'\n")

    def test_csv_and_json(self):
        self.daemon(lambda ask: LIST)
        status, out, _ = self.run_cli("ticket.list", "--format", "csv",
                                      "limit=2", "--bom")
        self.assertEqual(status, 0)
        self.assertEqual(
            out, "\ufeffnumber,title,light,due,held_s\n"
            "20261120-001,'=融资,red,2026-11-27T00:00:00+08:00,90000\n"
            "20261120-002,\"用地, 续期\",green,,60\n".replace("\n", "\r\n"))
        status, out, _ = self.run_cli("ticket.list", "--format=json")
        self.assertEqual(json.loads(out), LIST)
        self.assertEqual(out.count("\n"), 1)

    def test_csv_is_the_whole_list(self):
        """And a page that leads to itself is asked for once."""
        last = {name: LIST[name] for name in LIST if name != "next"}
        self.daemon(lambda ask: last if ask["method"] == "ticket.list" and
                    "after" in ask["params"] else LIST)
        for command in ("ticket.list", "chain.list"):
            status, out, _ = self.run_cli(command, "--format", "csv")
            self.assertEqual(status, 0)
            self.assertEqual(out.count("\n"), 1 + 2 + 2, command)
            self.assertEqual(out.count("number"), 1)

    def test_terminal(self):
        self.daemon(lambda ask: LIST)
        status, out = self.on_terminal("ticket", "list")
        self.assertEqual(status, 0)
        self.assertIn("\x1b[31m● red\x1b[0m", out)
        self.assertIn("next page: after='20261120-002'", out)
        status, out = self.on_terminal("ticket", "list", NO_COLOR="1")
        self.assertNotIn("\x1b", out)
        self.assertIn("● red", out)
        self.assertIn("Due: 2026-11-27 00:00:00", out)
        self.assertLessEqual(max(map(len, out.splitlines())), 40)

    def test_languages(self):
        def handle(ask):
            raise Refused("bad_state", "ticket", "one of a|b", "got 'filed'")
        self.daemon(handle)
        chinese = ("bihuan: 当前状态下不能这样办理 [bad_state]：ticket (工单号)\n"
                   "  原因：实为 'filed'\n  应为：a|b 之一\n")
        english = ("bihuan: not possible in this state [bad_state]: ticket (ticket "
                   "number)\n"
                   "  reason: got 'filed'\n  expected: one of a|b\n")
        ask = ("ticket", "accept", "20261120-001")
        for locale, words, expected in [
                ("C.UTF-8", (), chinese), ("C", (), chinese),
                ("zh_CN.UTF-8", (), chinese), ("", (), chinese),
                ("en_US.UTF-8", (), english), ("fr_FR", (), english),
                ("C.UTF-8", ("--lang", "en"), english),
                ("en_US.UTF-8", ("--lang", "zh"), chinese)]:
            status, out, err = self.run_cli(*ask, *words, LANG=locale)
            self.assertEqual((status, out, err), (1, "", expected), locale)

    def test_no_catalogue(self):
        status, out, err = self.run_cli("help", LANG="zh_CN.UTF-8",
                                        BIHUAN_LOCALE_DIR="/nonexistent")
        self.assertEqual(status, 0)
        self.assertIn("登记产业链", out)
        self.assertEqual(err.count("\n"), 1)
        self.assertIn("bihuan.mo", err)

    def test_where_and_what_to_do(self):
        def handle(ask):
            if ask["method"] == "ticket.accept":
                raise Refused("bad_state", "ticket", "",
                              "accept of a ticket that is handling")
            if ask["method"] == "ticket.show":
                raise Refused("not_found", "ticket")
            raise Refused("forbidden", "", "one of: head, handler",
                          ask["method"])
        self.daemon(handle)
        for words, expected in [
                (("ticket", "accept", "1"),
                 "bihuan: 当前状态下不能这样办理 [bad_state]：ticket (工单号)\n"
                 "  原因：工单现在是[办理中], 不能[接单]\n"
                 "  应为：当前状态允许的步骤, 可用 bihuan ticket show 查看\n"),
                (("ticket", "show", "20261109-999"),
                 "bihuan: 没有找到 [not_found]：ticket (工单号)\n"
                 "  原因：实为 '20261109-999'\n"
                 "  应为：已登记的内容; 无权查看的也答复为没有找到\n"),
                (("ticket", "list"),
                 "bihuan: 该角色无权办理此事 [forbidden]\n"
                 "  原因：bihuan ticket list(工单列表)\n"
                 "  应为：部门负责人、经办人\n"),
                (("mine",),
                 "bihuan: 该角色无权办理此事 [forbidden]\n"
                 "  原因：bihuan mine(我的待办·已办·将超时·超时·抄送)\n"
                 "  应为：部门负责人、经办人\n")]:
            self.assertEqual(self.run_cli(*words, LANG="zh_CN.UTF-8"),
                             (1, "", expected))

    def test_token(self):
        daemon = self.daemon(lambda ask: {})
        code, _, _ = self.run_cli("chain", "list", BIHUAN_TOKEN="t")
        self.assertEqual(code, 0)
        self.assertEqual(daemon.asked[-1]["token"], "t")
        code, _, _ = self.run_cli("chain", "list", BIHUAN_TOKEN="")
        self.assertEqual(code, 0)
        self.assertNotIn("token", daemon.asked[-1])
        code, out, err = self.run_cli("chain", "list", BIHUAN_TOKEN="t" * 129)
        self.assertEqual((code, out), (2, ""))
        self.assertIn("[bad_param]: BIHUAN_TOKEN", err)
        self.assertEqual(len(daemon.asked), 2)

    def test_every_fault_of_a_regulation(self):
        def handle(ask):
            raise Refused("bad_regulation", "limits.supervise",
                          "a limit like 5wd", 'got 1 (3 errors in all); cut')
        self.daemon(handle)
        default = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                               "..", "..", "proto", "regulation_default.json")
        with open(default, encoding="utf-8") as file:
            body = json.load(file)
        body["limits"]["supervise"] = 1
        body["lights"]["yellow_wd"] = -3
        body["silence"] = "loud"
        path = self.file("r.json", json.dumps(body))
        code, _, err = self.run_cli("regulation", "add", path)
        self.assertEqual(code, 1)
        for fault in ("limits.supervise", "lights.yellow_wd", "silence"):
            self.assertIn("[bad_regulation]: %s\n" % fault, err)
        self.assertEqual(err.count("[bad_regulation]"), 3)
        # what is wrong only to the daemon is told in its words
        path = self.file("g.json", open(default, encoding="utf-8").read())
        _, _, err = self.run_cli("regulation", "add", path)
        self.assertIn("limits.supervise\n", err)

    def test_exit_status(self):
        self.assertEqual(self.run_cli("ticket", "list")[0], 3)
        self.assertEqual(self.run_cli()[0], 2)
        self.assertEqual(self.run_cli("no", "such")[0], 2)
        self.assertEqual(self.run_cli("ticket", "list", "x=1")[0], 2)
        self.assertEqual(self.run_cli("ticket", "list", "--dot")[0], 2)
        self.assertEqual(self.run_cli("ticket", "list", "--format", "xlsx")[0],
                         2)
        self.assertEqual(self.run_cli("ticket", "list", "--server",
                                      "tcp:127.0.0.1:1")[0], 3)
        self.assertEqual(self.run_cli("ticket", "list", "--server",
                                      "tcp:127.0.0.1")[0], 2)
        self.assertEqual(self.run_cli("--as", "wang", "ticket", "list")[0], 2)
        self.daemon(lambda ask: None)
        status, out, err = self.run_cli("ticket", "list")
        self.assertEqual((status, out), (3, ""))
        self.assertIn("[no_connection]", err)

    def test_output_lost(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([BIN, "help"], env=self.env, stdout=full,
                                  stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"[io_error]", done.stderr)

    def test_help(self):
        status, out, _ = self.run_cli("help")
        self.assertEqual(status, 0)
        self.assertIn("ticket dispatch", out)
        status, out, _ = self.run_cli("ticket", "dispatch", "--help")
        self.assertEqual(status, 0)
        self.assertIn("unit=CODE", out)
        self.assertEqual(self.run_cli("help", "ticket")[0], 0)
        self.assertEqual(self.run_cli("help", "flight")[0], 2)
        self.assertEqual(self.run_cli("--version")[0], 0)

    # -- without a daemon ----------------------------------------------------

    def test_deadline(self):
        status, out, _ = self.run_cli("deadline", "due",
                                      "from=2026-09-30T16:00:00", "limit=5wd")
        self.assertEqual((status, out), (0, "2026-10-14T00:00:00+08:00\n"))
        status, out, err = self.run_cli(
            "deadline", "due", "--stdin",
            stdin=b"2026-09-30T16:00:00 5wd\r\n2026-09-30 16:00 5wd\n"
                  b"2031-01-01T00:00:00Z\t5wd\nx" + b"y" * 10000 +
                  b"\n2026-09-30T08:00:00Z 1h")
        self.assertEqual(status, 1)
        self.assertEqual(out, "2026-10-14T00:00:00+08:00\n-\n"
                              "2031-01-09T00:00:00+08:00 provisional\n-\n"
                              "2026-09-30T17:00:00+08:00\n")
        self.assertEqual([line.split(":")[0] for line in err.splitlines()],
                         ["line 2", "line 4"])
        self.assertEqual(self.run_cli("deadline", "due", "limit=5wd")[0], 2)
        self.assertEqual(self.run_cli("deadline", "due", "--stdin",
                                      "limit=5wd")[0], 2)

    def test_deadline_files(self):
        notice = self.file("2031.json", json.dumps({
            "year": 2031, "papers": [], "days": [
                {"name": "元旦", "date": "2031-01-02", "isOffDay": True}]}))
        status, out, _ = self.run_cli("deadline", "due", "2031-01-01T09:00:00",
                                      "1wd", "calendar=" + notice)
        self.assertEqual((status, out), (0, "2031-01-04T00:00:00+08:00\n"))
        status, _, err = self.run_cli("deadline", "due", "2031-01-01T09:00:00",
                                      "1wd", "calendar=/no/such")
        self.assertEqual(status, 1)
        self.assertIn("/no/such", err)
        status, _, err = self.run_cli(
            "deadline", "due", "2031-01-01T09:00:00", "1wd",
            "regulation=" + self.file("r.json", "{}"))
        self.assertEqual(status, 1)
        self.assertIn("[bad_regulation]", err)

    def test_explain(self):
        status, out, _ = self.run_cli("deadline", "explain", "--format", "csv",
                                      "from=2026-09-30 16:00", "limit=3wd")
        rows = out.split("\r\n")
        self.assertEqual(status, 0)
        self.assertEqual(rows[1].split(",")[:5],
                         ["2026-09-30", "wed", "workday", "", "start"])
        self.assertEqual(rows[11].split(",")[:6],
                         ["2026-10-10", "sat", "makeup", "国庆节", "counted",
                          "3"])

    def test_lifecycle(self):
        status, out, _ = self.run_cli("lifecycle", "--dot")
        self.assertEqual(status, 0)
        self.assertTrue(out.startswith("digraph"), out[:40])
        status, out, _ = self.run_cli("lifecycle", "--format=json")
        moves = json.loads(out)["tickets"]
        self.assertIn("filed", [row[0] for row in moves["rows"]])

    # -- import --------------------------------------------------------------

    def test_import(self):
        taken = set()
        settles = []

        def handle(ask):
            if ask["method"] == "import.settle":
                settles.append(1)
                return {"done": len(settles) % 3 == 0, "fired": 1}
            event = ask["params"]["event"]
            if event.get("n") == 13:
                raise Refused("bad_state", "ticket", "", "it is filed")
            known = (json.dumps(event), ask["params"]["occurrence"])
            added = known not in taken
            taken.add(known)
            return {"added": added, "seq": len(taken)}

        daemon = self.daemon(handle)
        lines = ['{"n": %d}' % (i % 900) for i in range(1000)]
        lines[20] = "not json"
        lines[30] = ""
        lines[40] = '{"a":1},"occurrence":7,"x":{}'
        lines[50] = '{"t":"' + "x" * 300000 + '"}'
        path = self.file("h.ndjson", "\n".join(lines))
        status, out, err = self.run_cli("import", path, "--format", "json")
        result = json.loads(out)
        bad = [line.split(":")[0] for line in err.splitlines()]
        self.assertEqual(status, 1)
        self.assertEqual(sorted(bad), ["line 14", "line 21", "line 41",
                                       "line 51", "line 914"])
        self.assertEqual((result["lines"], result["added"],
                          result["already_there"], result["refused"]),
                         (1000, 994, 0, 5))
        self.assertEqual(len(settles), 3)
        # in order, and the second 900 count as second occurrences
        events = [ask["params"] for ask in daemon.asked
                  if ask["method"] == "import.event"]
        numbers = [event["event"]["n"] for event in events]
        want = [i % 900 for i in range(1000) if i not in (20, 30, 40, 50)]
        self.assertEqual(numbers, want)
        self.assertEqual(events[-1], {"event": {"n": 99}, "occurrence": 1})
        # again: nothing is added
        status, out, _ = self.run_cli("import", path, "--format", "json")
        result = json.loads(out)
        self.assertEqual((result["added"], result["already_there"]), (0, 994))

    def test_import_ahead_of_answers(self):
        """Lines go out while answers are still to come."""
        most = [0]
        waiting = []
        lock = threading.Lock()
        connected = socket.socket(socket.AF_UNIX)
        path = os.path.join(self.folder.name, "slow")
        connected.bind(path)
        connected.listen()

        def serve():
            connection, _ = connected.accept()
            with connection, connection.makefile("rb") as lines:
                def reader():
                    for line in lines:
                        with lock:
                            waiting.append(json.loads(line)["id"])
                            most[0] = max(most[0], len(waiting))
                threading.Thread(target=reader, daemon=True).start()
                for _ in range(601):
                    while True:
                        with lock:
                            if waiting:
                                number = waiting.pop(0)
                                break
                        time.sleep(0.001)
                    if number == 1:
                        time.sleep(0.5)
                    connection.sendall(json.dumps(
                        {"jsonrpc": "2.0", "id": number,
                         "result": {"added": True, "done": True}}
                    ).encode() + b"\n")

        threading.Thread(target=serve, daemon=True).start()
        name = self.file("h.ndjson", "".join('{"n": %d}\n' % i
                                             for i in range(600)))
        status, out, _ = self.run_cli("import", name, "--server",
                                      "unix:" + path)
        self.assertEqual(status, 0)
        self.assertIn("Added: 600", out)
        self.assertGreater(most[0], 100)
        self.assertLessEqual(most[0], 256)
        connected.close()

    def test_import_stops(self):
        """A fault of the machine, or a lost connection, ends the import."""
        def full(ask):
            if ask["method"] == "import.event" and \
                    ask["params"]["event"]["n"] >= 3:
                raise Refused("disk_full")
            return {"added": True, "done": True}
        path = self.file("h.ndjson", "".join('{"n": %d}\n' % i
                                             for i in range(5000)))
        daemon = self.daemon(full)
        status, _, err = self.run_cli("import", path)
        self.assertEqual(status, 1)
        self.assertIn("run the import again", err)
        self.assertNotIn("import.settle", [a["method"] for a in daemon.asked])
        self.assertLess(len(daemon.asked), 1000)
        daemon.close()
        os.unlink(daemon.path)

        count = [0]

        def lost(ask):
            count[0] += 1
            return {"added": True} if count[0] < 300 else None
        self.daemon(lost)
        status, _, err = self.run_cli("import", path)
        self.assertEqual(status, 3)
        self.assertIn("[no_connection]", err)

    def test_import_progress(self):
        self.daemon(lambda ask: {"added": True, "done": True})
        path = self.file("h.ndjson", "".join('{"n": %d}\n' % i
                                             for i in range(2000)))
        status, out = self.on_terminal("import", path)
        self.assertEqual(status, 0)
        self.assertIn("/s", out)
        self.assertEqual(self.run_cli("import", "/no/such")[0], 1)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=1)
