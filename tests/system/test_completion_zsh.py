#!/usr/bin/env python3
"""The zsh completion where it is used: lines typed into a zsh on a terminal,
with the Tab key behind them; what it offers, and what the line then is.
Without zsh it is skipped.

    test_completion_zsh.py BIN_DIR
"""
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

BIN = pathlib.Path(sys.argv[1] if len(sys.argv) > 1
                   else "build/dev/bin").resolve()
FUNCTIONS = BIN.parent / "share" / "zsh" / "site-functions"

# `compadd` passes on what it is given and notes which of it fits the word: that
# is what the shell lists. Tab then tells it, with the line as it has become, and
# begins another, which says that it is ready: what is typed before could be lost.
SET_UP = """
PS1= RPS1=
autoload -Uz compinit
compinit -u -D
typeset -ga noted
compadd() {
    local -a fit
    if [[ " $* " != *" "-[a-zA-Z0-9]#[OAD]" "* ]]; then
        builtin compadd -O fit "$@"
        noted+=("${(@)fit}")
    fi
    builtin compadd "$@"
}
tell() {
    noted=()
    zle expand-or-complete
    print -r -- "<<${(j: :)${(@ou)noted}}|$BUFFER>>"
    BUFFER=
    zle accept-line
}
zle -N tell
zle-line-init() { print -r -- "<<ready>>" }
zle -N zle-line-init
bindkey '^I' tell
LISTMAX=1000
"""


class Zsh:
    def __init__(self, home, words=""):
        """`words`: more to do before the first line is typed."""
        set_up = home / "set_up"
        set_up.write_text(words + SET_UP)
        self.seen = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(home)
            os.execvpe("zsh", ["zsh", "-f", "-i"],
                       {"HOME": str(home), "TERM": "xterm", "COLUMNS": "200",
                        "LINES": "50", "LC_ALL": "C.UTF-8",
                        "PATH": f"{BIN}:{os.environ['PATH']}"})
        self.type(f". {set_up}\n")
        self.read_to("<<ready>>")

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def read_to(self, pattern, seconds=20):
        end = time.monotonic() + seconds
        while True:
            found = re.search(pattern, self.seen, re.DOTALL)
            if found:
                self.seen = self.seen[found.end():]
                return found
            ready, _, _ = select.select([self.fd], [], [],
                                        max(0, end - time.monotonic()))
            piece = os.read(self.fd, 65536) if ready else b""
            if not piece:
                raise AssertionError(f"no {pattern} in {self.seen!r}")
            self.seen += piece.decode(errors="replace")

    def tab(self, line):
        """Types it and Tab: the words that are offered, and the line then."""
        self.type(f"{line}\t")
        found = self.read_to(r"<<([^|>]*)\|([^>]*)>>.*<<ready>>")
        return found.group(1).split(), found.group(2)

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


@unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = pathlib.Path(tempfile.mkdtemp(prefix="bihuan."))
        (cls.home / "photo.jpg").write_bytes(b"")
        cls.zsh = Zsh(cls.home, f"fpath=({FUNCTIONS} $fpath)\n")

    @classmethod
    def tearDownClass(cls):
        cls.zsh.end()
        shutil.rmtree(cls.home)

    def offers(self, line, words):
        self.assertEqual(self.zsh.tab(line)[0], sorted(words.split()), line)

    def becomes(self, line, then):
        self.assertEqual(self.zsh.tab(line)[1], then)

    def test_commands(self):
        self.offers("bihuan re", "registry report regulation")
        self.offers("bihuan tot", "totp")
        self.offers("bihuan report ", "overdue lights times")
        self.becomes("bihuan tic", "bihuan ticket ")
        self.becomes("bihuan ticket dis", "bihuan ticket dispatch ")

    def test_a_command_with_and_without_a_second_word(self):
        self.offers("bihuan import ", "event settle close file=")

    def test_parameters(self):
        self.offers("bihuan login ", "account=")
        self.offers("bihuan deadline what-if c", "calendar=")
        self.offers("bihuan ticket evaluate ",
                    "ticket= score= solved= text=")
        self.becomes("bihuan ticket dispatch m",
                     "bihuan ticket dispatch measure=")

    def test_values(self):
        self.offers("bihuan report overdue by=c", "chain category")
        self.offers("bihuan mine box=", "todo done soon overdue told")
        self.becomes("bihuan --account zjj-1 ticket list state=fi",
                     "bihuan --account zjj-1 ticket list state=filed ")

    def test_a_file_as_a_value(self):
        self.becomes("bihuan attachment add 1 file=pho",
                     "bihuan attachment add 1 file=photo.jpg ")
        self.becomes("bihuan calendar import pho",
                     "bihuan calendar import photo.jpg ")
        self.becomes("bihuan --ca pho", "bihuan --ca photo.jpg ")

    def test_options(self):
        self.offers("bihuan ticket list --",
                    "--server --account --ca --format --lang --key --after "
                    "--stdin --dot --bom --help --version")
        self.offers("bihuan --format ", "table json csv")
        self.offers("bihuan --lang z", "zh")
        self.offers("bihuan --account ", "")
        self.becomes("bihuan ticket list --fo", "bihuan ticket list --format ")
        self.becomes("bihuan --format csv tic", "bihuan --format csv ticket ")

    def test_help_and_completion(self):
        self.offers("bihuan help ticket sh", "show")
        self.becomes("bihuan help tic", "bihuan help ticket ")
        self.offers("bihuan completion ", "bash zsh")

    def test_nothing_that_fits(self):
        self.offers("bihuan nosuch", "")
        self.becomes("bihuan ticket list zz", "bihuan ticket list zz")


@unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
class ReadIn(unittest.TestCase):
    def test_as_help_says(self):
        home = pathlib.Path(tempfile.mkdtemp(prefix="bihuan."))
        zsh = Zsh(home)
        try:
            zsh.type("source <(bihuan completion zsh)\n")
            zsh.read_to("<<ready>>")
            self.assertEqual(zsh.tab("bihuan ticket dis")[1],
                             "bihuan ticket dispatch ")
        finally:
            zsh.end()
            shutil.rmtree(home)

    def test_it_is_zsh(self):
        script = FUNCTIONS / "_bihuan"
        subprocess.run(["zsh", "-n", script], check=True)
        printed = subprocess.run([BIN / "bihuan", "completion", "zsh"],
                                 check=True, stdout=subprocess.PIPE).stdout
        self.assertEqual(printed, script.read_bytes())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
