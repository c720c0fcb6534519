#!/usr/bin/env bash
# a ticket's life against an independent model, a million accepted events
#
#   tests/long/walk.sh [EVENTS [SEED...]]      default: 3000000 1
#
# EVENTS are proposed, legal and not; more than a third are accepted. After each
# one state, flags, dispatches, clocks, dues and verdicts must be the model's,
# and at the end every row of the two tables must have been taken. Then a tenth
# as many with limits in working days, whose dues are counted day by day, under
# each start rule. Prints events a second, and the rows seldom taken.
set -euo pipefail
cd "$(dirname "$0")/../.."

events=${1-3000000}
shift $(($# > 0))
if ! [[ $events =~ ^[1-9][0-9]*$ ]]; then
    sed -n '2,11p' "$0"
    exit 2
fi
seeds=("${@-1}")
cmake -S . -B build/walk-release -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_FLAGS_RELEASE='-O2 -g' >/dev/null
cmake --build build/walk-release --target test_walk test_walk_days >/dev/null

for seed in "${seeds[@]}"; do
    export WALK_SEED=$seed WALK_COVER=1 WALK_EVENTS=$events
    export WALK_DAYS_EVENTS=$((events / 10))
    build/walk-release/bin/test_walk
    build/walk-release/bin/test_walk_days
done
echo "walk: passed"
