#!/usr/bin/env python3
"""The tables of docs/access.md, from matrix.csv.

    table.py            prints them
    table.py --check    fails unless docs/access.md has them as they are
    table.py --write    puts them there
"""
import csv
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
PAPER = HERE.parent.parent / "docs" / "access.md"
BEGIN, END = "<!-- from the matrix -->", "<!-- end -->"
WORDS = {"allow": "yes", "deny": "no", "hidden": "not there", "": ""}
OFFICIALS = ("enterprise", "guide", "dispatcher", "head", "handler", "leader",
             "supervisor")


def matrix():
    with (HERE / "matrix.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {(r["command"], r["role"]): {k: v for k, v in r.items()
                                        if k not in ("command", "role")}
            for r in rows}


def line(cells):
    return "| " + " | ".join(cells) + " |"


def word(cells):
    """Of all that the command may be about."""
    said = set(filter(None, cells.values()))
    if said == {"allow"}:
        return "yes"
    return "theirs" if "allow" in said else "–"


def by_command(rows):
    roles = list(dict.fromkeys(role for _, role in rows))
    out = [line(["command"] + roles), line(["---"] * (len(roles) + 1))]
    for command in dict.fromkeys(command for command, _ in rows):
        out.append(line([f"`{command}`"] +
                        [word(rows[command, role]) for role in roles]))
    return out


def by_relation(rows, commands):
    relations = list(rows["ticket.show", "guide"])
    out = [line(["who, and what"] + [r.replace("_", " ") for r in relations]),
           line(["---"] * (len(relations) + 1))]
    for role, command in commands:
        out.append(line([f"{role}: `{command}`"] +
                        [WORDS[rows[command, role][r]] for r in relations]))
    return out


def tables():
    rows = matrix()
    reads = [(role, "ticket.show") for role in OFFICIALS]
    moves = [("enterprise", "ticket.evaluate"), ("guide", "ticket.supplement"),
             ("dispatcher", "ticket.dispatch"), ("head", "ticket.assign"),
             ("handler", "ticket.resolve"), ("leader", "ticket.supervise"),
             ("supervisor", "ticket.rework")]
    return "\n".join(
        ["", "Reading a ticket, and a move that is the role's own:", ""] +
        by_relation(rows, reads + moves) +
        ["", "Every command: *yes* whatever it is about, *theirs* if it is "
         "about something of theirs, – never.", ""] +
        by_command(rows) + [""])


def main():
    text = PAPER.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, mark, tail = rest.partition(END)
    assert mark, f"{PAPER} has no place for the tables"
    fresh = head + BEGIN + "\n" + tables() + END + tail
    if sys.argv[1:] == ["--write"]:
        PAPER.write_text(fresh, encoding="utf-8")
    elif sys.argv[1:] == ["--check"]:
        assert fresh == text, f"stale: {sys.argv[0]} --write"
    else:
        print(tables())


if __name__ == "__main__":
    main()
