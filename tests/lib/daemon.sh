# shellcheck shell=bash
# Starting and stopping a daemon of one's own, for tests written in bash:
#
#   . tests/lib/daemon.sh
#   daemon_begin BIN_DIR      a temporary folder $tmp, gone at exit; $bihuan and
#                             $bihuand; BIHUAN_SERVER set and exported
#   daemon_start [OPTION...]  makes the data folder $data if there is none and
#                             returns when the daemon serves; its log is $log
#   daemon_as ACCOUNT         from here on the command line acts as ACCOUNT, by
#                             BIHUAN_TOKEN; the account is opened if there is none
#   daemon_stop               asks it to end; fails if it ends with an error
#   daemon_kill               ends it as a power cut would (SIGKILL)
#   daemon_peak_kb            its peak memory so far, in KiB
#
# The caller runs under `set -e` or looks at the results.

DAEMON_READY_S=${DAEMON_READY_S-60}
daemon_pid=

daemon_begin() {
    bihuan=$1/bihuan bihuand=$1/bihuand
    local program
    for program in "$bihuan" "$bihuand"; do
        if [ ! -x "$program" ]; then
            echo "daemon.sh: $program is not there; build first" >&2
            return 1
        fi
    done
    tmp=$(mktemp -d "${TMPDIR:-/tmp}/bihuan.XXXXXX")
    data=$tmp/data log=$tmp/daemon.log
    # The path of a socket has room for 107 bytes only.
    export BIHUAN_SERVER=unix:$tmp/sock
    unset BIHUAN_TOKEN BIHUAN_ACCOUNT
    export XDG_STATE_HOME=$tmp/state
    trap daemon_end EXIT
}

daemon_end() {
    local status=$?
    if [ -n "$daemon_pid" ]; then
        kill -KILL "$daemon_pid" 2>/dev/null || true
        wait "$daemon_pid" 2>/dev/null || true
    fi
    if [ "$status" -ne 0 ] && [ -s "$log" ]; then
        echo "-- the daemon's log, its end:" >&2
        tail -n 40 "$log" >&2
    fi
    [ -n "${KEEP_TMP-}" ] && echo "kept: $tmp" >&2 || rm -rf "$tmp"
    exit "$status"
}

# Hashes that cost little, and a log-in that lasts as long as the test.
daemon_configure() {
    cat >"$tmp/conf" <<CONF
[password]
cost = 5
[login]
idle_minutes = 1440
[limits]
account_rate = 1000000
CONF
    chmod 600 "$tmp/conf"
}

daemon_as() {
    BIHUAN_TOKEN=$(python3 "${BASH_SOURCE[0]%/*}/logins.py" \
        "${BIHUAN_SERVER#unix:}" "$tmp/printed" "$1") || return 1
    export BIHUAN_TOKEN
}

daemon_start() {
    daemon_configure
    if [ ! -d "$data" ]; then
        "$bihuand" --init --config "$tmp/conf" --data "$data" \
            >"$tmp/printed" 2>>"$log" || return 1
    fi
    : >"$tmp/stdout"
    "$bihuand" --config "$tmp/conf" --data "$data" \
        --listen "$BIHUAN_SERVER" "$@" \
        >"$tmp/stdout" 2>>"$log" &
    daemon_pid=$!
    local waited=0
    until grep -q '^ready' "$tmp/stdout"; do
        if ! kill -0 "$daemon_pid" 2>/dev/null; then
            wait "$daemon_pid" || true
            daemon_pid=
            echo "daemon.sh: bihuand ended before it was ready" >&2
            return 1
        fi
        waited=$((waited + 1))
        if [ "$waited" -gt $((DAEMON_READY_S * 20)) ]; then
            echo "daemon.sh: not ready in $DAEMON_READY_S s" >&2
            return 1
        fi
        sleep 0.05
    done
}

daemon_stop() {
    local pid=$daemon_pid
    daemon_pid=
    kill -TERM "$pid" && wait "$pid"
}

daemon_kill() {
    local pid=$daemon_pid
    daemon_pid=
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null || true
}

daemon_peak_kb() {
    awk '/^VmHWM:/ {print $2}' "/proc/$daemon_pid/status"
}
