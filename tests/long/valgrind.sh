#!/usr/bin/env bash
# the tests in process under valgrind: reads of what was never written, leaks
#
#   tests/long/valgrind.sh [LABEL...]      default: every label that has no
#                                          daemon process of its own
#
# A build without sanitizers, since the two do not go together.
set -euo pipefail
cd "$(dirname "$0")/../.."

labels=${*-unit property store fault engine scenario client fuzz}
cmake -S . -B build/valgrind -G Ninja -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_C_FLAGS_DEBUG='-O1 -g' -DBIHUAN_TEST_TIMEOUT=3600 \
    -DCMAKE_CROSSCOMPILING_EMULATOR="valgrind;-q;--leak-check=full;\
--show-leak-kinds=definite,possible;--errors-for-leak-kinds=definite,possible;\
--error-exitcode=99;--fair-sched=yes;--suppressions=$PWD/tests/valgrind.supp" >/dev/null
cmake --build build/valgrind
ctest --test-dir build/valgrind -j 2 --output-on-failure \
    -L "^($(echo $labels | tr ' ' '|'))\$"
