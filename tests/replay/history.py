"""What the two converters of real logs have in common: how a log is read, the
register that it needs, lines for `bihuan import`, and the command line."""
import argparse
import csv
import gzip
import json
import pathlib
import re
import sys

SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(authority, division, serial):
    """A code that passes both checks: GB 11714 inside, GB 32100 around it."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    inner = 11 - sum(int(c, 36) * w for c, w in zip(serial, weights)) % 11
    body = authority + division + serial + {10: "X", 11: "0"}.get(
        inner, str(inner))
    total = sum(SYMBOLS.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + SYMBOLS[(31 - total % 31) % 31]


def word(text):
    """A code takes letters, digits, _ - and . only."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", text)


def rows_of(path):
    """The log's rows by column."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


# -- lines -------------------------------------------------------------------

def line(at, who, method, **params):
    """One event; what is empty is not said. Nobody in the register, `who` None,
    is the program itself."""
    event = {"at": at if isinstance(at, str) else at.isoformat()}
    if who is not None:
        event["as"] = who
    event["method"] = method
    event["params"] = {k: v for k, v in params.items() if v not in (None, "")}
    return json.dumps(event, ensure_ascii=False)


def register_lines(at, office, dispatcher, supervisor, enterprise, contact):
    """Who is there before the departments are; each a code and a name."""
    def person(who, unit, role):
        code, name = who
        return line(at, None, "person.add", code=code, name=name, unit=unit[0],
                    role=role)

    yield line(at, None, "office.add", code=office[0], name=office[1])
    yield person(dispatcher, office, "dispatcher")
    yield person(supervisor, office, "supervisor")
    yield line(at, None, "enterprise.add", code=enterprise[0],
               name=enterprise[1])
    yield person(contact, enterprise, "enterprise")


def write(path, register, events):
    """`events`: (instant, line), brought into the order of time. Those of one
    second stay in theirs."""
    with open(path, "w", encoding="utf-8") as out:
        for text in register:
            print(text, file=out)
        for _, text in sorted(events, key=lambda event: event[0]):
            print(text, file=out)


# -- the command line --------------------------------------------------------

def run(doc, data, commands):
    """`commands`: {name: (function, arguments)}; returns what the function does
    of its arguments and `data`, the folder of the log."""
    parser = argparse.ArgumentParser(description=doc.split("\n\n")[0])
    parser.add_argument("--data", type=pathlib.Path, default=data)
    choices = parser.add_subparsers(dest="command", required=True)
    for name, (function, arguments) in commands.items():
        choice = choices.add_parser(name)
        for argument in arguments:
            option = {"required": True} if argument.startswith("-") else {}
            choice.add_argument(argument, **option)
        choice.set_defaults(run=function)
    args = parser.parse_args()
    sys.exit(args.run(args))
