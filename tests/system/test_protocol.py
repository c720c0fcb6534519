#!/usr/bin/env python3
"""Every hostile line gets its own error, and the connection lives on.

    test_protocol.py BIN_DIR
"""
import json
import pathlib
import random
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "lib"))
from daemon import Daemon, run_all  # noqa: E402

HEAD = b'{"jsonrpc":"2.0","id":7,"method":"chain.add","params":'

# line (without \n), name of the error, its parameter (None: not looked at),
# whether the id is told
CASES = [
    # -- the line and its JSON
    (b"x" * 300000, "line_too_long", "", False),
    (b"", "parse_error", None, False),
    (b"hello", "parse_error", None, False),
    (b'{"jsonrpc":"2.0"', "parse_error", None, False),
    (HEAD + b'{"code":' + b"[" * 40 + b"]" * 40 + b"}}", "too_deep", None, True),
    (HEAD + b'{"code":[' + b"1," * 9000 + b"1]}}", "too_many", None, True),
    (HEAD + b'{"code":"a","code":"b"}}', "duplicate_key", "code", True),
    (HEAD + b'{"code":"\xff\xfe"}}', "bad_utf8", "code", True),
    (HEAD + b'{"code":"\xc0\xaf"}}', "bad_utf8", "code", True),
    (HEAD + b'{"code":"\xed\xa0\x80"}}', "bad_utf8", "code", True),
    (HEAD + b'{"code":"a\x00b"}}', "nul_byte", "code", True),
    (HEAD + b'{"code":"a\\u0000b"}}', "nul_byte", "code", True),
    (HEAD + b'{"code":99999999999999999999}}', "number_range", "code", True),
    (HEAD + b'{"code":-9223372036854775809}}', "number_range", "code", True),
    (HEAD + b'{"code":1e999}}', "number_range", "code", True),
    # -- the envelope
    (b"[]", "batch_unsupported", None, False),
    (b'[{"jsonrpc":"2.0","id":7,"method":"server.info"}]',
     "batch_unsupported", None, False),
    (b"7", "invalid_request", None, False),
    (b'"text"', "invalid_request", None, False),
    (b"{}", "invalid_request", "jsonrpc", False),
    (b'{"id":7,"method":"server.info"}', "invalid_request", "jsonrpc", True),
    (b'{"jsonrpc":"1.0","id":7,"method":"server.info"}',
     "invalid_request", "jsonrpc", True),
    (b'{"jsonrpc":"2.0","id":7}', "invalid_request", "method", True),
    (b'{"jsonrpc":"2.0","id":7,"method":5}', "invalid_request", "method", True),
    (b'{"jsonrpc":"2.0","id":[7],"method":"server.info"}',
     "invalid_request", "id", False),
    (b'{"jsonrpc":"2.0","id":7,"method":"server.info","params":[]}',
     "invalid_request", "params", True),
    (b'{"jsonrpc":"2.0","id":7,"method":"server.info","who":"me"}',
     "invalid_request", "who", True),
    (b'{"jsonrpc":"2.0","id":7,"method":"server.info","after":-1}',
     "invalid_request", "after", True),
    (b'{"jsonrpc":"2.0","id":7,"method":"chain.add","key":""}',
     "invalid_request", "key", True),
    (b'{"jsonrpc":"2.0","id":7,"method":"server.info","as":"system"}',
     "invalid_request", "as", True),
    (b'{"jsonrpc":"2.0","id":7,"method":"server.info","token":7}',
     "invalid_request", "token", True),
    (b'{"jsonrpc":"2.0","id":7,"method":"server.info","token":"'
     + b"t" * 200 + b'"}', "invalid_request", "token", True),
    # -- method and parameters
    (b'{"jsonrpc":"2.0","id":7,"method":"server.shutdown"}',
     "unknown_method", "method", True),
    (b'{"jsonrpc":"2.0","id":7,"method":"verify","params":{"data":"/"}}',
     "unknown_method", "method", True),
    (HEAD + b'{"code":"a","name":"b","color":"red"}}',
     "bad_param", "color", True),
    (HEAD + b'{"code":"a"}}', "bad_param", "name", True),
    (HEAD + b'{"code":5,"name":"b"}}', "bad_param", "code", True),
    (HEAD + b'{"code":"a","name":"' + b"n" * 500 + b'"}}',
     "bad_param", "name", True),
    (HEAD + b'{"code":"a","name":null}}', "bad_param", "name", True),
    (b'{"jsonrpc":"2.0","id":7,"method":"chain.list","params":{"limit":0}}',
     "bad_param", "limit", True),
    # -- who asks
    (b'{"jsonrpc":"2.0","id":7,"method":"server.info"}',
     "unauthenticated", "token", True),
    (b'{"jsonrpc":"2.0","id":7,"method":"server.info","token":""}',
     "unauthenticated", "token", True),
    (b'{"jsonrpc":"2.0","id":7,"method":"server.info","token":"'
     + b"A" * 43 + b'"}', "unauthenticated", "token", True),
]

BIN_DIR = sys.argv[1]
TABLE = pathlib.Path(__file__).parents[2] / "proto/commands.def"


