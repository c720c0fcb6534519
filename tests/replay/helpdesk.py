#!/usr/bin/env python3
"""Takes a real help desk's log through the lifecycle, and counts its repeated
resolutions and waits by itself, so that the two can be compared case by case.

    helpdesk.py convert OUT.ndjson      lines for `bihuan import`
    helpdesk.py regulation SOCKET       a regulation with room for years: the log
                                        knows no limits and no evaluations; a
                                        wait after a limit would be refused, and
                                        what nobody evaluates be archived
    helpdesk.py compare SOCKET          what the daemon holds against the count

The log (public process-mining data set, 4,580 cases of 2010 to 2014) is not
part of the project: it is looked for in ../shared/data/eventlogs beside the
project, or in --data FOLDER.

    first event            filed; a later seriousness is a note
    Take in charge         dispatched to the work group and accepted; then
                           assigned to the person, handed to another group, or
                           taken up again after a wait
    Wait                   suspended; a wait upon a wait suspends anew
    Resolve                resolved
    Closed, and the rest   a note: nothing here closes without an evaluation

Where the log goes on after a Resolve the ticket is reopened first, which the
log does not say: by an evaluation "not solved" before another Resolve, by an
order to rework before anything else. Both are marked as synthetic."""

import collections
import datetime
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
from history import (  # noqa: E402
    credit_code, line, register_lines, rows_of, run, word, write)
from peer import Peer  # noqa: E402

DATA = pathlib.Path(__file__).resolve().parents[3] / "shared/data/eventlogs"
CSV_NAME = "helpdesk_italian.csv.gz"
REGISTRY_AT = "2009-12-31T00:00:00+00:00"
OFFICE, DISPATCHER, CONTACT = "helpdesk", "dispatcher-hd", "customers"
SUPERVISOR = "supervisor-hd"
CREDIT = credit_code("91", "330999", "MA2010H0")
SYNTHETIC = "synthetic: the log goes on after a resolution"

TAKE, WAIT, RESOLVE = "Take in charge ticket", "Wait", "Resolve ticket"
GROUP = "workgroup"


# -- the log -----------------------------------------------------------------

def read_cases(folder):
    """{case: its events in the file's order}, which is that of time."""
    cases = collections.OrderedDict()
    for row in rows_of(folder / CSV_NAME):
        cases.setdefault(row["case:concept:name"], []).append(row)
    return cases


def group_of(event):
    return "group-" + word(event[GROUP])


def head_of(group):
    return group + "-head"


def person_of(event):
    return "person-" + word(event["org:resource"])


# -- convert -----------------------------------------------------------------

class Case:
    """One ticket on its way; writes (instant, line) into `lines`."""

    def __init__(self, name, events, lines, notes):
        self.ref = word(name)
        self.lines = lines
        self.notes = notes
        self.group = None
        self.state = None
        for event in events:
            self.take(event)

    def say(self, who, method, **params):
        params.setdefault("ticket", self.ref)
        self.lines.append((self.at, line(self.at, who, "ticket." + method,
                                         **params)))

    def file(self, event):
        self.lines.append((self.at, line(
            self.at, CONTACT, "ticket.file", ref=self.ref,
            title=event["product"], category="other", channel="hotline")))
        self.state = "filed"

    def send(self, event):
        self.group = group_of(event)
        self.say(DISPATCHER, "dispatch", unit=self.group, limit="none")
        self.say(head_of(self.group), "accept")
        self.state = "handling"

    def reopen(self, event):
        if event["concept:name"] == RESOLVE:
            self.say(CONTACT, "evaluate", score=2, solved=False, text=SYNTHETIC)
        else:
            self.say(DISPATCHER, "rework", reason=SYNTHETIC)
        self.state = "handling"

    def make_ready(self, event):
        """Into HANDLING, as every working event needs it."""
        if self.state == "filed":
            self.send(event)
        elif self.state == "resolved":
            self.reopen(event)
        elif self.state == "suspended":
            self.say(DISPATCHER, "resume")
            self.state = "handling"

    def take_in_charge(self, event):
        if group_of(event) != self.group:
            self.group = group_of(event)
            self.say(DISPATCHER, "transfer", unit=self.group, limit="none",
                     reason="another work group took it")
            self.say(head_of(self.group), "accept")
        self.say(head_of(self.group), "assign", person=person_of(event))

    def take(self, event):
        self.at = datetime.datetime.fromisoformat(event["time:timestamp"])
        name = event["concept:name"]
        first = self.state is None
        if first:
            self.file(event)
        if name in (TAKE, WAIT, RESOLVE):
            self.make_ready(event)
        if name == TAKE:
            self.take_in_charge(event)
        elif name == WAIT:
            self.say(DISPATCHER, "suspend", reason="waits")
            self.state = "suspended"
        elif name == RESOLVE:
            self.say(head_of(self.group), "resolve", public="resolved")
            self.state = "resolved"
        elif not first:
            self.notes[name] += 1
            self.say(DISPATCHER, "note", text=name)


