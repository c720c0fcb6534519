#!/usr/bin/env python3
"""kill -9 at random moments under 8 clients: nothing acknowledged is lost or
doubled, and verify passes each time.

    kill9.py [BIN_DIR] [--cycles N] [--clients N] [--seed N]

Every client carries tickets through the loop, each request with a key of its
own, several in flight. A request whose answer a kill took away is repeated with
the same key after the restart. After each restart, what was acknowledged is
compared with the tickets' timelines and with the answers to repeats; at the end
each ticket has exactly the records that were acknowledged for it.
"""
import argparse
import pathlib
import random
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/lib"))
from daemon import Daemon  # noqa: E402
from small_county import small_county  # noqa: E402

LOOP = ("ticket.file", "ticket.dispatch", "ticket.accept", "ticket.contact",
        "ticket.resolve", "ticket.evaluate", "ticket.archive")
ACCOUNT = {"ticket.file": "e1", "ticket.dispatch": "d1", "ticket.accept": "h1",
           "ticket.contact": "h1", "ticket.resolve": "h1",
           "ticket.evaluate": "e1", "ticket.archive": "d1"}
AT_WORK_MAX = 12    # tickets of one client
IN_FLIGHT_MAX = 6
PAUSE_MAX_S = 0.04


def params_of(method, ticket):
    if method == "ticket.file":
        return {"title": ticket.title, "category": "land"}
    more = {"ticket.dispatch": {"unit": "fgj", "measure": "现场协调"},
            "ticket.contact": {"text": "已电话联系"},
            "ticket.resolve": {"public": "已解决"},
            "ticket.evaluate": {"score": 5, "solved": True}}
    return {"ticket": ticket.number, **more.get(method, {})}


class Ticket:
    def __init__(self, title):
        self.title = title
        self.number = None
        self.step = 0
        self.seqs = []     # of what was acknowledged


class Request:
    def __init__(self, ticket, key):
        self.ticket = ticket
        self.method = LOOP[ticket.step]
        self.params = params_of(self.method, ticket)
        self.key = key
        self.seq = None
        self.result = None

    def line(self, peer):
        return peer.request(self.method, self.params, key=self.key,
                            as_=ACCOUNT[self.method])


class Client:
    def __init__(self, n, seed):
        self.n = n
        self.random = random.Random(seed * 1000 + n)
        self.keys = 0
        self.tickets = []     # all ever, in the order of filing
        self.at_work = []
        self.unknown = []     # sent, and a kill took the answer
        self.fresh = []       # acknowledged since the last look
        self.repeated = 0
        self.fault = None

    def next_request(self, busy):
        """One for a ticket that has none in flight."""
        free = [t for t in self.at_work if t not in busy]
        if len(self.at_work) < AT_WORK_MAX and (
                not free or self.random.random() < 0.3):
            ticket = Ticket(f"诉求 {self.n}-{len(self.tickets)}")
            self.tickets.append(ticket)
            self.at_work.append(ticket)
        elif free:
            ticket = self.random.choice(free)
        else:
            return None
        self.keys += 1
        return Request(ticket, f"{self.n}-{self.keys}")

    def acknowledge(self, request, reply):
        if "result" not in reply:
            raise AssertionError((request.method, request.params, reply))
        ticket = request.ticket
        request.seq = reply["seq"]
        request.result = reply["result"]
        ticket.seqs.append(request.seq)
        if ticket.number is None:
            ticket.number = reply["result"]["number"]
        ticket.step += 1
        if ticket.step == len(LOOP):
            self.at_work.remove(ticket)
        self.fresh.append(request)

    def burst(self, peer, requests):
        self.unknown = list(requests)
        peer.raw(b"".join(r.line(peer) for r in requests))
        for request in requests:
            reply = peer.recv()
            if reply is None:
                raise ConnectionResetError
            self.acknowledge(request, reply)
            self.unknown.remove(request)

    def work(self, daemon, until_killed=True):
        try:
            peer = daemon.connect()
            self.repeated += len(self.unknown)
            if self.unknown:
                self.burst(peer, self.unknown)
            while until_killed:
                requests = []
                for _ in range(self.random.randint(1, IN_FLIGHT_MAX)):
                    request = self.next_request([r.ticket for r in requests])
                    if request is not None:
                        requests.append(request)
                self.burst(peer, requests)
                # many moments to be killed at, not many records to verify
                time.sleep(self.random.uniform(0, PAUSE_MAX_S))
        except OSError:
            pass
        except Exception as fault:  # told by the main thread
            self.fault = fault