def check(reply, name, param, has_id, line):
    where = (line[:120], reply)
    assert reply is not None and "error" in reply, where
    data = reply["error"]["data"]
    assert data["name"] == name, where
    assert isinstance(reply["error"]["code"], int), where
    assert reply["id"] == (7 if has_id else None), where
    if param is not None:
        assert data["param"] == param, where
    if name not in ("unauthenticated", "line_too_long"):
        assert data["expected"] or data["detail"], where


def one_by_one():
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        head = peer.ok("server.info")["result"]["head"]
        for line, name, param, has_id in CASES:
            peer.raw(line + b"\n")
            check(peer.recv(), name, param, has_id, line)
            assert peer.ok("server.info")["result"]["head"] == head
        daemon.stop()


def all_at_once_in_pieces():
    """The same lines, pipelined and cut anywhere: same answers, same order."""
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        data = b"".join(case[0] + b"\n" for case in CASES)
        random.seed(5)
        while data:
            size = random.choice((1, 2, 3, 7, 64, 1000, 4096, 65536))
            peer.raw(data[:size])
            data = data[size:]
        for line, name, param, has_id in CASES:
            check(peer.recv(), name, param, has_id, line)
        daemon.stop()


def notifications_get_no_reply():
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        token = b'"token":"%s",' % daemon.token("system").encode()
        peer.raw(b'{"jsonrpc":"2.0","method":"chain.add",' + token +
                 b'"params":{"code":"c","name":"n"}}\n'
                 b'{"jsonrpc":"2.0","method":"no.such"}\n'
                 b'{"jsonrpc":"2.0","method":"chain.add","params":{}}\n'
                 b'{"jsonrpc":"2.0","method":"chain.add",'
                 b'"params":{"code":"d","name":"unasked"}}\n')
        rows = peer.ok("chain.list")["result"]
        assert "n" in json.dumps(rows), rows
        assert "unasked" not in json.dumps(rows), rows
        daemon.stop()


def ids_of_every_kind():
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        for value in (0, -5, 2 ** 63 - 1, "", "编号", None):
            line = {"jsonrpc": "2.0", "id": value, "method": "server.info",
                    "token": daemon.token("system")}
            peer.raw(json.dumps(line).encode() + b"\r\n")
            reply = peer.recv()
            assert "result" in reply and reply["id"] == value, (value, reply)
            assert "seq" not in reply, reply
        daemon.stop()


def nothing_without_a_log_in():
    """Of all methods only login; what else stands in the request is not even
    looked at."""
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        head = peer.ok("server.info")["result"]["head"]
        for method, params in asked():
            for more in ({}, {"token": "A" * 43}):
                reply = peer.call(method, params, as_=None, **more)
                name = reply["error"]["data"]["name"]
                assert name == ("login_failed" if method == "login"
                                else "unauthenticated"), (method, reply)
        assert peer.ok("server.info")["result"]["head"] == head
        daemon.stop()


EXAMPLES = {"CODE": "a", "CREDIT": "91350100M000100Y43", "REF": "r", "INT": 1,
            "TICKET": "20261120-001", "MEETING": "1", "BOOL": True, "JSON": {},
            "INSTANT": "2026-11-20T10:00:00+08:00", "LIMIT": "5wd"}

# Choices that the table has by name, with one of each.
CHOICES = {"ROLE_CHOICES": '"head"', "ATTACHMENT_PURPOSES": '"request"'}


def asked():
    """Each method with what its parameters must be to pass the check of the
    table, which comes first."""
    table = TABLE.read_text(encoding="utf-8")
    rows = re.findall(r'^COMMAND\(\w+, "([^"]+)", [^"]*\b(?:READ|WRITE),(.*?)'
                      r"(?=^COMMAND|\Z)", table, re.M | re.S)
    assert len(rows) > 100, len(rows)
    for method, rest in rows:
        for name, choice in CHOICES.items():
            rest = rest.replace(name, choice)
        params = {
            name: choices.split("|")[0] if kind == "CHOICE" else
            EXAMPLES.get(kind, "x" * int(low) if low.isdigit() else "x")
            for name, kind, low, choices in re.findall(
                r'ARG\("(\w+)", (\w+), REQUIRED[^,]*, ([^,]+), '
                r'[^,]+, "?([^",]*)"?,', rest)}
        for name in re.findall(r"\b(TICKET|MEETING)_ARG\b", rest):
            params[name.lower()] = EXAMPLES[name]
        if "PART_ARGS" in rest:
            params["title"] = "x"
        yield method, params


def discover_lists_every_method():
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        document = peer.ok("rpc.discover")["result"]
        assert document["openrpc"].startswith("1."), document["openrpc"]
        names = {m["name"] for m in document["methods"]}
        table = TABLE.read_text()
        wanted = {line.split('"')[1] for line in table.splitlines()
                  if line.startswith("COMMAND(") and "LOCAL" not in line}
        assert wanted == names, wanted ^ names
        daemon.stop()


run_all([one_by_one, all_at_once_in_pieces, notifications_get_no_reply,
         ids_of_every_kind, nothing_without_a_log_in,
         discover_lists_every_method])
