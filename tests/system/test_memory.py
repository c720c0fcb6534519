#!/usr/bin/env python3
"""What was secret is not left in the daemon's memory when it is done with.

    test_memory.py BIN_DIR

Reads all that the process may write, as somebody with a debugger would. Of each
secret the second half is sought: the allocator overwrites the first bytes of
what is freed. Not over TLS: GnuTLS keeps what passed through its own buffers.
"""
import pathlib
import secrets
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import run_all  # noqa: E402
from net import NetDaemon  # noqa: E402

BIN_DIR = sys.argv[1]
TOO_LARGE = 1 << 31  # a sanitizer's shadow


def writable(pid):
    """The bytes of each region."""
    with open(f"/proc/{pid}/maps") as maps, \
            open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            place, rights, *_ = line.split()
            begin, end = (int(n, 16) for n in place.split("-"))
            if "w" in rights and end - begin < TOO_LARGE:
                memory.seek(begin)
                try:
                    yield line.split()[-1], memory.read(end - begin)
                except OSError:
                    continue  # a page that nobody may read


def left(pid, kept):
    """{name: where it was found}"""
    found = {}
    for region, content in writable(pid):
        for name, secret in kept.items():
            if secret[len(secret) // 2:].encode() in content:
                found.setdefault(name, set()).add(region)
    return found


def use(peer, old, new):
    """Logs in with a new password and begins a second factor; all that was
    secret of it."""
    peer.token = None
    ask = {"account": "zhangsan", "password": old}
    wrong, half, odd = (secrets.token_urlsafe(24) for _ in range(3))
    peer.call("login", {**ask, "password": wrong})
    token = peer.ok("login", {**ask, "new": new})["result"]["token"]
    begun = peer.ok("totp.begin", {"password": new}, token=token)["result"]
    made = peer.ok("token.add", {"name": "sync", "scope": "read"},
                   token=token)["result"]
    peer.raw(f'{{"password": "{odd}"\n'.encode())
    peer.recv()
    peer.raw(f'{{"password": "{half}'.encode())
    peer.close()
    return {"password": new, "token": token, "factor": begun["secret"],
            "program's token": made["token"], "wrong": wrong, "half": half,
            "odd": odd}


def nothing_is_left():
    with NetDaemon(BIN_DIR) as daemon:
        daemon.logins.must("system", "department.add",
                           {"code": "zjj", "name": "县住建局"})
        daemon.logins.must("system", "person.add", {
            "code": "zhangsan", "name": "张三", "unit": "zjj",
            "role": "handler"})
        once = daemon.logins.must("security", "account.add",
                                  {"account": "zhangsan"})["password"]
        told, old = {"one-time": once}, once
        for name, peer in (("unix", daemon.connect()),
                           ("tcp", daemon.connect_tcp())):
            new = "Aa1-" + "-".join(secrets.token_hex(1) for _ in range(12))
            told.update({f"{what} by {name}": secret for what, secret in
                         use(peer, old, new).items()})
            old = new
        time.sleep(1.5)  # the last reply is out, its connection closed
        assert left(daemon.process.pid, {"sought": str(daemon.data)})
        found = left(daemon.process.pid, told)
        assert found == {}, found
        daemon.stop()


if __name__ == "__main__":
    run_all([nothing_is_left])
