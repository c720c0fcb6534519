"""What is asked for each cell of matrix.csv, and of what kind its command is.

A write that is to be allowed gets a ticket of its own, made for it in the
state in which it is possible; everything that is to be refused is tried on the
tickets that all cells share, which therefore nobody moves."""
import base64
import dataclasses
import hashlib
import typing

import county as world

# What is said to who had a part in a ticket and has it no more.
OVER = "one's unit has none of this ticket now"
NO_TICKET = "20200101-001"
NO_ENTERPRISE = "91330921MA2Y000099"
BEFORE = "2020-01-01T00:00:00"

READS = ("ticket.show", "ticket.progress", "attachment.list",
         "attachment.read", "notice.list", "deadline.what_if")
# The state in which it is possible, and what it says besides the ticket.
MOVES = {
    "ticket.accept": ("sent", {}),
    "ticket.return": ("begun", {"reason": "x"}),
    "ticket.contact": ("begun", {"text": "x"}),
    "ticket.answer": ("begun", {"public": "x"}),
    "ticket.resolve": ("begun", {"public": "x"}),
    "ticket.extend": ("begun", {"limit": "1wd", "reason": "x"}),
    "ticket.reply": ("supervised", {"text": "x"}),
    "ticket.assign": ("begun", {"person": "w1"}),
    "ticket.appeal_score": ("scored", {"reason": "x"}),
    "ticket.transfer": ("begun", {"unit": "D2", "reason": "x"}),
    "ticket.dispatch": ("filed", {"unit": "D2", "measure": "x"}),
    "ticket.decline": ("filed", {"reason": "x"}),
    "ticket.decide": ("asked", {"grant": False, "reason": "x"}),
    "ticket.review": (None, {"pass": True}),
    "ticket.archive": ("evaluated", {}),
    "ticket.require": ("filed", {"text": "x"}),
    "ticket.decide_extension": ("extending", {"grant": True}),
    "ticket.suspend": ("begun", {"reason": "x"}),
    "ticket.resume": ("suspended", {}),
    "ticket.recall": ("sent", {"reason": "x"}),
    "ticket.split": ("begun", {"title": "part"}),
    "ticket.merge": ("filed", {}),
    "ticket.rework": ("resolved", {"reason": "x"}),
    "ticket.leaders": ("filed", {"sponsor": "h2"}),
    "ticket.decide_appeal": ("appealed", {"grant": True, "reason": "x"}),
    "ticket.evaluate": ("resolved", {"score": 5, "solved": True}),
    "ticket.comment": ("evaluated", {"text": "x"}),
    "ticket.withdraw": ("filed", {}),
    "ticket.supplement": ("required", {"text": "x"}),
    "ticket.appeal": ("declined", {"reason": "x"}),
    "ticket.urge": ("sent", {}),
    "ticket.supervise": ("begun", {"text": "x"}),
    "ticket.note": ("begun", {"text": "x"}),
    "ticket.correct": ("evaluated", {"clock": 1, "verdict": "void",
                                     "reason": "x"}),
    "ticket.decide_score": ("disputed", {"grant": False, "reason": "x"}),
    "text.redact": ("filed", {"reason": "x"}),
    "attachment.keep": ("begun", {"name": "b.txt"}),
}
OF_ONE_TICKET = set(READS) | set(MOVES)
# The regulation asks for no review.
NOT_DONE = {("ticket.review", "dispatcher")}
UNIT = ("head", "handler")
# What is over stays as it is: these cells need no ticket of their own.
OVER_RELATIONS = ("closed", "merged", "past_hop", "other_chain", "none")


@dataclasses.dataclass
class Probe:
    params: dict
    missing: typing.Optional[dict] = None  # the same of what does not exist
    shows: typing.Optional[typing.Callable] = None  # is it in that list?
    done: bool = False  # must be granted and done
    token: typing.Optional[str] = None  # not the role's own


def prepare(county, transport, cells):
    """{cell: Probe} for one transport."""
    made = Maker(county, world.TRANSPORTS.index(transport))
    tickets = made.tickets_for(cells)
    made.tokens()
    made.register()
    return {key: made.probe(key, cell, tickets.get(key))
            for key, cell in cells.items()}


