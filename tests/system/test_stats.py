#!/usr/bin/env python3
"""server.stats says what happened: every figure is counted by the test too.

    test_stats.py BIN_DIR
"""
import http.server
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, run_all, wait_for  # noqa: E402
from peer import SUPERVISOR  # noqa: E402

BIN_DIR = sys.argv[1]


def table(reply, name):
    found = reply["result"][name]
    return {row[0]: dict(zip(found["columns"], row)) for row in found["rows"]}


def figures(peer):
    return peer.ok("server.stats")["result"]


def logged_in(daemon):
    """A connection whose two accounts have their tokens; what is counted till
    then."""
    for account in ("system", SUPERVISOR):
        daemon.token(account)
    peer = daemon.connect()
    wait_for(lambda: figures(peer)["connections"] == 1)
    return peer, figures(peer)


def connections_and_refusals():
    with Daemon(BIN_DIR) as daemon:
        # logged in before anything is counted
        peer, before = logged_in(daemon)
        others = [daemon.connect() for _ in range(3)]
        for other in others:
            other.ok("server.info")
        others.pop().close()
        wait_for(lambda: figures(peer)["connections"] == 3)
        now = figures(peer)
        assert now["connected"] == before["connected"] + 3, now
        assert now["turned_away"] == 0, now
        assert now["in_flight"] == 1 and now["reads"] == 1, now  # this one
        assert now["long_reads"] == now["waiting_reads"] == 0, now
        assert now["refusals"]["rows"] == [], now
        # two of one kind by commands, one before there is a command
        for code in ("a", "b"):
            assert "error" in peer.call("ticket.show", {"ref": code})
        peer.raw(b"not JSON\n")
        assert peer.recv()["error"]["data"]["name"] == "parse_error"
        peer.ok("chain.add", {"code": "c", "name": "n"}, key="k")
        peer.ok("chain.add", {"code": "c", "name": "n"}, key="k")
        assert "error" in peer.call("chain.add", {"code": "c", "name": "n"})
        reply = peer.ok("server.stats")
        now = reply["result"]
        assert now["refusals"]["rows"] == [
            ["parse_error", 1], ["not_found", 2], ["exists", 1]], now
        assert now["repeats"] == 1 and now["lost_batches"] == 0, now
        assert 1 <= now["batches"] - before["batches"] <= 4, now
        assert now["slowest_batch_us"] > 0, now
        adds = table(reply, "commands")["chain.add"]
        # a repeat is a call too
        assert (adds["calls"], adds["refused"]) == (3, 1), adds
        daemon.stop()


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response({"/good": 200, "/bad": 400}.get(self.path, 500))
        self.end_headers()


def deliveries():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    with Daemon(BIN_DIR, env={"no_proxy": "127.0.0.1"},
                settings="[notify]\nprivate = yes\n") as daemon:
        peer = daemon.connect()
        for path in ("good", "bad", "ugly"):
            peer.ok("hook.add", {"code": path, "kind": "json",
                                 "url": f"{base}/{path}"})
        credit = "91350100M000100Y43"
        peer.ok("chain.add", {"code": "x", "name": "链"})
        peer.ok("committee.add", {"code": "dw", "name": "党委", "chain": "x"})
        peer.ok("enterprise.add", {"code": credit, "name": "企", "chain": "x"})
        for code, role, unit in (("w", "enterprise", credit),
                                 ("d", "dispatcher", "dw")):
            peer.ok("person.add", {"code": code, "name": "名", "role": role,
                                   "unit": unit})
        peer.ok("ticket.file", {"title": "t", "category": "land"}, as_="w")
        wait_for(lambda: figures(peer)["failed_attempts"] >= 1)

        def settled():
            """The states, once only those of one hook wait."""
            told = peer.ok("outbox.list", {"limit": 1000})
            told = told["result"]["deliveries"]
            place = told["columns"].index("state")
            states = [row[place] for row in told["rows"]]
            return 3 * states.count("waiting") == len(states) and states
        states = wait_for(settled)
        assert "done" in states and "failed" in states, states
        now = figures(peer)
        assert now["delivered"] == states.count("done"), (now, states)
        assert now["given_up"] == states.count("failed"), (now, states)
        log = daemon.log.read_text()
        assert log.count("<4>outbox: given up: delivery=") == now["given_up"]
        assert "error=HTTP 400\n" in log, log
        daemon.stop()
    server.shutdown()


run_all([connections_and_refusals, deliveries])