def seqs_of(peer, ticket):
    """Journal numbers of what people did to a ticket."""
    reply = peer.ok("ticket.show", {"ticket": ticket.number}, as_="s1")
    table = reply["result"]["timeline"]
    who, seq = (table["columns"].index(c) for c in ("who", "seq"))
    return {row[seq] for row in table["rows"] if row[who] != "clock"}


def look(peer, clients):
    """What was acknowledged since the last look is there, once."""
    head = peer.ok("server.info")["result"]["head"]
    looked = 0
    for client in clients:
        pending = {r.ticket for r in client.unknown}
        for request in client.fresh:
            assert request.seq <= head, (request.seq, head)
            peer.raw(request.line(peer))
            reply = peer.recv()
            assert reply.get("seq") == request.seq, (request.params, reply)
            assert reply["result"] == request.result, (request.params, reply)
            looked += 1
        for ticket in {r.ticket for r in client.fresh}:
            there = seqs_of(peer, ticket)
            extra = there - set(ticket.seqs)
            assert set(ticket.seqs) <= there, (ticket.number, ticket.seqs, there)
            assert len(extra) <= (ticket in pending), (ticket.number, extra)
        client.fresh = []
    return looked


def look_at_all(peer, clients):
    every = [t for c in clients for t in c.tickets if t.number is not None]
    for ticket in every:
        assert seqs_of(peer, ticket) == set(ticket.seqs), ticket.number
        assert len(ticket.seqs) == ticket.step
    seqs = [s for t in every for s in t.seqs]
    assert len(seqs) == len(set(seqs))
    titles = []
    params = {"limit": 1000}
    while True:
        result = peer.ok("ticket.list", params, as_="s1")["result"]
        table = next(v for v in result.values() if isinstance(v, dict))
        title = table["columns"].index("title")
        titles += [row[title] for row in table["rows"]]
        if "next" not in result:
            break
        params["after"] = result["next"]
    assert sorted(titles) == sorted(t.title for t in every), \
        (len(titles), len(every))
    return len(every), len(seqs)


def verify(daemon):
    result = subprocess.run([daemon.cli, "verify", f"data={daemon.data}"],
                            env=daemon.env, capture_output=True, text=True)
    assert result.returncode == 0, (result.stdout, result.stderr)


def run_cycle(daemon, clients, delay):
    threads = [threading.Thread(target=c.work, args=(daemon,))
               for c in clients]
    for thread in threads:
        thread.start()
    time.sleep(delay)
    daemon.kill()
    for thread in threads:
        thread.join()
    for client in clients:
        if client.fault is not None:
            raise client.fault


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin_dir", nargs="?",
                        default=str(ROOT / "build/release/bin"))
    parser.add_argument("--cycles", type=int, default=200)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    clients = [Client(n, options.seed) for n in range(options.clients)]
    looked = 0
    begin = time.monotonic()
    with Daemon(options.bin_dir) as daemon:
        small_county(daemon.connect())
        for account in set(ACCOUNT.values()):
            daemon.token(account)
        for cycle in range(options.cycles):
            run_cycle(daemon, clients, chance.uniform(0.02, 0.6))
            verify(daemon)
            daemon.start()
            looked += look(daemon.connect(), clients)
            if (cycle + 1) % 20 == 0:
                print(f"kill9: {cycle + 1} of {options.cycles}, "
                      f"{looked} looked at", file=sys.stderr, flush=True)
        for client in clients:
            client.work(daemon, until_killed=False)
            assert client.fault is None and not client.unknown, client.fault
        tickets, records = look_at_all(daemon.connect(), clients)
        verify(daemon)
        head = daemon.connect().ok("server.info")["result"]["head"]
        daemon.stop()
    print(f"kill9: cycles={options.cycles} clients={options.clients} "
          f"tickets={tickets} acknowledged={records} looked_at={looked} "
          f"repeated={sum(c.repeated for c in clients)} journal={head} "
          f"lost=0 doubled=0 seconds={time.monotonic() - begin:.0f}")


main()
