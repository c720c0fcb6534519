#!/usr/bin/env bash
# fuzzing: each target for ten minutes, two at a time
#
#   tests/long/fuzz.sh [MINUTES [TOPIC...]]      default: 10, every topic
#
# Starts from the kept corpora in tests/fuzz/corpus. What is new and adds
# coverage is kept with KEEP=1. A finding is printed with the file to keep as
# a regression, and the exit status is 1.
set -euo pipefail
cd "$(dirname "$0")/../.."

minutes=${1-10}
shift $(($# > 0))
if ! [[ $minutes =~ ^[1-9][0-9]*$ ]]; then
    sed -n '2,8p' "$0"
    exit 2
fi
topics=("$@")
if [ ${#topics[@]} -eq 0 ]; then
    for source in tests/fuzz/fuzz_*.c; do
        topic=${source##*/fuzz_}
        topics+=("${topic%.c}")
    done
fi
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz >/dev/null
top=$PWD

# one TOPIC: fuzzes it; the log says what happened.
one() {
    local topic=$1 seeds=$top/tests/fuzz/corpus/$1
    local found=$top/build/fuzz/found/$1
    local dict=$top/tests/fuzz/$1.dict options=()
    mkdir -p "$found" "$seeds"
    [ -e "$dict" ] && options+=("-dict=$dict")
    cd "$found/.."
    "$top/build/fuzz/bin/fuzz_$topic" -max_total_time=$((minutes * 60)) \
        -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$found/../$topic-" "${options[@]}" \
        "$found" "$seeds" >"$topic.log" 2>&1
}

failed=0
for ((i = 0; i < ${#topics[@]}; i += 2)); do
    pids=()
    for topic in "${topics[@]:i:2}"; do
        one "$topic" &
        pids+=($!)
    done
    for j in "${!pids[@]}"; do
        topic=${topics[i + j]}
        log=build/fuzz/found/$topic.log
        if wait "${pids[j]}"; then
            echo "fuzz: $topic: $minutes min, no finding," \
                "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
                "runs, coverage" \
                "$(grep -o 'cov: [0-9]*' "$log" | tail -n 1 | cut -d' ' -f2)"
        else
            echo "fuzz: $topic: FINDING, see $log"
            grep -E 'ERROR|SUMMARY|Test unit written' "$log" || tail -n 5 "$log"
            failed=1
        fi
        if [ "${KEEP-0}" = 1 ]; then
            build/fuzz/bin/fuzz_"$topic" -merge=1 \
                "tests/fuzz/corpus/$topic" "build/fuzz/found/$topic" \
                2>/dev/null
        fi
    done
done
exit $failed
