#!/usr/bin/env bash
# a city's real half-year of requests, compared with the city's own verdicts
#
#   tests/long/boston.sh [BIN_DIR]      default: builds the release preset
#
# Imports 57,933 requests into a fresh daemon. The report by department must
# equal the published oracle in every cell, and at an instant in between the
# converter's independent count; a second import must add nothing; verify must
# pass. Prints events a second and peak memory.
set -euo pipefail
cd "$(dirname "$0")/../.."

shared=../shared/data/boston311
if [ ! -d "$shared" ]; then
    echo "boston: skipped, the data is not here ($shared)"
    exit 0
fi
bin=${1-build/release/bin}
if [ $# -eq 0 ]; then
    cmake --workflow --preset release >/dev/null
fi
. tests/lib/daemon.sh
daemon_begin "$bin"
export TZ=America/New_York # must not matter

replay=tests/replay/boston.py
$replay convert "$tmp/history.ndjson"
lines=$(wc -l <"$tmp/history.ndjson")

daemon_start

# report INSTANT FILE
report() {
    daemon_as supervisor-311
    "$bihuan" --format csv report overdue at="$1" by=department >"$2"
}

daemon_as system
start=$(date +%s.%N)
"$bihuan" import "$tmp/history.ndjson"
end=$(date +%s.%N)
echo "$lines $start $end $(daemon_peak_kb)" | awk '{
    printf "boston: %d lines in %.1f s, %.0f a second; daemon peak %.1f MiB\n",
        $1, $3 - $2, $1 / ($3 - $2), $4 / 1024 }'

report 2016-01-13T00:00:00-05:00 "$tmp/h1.csv"
echo "as of 2016-01-13, against the city's verdicts:"
$replay compare "$tmp/h1.csv" "$shared/oracle_H1_by_department.csv"

between=2015-04-01T00:00:00-05:00
report $between "$tmp/q1.csv"
$replay count --at $between >"$tmp/q1-count.csv"
echo "as of 2015-04-01, against an independent count:"
$replay compare "$tmp/q1.csv" "$tmp/q1-count.csv"

daemon_as system
"$bihuan" --format json server info >"$tmp/before.json"
"$bihuan" import "$tmp/history.ndjson"
"$bihuan" --format json server info >"$tmp/after.json"
python3 - "$tmp/before.json" "$tmp/after.json" <<'PY'
import json
import sys

before, after = (json.load(open(p)) for p in sys.argv[1:3])
heads = [i.get("head", i.get("seq")) for i in (before, after)]
print(f"second import: journal head {heads[0]} before, {heads[1]} after")
sys.exit(heads[0] is None or heads[0] != heads[1])
PY
report 2016-01-13T00:00:00-05:00 "$tmp/again.csv"
cmp "$tmp/h1.csv" "$tmp/again.csv"

echo "daemon peak $(daemon_peak_kb) KiB, database $(du -sh "$data" | cut -f1)"
daemon_stop
start=$(date +%s.%N)
"$bihuan" verify --data "$data"
echo "$start $(date +%s.%N)" | awk '{printf "verify: %.1f s\n", $2 - $1}'
echo "boston: passed"
