#!/usr/bin/env bash
# what one may not see changes no byte of what one is answered: 12 walks each
#
#   tests/long/unseen.sh [WALKS [SEED]]      default: 12 1000
#
# Two worlds that differ in what is unseen alone (tests/scenario/test_unseen.c):
# six kinds of the unseen, 300 steps a walk. A walk that fails is run again by
# UNSEEN_SEED=its seed, which is told before it begins, and UNSEEN_STEPS=300.
set -euo pipefail
cd "$(dirname "$0")/../.."

walks=${1-12}
seed=${2-1000}
if ! [[ $walks =~ ^[1-9][0-9]*$ && $seed =~ ^[0-9]+$ ]]; then
    sed -n '2,9p' "$0"
    exit 2
fi
cmake -S . -B build/unseen-release -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_FLAGS_RELEASE='-O2 -g' >/dev/null
cmake --build build/unseen-release --target test_unseen >/dev/null

export UNSEEN_WALKS=$walks UNSEEN_SEED=$seed UNSEEN_STEPS=300
build/unseen-release/bin/test_unseen
echo "unseen: passed"
