#!/usr/bin/env python3
"""Each role asks for 100,000 things by chance: numbers of tickets around real
ones, references, meetings, attachments, persons, notices, uploads, log-ins.
What they do not see must answer, byte for byte, as what is not there, and no
reply may hold the number of a ticket that they do not see.

    access.py BIN_DIR [--probes N] [--seed N] [--transport unix|tcp|tls]
"""
import argparse
import csv
import json
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent /
                       "access"))
import county as world  # noqa: E402

STRIDE = 2000
# What is asked of a ticket by a number, and what else a request must say.
OF_TICKETS = {
    "ticket.show": {}, "ticket.progress": {}, "attachment.list": {},
    "attachment.read": {"n": 1}, "notice.list": {}, "ticket.list": {},
    "ticket.note": {"text": "x"}, "ticket.urge": {}, "ticket.accept": {},
    "ticket.withdraw": {}, "ticket.archive": {},
    "ticket.supervise": {"text": "x"}, "ticket.resolve": {"public": "x"},
    "ticket.evaluate": {"score": 5, "solved": True},
    "attachment.keep": {"upload": "0" * 32, "name": "a.txt",
                        "purpose": "internal"},
    "deadline.what_if": {"until": "2030-01-04T09:00:00"}}
# Moves are asked of what is not seen only: nobody's ticket may move.
MOVES = {m for m in OF_TICKETS if m.split(".")[1] in (
    "note", "urge", "accept", "withdraw", "archive", "supervise", "resolve",
    "evaluate", "keep")}
NOT_THERE = "20200101-001"
NO_REF = "no-such-reference"


def sights():
    """{role: relations whose ticket it sees}, of the table written by hand."""
    path = pathlib.Path(world.__file__).parent / "matrix.csv"
    with path.open(newline="") as file:
        return {row["role"]: {k for k, v in row.items() if v == "allow"}
                for row in csv.DictReader(file)
                if row["command"] == "ticket.show"}


class Prober:
    def __init__(self, county, role, seen, rng):
        self.county = county
        self.role = role
        self.rng = rng
        self.token = county.token(world.ROLES[role])
        relations = county.tickets
        self.hidden = {relations[r] for r in relations if r not in seen}
        self.seen = {relations[r] for r in relations if r in seen}
        self.day = relations["own"].split("-")[0]
        self.refs = county.refs
        self.baselines = {}

    def draw(self):
        """(method, params, the same of what is not there or None)"""
        kind = self.rng.choice((self.ticket,) * 6 + (
            self.reference, self.meeting, self.person, self.upload,
            self.enterprise, self.login, self.part))
        return kind()

    def ticket(self):
        method = self.rng.choice(list(OF_TICKETS))
        name = "parent" if method == "ticket.list" else "ticket"
        number = self.rng.choice((
            f"{self.day}-{self.rng.randrange(1, 40):03d}",
            f"{self.day}-{self.rng.randrange(1, 100000):03d}",
            f"{self.rng.randrange(2015, 2031)}1122-"
            f"{self.rng.randrange(1, 40):03d}",
            self.rng.choice(sorted(self.hidden) or [NOT_THERE])))
        if method in MOVES and number not in self.hidden and \
                number.startswith(self.day):
            method = "ticket.show"
        return self.pair(method, name, number, NOT_THERE, OF_TICKETS[method])

    def reference(self):
        ref = self.rng.choice(self.refs + [f"R{self.rng.randrange(10000)}"])
        return self.pair("ticket.show", "ticket", "ref:" + ref,
                         "ref:" + NO_REF, {})

    def part(self):
        """A piece of a ticket, by chance numbers."""
        more = {"n": self.rng.randrange(1, 50), "offset": 0}
        number = self.rng.choice(sorted(self.hidden) or [NOT_THERE])
        return self.pair("attachment.read", "ticket", number, NOT_THERE, more)

    def meeting(self):
        number = self.rng.randrange(1, 40)
        return self.pair("meeting.show", "meeting", number, 999999, {})

    def person(self):
        who = self.rng.choice([p[0] for p in world.PEOPLE] +
                              [f"x{self.rng.randrange(1000)}"])
        method, name, more = self.rng.choice((
            ("ticket.list", "leader", {}), ("notice.list", "to", {}),
            ("person.delegate", "to", {"until": "2020-01-01T00:00:00"}),
            ("token.list", "account", {})))
        return self.pair(method, name, who, "no-such-person", more)

    def enterprise(self):
        code = self.rng.choice((world.EA, world.EA2, world.EB, world.EM))
        method = self.rng.choice(("ticket.list", "ticket.list", "person.list"))
        name = "unit" if method == "person.list" else "enterprise"
        return self.pair(method, name, code, "91330921MA2Y000099", {})

    def upload(self):
        known = list(self.county.sent.values())
        upload = self.rng.choice(
            known + [f"{self.rng.getrandbits(128):032x}"])
        return self.pair("attachment.put", "upload", upload, "0" * 32,
                         {"offset": 5, "bytes": "eHh4"})

    def login(self):
        if self.role == "security":  # it may end any of them
            return self.meeting()
        own = self.county.ids_of_own.get(self.role, ())
        number = self.rng.randrange(1, 10**6)
        if number in own:
            number = 10**9
        return self.pair("token.end", "id", number, 10**12, {})

    def pair(self, method, name, value, missing, more):
        return (method, {**more, name: value}, {**more, name: missing})

    # -- judging -------------------------------------------------------------

    def sees(self, method, params):
        """Whether the answer may differ from that of what is not there."""
        if "ticket" in params or "parent" in params:
            number = params.get("ticket", params.get("parent"))
            real = self.county.by_ref.get(str(number)[4:], number)
            return real in self.seen
        return None

    def run(self, wire, n):
        leaks, unseen = [], 0
        numbers = [h.encode() for h in self.hidden]
        for begin in range(0, n, STRIDE):
            drawn = [self.draw() for _ in range(min(STRIDE, n - begin))]
            self.learn(wire, drawn)
            lines = wire.ask([(m, p, self.token) for m, p, _ in drawn])
            for (method, params, missing), line in zip(drawn, lines):
                nothing = self.baselines[key_of(method, missing)]
                granted = b'"result"' in line
                told = any(h in line for h in numbers)
                if echoed(line, params, missing) == nothing and not told:
                    unseen += 1
                elif told or not self.may(method, params, granted, line):
                    leaks.append((method, params, line[:300], nothing[:200]))
        return unseen, leaks

    def learn(self, wire, drawn):
        """What each answers for what is not there."""
        new = {key_of(m, missing): (m, missing, self.token)
               for m, _, missing in drawn
               if key_of(m, missing) not in self.baselines}
        self.baselines.update(zip(new, wire.ask(list(new.values()))))

    def may(self, method, params, granted, line):
        """Something else than for what is missing: is it theirs?"""
        sees = self.sees(method, params)
        if sees is not None:
            return sees
        return self.county.known(self.role, method, params)


