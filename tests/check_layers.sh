#!/usr/bin/env bash
# Proves the layers from what was built, not from what was meant.
#
#   tests/check_layers.sh BUILD_DIR     checks this tree and that build of it
#   tests/check_layers.sh --self-test   plants one violation of each rule in a
#                                       toy tree and expects it to be found
#
# Exit 0: all rules hold; 1: the violations are listed; 2: usage.
set -euo pipefail
export LC_ALL=C

# What core may take from outside itself: memory and text in memory, sorting,
# and no clock, I/O, allocation or randomness. snprintf writes numbers into the
# caller's memory and reads no locale for them.
core_allowed='memcpy|memmove|memset|memcmp|memchr|strlen|strcmp|strncmp|strchr'
core_allowed+='|strrchr|strspn|strcspn|strstr|qsort|bsearch|abs|labs|llabs'
core_allowed+='|strnlen|__assert_fail|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_'
core_allowed+='|snprintf|__(memcpy|memmove|memset|snprintf)_chk'
# What the compiler adds by itself under sanitizers, coverage and fuzzing.
added='__asan_.*|__ubsan_.*|__tsan_.*|__gcov_.*|__sanitizer_.*|__sancov_.*'
added+='|__start___sancov.*|__stop___sancov.*|__lsan_.*|llvm_gc.*'

# Library code neither logs nor exits.
loud='v?(f|d)?printf|__v?(f|d)?printf_chk|puts|putchar|fputs|perror|v?syslog'
loud+='|exit|_exit|abort|stdout|stderr'

# The command line's rooms: each knows only those before it.
client_rooms='files language sheet show paper arguments server commands shell'

violations=0

complain() {
    echo "violation: $*"
    violations=$((violations + 1))
}

# Symbols that an archive needs from elsewhere.
undefined() {
    comm -23 <(nm -u "$1" 2>/dev/null | awk '$1 == "U" {print $2}' | sort -u) \
        <(nm --defined-only "$1" 2>/dev/null | awk 'NF == 3 {print $3}' |
            sort -u)
}

# symbols_only LIBRARY PATTERN / symbols_never LIBRARY PATTERN REASON
symbols_only() {
    [ -e "$1" ] || { complain "$1 was not built"; return; }
    local bad
    bad=$(undefined "$1" | grep -vxE "$2|$added" || true)
    if [ -n "$bad" ]; then
        complain "$(basename "$1") needs" $bad
    fi
}

symbols_never() {
    [ -e "$1" ] || { complain "$1 was not built"; return; }
    local bad
    bad=$(undefined "$1" | grep -xE "$2" || true)
    if [ -n "$bad" ]; then
        complain "$(basename "$1") needs" $bad "($3)"
    fi
}

