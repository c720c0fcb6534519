#!/usr/bin/env python3
"""What people read as papers and not as tables, on the command line's side: the
results of a scripted daemon, and the pages expected of them.

    test_papers.py BIN_DIR
"""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import test_cli  # noqa: E402

TITLE = "码头前沿岸线使用手续批复"
PROGRESS = {
    "number": "20261009-001", "title": TITLE, "state": "handling",
    "steps": {"columns": ["at", "step", "unit", "due", "text"], "rows": [
        ["2001-10-09T15:04:00+08:00", "file", None, None, None],
        ["2001-10-09T15:30:00+08:00", "supplement_ask", None,
         "2001-10-17T00:00:00+08:00", "缺岸线图\n缺产权证"],
        ["2001-10-10T09:05:00+08:00", "dispatch", "县自然资源和规划局",
         "2001-10-17T00:00:00+08:00", None],
        ["2001-10-11T09:05:00+08:00", "dispatch", None, None, None],
        ["2001-10-12T09:05:00+08:00", "extend_grant", "县住建局",
         "2001-10-17T17:30:00+08:00", None],
        ["2001-12-31T09:05:00+08:00", "of_a_newer_server", "县住建局",
         "2001-10-17T17:30:00+08:00", None]]}}
MINUTES = {
    "meeting": 3, "title": "船舶海工产业链联席会议",
    "at": "2026-12-01T09:00:00+08:00", "place": "党委会议室",
    "office": "船舶海工产业链党委", "closed": None, "minutes": None,
    "participants": {"columns": ["unit", "code"],
                     "rows": [["县自然资源和规划局", "zrzy"],
                              ["县住建局", "zjj"]]},
    "items": {"columns": ["number", "title", "why", "reason", "decision",
                          "decided", "new_ticket", "unit", "due", "measure",
                          "text"],
              "rows": [["20261009-001", TITLE, None, "两部门意见不一",
                        "meet_dispatch", "2026-12-01T09:40:00+08:00", None,
                        "县行政审批局", "2026-12-09T00:00:00+08:00",
                        "容缺受理", "由审批局牵头"],
                       ["20261010-002", "消防验收", None, None, None, None,
                        None, None, None, None, None]]}}
MINE = {
    "box": "soon",
    "tickets": {"columns": ["number", "title", "what", "role", "due", "light",
                            "since"],
                "rows": [["20261009-001", "A", "finish", "lead",
                          "2026-10-17T00:00:00+08:00", "yellow",
                          "2026-10-09T15:04:00+08:00"]]},
    "counts": {"columns": ["box", "count", "more"],
               "rows": [["todo", 3, False], ["done", 500, True],
                        ["soon", 1, False], ["overdue", 0, False],
                        ["told", 12, False]]}}


class Test(test_cli.Test):
    def page(self, result, *words, lang):
        self.daemon(lambda ask: result)
        status, out, err = self.run_cli(*words, "--lang", lang)
        self.assertEqual((status, err), (0, ""))
        for daemon in self.daemons:
            daemon.close()
            os.unlink(daemon.path)
        self.daemons = []
        return out

    def test_progress(self):
        self.assertEqual(
            self.page(PROGRESS, "ticket", "progress", "20261009-001",
                      lang="zh").splitlines(),
            ["工单号：20261009-001", f"标题：{TITLE}", "状态：办理中", "",
             "2001年10月9日 15:04   已收到诉求",
             "2001年10月9日 15:30   需要补充材料，请于2001年10月16日前补充："
             "缺岸线图",
             "                      缺产权证",
             "2001年10月10日 09:05  已派给 县自然资源和规划局，"
             "限2001年10月16日前办结",
             "2001年10月11日 09:05  已派单",
             "2001年10月12日 09:05  县住建局 获准延期，"
             "限2001年10月17日 17:30前办结",
             "2001年12月31日 09:05  of_a_newer_server 县住建局"])
        out = self.page(PROGRESS, "ticket", "progress", "20261009-001",
                        lang="en").splitlines()
        self.assertEqual(out[4], "9 Oct 2001 15:04   the request was received")
        self.assertEqual(out[7], "10 Oct 2001 09:05  dispatched to "
                         "县自然资源和规划局, to be finished by 16 Oct 2001")

    def test_minutes(self):
        self.assertEqual(
            self.page(MINUTES, "meeting", "show", "3", lang="zh").splitlines(),
            [" " * 23 + "船舶海工产业链联席会议纪要", "",
             "时间：2026年12月1日 09:00", "地点：党委会议室",
             "召集单位：船舶海工产业链党委",
             "参会单位：县自然资源和规划局、县住建局", "",
             f"一、{TITLE}（20261009-001）", "    理由：两部门意见不一",
             "    决定：会商派单", "    会议意见：由审批局牵头",
             "    解决措施：容缺受理", "    责任单位：县行政审批局",
             "    完成时限：2026年12月8日", "",
             "二、消防验收（20261010-002）", "    决定：尚未决定", "",
             "会议尚未结束。"])
        closed = {**MINUTES, "closed": "2026-12-01T11:30:00+08:00",
                  "minutes": "下次会议\n另行通知。"}
        out = self.page(closed, "meeting", "show", "3", lang="en").splitlines()
        self.assertIn(f"1. {TITLE} (20261009-001)", out)
        self.assertIn("    Responsible unit: 县行政审批局", out)
        self.assertEqual(out[-4:], [
            "What else was said: 下次会议", "    另行通知。", "",
            "Closed at: 1 Dec 2026 11:30"])

    def test_mine(self):
        out = self.page(MINE, "mine", "soon", lang="zh").splitlines()
        self.assertEqual(out[:2], [
            "待办 3  已办 500+  [将超时 1]  超时 0  抄送 12", ""])
        self.assertTrue(out[4].startswith("20261009-001  A     办结"), out)
        self.assertEqual(len(out), 5)

    def test_deliveries(self):
        """Their states are not those of tickets."""
        result = {"deliveries": {
            "columns": ["id", "hook", "state"],
            "rows": [[1, "h", "waiting"], [2, "h", "done"],
                     [3, "h", "failed"]]}}
        out = self.page(result, "outbox", "list", lang="zh")
        for word in ("待推送", "已送达", "已放弃"):
            self.assertIn(word, out)


def only_these(loader):
    """Not those of test_cli once more."""
    names = [name for name in vars(Test) if name.startswith("test_")]
    return unittest.TestSuite(Test(name) for name in names)


if __name__ == "__main__":
    done = unittest.TextTestRunner().run(only_these(unittest.defaultTestLoader))
    sys.exit(0 if done.wasSuccessful() and done.testsRun >= 4 else 1)
