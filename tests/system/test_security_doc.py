#!/usr/bin/env python3
"""That docs/security.md claims nothing it cannot show: each test that it names
is there, and each number of both tables stands exactly once, with a test or a
reason.

    test_security_doc.py [BIN_DIR]
"""
import os
import re
import sys
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
# `tests/…/file.py::function`, `tests/…/script.sh`, `ctest NAME`
PLACE = re.compile(r"`(tests/[\w/.]+)(?:::(\w+))?`")
CTEST = re.compile(r"`ctest (\w+)`")
REASON = 40  # characters: less is no reason
CES1 = [f"CES1-{n:02}" for n in range(1, 36)]
# OWASP ASVS 5.0.0, what is marked level 1: chapter.section and its numbers.
ASVS = [f"{section}.{n}" for section, numbers in {
    "1.2": (1, 2, 3, 4, 5), "1.3": (1, 2), "1.5": (1,),
    "2.1": (1,), "2.2": (1, 2), "2.3": (1,),
    "3.2": (1, 2), "3.3": (1,), "3.4": (1, 2), "3.5": (1, 2, 3),
    "4.1": (1,), "4.4": (1,),
    "5.2": (1, 2), "5.3": (1, 2),
    "6.1": (1,), "6.2": (1, 2, 3, 4, 5, 6, 7, 8), "6.3": (1, 2),
    "6.4": (1, 2),
    "7.2": (1, 2, 3, 4), "7.4": (1, 2),
    "8.1": (1,), "8.2": (1, 2), "8.3": (1,),
    "9.1": (1, 2, 3), "9.2": (1,),
    "10.4": (1, 2, 3, 4, 5),
    "11.3": (1, 2), "11.4": (1,),
    "12.1": (1,), "12.2": (1, 2),
    "13.4": (1,), "14.2": (1,), "14.3": (1,),
    "15.1": (1,), "15.2": (1,), "15.3": (1,)}.items() for n in numbers]


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


def has(path, name):
    """Is there a test, or a whole file, of that name?"""
    if not os.path.isfile(os.path.join(ROOT, path)):
        return False
    if name is None:
        return True
    form = (rf"^ *def {name}\(" if path.endswith(".py")
            else rf"^static void {name}\(void \*\*")
    text = read(path)
    defined = re.search(form, text, re.MULTILINE)
    # and it is run: named once more than where it is defined
    return bool(defined) and (name.startswith("test_") and
                              path.endswith(".py") or
                              len(re.findall(rf"\b{name}\b", text)) > 1)


def rows(form):
    """First cell -> the other cells, of each row whose first cell fits."""
    found = {}
    for line in read("docs", "security.md").splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if cells and re.fullmatch(form, cells[0]):
            assert cells[0] not in found, f"{cells[0]} stands twice"
            found[cells[0]] = cells[1:]
    return found


class Test(unittest.TestCase):
    def test_named_tests_are_there(self):
        text = read("docs", "security.md")
        places = PLACE.findall(text)
        self.assertGreater(len(places), 100)
        missing = sorted({f"{path}::{name}" for path, name in places
                          if not has(path, name or None)})
        self.assertEqual(missing, [])
        made = read("tests", "CMakeLists.txt")
        for name in CTEST.findall(text):
            self.assertRegex(made, rf"add_test\(NAME {name}\b")

    def test_nothing_else_looks_like_a_test(self):
        """A name that the form above does not read would go unchecked."""
        text = PLACE.sub("", read("docs", "security.md"))
        self.assertEqual(re.findall(r"`?tests/[^\s`]*|::\w+", text), [])

    def check_table(self, form, expected):
        found = rows(form)
        self.assertEqual(sorted(found), sorted(expected))
        for number, cells in found.items():
            proof = cells[-1]
            self.assertEqual(len(cells), 2, number)
            self.assertTrue(PLACE.search(proof) or CTEST.search(proof) or
                            len(proof) >= REASON, f"{number}: {proof}")

    def test_mlps(self):
        self.assertEqual(len(CES1), 35)
        self.check_table(r"CES1-\d+", CES1)

    def test_asvs(self):
        self.assertEqual(len(ASVS), 70)
        self.check_table(r"\d+\.\d+\.\d+", ASVS)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
