#!/usr/bin/env python3
"""That what the server says of a wrong request can be read in Chinese: every
constant English text in the calls that make a refusal stands in client/po. The
sources themselves are read, so a new text without its translation fails. Values
inside a text are a # in the catalogue: client/cli/language/phrase.h. And that
what it names in a result has a heading in people's words.

    test_wording.py [BIN_DIR]
"""
import glob
import os
import re
import sys
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
# Said by bihuand itself, when it starts or in its log, to who operates it.
STARTUP = {"daemon/" + name for name in (
    "commands/account/first_administrators.c", "commands/rules/rulebook.c",
    "commands/rules/seed.c", "engine/engine_open.c",
    "engine/unasked.c", "gate/weak_list.c", "main.c",
    "net/listener.c", "net/net.c", "net/pair.c", "net/tls.c", "options.c",
    "settings/config.c", "settings/setting_value.c", "settings/settings.c",
    "setup/data_folder.c", "setup/setup.c", "setup/setup_check.c",
    "store/lock.c", "store/migrate.c")}
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
JOINED = re.compile(r'"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*')
# Calls that make a refusal or a part of one.
CALLS = re.compile(
    r"\b(?:refuse|refuse_unit|problem_set|refused|invalid|json_report|wrong"
    r"|report|bad|not_theirs|leaderless)\(")
# A sentence put together for one; its values are what the catalogue has as #.
FORMATS = re.compile(r"\bsnprintf\(\s*(?:expected|detail)\s*,")
# Where refusals are worded by tables and functions: every text counts.
WHOLE = ("daemon/commands/ticket/refusals.c",
         "daemon/commands/registry/cmd_registry_end.c")
VALUE = re.compile(r"'%[.0-9*]*s'|%[.0-9*]*(?:ll|l|z)?[a-z]")
# Both words of it are in the catalogue by themselves: complain.c.
APART = {"%s of a ticket that is %s"}


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


def texts(source):
    """Literals of more than one word."""
    for text in map(join, JOINED.findall(source)):
        words = re.findall(r"[A-Za-z]{2}", VALUE.sub("", text))
        if " " in text.strip() and len(words) > 1 and text not in APART:
            yield text


def read(path):
    with open(path, encoding="utf-8") as file:
        source = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.DOTALL)
    macro = r'"\s*(?:PRI[a-z]+[0-9]*|JSON_INTEGER_FORMAT)'
    return re.sub(macro, 'd"', re.sub(macro + r'\s*"', "d", source))


def sources(folder):
    return sorted(glob.glob(os.path.join(ROOT, folder, "**/*.c"),
                            recursive=True))


def said():
    """Texts of more than one word with the file that says each."""
    for folder in ("daemon", "proto", "client"):
        for path in sources(folder):
            name = os.path.relpath(path, ROOT)
            if name in STARTUP:
                continue
            source = read(path)
            calls = [source] if name in WHOLE else [
                call_text(source, call.end()) for pattern in (CALLS, FORMATS)
                for call in pattern.finditer(source)]
            for call in calls:
                for text in texts(call):
                    yield name, text


def form_of(text):
    """What the entries of a text with values look like; a word may be a limit
    or an instant, of which the catalogue has each kind."""
    form = ""
    for part in re.split(f"({VALUE.pattern})", text):
        if not VALUE.fullmatch(part):
            form += re.escape(re.sub(r"\d+", "#", part))
        else:
            form += "#" if part[0] == "'" or part[-1] != "s" else "[^ ,;]+"
    return form


def found(text, have):
    plain = re.sub(r"\d+", "#", re.sub("'[^']*'", "#", text))
    if text in have or plain in have or "# " + plain in have:
        return True
    form = re.compile(form_of(text))
    return bool(VALUE.search(text)) and any(map(form.fullmatch, have))


# Never shown under a heading: parts of an upload, and what stands in brackets
# behind a name.
UNSEEN = {"upload", "piece", "received", "whole", "for"}


def shown_names():
    """Columns and members of results, and what the daemon counts."""
    for path in sources("daemon/commands"):
        source = read(path)
        for table in re.findall(
                r"(?:\.columns = |char columns\[\] =\s*|table_new\()\s*("
                + JOINED.pattern + ")", source):
            yield from join(table).split()
        yield from re.findall(
            r'json_object_set_new\(\s*c->result,\s*"(\w+)"', source)
    with open(os.path.join(ROOT, "daemon/stats.h"), encoding="utf-8") as file:
        yield from re.findall(r"^ +X\((\w+)\)", file.read(), re.M)


def headings():
    with open(os.path.join(ROOT, "client/cli/language/words.c"),
              encoding="utf-8") as file:
        table = file.read().split("headings[] = {")[1].split("\n};")[0]
    return set(re.findall(r'\{"([a-z0-9_]+)", "', table))


class Test(unittest.TestCase):
    def test_all_have_headings(self):
        names = set(shown_names())
        for known in ("waiting_hashes", "outcome", "password_due_in_days"):
            self.assertIn(known, names)  # the reading itself works
        self.assertEqual(sorted(names - headings() - UNSEEN), [])

    def test_all_have_chinese(self):
        have = known()
        texts = list(said())
        self.assertGreater(len(texts), 300)  # the reading itself works
        missing = sorted({f"{name}: {text}" for name, text in texts
                          if not found(text, have)})
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