class Maker:
    def __init__(self, county, turn):
        self.county = county
        self.turn = turn  # which transport: names are its own
        county.meet()

    # -- before --------------------------------------------------------------

    def tickets_for(self, cells):
        """A ticket for each move that is to be allowed."""
        keys, makings = [], []
        for key, cell in cells.items():
            command, role, relation = key
            own = relation == "own" or role != "supervisor"
            if command in MOVES and cell == "allow" and own and \
                    relation not in OVER_RELATIONS:
                state = MOVES[command][0] or "begun"
                helps = relation == "co_handled" and role in UNIT
                keys.append(key)
                makings.append(world.making(
                    relation, "begun" if helps else state))
        for relation in ("own", "other_department", "closed"):
            keys.append(("meeting", relation))
            makings.append(world.making("own", "begun"))
        for relation in ("own", "against"):
            keys.append(("into", relation))
            makings.append(world.making(relation, "filed"))
        tickets = dict(zip(keys, self.county.make(makings)))
        self.into = tickets["into", "own"], tickets["into", "against"]
        self.on_meeting = {r: tickets["meeting", r]
                           for r in ("own", "other_department", "closed")}
        return tickets

    def tokens(self):
        """Log-ins to be ended: each role's own, and two of a stranger's."""
        county = self.county
        self.own_token = {r: county.spare_token(a)
                          for r, a in world.ROLES.items() if a is not None}
        self.others_token = county.spare_token("eb1")
        self.ended_token = county.spare_token("eb1")
        self.logged_in = {r: county.log_in(a)
                          for r, a in world.ROLES.items() if a is not None}

    def register(self):
        """Things of the register that are used up."""
        t = self.turn
        requests = [("chain.add", {"code": f"{k}{t}", "name": "x"})
                    for k in ("spare", "ends")]
        requests += [("department.add", {"code": f"{k}{t}", "name": "x"})
                     for k in ("from", "into")]
        requests += [("enterprise.add", {"code": f"91330921MA2D0000{t:02d}",
                                         "name": "x", "chain": "CA",
                                         "force": True})]
        requests += [("person.add", {"code": f"{k}{t}", "name": "x"})
                     for k in ("new", "gets", "admin", "special")]
        requests += [("person.add", {"code": f"leaves{t}", "name": "x",
                                     "unit": "D2", "role": "handler"})]
        token = self.county.token("system")
        self.county.done([(m, p, token) for m, p in requests])

    # -- one cell ------------------------------------------------------------

    def probe(self, key, cell, ticket):
        command, role, relation = key
        if command in OF_ONE_TICKET:
            return self.of_ticket(key, cell, ticket)
        family, _, verb = command.partition(".")
        if command in ("ticket.list", "meeting.list", "enterprise.list",
                       "guide.list", "person.list"):
            return self.listing(command, role, relation)
        if family == "meeting" and verb not in ("call", "agenda"):
            return self.of_meeting(command, relation)
        special = getattr(self, command.replace(".", "_"), None)
        if special is not None:
            return special(role, relation, cell)
        return Probe(self.plain(command, role),
                     done=cell == "allow" and command in DONE)

    def of_ticket(self, key, cell, ticket):
        command, role, relation = key
        own = ticket is not None and relation == "own"
        number = ticket or self.county.tickets[relation]
        more = dict(MOVES[command][1]) if command in MOVES else {}
        if command == "attachment.read":
            more["n"] = 1
        elif command == "deadline.what_if":
            more["until"] = "2030-01-04T09:00:00"
        elif command == "ticket.merge":
            more["into"] = self.into[relation == "against"]
        elif command == "ticket.transfer" and role == "head":
            more["unit"] = "D11"
        elif command == "attachment.keep":
            asks = role in ("enterprise", "guide")
            more["purpose"] = "supplement" if asks else "evidence"
            more["upload"] = self.county.sent.get(world.ROLES[role], "0" * 32)
        done = own and cell == "allow" and (command, role) not in NOT_DONE
        return Probe({**more, "ticket": number},
                     {**more, "ticket": NO_TICKET},
                     done=done or (cell == "allow" and command in READS
                                   and command != "deadline.what_if"))

    def of_meeting(self, command, relation):
        more = {"meeting.invite": {"unit": "DWB"},
                "meeting.decide": {"decision": "dispatch", "text": "x",
                                   "unit": "D2", "measure": "x"}
                }.get(command, {})
        if command in ("meeting.add", "meeting.decide"):
            more = {**more, "ticket": self.on_meeting.get(
                relation, self.on_meeting["own"])}
        return Probe({**more, "meeting": self.county.meetings[relation]},
                     {**more, "meeting": 999999})

    def listing(self, command, role, relation):
        if command == "ticket.list":
            sought = self.county.tickets[relation]
        elif command == "meeting.list":
            sought = self.county.meetings[relation]
        elif command == "person.list":
            sought = self.person(role, relation)
        else:
            sought = ENTERPRISES[relation]
        return Probe({"limit": 1000}, shows=lambda result: sought in {
            cell for table in result.values() if isinstance(table, dict)
            for row in table.get("rows", []) for cell in row})

    @staticmethod
    def person(role, relation):
        colleagues = {"enterprise": "ea2", "guide": "gd2",
                      "dispatcher": "dpa2", "head": "w1", "handler": "w1b",
                      "leader": "w1", "supervisor": "zb1"}
        return {"own": world.ROLES[role] or "sv",
                "same_department": colleagues.get(role, "dpa2"),
                "other_department": "w2", "other_chain": "eb1",
                "guided": "gd", "none": "np"}[relation]

    def ticket_file(self, role, relation, cell):
        more = {"title": "x", "category": "other"}
        return Probe({**more, "enterprise": ENTERPRISES[relation]},
                     {**more, "enterprise": NO_ENTERPRISE},
                     done=cell == "allow")

    def guide_assign(self, role, relation, cell):
        more = {"person": f"special{self.turn}", "as": "specialist"}
        return Probe({**more, "enterprise": ENTERPRISES[relation]},
                     {**more, "enterprise": NO_ENTERPRISE},
                     done=cell == "allow")

    def person_delegate(self, role, relation, cell):
        """For a time that is over: it would mix the roles up."""
        more = {"until": BEFORE}
        if role == "system":
            more["from"] = "w1b"
        return Probe({**more, "to": self.person(role, relation)},
                     {**more, "to": "no-such-person"})

    def attachment_put(self, role, relation, cell):
        more = {"offset": 0, "bytes": base64.b64encode(world.FILE).decode()}
        upload = self.county.uploads.get(
            (role, relation), self.county.uploads["enterprise", "none"])
        return Probe({**more, "upload": upload}, {**more, "upload": "0" * 32},
                     done=cell == "allow")

    def token_list(self, role, relation, cell):
        return Probe({} if relation == "own" else {"account": "eb1"},
                     done=cell == "allow")

    def token_end(self, role, relation, cell):
        if relation == "own":
            number = self.own_token.get(role, self.others_token)
        else:
            number = self.ended_token if cell == "allow" else self.others_token
        return Probe({"id": number}, {"id": 999999999}, done=cell == "allow")

    def logout(self, role, relation, cell):
        return Probe({}, done=cell == "allow", token=self.logged_in.get(role))

    def person_role(self, role, relation, cell):
        """The administrators' roles are the security administrator's."""
        params = {"code": f"admin{self.turn}", "role": "audit"} \
            if role == "security" else \
            {"code": f"gets{self.turn}", "unit": "D2", "role": "handler"}
        return Probe(params, done=cell == "allow")

    def plain(self, command, role):
        t = self.turn
        return {
            "chain.add": {"code": f"c{t}", "name": "x"},
            "committee.add": {"code": f"k{t}", "name": "x",
                              "chain": f"spare{t}"},
            "office.add": {"code": f"o{t}", "name": "x"},
            "department.add": {"code": f"d{t}", "name": "x"},
            "enterprise.add": {"code": f"91330921MA2C0000{t:02d}",
                               "name": "x", "force": True},
            "enterprise.move": {"code": f"91330921MA2D0000{t:02d}",
                                "chain": f"spare{t}"},
            "person.add": {"code": f"p{t}", "name": "x"},
            "person.handover": {"code": f"leaves{t}", "to": "w2"},
            "department.merge": {"code": f"from{t}", "into": f"into{t}"},
            "registry.rename": {"code": f"spare{t}", "name": "y"},
            "registry.end": {"code": f"ends{t}"},
            "hook.add": {"code": f"h{t}", "kind": "json",
                         "url": "https://hook.invalid/"},
            "hook.end": {"code": f"h{t}"},
            "calendar.import": {"body": {"year": 2031}},
            "regulation.add": {"body": {"name": "x"}},
            "regulation.migrate": {"to": 1, "reason": "x"},
            "import.event": {"event": {"at": "x"}, "occurrence": t},
            "backup": {"file": str(self.county.folder / f"backup{t}.db")},
            "account.add": {"account": f"new{t}"},
            "account.reset": {"account": f"new{t}"},
            "account.disable": {"account": f"new{t}", "reason": "x"},
            "account.enable": {"account": f"new{t}"},
            "login": {"account": "no-such-account", "password": "x"},
            "passwd": {"old": world.PASSWORD, "new": "x"},
            "totp.begin": {"password": "x"},
            "totp.confirm": {"code": "000000"},
            "token.add": {"name": "x", "scope": "read"},
            "meeting.call": {"title": "x", "at": "2030-01-05T09:00:00"},
            "attachment.begin": {
                "size": len(world.FILE),
                "sha256": hashlib.sha256(world.FILE).hexdigest()},
        }.get(command, {})


ENTERPRISES = {"own": world.EA, "other_department": world.EA2,
               "other_chain": world.EB, "guided": world.EA}
# Plain commands that are not only let through but done.
DONE = set("""chain.add committee.add office.add department.add enterprise.add
 enterprise.move person.add person.handover department.merge registry.rename
 registry.end hook.list outbox.list import.settle server.stats backup
 account.add account.reset account.disable account.enable account.list
 audit.list audit.anchor journal.anchor server.info rpc.discover whoami
 token.add meeting.call meeting.agenda attachment.begin mine report.overdue
 report.lights report.times calendar.list regulation.list regulation.show
 chain.list committee.list office.list department.list outbox.retry""".split())
