#!/usr/bin/env python3
"""100,000 forgeries of a journal and its tables, and as many of an audit
record: each found, where it is.

    forge.py [BIN_DIR] [--forgeries N] [--records N] [--seed N]

Runs tests/store/test_forge.c of the release build, in as many shares as there
are processors, each with a store and a seed of its own. Without --seed it is
taken from the clock and told, so that a run can be repeated.
"""
import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).parents[2]


def share(program, records, forgeries, seed):
    env = {**os.environ, "BIHUAN_FORGE": f"{records} {forgeries} {seed}"}
    run = subprocess.run([program], cwd=ROOT, env=env, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return seed, run.returncode, run.stdout


def counted(outputs):
    """By kind, from the lines `NUMBER KIND`."""
    kinds = {}
    for output in outputs:
        for line in output.splitlines():
            number, _, kind = line.strip().partition(" ")
            if number.isdigit() and "forgeries in" not in kind:
                kinds[kind] = kinds.get(kind, 0) + int(number)
    return kinds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin_dir", nargs="?", default="build/release/bin")
    parser.add_argument("--forgeries", type=int, default=100000)
    parser.add_argument("--records", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    args = parser.parse_args()
    program = pathlib.Path(args.bin_dir).resolve() / "test_forge"
    shares = os.cpu_count() or 1
    print(f"seed {args.seed}: {args.forgeries} forgeries of each chain, "
          f"{args.records} records, {shares} shares", flush=True)
    begin = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(shares) as pool:
        runs = list(pool.map(
            lambda i: share(program, args.records,
                            -(-args.forgeries // shares), args.seed + i),
            range(shares)))
    for number, status, output in runs:
        if status != 0:
            print(f"seed {number}:\n{output}")
    kinds = counted(output for _, _, output in runs)
    for kind, number in kinds.items():
        print(f"{number:7d} {kind}")
    total = sum(kinds.values())
    failed = any(status != 0 for _, status, _ in runs) or total < 2 * args.forgeries
    print(f"{total} found in {time.monotonic() - begin:.0f} s"
          + (", and then one that was not" if failed else ", none missed"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
