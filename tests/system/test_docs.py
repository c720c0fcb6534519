#!/usr/bin/env python3
"""That the papers name files that are there, that both languages of the README
show the same commands, and that the manuals know every option.

    test_docs.py [BIN_DIR]
"""
import glob
import os
import re
import sys
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PAPERS = ["README.md", "README.zh-CN.md", "docs/*.md", "*/README.md",
          "*/*/README.md"]
PATH = re.compile(r"`((?:[a-z_.]+/)+[A-Za-z0-9_.*-]+)`")
# Made by the build; a name with a number in it; and a fraction.
NOT_HERE = ("build/", "migrations/", "num/den")


def papers():
    for pattern in PAPERS:
        for path in sorted(glob.glob(os.path.join(ROOT, pattern))):
            with open(path, encoding="utf-8") as file:
                yield path, file.read()


def is_there(paper, name):
    return any(glob.glob(os.path.join(folder, name))
               for folder in (ROOT, os.path.dirname(paper)))


def options(command):
    """Without the words that are in the reader's language."""
    command = command.split("  #")[0]
    return re.sub(r"=\S+|[^\x00-\x7f]+", "=", command).split()


def commands(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        return [options(line) for line in file if line.startswith("    ")]


class Test(unittest.TestCase):
    def test_files_are_there(self):
        named = [(paper, name) for paper, text in papers()
                 for name in PATH.findall(text)
                 if not name.startswith(NOT_HERE)]
        self.assertGreater(len(named), 40)  # the reading itself works
        missing = [f"{os.path.relpath(paper, ROOT)}: {name}"
                   for paper, name in named if not is_there(paper, name)]
        self.assertEqual(missing, [])

    def test_links_lead_somewhere(self):
        missing = [f"{os.path.relpath(paper, ROOT)}: {link}"
                   for paper, text in papers()
                   for link in re.findall(r"\]\(([^)#:]+)\)", text)
                   if not os.path.exists(
                       os.path.join(os.path.dirname(paper), link))]
        self.assertEqual(missing, [])

    def test_every_verb_is_explained(self):
        """docs/verbs.md names each command that moves a ticket, and no other."""
        with open(os.path.join(ROOT, "proto/commands.def"),
                  encoding="utf-8") as file:
            rows = re.findall(r'COMMAND\(\w+, "(ticket\.\w+)", .*?, (\w+),\n',
                              file.read())
        with open(os.path.join(ROOT, "docs/verbs.md"), encoding="utf-8") as file:
            named = set(re.findall(r"`(ticket\.\w+)`", file.read()))
        writes = {name for name, effect in rows if effect == "WRITE"}
        self.assertGreater(len(writes), 30)
        self.assertEqual(named, writes)

    def test_manuals_name_every_option(self):
        for source, page in (
                ("client/cli/arguments/options.c", "packaging/bihuan.1"),
                ("daemon/options.c", "packaging/bihuand.8")):
            with open(os.path.join(ROOT, source), encoding="utf-8") as file:
                options = set(re.findall(r'\{"--([a-z]+)"', file.read()))
            with open(os.path.join(ROOT, page), encoding="utf-8") as file:
                named = set(re.findall(r"\\-\\-([a-z]+)", file.read()))
            self.assertGreater(len(options), 7)
            # "comes later" is all that the daemon says of it
            self.assertEqual(options - {"http"}, named & options)

    def test_both_languages_show_the_same(self):
        english = commands("README.md")
        self.assertGreater(len(english), 20)
        self.assertEqual(english, commands("README.zh-CN.md"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
