#!/usr/bin/env python3
"""Turns a real half-year of a city's service requests into history to import,
and counts the same half-year by itself, so that the two can be compared.

    boston.py convert OUT.ndjson        lines for `bihuan import`
    boston.py count --at INSTANT        what is overdue by department, as CSV
    boston.py compare A.csv B.csv       cell by cell; exit 1 if they differ

The data (City of Boston, PDDL 1.0) is not part of the project: it is looked
for in ../shared/data/boston311 beside the project, or in --data FOLDER.

A row becomes: filed at OPEN_DT, dispatched to Department with TARGET_DT as
its due instant (none: no limit) and accepted at once, resolved at CLOSED_DT.
Stamps carry no zone and are read as -05:00. Left out: rows without the city's
own verdict, and rows that close before they open (printed on stderr).
"""

import csv
import datetime
import pathlib
import sys

from history import credit_code, line, register_lines, rows_of, run, word, write

DATA = pathlib.Path(__file__).resolve().parents[3] / "shared/data/boston311"
CSV_NAME = "boston311_2015H1.csv.gz"
ZONE = datetime.timezone(datetime.timedelta(hours=-5))

# Names of proto/commands.def that the history uses.
OFFICE = "boston-311"
DISPATCHER = "dispatcher-311"
SUPERVISOR = "supervisor-311"
CONTACT = "residents"
REGISTRY_AT = "2014-12-31T00:00:00-05:00"
CATEGORY = "other"
CHANNEL = "hotline"
TITLE_MAX = 600

COLUMNS = ["department", "filed", "closed", "overdue_total",
           "overdue_still_open"]


# -- the rows ----------------------------------------------------------------

def stamp(text):
    """The instant of a zoneless stamp, or None where there is none."""
    if not text:
        return None
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ZONE)


class Row:
    def __init__(self, number, cells):
        self.number = number
        self.ref = cells["CASE_ENQUIRY_ID"]
        self.opened = stamp(cells["OPEN_DT"])
        self.target = stamp(cells["TARGET_DT"])
        self.closed = stamp(cells["CLOSED_DT"])
        self.flag = cells["OnTime_Status"]
        self.department = cells["Department"]
        self.cells = cells

    def is_dirty(self):
        return self.closed is not None and self.closed < self.opened


def read_rows(folder):
    """(good rows, dirty rows, how many have no verdict). A row's number is
    its line in a spreadsheet, where the header is row 1."""
    good, dirty, unflagged = [], [], 0
    for number, cells in enumerate(rows_of(folder / CSV_NAME), start=2):
        row = Row(number, cells)
        if row.is_dirty():
            dirty.append(row)
        elif not row.flag:
            unflagged += 1
        else:
            good.append(row)
    return good, dirty, unflagged


# -- convert -----------------------------------------------------------------

CREDIT = credit_code("91", "330999", "MA2015B0")


def handler_of(department):
    return "handler-" + word(department)


def cut(text, size):
    """At most size bytes of UTF-8, controls taken out."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text.encode("utf-8")[:size].decode("utf-8", "ignore")


def registry_lines(departments):
    yield from register_lines(
        REGISTRY_AT, (OFFICE, "Boston 311"), (DISPATCHER, "Dispatcher"),
        (SUPERVISOR, "Supervisor"), (CREDIT, "City of Boston residents"),
        (CONTACT, "Residents"))
    for name in departments:
        yield line(REGISTRY_AT, None, "department.add", code=word(name),
                   name=name)
        yield line(REGISTRY_AT, None, "person.add", code=handler_of(name),
                   name="Handler " + name, unit=word(name), role="handler")


def place(cells):
    parts = [cells[k] for k in ("SUBJECT", "REASON", "TYPE", "neighborhood",
                                "Source")]
    return "; ".join(p for p in parts if p)


def events_of(row):
    """(instant, line) of one request, in its own order."""
    who = handler_of(row.department)
    opened, cells = row.opened, row.cells
    limit = {"due": row.target.isoformat()} if row.target else {"limit": "none"}
    yield opened, line(opened, CONTACT, "ticket.file", ref=row.ref,
                       title=cut(cells["CASE_TITLE"] or cells["TYPE"] or "-",
                                 TITLE_MAX),
                       text=cut(place(cells), 2000), enterprise=CREDIT,
                       category=CATEGORY, channel=CHANNEL)
    yield opened, line(opened, DISPATCHER, "ticket.dispatch", ticket=row.ref,
                       unit=word(row.department), **limit)
    yield opened, line(opened, who, "ticket.accept", ticket=row.ref)
    if row.closed:
        yield row.closed, line(row.closed, who, "ticket.resolve",
                               ticket=row.ref,
                               public=cut(cells["CLOSURE_REASON"], 4000))


def convert(args):
    good, dirty, unflagged = read_rows(args.data)
    departments = sorted({row.department for row in good})
    events = [event for row in good for event in events_of(row)]
    write(args.out, registry_lines(departments), events)
    for row in dirty:
        print(f"dirty: row {row.number} case {row.ref} closes before it opens,"
              " left out", file=sys.stderr)
    print(f"{len(good)} requests, {len(events)} events,"
          f" {len(departments)} departments; left out: {len(dirty)} dirty,"
          f" {unflagged} without a verdict", file=sys.stderr)
    return 0


# -- count -------------------------------------------------------------------

def count(args):
    at = datetime.datetime.fromisoformat(args.at)
    table = {}
    for row in read_rows(args.data)[0]:
        if row.opened > at:
            continue
        cells = table.setdefault(row.department, [0, 0, 0, 0])
        done = row.closed is not None and row.closed <= at
        late = row.target is not None and (
            row.closed if done else at) > row.target
        cells[0] += 1
        cells[1] += done
        cells[2] += late
        cells[3] += late and not done
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, cells in sorted(table.items(), key=lambda i: (-i[1][0], i[0])):
        writer.writerow([name] + cells)
    return 0


# -- compare -----------------------------------------------------------------

def read_table(path):
    """{department code: {column: text}}; further columns are not compared."""
    with open(path, encoding="utf-8-sig", newline="") as f:
        rows = list(csv.DictReader(f))
    table = {}
    for row in rows:
        key = word(row["department"])
        if key in table:
            sys.exit(f"{path}: {key} stands twice")
        table[key] = {c: row[c] for c in COLUMNS[1:]}
    return table


def compare(args):
    a, b = read_table(args.a), read_table(args.b)
    nothing = dict.fromkeys(COLUMNS[1:], "absent")
    differences = 0
    for key in sorted(set(a) | set(b)):
        left, right = a.get(key, nothing), b.get(key, nothing)
        for column in COLUMNS[1:]:
            if left[column] != right[column]:
                print(f"{key} {column}: {left[column]} | {right[column]}")
                differences += 1
    cells = len(set(a) | set(b)) * len(COLUMNS[1:])
    print(f"{cells} cells, {differences} differ")
    return 1 if differences or not cells else 0


if __name__ == "__main__":
    run(__doc__, DATA, {"convert": (convert, ["out"]),
                        "count": (count, ["--at"]),
                        "compare": (compare, ["a", "b"])})
