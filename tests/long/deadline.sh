#!/usr/bin/env bash
# a million random time limits against an independent oracle in python
#
#   tests/long/deadline.sh [LINES [SEED]]      default: 1000000 1
#
# All units, a third of the lines for each of the three start rules. The
# oracle reads the published holiday files; the program knows its own table.
set -euo pipefail
cd "$(dirname "$0")/../.."

holidays=../shared/data/holidays
if [ ! -d "$holidays" ]; then
    echo "deadline: skipped, the holiday files are not here ($holidays)"
    exit 0
fi
lines=${1-1000000}
seed=${2-1}
bin=${BIN-build/release/bin}
if [ -z "${BIN-}" ]; then
    cmake --workflow --preset release >/dev/null
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export TZ=America/New_York # must not matter

oracle=tests/oracle/deadline_oracle.py
each=$(((lines + 2) / 3))
for rule in next_day same_day deemed_next_workday; do
    python3 $oracle "$holidays" generate $each "$seed" $rule >"$tmp/lines"
    python3 $oracle "$holidays" answer $rule <"$tmp/lines" >"$tmp/expected" &
    start=$(date +%s.%N)
    "$bin/bihuan" deadline due --stdin start=$rule <"$tmp/lines" >"$tmp/got"
    end=$(date +%s.%N)
    wait
    if [ "$(wc -l <"$tmp/got")" -ne "$each" ] ||
        ! cmp -s "$tmp/got" "$tmp/expected"; then
        echo "deadline: start=$rule differs (line, got, expected):"
        paste -d '|' "$tmp/lines" "$tmp/got" "$tmp/expected" |
            awk -F '|' '$2 != $3' | head -n 10
        exit 1
    fi
    echo "$each $start $end $rule $(grep -c provisional "$tmp/got")" | awk '{
        printf "deadline: start=%s: %d lines agree (%d provisional), ",
            $4, $1, $5
        printf "%.0f lines a second\n", $1 / ($3 - $2) }'
done
echo "deadline: passed"
