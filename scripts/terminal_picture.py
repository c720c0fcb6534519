#!/usr/bin/env python3
"""Draws a terminal: runs commands and writes what they print, with its colours,
as an SVG on a grid of cells, Chinese characters two cells wide.

    terminal_picture.py [--width CELLS] [--title TEXT] OUT.svg COMMAND...

Each COMMAND is a line for the shell; `| head` and the like work. The picture in
the README is made beside a running demo:

    export BIHUAN_SERVER=unix:$PWD/.demo/bihuan.sock
    export XDG_STATE_HOME=$PWD/.demo/state PATH=$PWD/build/release/bin:$PATH
    scripts/terminal_picture.py --width 132 docs/terminal.svg \\
        'bihuan --account jtj-2 mine limit=5' \\
        'bihuan --account jtj-2 ticket show ref=LL00603' \\
        'bihuan --account qy-17 ticket progress ref=LL00602'
"""
import argparse
import fcntl
import os
import pty
import re
import struct
import sys
import termios
import unicodedata
from xml.sax.saxutils import escape

CELL, LINE, SIZE = 7.2, 19, 14
MARGIN, BAR = 14, 30
FONTS = ("'Sarasa Mono SC','Noto Sans Mono CJK SC','Source Han Mono SC',"
         "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',"
         "'WenQuanYi Zen Hei Mono',Menlo,Consolas,monospace")
# Readable on the dark ground and, in the light scheme, on the light one.
COLOURS = {"31": ("red", "#ff7b72", "#b3261e"),
           "32": ("green", "#56d364", "#1a7f37"),
           "33": ("yellow", "#e3b341", "#8a6100"),
           "90": ("grey", "#8b949e", "#6e7781")}
ESCAPE = re.compile("\x1b\\[([0-9;]*)m")


def cells(text):
    return sum(0 if unicodedata.combining(c) else
               2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in text)


def on_terminal(command, width):
    """What the command prints on a terminal that many cells wide."""
    pid, master = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
        os.environ.update(TERM="xterm", COLUMNS=str(width))
        os.environ.pop("NO_COLOR", None)
        os.execvp("sh", ["sh", "-c", command])
    out = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        out += piece
    os.close(master)
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0:
        sys.exit(f"failed: {command}\n{out.decode(errors='replace')}")
    return out.decode().replace("\r\n", "\n").rstrip("\n").split("\n")


def pieces(line):
    """(column, text, class): words that stand together, so that a font of
    another width moves nothing but them."""
    column, style = 0, ""
    for part in re.split("(\x1b\\[[0-9;]*m)", line):
        code = ESCAPE.fullmatch(part)
        if code:
            style = COLOURS.get(code.group(1), ("", "", ""))[0]
            continue
        for word in re.findall(r" {2,}|(?: ?[^ ]+)+| ", part):
            if word.strip():
                lead = len(word) - len(word.lstrip())
                yield column + lead, word.strip(), style
            column += cells(word)


def text_at(column, y, text, style):
    """Each run is stretched to exactly its cells."""
    x = MARGIN + column * CELL
    attributes = f' class="{style}"' if style else ""
    return (f'<text x="{x:.1f}" y="{y}" textLength="{cells(text) * CELL:.1f}"'
            f'{attributes}>{escape(text)}</text>')


def scheme(index):
    ground, text, bar = (("#161b22", "#d7dde4", "#21262d"),
                         ("#fbfbfa", "#24292f", "#e7e9ec"))[index]
    rules = [f".ground{{fill:{ground}}}.bar{{fill:{bar}}}text{{fill:{text}}}",
             f".prompt{{fill:{('#79c0ff', '#0550ae')[index]}}}"]
    rules += [f".{name}{{fill:{(dark, light)[index]}}}"
              for name, dark, light in COLOURS.values()]
    return "".join(rules)


def draw(title, blocks):
    lines = [line for block in blocks for line in block]
    wide = max(cells(ESCAPE.sub("", line)) for line in lines)
    width = int(wide * CELL + 2 * MARGIN)
    height = BAR + len(lines) * LINE + MARGIN
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
           f'height="{height}" viewBox="0 0 {width} {height}" role="img" '
           f'aria-label="{escape(title)}">',
           f"<style>text{{font:{SIZE}px {FONTS};white-space:pre}}{scheme(0)}"
           f"@media (prefers-color-scheme:light){{{scheme(1)}}}</style>",
           f'<rect class="ground" width="{width}" height="{height}" rx="8"/>',
           f'<path class="bar" d="M0 {BAR - 8}V8a8 8 0 0 1 8-8H{width - 8}a8 8 '
           f'0 0 1 8 8v{BAR - 16}z"/>',
           f'<text x="{width / 2:.0f}" y="16" text-anchor="middle" '
           f'class="grey">{escape(title)}</text>']
    for i, line in enumerate(lines):
        y = BAR + (i + 1) * LINE - 5
        if line.startswith("$ "):
            out.append(text_at(0, y, line, "prompt"))
        else:
            out += [text_at(column, y, text, style)
                    for column, text, style in pieces(line)]
    return "\n".join(out) + "\n</svg>\n"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--width", type=int, default=110)
    parser.add_argument("--title", default="闭环 Bihuan")
    parser.add_argument("out")
    parser.add_argument("commands", nargs="+")
    args = parser.parse_args()
    blocks = []
    for command in args.commands:
        block = ["$ " + command] + on_terminal(command, args.width)
        blocks.append(([""] if blocks else []) + block)
    with open(args.out, "w", encoding="utf-8") as file:
        file.write(draw(args.title, blocks))


if __name__ == "__main__":
    main()
