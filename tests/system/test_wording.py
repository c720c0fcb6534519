#!/usr/bin/env python3
"""That what the server says of a wrong request can be read in Chinese: every
constant English text in the calls that make a refusal stands in client/po. The
sources themselves are read, so a new text without its translation fails. Values
inside a text are a # in the catalogue, as client/cli/phrase.h says.

    test_wording.py [BIN_DIR]
"""
import glob
import os
import re
import sys
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
# Said by bihuand itself when it starts, to who operates it.
STARTUP = {"daemon/" + name for name in (
    "engine.c", "listener.c", "rulebook.c", "seed.c", "setup.c", "options.c",
    "config.c", "settings.c",
    "main.c")}
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
JOINED = re.compile(r'"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*')
CALLS = re.compile(
    r"\b(?:refuse|problem_set|refused|invalid|json_report|wrong|report)\(")


def join(literals):
    return "".join(LITERAL.findall(literals))


def known():
    with open(os.path.join(ROOT, "client/po/zh_CN.po"), encoding="utf-8") as po:
        return {join(entry) for entry in
                re.findall(r'msgid ((?:"(?:[^"\\]|\\.)*"\s*)+)', po.read())}


def call_text(source, start):
    """From behind the call's bracket to the one that closes it."""
    depth, at, quoted = 1, start, False
    while depth > 0:
        c = source[at]
        if quoted and c == "\\":
            at += 1
        elif c == '"':
            quoted = not quoted
        elif not quoted:
            depth += {"(": 1, ")": -1}.get(c, 0)
        at += 1
    return source[start:at]


def said():
    """Texts of more than one word with the file that says each."""
    for pattern in ("daemon/*.c", "proto/*.c", "client/*.c", "client/cli/*.c",
                    "daemon/store/backup.c"):
        for path in sorted(glob.glob(os.path.join(ROOT, pattern))):
            name = os.path.relpath(path, ROOT)
            if name in STARTUP:
                continue
            with open(path, encoding="utf-8") as file:
                source = file.read()
            for call in CALLS.finditer(source):
                for text in JOINED.findall(call_text(source, call.end())):
                    if " " in join(text):
                        yield name, join(text)


class Test(unittest.TestCase):
    def test_all_have_chinese(self):
        have = known()
        texts = list(said())
        self.assertGreater(len(texts), 100)  # the reading itself works
        missing = sorted(
            f"{name}: {text}" for name, text in texts
            if text not in have
            and re.sub(r"\d+", "#", re.sub("'[^']*'", "#", text)) not in have)
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
