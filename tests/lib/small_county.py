"""Who takes part in a ticket, and no more: an enterprise, e1, the dispatcher of
its chain's committee, d1, a department's head, h1, and a supervisor, s1."""

CREDIT = "91350100M000100Y43"


def small_county(peer):
    peer.ok("chain.add", {"code": "auto", "name": "汽车"})
    peer.ok("committee.add", {"code": "dw", "name": "汽车产业链党委",
                              "chain": "auto"})
    peer.ok("enterprise.add", {"code": CREDIT, "name": "某厂",
                               "chain": "auto"})
    peer.ok("department.add", {"code": "fgj", "name": "发改局"})
    peer.ok("office.add", {"code": "dc", "name": "督查室"})
    for code, unit, role in (("e1", CREDIT, "enterprise"),
                             ("d1", "dw", "dispatcher"),
                             ("h1", "fgj", "head"),
                             ("s1", "dc", "supervisor")):
        peer.ok("person.add", {"code": code, "name": code, "unit": unit,
                               "role": role})