def echoed(line, params, missing):
    """What was asked for stands in some refusals: that tells nothing."""
    for name, value in params.items():
        if isinstance(value, str):
            line = line.replace(json.dumps(value).encode(),
                                json.dumps(missing[name]).encode())
    return line


def key_of(method, params):
    return json.dumps([method, params], sort_keys=True)


class Known(world.County):
    """And what of the rest is whose, from how the county was built."""

    def begin(self):
        super().begin()
        self.refs, self.by_ref = [], {}
        self.tickets["own, merged into"] = self.into
        for i, (by, enterprise, relation) in enumerate((
                ("dpa", world.EA, "own"), ("dpb", world.EB, "none"))):
            ref = f"R-{i}"
            number = self.file(by, enterprise, ref=ref)
            self.refs.append(ref)
            self.by_ref[ref] = number
            self.tickets[f"{relation} with a reference"] = number
        self.meet()
        self.ids_of_own = {role: self.ids_of(account)
                           for role, account in world.ROLES.items()
                           if account is not None and role != "stranger"}

    def known(self, role, method, params):
        official = role not in ("enterprise",)
        if "upload" in params:
            return params["upload"] == self.sent.get(world.ROLES[role])
        if "meeting" in params:
            return self.meets(role, params["meeting"])
        if "id" in params:
            return False
        if method == "token.list":
            return role == "security" or \
                params["account"] == world.ROLES[role]
        code = next(params[k] for k in ("leader", "to", "account", "unit",
                                        "enterprise") if k in params)
        return official or code in ("ea1", "ea2", "gd", world.EA)

    def meets(self, role, meeting):
        relation = {v: k for k, v in self.meetings.items()}.get(meeting)
        mine = {"dispatcher": ("own", "other_department", "closed"),
                "supervisor": tuple(self.meetings)}
        units = ("own", "co_handled", "closed")
        return relation in mine.get(
            role, units if role in ("head", "handler", "leader") else ())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin_dir")
    parser.add_argument("--probes", type=int, default=100000)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--transport", default="unix",
                        choices=world.TRANSPORTS)
    options = parser.parse_args()
    seen = sights()
    failed = 0
    with Known(options.bin_dir) as county:
        seen = {role: relations |
                ({"own with a reference"} if "own" in relations and role in (
                    "enterprise", "guide", "dispatcher", "supervisor")
                 else set()) |
                ({"own, merged into"} if "own" in relations else set()) |
                ({"none with a reference"} if "none" in relations else set())
                for role, relations in seen.items()}
        for role in world.ROLES:
            begin = time.monotonic()
            prober = Prober(county, role, seen[role],
                            random.Random(f"{options.seed} {role}"))
            wire = county.wire(options.transport)
            unseen, leaks = prober.run(wire, options.probes)
            wire.close()
            for leak in leaks[:20]:
                print("leak", role, *leak)
            print(f"{'not ok' if leaks else 'ok'} {role}: {options.probes} "
                  f"probes, {unseen} as what is not there, {len(leaks)} leaks, "
                  f"{time.monotonic() - begin:.0f} s", flush=True)
            failed += len(leaks)
        county.daemon.stop()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
