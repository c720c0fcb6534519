#!/usr/bin/env python3
"""Whether the time of a refused log-in tells why it was refused. Accounts that
are there, that are not, and that are locked are guessed at in random order, one
guess after another; Welch's t between each two kinds must stay under 4.5, the
bound that leakage tests (ISO/IEC 17825) use.

    tests/long/guess.py BIN_DIR [SAMPLES [COST]]

SAMPLES of each kind, 10000 if not given; COST of the site's hashes, 7. With a
build for release, on a machine that does nothing else: about 40 minutes.

An account locks by failures in a row from one source, so the guesses come from
several sources, and go to several names, fewer than lock each.
"""
import collections
import itertools
import math
import pathlib
import random
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from clocked import Clocked  # noqa: E402

BOUND = 4.5
FAILURES = 20
LOCK_MINUTES = 60
RELOCK_S = 45 * 60
SOURCES = [f"127.0.7.{i}" for i in range(1, 21)]
NAMES = 40       # known ones, and as many unknown ones
GENERATIONS = 6  # of locked ones: each is locked once
LOCKED = 2       # names of a generation
KINDS = ("known", "unknown", "locked")
SETTINGS = f"""idle_seconds = 86400
[login]
failures = {FAILURES}
lock_minutes = {LOCK_MINUTES}
"""


class Guessed(Clocked):
    """The product itself, on the machine's own clock."""

    def __init__(self, bin_dir, cost):
        super().__init__(bin_dir, SETTINGS, cost)
        self.program = str(pathlib.Path(bin_dir) / "bihuand")


def guess(peer, account):
    """Milliseconds from the line's last byte to the answer's."""
    line = peer.request("login", {"account": account,
                                  "password": "Falsch-Geraten-1"})
    begin = time.perf_counter_ns()
    peer.raw(line)
    reply = peer.recv()
    took = time.perf_counter_ns() - begin
    assert reply["error"]["data"]["name"] == "login_failed", reply
    return took / 1e6


def each(kind):
    """Names and sources in random order, none often enough to lock."""
    draw = random.Random(kind)
    pairs = list(itertools.product(range(NAMES), SOURCES)) * (FAILURES - 1)
    draw.shuffle(pairs)
    for i, source in pairs:
        yield f"{kind}-{i:03}", source


class Locked:
    """Names that are locked from every source, anew before that ends."""

    def __init__(self, peers):
        self.peers = peers
        self.generation = -1
        self.since = None
        self.draw = random.Random("locked")

    def names(self):
        return [f"locked-{self.generation}{i:02}" for i in range(LOCKED)]

    def keep(self):
        if self.since is not None and time.monotonic() - self.since < RELOCK_S:
            return
        self.generation += 1
        self.since = time.monotonic()
        for name, peer in itertools.product(self.names(), self.peers.values()):
            for _ in range(FAILURES):
                guess(peer, name)

    def one(self):
        return self.draw.choice(self.names()), self.draw.choice(SOURCES)


def prepare(daemon):
    daemon.administrators()
    for i in range(NAMES):
        daemon.person(f"known-{i:03}")
    for generation, i in itertools.product(range(GENERATIONS), range(LOCKED)):
        daemon.person(f"locked-{generation}{i:02}")


def measure(daemon, n):
    peers = {source: daemon.tcp(source) for source in SOURCES}
    locked = Locked(peers)
    some = {kind: each(kind) for kind in ("known", "unknown")}
    order = [kind for kind in KINDS for _ in range(n)]
    random.Random(4).shuffle(order)
    times = collections.defaultdict(list)
    for kind in order:
        locked.keep()
        name, source = locked.one() if kind == "locked" else next(some[kind])
        times[kind].append(guess(peers[source], name))
    held = daemon.query("SELECT count(*) FROM lockout WHERE name LIKE 'known%'"
                        " AND until IS NOT NULL")
    assert held == [(0,)], held
    return times


def welch(a, b):
    return (statistics.fmean(a) - statistics.fmean(b)) / math.sqrt(
        statistics.variance(a) / len(a) + statistics.variance(b) / len(b))


def main():
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    cost = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    assert n <= NAMES * len(SOURCES) * (FAILURES - 1)
    with Guessed(sys.argv[1], cost) as daemon:
        prepare(daemon)
        times = measure(daemon, n)
    print(f"{n} of each, cost {cost}; ms")
    for kind in KINDS:
        of = times[kind]
        print(f"{kind:8} mean {statistics.fmean(of):9.4f}"
              f"  median {statistics.median(of):9.4f}"
              f"  deviation {statistics.stdev(of):8.4f}")
    worst = 0.0
    for a, b in itertools.combinations(KINDS, 2):
        t = welch(times[a], times[b])
        worst = max(worst, abs(t))
        print(f"{a} / {b}: t = {t:.2f}")
    print(f"{'ok' if worst < BOUND else 'TOLD APART'}: |t| at most "
          f"{worst:.2f}, bound {BOUND}")
    return 0 if worst < BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