def registry_lines(cases):
    events = [e for case in cases.values() for e in case]

    def add(method, **params):
        return line(REGISTRY_AT, None, method, **params)

    yield from register_lines(
        REGISTRY_AT, (OFFICE, "Help desk"), (DISPATCHER, "Dispatcher"),
        (SUPERVISOR, "Supervisor"), (CREDIT, "Customers"),
        (CONTACT, "Customers"))
    for group in sorted({group_of(e) for e in events}):
        yield add("department.add", code=group, name=group)
        yield add("person.add", code=head_of(group), name=group, unit=group,
                  role="head")
    known = set()
    for person, group in sorted({(person_of(e), group_of(e)) for e in events}):
        if person not in known:
            yield add("person.add", code=person, name=person)
            known.add(person)
        yield add("person.role", code=person, unit=group, role="handler")


def convert(args):
    cases, lines = read_cases(args.data), []
    notes = collections.Counter()
    for name, events in cases.items():
        Case(name, events, lines, notes)
    write(args.out, registry_lines(cases), lines)
    total = sum(map(len, cases.values()))
    print(f"{len(cases)} cases, {total} events of the log, {len(lines)} lines",
          file=sys.stderr)
    for name, n in notes.most_common():
        print(f"  as a note only, no move of the lifecycle: {n} x {name}",
              file=sys.stderr)
    return 0


def token():
    """Of whose log-in this runs: tests/lib/daemon.sh."""
    return os.environ["BIHUAN_TOKEN"]


def regulation(args):
    peer = Peer(args.socket)
    body = peer.ok("regulation.show", token=token())["result"]["body"]
    body["effective"] = "2009-01-01T00:00:00+08:00"
    body["limits"]["evaluate"] = "2000wd"
    body["limits"]["rework"] = "2000wd"
    peer.ok("regulation.add", {"body": body}, token=token())
    return 0


# -- compare -----------------------------------------------------------------

def count(events):
    """Of the log alone: how often resolved, waited, and gone on after that."""
    work = [e["concept:name"] for e in events
            if e["concept:name"] in (TAKE, WAIT, RESOLVE)]
    return {"resolve": work.count(RESOLVE), "suspend": work.count(WAIT),
            "rounds": 1 + sum(name == RESOLVE for name in work[:-1])}


def held(peer, ref):
    reply = peer.call("ticket.show", {"ticket": ref}, token=token())
    if "error" in reply:
        return None
    ticket = reply["result"]
    table = ticket["timeline"]
    event = table["columns"].index("event")
    events = [row[event] for row in table["rows"]]
    return {"resolve": events.count("resolve"),
            "suspend": events.count("suspend"), "rounds": ticket["round"]}


def compare(args):
    cases = read_cases(args.data)
    peer = Peer(args.socket)
    differences, sums = 0, collections.Counter()
    for name, events in cases.items():
        want, got = count(events), held(peer, word(name))
        sums.update(want)
        sums["again"] += want["resolve"] > 1
        if want != got:
            print(f"{name}: the log {want}, the daemon {got}")
            differences += 1
    print(f"{len(cases)} cases, {sums['resolve']} resolutions,"
          f" {sums['again']} cases resolved more than once,"
          f" {sums['suspend']} waits, {sums['rounds'] - len(cases)} times"
          f" reopened; {differences} cases differ")
    return 1 if differences or not cases else 0


if __name__ == "__main__":
    run(__doc__, DATA, {"convert": (convert, ["out"]),
                        "regulation": (regulation, ["socket"]),
                        "compare": (compare, ["socket"])})
