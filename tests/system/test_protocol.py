#!/usr/bin/env python3
"""Every hostile line gets its own error, and the connection lives on.

    test_protocol.py BIN_DIR
"""
import json
import pathlib
import random
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
    (b'{"jsonrpc":"2.0","id":7,"method":"server.info","as":"no one"}',
     "invalid_request", "as", True),
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
    (b'{"jsonrpc":"2.0","id":7,"method":"server.info","as":"nobody"}',
     "not_found", "as", True),
]

BIN_DIR = sys.argv[1]


def check(reply, name, param, has_id, line):
    where = (line[:120], reply)
    assert reply is not None and "error" in reply, where
    data = reply["error"]["data"]
    assert data["name"] == name, where
    assert isinstance(reply["error"]["code"], int), where
    assert reply["id"] == (7 if has_id else None), where
    if param is not None:
        assert data["param"] == param, where
    if name not in ("not_found", "line_too_long"):
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
        peer.raw(b'{"jsonrpc":"2.0","method":"chain.add",'
                 b'"params":{"code":"c","name":"n"}}\n'
                 b'{"jsonrpc":"2.0","method":"no.such"}\n'
                 b'{"jsonrpc":"2.0","method":"chain.add","params":{}}\n')
        rows = peer.ok("chain.list")["result"]
        assert "n" in json.dumps(rows), rows
        daemon.stop()


def ids_of_every_kind():
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        for value in (0, -5, 2 ** 63 - 1, "", "编号", None):
            line = {"jsonrpc": "2.0", "id": value, "method": "server.info"}
            peer.raw(json.dumps(line).encode() + b"\r\n")
            reply = peer.recv()
            assert "result" in reply and reply["id"] == value, (value, reply)
            assert "seq" not in reply, reply
        daemon.stop()


def discover_lists_every_method():
    with Daemon(BIN_DIR) as daemon:
        peer = daemon.connect()
        document = peer.ok("rpc.discover")["result"]
        assert document["openrpc"].startswith("1."), document["openrpc"]
        names = {m["name"] for m in document["methods"]}
        table = (pathlib.Path(__file__).parents[2] /
                 "proto/commands.def").read_text()
        wanted = {line.split('"')[1] for line in table.splitlines()
                  if line.startswith("COMMAND(") and "LOCAL" not in line}
        assert wanted == names, wanted ^ names
        daemon.stop()


run_all([one_by_one, all_at_once_in_pieces, notifications_get_no_reply,
         ids_of_every_kind, discover_lists_every_method])
