#!/usr/bin/env bash
# a real help desk's log through the lifecycle, counted case by case
#
#   tests/long/helpdesk.sh [BIN_DIR]      default: builds the release preset
#
# Imports 4,580 cases with their waits, hand-overs and repeated resolutions into
# a fresh daemon; no line may be refused. Resolutions, waits and rounds of each
# case must equal a count of the log alone, a second import adds nothing, verify
# must pass.
set -euo pipefail
cd "$(dirname "$0")/../.."

shared=../shared/data/eventlogs
if [ ! -d "$shared" ]; then
    echo "helpdesk: skipped, the data is not here ($shared)"
    exit 0
fi
bin=${1-build/release/bin}
if [ $# -eq 0 ]; then
    cmake --workflow --preset release >/dev/null
fi
. tests/lib/daemon.sh
daemon_begin "$bin"

replay=tests/replay/helpdesk.py
$replay convert "$tmp/history.ndjson"
daemon_start
daemon_as system
$replay regulation "${BIHUAN_SERVER#unix:}"
"$bihuan" import "$tmp/history.ndjson"
daemon_as supervisor-hd
$replay compare "${BIHUAN_SERVER#unix:}"
daemon_as system

head_number() {
    "$bihuan" --format json server info |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["head"])'
}
before=$(head_number)
"$bihuan" import "$tmp/history.ndjson"
after=$(head_number)
echo "second import: journal head $before before, $after after"
[ "$before" = "$after" ]
daemon_stop
"$bihuan" verify --data "$data"
echo "helpdesk: passed"