# includes_never HEADERS FOLDER...: no file straight inside the folders
# includes one of the headers.
includes_never() {
    local headers=$1 folder bad
    shift
    for folder in "$@"; do
        bad=$(grep -snE "^ *# *include *[<\"]($headers)" \
            "$root/$folder"/*.[ch] /dev/null || true)
        if [ -n "$bad" ]; then
            complain "${bad//$root\//}"
        fi
    done
}

# folders TOP [EXCEPT]: a folder and all below it, but not EXCEPT.
folders() {
    (cd "$root" && find "$1" -type d | grep -vxE "${2:-}(/.*)?" | sort)
}

# rooms_in_order TOP ROOM...: all rooms of a folder; none includes a later one.
rooms_in_order() {
    local top=$1 room later bad
    shift
    bad=$(find "$root/$top" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' |
        grep -vxF "$(printf '%s\n' "$@")" || true)
    if [ -n "$bad" ]; then
        complain "$top has rooms without a place in the order:" $bad
    fi
    while [ $# -gt 1 ]; do
        room=$1
        shift
        later=$(IFS='|' && echo "$*")
        includes_never "$top/($later)/" $(folders "$top/$room")
    done
}

# Every C file of the project.
c_files() {
    local folder
    for folder in core proto daemon client tests; do
        [ -d "$root/$folder" ] && find "$root/$folder" -name '*.[ch]'
    done | sort
}

check_symbols() {
    symbols_only "$build/libcore.a" "$core_allowed"
    symbols_never "$build/libproto.a" '(uv|sqlite3|nettle)_.*' 'layer'
    symbols_never "$build/libproto.a" "$loud" 'proto never logs'
    symbols_never "$build/libbihuan_client.a" '(uv|sqlite3|nettle)_.*' 'layer'
    symbols_never "$build/libbihuan_client.a" "$loud" 'libbihuan never logs'
    symbols_never "$build/libstore.a" 'uv_.*' 'the store knows no loop'
    symbols_never "$build/libcli.a" '(uv|sqlite3|nettle)_.*' 'layer'
    symbols_never "$build/libdaemon.a" 'sqlite3_.*' 'only the store knows SQL'
    symbols_never "$build/libdaemon.a" 'curl_.*' 'only notify knows HTTP'
    symbols_never "$build/libnotify.a" '(sqlite3|store|rows|outbox|engine)_.*' \
        'what is sent comes to it'
}

check_includes() {
    includes_never 'uv|sqlite3|nettle/|jansson' core
    includes_never 'uv|sqlite3|nettle/' proto $(folders client)
    includes_never 'uv' daemon/store daemon/settings daemon/gate \
        $(folders daemon/commands)
    includes_never 'daemon/commands/' daemon/gate
    includes_never 'daemon/(store|commands)/' daemon/net daemon/settings
    includes_never 'daemon/engine/' daemon/store daemon/gate daemon/settings \
        daemon/audit daemon/files daemon/notify $(folders daemon/commands)
    includes_never 'sqlite3' $(folders daemon daemon/store)
    includes_never 'curl' core proto $(folders client) \
        $(folders daemon daemon/notify)
    includes_never '(proto|daemon|client)/' core
    includes_never '(daemon|client)/' proto
    includes_never 'daemon/' client
    includes_never 'client/' $(folders daemon)
    includes_never 'client/cli/' client
    rooms_in_order client/cli $client_rooms
    includes_never 'daemon/net/(tls|pair|conn|session|listener)' \
        $(folders daemon daemon/net)
}

# Every symbol that libbihuan.so gives away begins with its prefix.
check_exports() {
    local library=$build/lib/libbihuan.so bad
    [ -e "$library" ] || { echo "  (libbihuan.so is not in this build)"; return; }
    bad=$(nm -D --defined-only "$library" | awk '{print $NF}' |
        grep -vE '^bihuan_|^_(init|fini)$|^BIHUAN_[0-9.]+$' || true)
    if [ -n "$bad" ]; then
        complain "libbihuan.so exports" $bad
    fi
    if ! nm -D --defined-only "$library" | grep -q ' T bihuan_'; then
        complain "libbihuan.so exports nothing"
    fi
}

# Files stay readable in one sitting: 500 lines, a product header 350.
check_lengths() {
    local file lines
    while read -r file; do
        lines=$(wc -l <"$file")
        if [ "$lines" -gt 500 ]; then
            complain "${file#"$root/"} has $lines lines, 500 are allowed"
        elif [[ $file == *.h && $file != */tests/* && $lines -gt 350 ]]; then
            complain "${file#"$root/"} has $lines lines, 350 are allowed"
        fi
    done < <(c_files)
}

# Comments are /* */; strings and block comments are taken out first.
check_comments() {
    local file bad
    while read -r file; do
        bad=$(awk '
            {
                gsub(/\\\\/, ""); gsub(/\\"/, ""); gsub(/\x27"\x27/, "")
                line = $0
                out = ""
                while (line != "") {
                    if (inside) {
                        end = index(line, "*/")
                        if (end == 0) { break }
                        line = substr(line, end + 2)
                        inside = 0
                    } else if (match(line, /"[^"]*"|\/\*|\/\//)) {
                        token = substr(line, RSTART, RLENGTH)
                        line = substr(line, RSTART + RLENGTH)
                        if (token == "//") { print FNR; break }
                        if (token == "/*") { inside = 1 }
                    } else {
                        break
                    }
                }
            }' "$file")
        if [ -n "$bad" ]; then
            complain "${file#"$root/"}: // comment in line" $bad
        fi
    done < <(c_files)
}

# check ROOT BUILD
check() {
    root=$1 build=$2 violations=0
    echo "symbols that the libraries need"
    check_symbols
    echo "headers that the folders include"
    check_includes
    echo "symbols that libbihuan.so exports"
    check_exports
    echo "lengths and comments of $(c_files | wc -l) files"
    check_lengths
    check_comments
    echo "$violations violations"
    [ "$violations" -eq 0 ]
}

# -- the self-test -----------------------------------------------------------

# A toy tree with nothing wrong: one function a library.
toy() {
    local tree=$1 library folder
    rm -rf "$tree"
    mkdir -p "$tree"/{core,proto,daemon/{store,notify,commands},client/cli} \
        "$tree"/{tests,build/lib}
    (cd "$tree/client/cli" && mkdir $client_rooms)
    for library in core:core proto:proto store:daemon/store daemon:daemon \
        notify:daemon/notify \
        bihuan_client:client cli:client/cli; do
        folder=${library#*:}
        printf '/* "not // one" */\nint %s_ok(void);\nint %s_ok(void)\n{\n    return 0;\n}\n' \
            "${library%:*}" "${library%:*}" >"$tree/$folder/ok.c"
    done
    echo 'int bihuan_ok(void) { return 0; }' >"$tree/client/export.c"
}

toy_build() {
    local tree=$1 library folder
    for library in core:core proto:proto store:daemon/store daemon:daemon \
        notify:daemon/notify \
        bihuan_client:client cli:client/cli; do
        folder=${library#*:}
        (cd "$tree/build" && rm -f ./*.o &&
            "${CC:-cc}" -w -fPIC -fno-builtin -c ../"$folder"/*.c 2>/dev/null &&
            ar rcs "lib${library%:*}.a" ./*.o)
    done
    "${CC:-cc}" -w -shared -fPIC -o "$tree/build/lib/libbihuan.so" \
        "$tree"/client/export.c
}

# expect TREE WORDS: the toy tree must be refused, and for this reason.
expect() {
    local out
    toy_build "$1"
    if out=$(check "$1" "$1/build"); then
        echo "self-test: not found: $2"
        return 1
    fi
    if ! grep -q "violation: .*$2" <<<"$out"; then
        echo "self-test: found something else than: $2"
        echo "$out"
        return 1
    fi
    echo "found: $2"
}

call() {
    printf 'int %s();\nint bad(void);\nint bad(void)\n{\n    return %s();\n}\n' \
        "$1" "$1"
}

self_test() {
    tree=$(mktemp -d)
    trap 'rm -rf "$tree"' EXIT

    toy "$tree" && toy_build "$tree"
    check "$tree" "$tree/build" || { echo "self-test: clean tree refused"; exit 1; }

    toy "$tree"; call malloc >"$tree/core/bad.c"
    expect "$tree" 'libcore.a needs malloc'
    toy "$tree"; call time >"$tree/core/bad.c"
    expect "$tree" 'libcore.a needs time'
    toy "$tree"; call uv_run >"$tree/proto/bad.c"
    expect "$tree" 'libproto.a needs uv_run'
    toy "$tree"; call printf >"$tree/proto/bad.c"
    expect "$tree" 'libproto.a needs printf'
    toy "$tree"; call sqlite3_open >"$tree/client/bad.c"
    expect "$tree" 'libbihuan_client.a needs sqlite3_open'
    toy "$tree"; call curl_easy_init >"$tree/daemon/bad.c"
    expect "$tree" 'libdaemon.a needs curl_easy_init'
    toy "$tree"; call store_begin >"$tree/daemon/notify/bad.c"
    expect "$tree" 'libnotify.a needs store_begin'
    toy "$tree"; call uv_now >"$tree/daemon/store/bad.c"
    expect "$tree" 'libstore.a needs uv_now'
    toy "$tree"; mkdir -p "$tree/inc"; echo '#include <uv.h>' >"$tree/proto/bad.h"
    expect "$tree" 'proto/bad.h:1:#include <uv.h>'
    toy "$tree"; echo '#include <jansson.h>' >"$tree/core/bad.h"
    expect "$tree" 'core/bad.h:1:#include <jansson.h>'
    toy "$tree"; echo '#include "daemon/log.h"' >"$tree/proto/bad.h"
    expect "$tree" 'proto/bad.h:1:#include "daemon/log.h"'
    toy "$tree"; mkdir "$tree/client/cli/show/deep"
    echo '#include "client/cli/server/server.h"' \
        >"$tree/client/cli/show/deep/bad.h"
    expect "$tree" 'client/cli/show/deep/bad.h:1:#include "client/cli/server/'
    toy "$tree"; mkdir "$tree/client/cli/attic"
    expect "$tree" 'client/cli has rooms without a place in the order: attic'
    toy "$tree"; echo 'int other(void) { return 1; }' >>"$tree/client/export.c"
    expect "$tree" 'libbihuan.so exports other'
    toy "$tree"; seq -f '/* %g */' 501 >"$tree/tests/long.c"
    expect "$tree" 'tests/long.c has 501 lines'
    toy "$tree"; seq -f '/* %g */' 351 >"$tree/core/long.h"
    expect "$tree" 'core/long.h has 351 lines'
    toy "$tree"; echo 'int x; /* a */ // b' >"$tree/tests/slash.c"
    expect "$tree" 'tests/slash.c: // comment in line 1'
    toy "$tree"; toy_build "$tree"; rm "$tree/build/libcore.a"
    if check "$tree" "$tree/build" >/dev/null; then
        echo "self-test: a missing library is not noticed"; exit 1
    fi
    echo "every planted violation was found"
}

case ${1-} in
--self-test) self_test ;;
'' | -*) sed -n '2,9p' "$0"; exit 2 ;;
*) check "$(cd "$(dirname "$0")/.." && pwd)" "$1" ;;
esac
