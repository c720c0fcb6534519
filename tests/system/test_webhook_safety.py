#!/usr/bin/env python3
"""Webhooks are no way into the network that the daemon stands in: what is
refused when it is registered, and when it is called; and over https they are
called only with a certificate that the machine or the site trusts.

    test_webhook_safety.py BIN_DIR
"""
import http.server
import pathlib
import socket
import ssl
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import run_all, wait_for  # noqa: E402
from net import Authority, NetDaemon, NetPeer  # noqa: E402

BIN_DIR = sys.argv[1]
CREDIT = "91350100M000100Y43"
ENV = {"no_proxy": "*", "NO_PROXY": "*"}
INSIDE = "[notify]\nprivate = yes\n"


class Receiver(http.server.ThreadingHTTPServer):
    """Counts who connects and what is asked; with a certificate over TLS."""
    daemon_threads = True

    def __init__(self, host="127.0.0.1", pair=None):
        self.connected = 0
        self.asked = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.asked.append((self.path, body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        super().__init__((host, 0), Handler)
        if pair is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*pair)
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def get_request(self):
        request = super().get_request()
        self.connected += 1
        return request

    def handle_error(self, request, client_address):
        pass  # a handshake that the daemon broke off


class Office:
    """A county of one enterprise, whose contact files tickets."""

    def __init__(self, daemon):
        self.system = daemon.connect()
        for method, params in (
                ("chain.add", {"code": "auto", "name": "汽车"}),
                ("committee.add", {"code": "dw", "name": "党委",
                                   "chain": "auto"}),
                ("enterprise.add", {"code": CREDIT, "name": "某厂",
                                    "chain": "auto"}),
                ("person.add", {"code": "e1", "name": "张三", "unit": CREDIT,
                                "role": "enterprise"}),
                ("person.add", {"code": "d1", "name": "李四", "unit": "dw",
                                "role": "dispatcher"})):
            self.system.ok(method, params)
        security = NetPeer(daemon.open_unix(), daemon.token("security"))
        first = security.ok("account.add", {"account": "e1"})["result"]
        daemon.logins.one_time["e1"] = first["password"]
        self.contact = NetPeer(daemon.open_unix(), daemon.token("e1"))

    def hook(self, code, url):
        return self.system.call("hook.add", {"code": code, "kind": "json",
                                             "url": url, "to": "dw"})

    def file(self):
        self.contact.ok("ticket.file", {"title": "用地", "category": "land"})

    def newest(self, code, **filters):
        """Of a webhook's deliveries, or None."""
        table = self.system.ok("outbox.list", {"limit": 1000, **filters})
        table = table["result"]["deliveries"]
        rows = [dict(zip(table["columns"], row)) for row in table["rows"]]
        return max((row for row in rows if row["hook"] == code),
                   key=lambda row: row["id"], default=None)

    def delivery(self, code):
        """The newest of a webhook, once it was tried."""
        def tried():
            row = self.newest(code)
            return row and row["attempts"] > 0 and row
        return wait_for(tried, what=code)


def refused(reply, *words):
    error = reply["error"]
    assert error["data"]["name"] == "bad_param", reply
    assert error["data"]["param"] == "url", reply
    text = error["data"].get("expected", "") + error["data"].get("detail", "")
    assert all(word in text for word in words), reply


INSIDE_URLS = (
    "http://127.0.0.1:9/", "http://127.1/", "http://2130706433/",
    "http://0x7f000001/", "http://017700000001/", "http://localhost/",
    "http://a.localhost/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
    "http://10.0.0.1/", "http://172.16.0.1/", "https://192.168.1.1/",
    "http://100.64.0.1/", "http://[fd00::1]/", "http://[64:ff9b::a00:1]/")
NEVER_URLS = (
    "http://169.254.169.254/latest/meta-data/", "http://0xa9fea9fe/",
    "http://2852039166/", "http://[::ffff:169.254.169.254]/",
    "http://[fe80::1]/", "http://0.0.0.0/", "http://[::]/",
    "http://100.100.100.200/", "http://[fd00:ec2::254]/", "http://224.0.0.1/")
NO_URLS = (
    "http://user@example.org/", "http://example.org@127.0.0.1/",
    "http://%31%32%37.0.0.1/", "http://example.org\\@127.0.0.1/",
    "ftp://example.org/", "file:///etc/passwd", "gopher://127.0.0.1:25/x",
    "http://[fe80::1%25lo]/", "http://a.cn:0/", "http://a.cn:99999/")


def what_is_registered():
    with NetDaemon(BIN_DIR, env=ENV) as daemon:
        office = Office(daemon)
        for url in INSIDE_URLS:
            refused(office.hook("x", url), "notify.private", "own network")
        for url in NEVER_URLS:
            refused(office.hook("x", url), "no webhook may be there")
        for url in NO_URLS:
            refused(office.hook("x", url), "http:// or https://")
        assert "result" in office.hook("x", "https://oa.example.gov.cn/b")
        daemon.stop()
    with NetDaemon(BIN_DIR, env=ENV, settings=INSIDE) as daemon:
        office = Office(daemon)
        for i, url in enumerate(INSIDE_URLS):
            assert "result" in office.hook(f"x{i}", url), url
        for url in NEVER_URLS:
            refused(office.hook("x", url), "no webhook may be there")
        daemon.stop()


def what_is_called():
    """What was registered while it was allowed, and a name that means an inner
    address, when it no longer is: nobody is even connected to."""
    receiver = Receiver("0.0.0.0")
    name = socket.gethostname()
    own = {info[4][0] for info in socket.getaddrinfo(name, None)}
    with NetDaemon(BIN_DIR, env=ENV, settings=INSIDE) as daemon:
        office = Office(daemon)
        office.hook("number", f"http://127.0.0.1:{receiver.port}/number")
        office.hook("name", f"http://{name}:{receiver.port}/name")
        office.file()
        assert office.delivery("number")["state"] == "done"
        assert office.delivery("name")["state"] == "done", own
        before = receiver.connected
        assert {path for path, _ in receiver.asked} == {"/number", "/name"}
        daemon.stop()
        daemon.settings = daemon.settings.replace("private = yes",
                                                  "private = no")
        daemon.start()
        office.system = daemon.connect()
        office.contact = NetPeer(daemon.open_unix(), office.contact.token)
        office.file()

        for code in ("number", "name"):
            row = wait_for(lambda c=code: office.newest(c, state="failed"),
                           what=code)
            assert row["attempts"] <= 1, row  # not tried again and again
            assert "notify.private" in row["last_error"], row
        assert receiver.connected == before
        daemon.stop()


def who_is_trusted():
    with tempfile.TemporaryDirectory() as folder:
        ours = Authority(folder, "ours")
        other = Authority(folder, "other")
        good = Receiver(pair=ours.pair("good"))
        strange = Receiver(pair=other.pair("strange"))
        wrong = Receiver(pair=ours.pair("wrong", hosts=("elsewhere.cn",),
                                        addresses=("192.0.2.1",)))
        settings = INSIDE + f"ca = {ours.file}\n"
        with NetDaemon(BIN_DIR, env=ENV, settings=settings) as daemon:
            office = Office(daemon)
            for code, receiver in (("good", good), ("strange", strange),
                                   ("wrong", wrong)):
                office.hook(code, f"https://127.0.0.1:{receiver.port}/{code}")
            office.file()
            row = office.delivery("good")
            assert row["state"] == "done", row
            assert [path for path, _ in good.asked] == ["/good"]
            for code, receiver in (("strange", strange), ("wrong", wrong)):
                row = office.delivery(code)
                assert row["state"] == "waiting" and row["last_error"], row
                assert receiver.connected > 0 and receiver.asked == [], code
            daemon.stop()
        with NetDaemon(BIN_DIR, env=ENV, settings=INSIDE) as daemon:
            office = Office(daemon)
            before = len(good.asked)
            office.hook("good", f"https://127.0.0.1:{good.port}/good")
            office.file()
            assert office.delivery("good")["state"] == "waiting"
            assert len(good.asked) == before, "trusted without notify.ca"
            daemon.stop()


if __name__ == "__main__":
    run_all([what_is_registered, what_is_called, who_is_trusted])
