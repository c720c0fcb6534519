#!/usr/bin/env python3
"""The unit's confinement as systemd itself reckons it, and that what it says
fits the sample configuration.

    test_unit.py [BIN_DIR]
"""
import pathlib
import re
import shutil
import subprocess
import unittest
import sys

ROOT = pathlib.Path(__file__).parents[2] / "packaging"
UNIT = ROOT / "bihuan.service"


def settings(path):
    """key -> values, sections aside."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        match = re.fullmatch(r"(\w+) ?= ?(.*)", line)
        if match:
            found.setdefault(match[1], []).append(match[2])
    return found


class Test(unittest.TestCase):
    def setUp(self):
        self.unit = settings(UNIT)
        self.conf = settings(ROOT / "bihuand.conf")

    def test_exposure(self):
        if shutil.which("systemd-analyze") is None:
            self.skipTest("systemd-analyze is not here")
        result = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", str(UNIT)],
            capture_output=True, text=True)
        level = re.search(r"exposure level for \S+: ([0-9.]+)", result.stdout)
        self.assertIsNotNone(level, result)
        self.assertLessEqual(float(level[1]), 1.5)

    def test_folders_are_the_units(self):
        """What the configuration names is what the unit lets be written."""
        state = {f"/var/lib/{name}"
                 for name in self.unit["StateDirectory"][0].split()}
        self.assertEqual({self.conf["data"][0], self.conf["folder"][0]}, state)
        run = f"unix:/run/{self.unit['RuntimeDirectory'][0]}/"
        self.assertTrue(self.conf["listen"][0].startswith(run))
        self.assertEqual(self.unit["ProtectSystem"], ["strict"])

    def test_webhooks_can_go_out(self):
        families = self.unit["RestrictAddressFamilies"][0].split()
        self.assertEqual(set(families), {"AF_UNIX", "AF_INET", "AF_INET6"})
        self.assertNotIn("PrivateNetwork", self.unit)

    def test_the_account(self):
        line = (ROOT / "bihuan.sysusers").read_text().splitlines()[-1]
        self.assertEqual(line.split()[:2], ["u", self.unit["User"][0]])
        self.assertEqual(self.unit["User"], self.unit["Group"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
