#!/usr/bin/env bash
# the Debian package through its life: install, serve, upgrade, remove, purge
#
#   tests/long/package.sh
#   FROM=18d393d tests/long/package.sh     and an upgrade from that commit's
#                                          package, of before there were accounts
#
# For a bare Debian 12 that may be thrown away, as root: it installs and purges
# the package for real. It refuses a machine that systemd runs, that has the
# package, its account or its folders already. Without systemd the unit's
# ExecStart is run as the unit's user, with a socket of ours for NOTIFY_SOCKET.
set -euo pipefail
cd "$(dirname "$0")/../.."
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

fail() {
    echo "failed: $*" >&2
    exit 1
}

# expect WHAT COMMAND...
expect() {
    local what=$1
    shift
    "$@" || fail "$what: $*"
    echo "ok $what"
}

[ "$(id -u)" -eq 0 ] || fail "it installs a package: root is needed"
[ ! -d /run/systemd/system ] || fail "systemd runs this machine"
for path in /var/lib/bihuan /etc/bihuan /usr/bin/bihuand; do
    [ ! -e "$path" ] || fail "$path is there already: this machine is in use"
done
! getent passwd bihuan >/dev/null || fail "there is an account bihuan already"

tmp=$(mktemp -d /tmp/bihuan.XXXXXX)
chmod 755 "$tmp"
home=/var/lib/bihuan
drill=$home/backup/drill
password=Zhu-Ru-Shi-7-Xin
socket=/run/bihuan/bihuan.sock
conf=/etc/bihuan/bihuand.conf
unit=/lib/systemd/system/bihuan.service
manager=''

clean() {
    local status=$?
    [ -z "$manager" ] || kill "$manager" 2>/dev/null || true
    if [ "$status" -ne 0 ] && [ -s "$tmp/log" ]; then
        tail -20 "$tmp/log" >&2
    fi
    rm -rf "$tmp"
}
trap clean EXIT

of_unit() { sed -n "s/^$1=//p" "$unit"; }
as_service() {
    setpriv --reuid=bihuan --regid=bihuan --clear-groups --no-new-privs \
        --bounding-set=-all "$@"
}
# A person in the service's group, and one who is not.
as_member() {
    HOME=/nonexistent setpriv --reuid=nobody --regid=bihuan --clear-groups "$@"
}
as_stranger() {
    HOME=/nonexistent setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"
}
ask() {
    XDG_STATE_HOME=$tmp/state as_member bihuan --server "unix:$socket" \
        --lang en "$@"
}
ask_tls() {
    XDG_STATE_HOME=$tmp/state as_member bihuan --server tls:localhost:7071 \
        --ca /etc/bihuan/chain.pem --lang en "$@"
}
# log_in ACCOUNT [ask_tls]: with the one-time password of $tmp/first, the first
# time, and for good.
log_in() {
    printf '%s\n%s\n' "$(first_password "$1")" "$password" |
        "${2-ask}" login account="$1"
}
first_password() {
    if grep -qx "$1" "$tmp/changed"; then
        echo "$password"
    else
        echo "$1" >>"$tmp/changed"
        sed -n "s/^$1  //p" "$tmp/first"
    fi
}
# As docs/operations.md says, "First start": the service does not run.
make_administrators() {
    : >"$tmp/changed"
    as_service bihuand --administrators --data $home/data >"$tmp/first" &&
        [ "$(grep -cE '^(system|security|audit)  [a-z2-9-]{29}$' "$tmp/first")" = 3 ]
}

# -- systemd's part -----------------------------------------------------------

# serve: what systemd would do with the unit, until the service says READY and,
# asked for pings, sends one.
serve() {
    local user group
    user=$(of_unit User) group=$(of_unit Group)
    install -d -o "$user" -g "$group" -m "$(of_unit RuntimeDirectoryMode)" \
        "/run/$(of_unit RuntimeDirectory)"
    python3 - "$tmp/notify" >"$tmp/told" <<'PY' &
import os, socket, sys
sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
sock.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o666)
print("listening", flush=True)
while True:
    print(sock.recv(4096).decode().replace("\n", " "), flush=True)
PY
    manager=$!
    wait_for 'listening' "$tmp/told"
    # shellcheck disable=SC2046  # words, as systemd splits them
    (cd / && umask "$(of_unit UMask)" && exec env -i LANG=C.UTF-8 \
        PATH=/usr/bin NOTIFY_SOCKET="$tmp/notify" WATCHDOG_USEC=1000000 \
        setpriv --reuid="$user" --regid="$group" --clear-groups \
        --no-new-privs --bounding-set=-all $(of_unit ExecStart)) \
        >"$tmp/out" 2>"$tmp/log" &
    service=$!
    wait_for '^READY=1' "$tmp/told"
    wait_for '^WATCHDOG=1' "$tmp/told"
}

# wait_for PATTERN FILE
wait_for() {
    for _ in $(seq 300); do
        ! grep -q "$1" "$2" || return 0
        sleep 0.1
    done
    fail "no $1 in $2: $(cat "$2")"
}

stop() {
    kill -TERM "$service"
    wait "$service" || fail "the service ended with $?"
    grep -q '^STOPPING=1' "$tmp/told" || fail "it did not say STOPPING"
    kill "$manager"
    wait "$manager" 2>/dev/null || true
    rm -rf "$tmp/notify" "/run/$(of_unit RuntimeDirectory)"
    manager=''
}

# -- what is looked at --------------------------------------------------------

# Everything on this machine with our name, but for this checkout and apt's own.
traces() {
    find / -xdev \( -path /proc -o -path /sys -o -path "$PWD" -o -path "$tmp" \
        -o -path /var/log -o -path /var/cache -o -path /home -o -path /root \) \
        -prune -o -iname '*bihuan*' -print
    getent passwd bihuan || true
    getent group bihuan || true
}

# What the service's account may write: its two folders, and what everybody may.
writable() {
    as_service find / -xdev \( -path /proc -o -path /sys -o -path /dev \) \
        -prune -o ! -type l -writable ! -perm -0002 -print 2>/dev/null |
        grep -vE "^$home/(data|backup)(/|$)" || true
}

none() { [ -z "$("$@")" ] || { "$@" >&2; return 1; }; }
chain_there() { ask chain list | grep -q 新材料; }
data_kept() { [ -s "$home/data/bihuan.db" ] && getent passwd bihuan >/dev/null; }
refused() { ! "$@" >/dev/null 2>&1; }
# ends STATUS COMMAND...
ends() {
    local status=0 wanted=$1
    shift
    "$@" >"$tmp/quiet" 2>&1 || status=$?
    [ "$status" -eq "$wanted" ] || {
        cat "$tmp/quiet" >&2
        return 1
    }
}
says() { # says PATTERN COMMAND...
    local pattern=$1
    shift
    "$@" >"$tmp/said" 2>&1 || true
    grep -q "$pattern" "$tmp/said" || {
        cat "$tmp/said" >&2
        return 1
    }
}
quiet() {
    "$@" >"$tmp/quiet" 2>&1 || {
        cat "$tmp/quiet" >&2
        return 1
    }
}
install_package() { quiet apt-get install -y -qq "$1"; }
told_first_start() {
    grep -q -- "runuser -u bihuan -- bihuand --administrators --data $home/data" \
        "$tmp/quiet"
}
no_password() { ! grep -rqE '([a-z2-9]{4}-){5}[a-z2-9]{4}' "$1"; }
# What is linked in is what the package asks for.
names_libraries() {
    local named library
    named=$(dpkg-deb -f "$1" Depends)
    for library in libcrypt1 libgnutls30 libuv1 libsqlite3-0 libcurl3-gnutls \
        libjansson4 libnettle8 libinih1 libzip4 libexpat1 libedit2; do
        case ", $named" in
        *", $library "* | *", $library,"*) ;;
        *) echo "$library: not in $named" >&2 && return 1 ;;
        esac
    done
}
# A certificate as operations.md puts it there, and a port that goes with it.
serve_tls() {
    (cd "$tmp" && openssl req -x509 -newkey ec -pkeyopt \
        ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost -keyout key.pem -out chain.pem \
        2>/dev/null)
    install -o root -g bihuan -m 640 "$tmp/key.pem" "$tmp/chain.pem" \
        /etc/bihuan/
    sed -i -e 's/^listen = .*/&\nlisten = tls:127.0.0.1:7071/' \
        -e 's|^#certificate =.*|certificate = /etc/bihuan/chain.pem|' \
        -e 's|^#key =.*|key = /etc/bihuan/key.pem|' $conf
}

# -- its life -----------------------------------------------------------------

first=$(scripts/package)
second=$(scripts/package "$(dpkg-deb -f "$first" Version)+later")
echo "ok built $(basename "$first"), $(basename "$second")"
expect 'nothing in it is anybody else'"'"'s or others may write' \
    none sh -c "dpkg-deb -c '$first' | grep -vE '^[dl-]rwxr-xr-x root/root|^-rw-r--r-- root/root|^lrwxrwxrwx root/root'"

[ -z "$(traces)" ] || fail "there are traces before the start: $(traces)"
expect 'the libraries that it needs are named' names_libraries "$first"
apt-get update -qq
expect 'installs' install_package "$first"
expect 'says how the first log-in comes about' told_first_start
expect 'shows and logs no password' no_password "$tmp/quiet"
expect "nor do apt's logs" no_password /var/log
expect 'data folder is the service'"'"'s alone' \
    test "$(stat -c '%U %a' $home $home/data $home/data/bihuan.db | tr '\n' ' ')" = \
    'root 755 bihuan 700 bihuan 600 '
expect 'account cannot log in' \
    test "$(getent passwd bihuan | cut -d: -f7)" = /usr/sbin/nologin
expect 'account may write its folders only' none writable
expect 'configuration is in force' sh -c \
    "setpriv --reuid=bihuan --regid=bihuan --clear-groups bihuand --config $conf --check | grep -q 'server.data = $home/data '"
expect 'catalogue is found' sh -c "bihuan --lang zh help 2>&1 | grep -q 用法"
expect 'the library is found' sh -c "ldconfig -p | grep -q libbihuan.so.0"

serve
echo "ok serves as $(of_unit User) by its unit's ExecStart, READY and WATCHDOG"
install -d -o nobody -g bihuan -m 700 "$tmp/state"
expect 'a member of the group may ask, but is nobody' \
    says unauthenticated ask whoami
expect 'a stranger may not even ask' ends 3 as_stranger bihuan \
    --server "unix:$socket" server info
expect 'the administrators are not let in beside it' refused make_administrators
stop
expect 'makes the first passwords' make_administrators
expect 'the folder is still its own' \
    none find $home/data ! -user bihuan
serve_tls
expect 'certificate and configuration fit' \
    quiet as_service bihuand --config $conf --check
serve
expect 'an administrator logs in' quiet log_in system
expect 'and registers' quiet ask chain add code=xcl name=新材料
expect 'another over TLS' quiet log_in audit ask_tls
expect 'who reads the record of it' says 127.0.0.1 ask_tls audit list
expect 'its certificate is not believed without --ca' ends 3 as_member \
    bihuan --server tls:localhost:7071 server info
expect 'backs up into its folder' quiet ask backup "$home/backup/one.db"
expect 'and nowhere else' refused ask backup "$home/data/two.db"
stop

# The drill of docs/operations.md.
as_service install -d -m 700 $drill
as_service cp $home/backup/one.db $drill/bihuan.db
expect 'a backup is sound' quiet as_service bihuan verify $drill
expect 'and can be served' \
    quiet as_service bihuand --check --data $drill
rm -r $drill

printf '\n# ours\n' >>$conf
expect 'upgrades' install_package "$second"
expect 'to the new version' sh -c \
    "dpkg-query -W -f '\${Version}' bihuan | grep -q '+later'"
expect 'configuration kept' grep -q '^# ours' $conf
serve
expect 'data and log-ins kept' chain_there
stop
expect 'the chain of records is whole' \
    quiet as_service bihuan verify $home/data

expect 'removes' quiet apt-get remove -y -qq bihuan
expect 'program is gone' test ! -e /usr/bin/bihuand
expect 'data and account stay' data_kept
expect 'installs again over them' install_package "$second"
expect 'and does not speak of first passwords' refused told_first_start
serve
expect 'with the same data' chain_there
stop
rm /etc/bihuan/chain.pem /etc/bihuan/key.pem # who operates it put them there
expect 'purges' quiet apt-get purge -y -qq bihuan
expect 'nothing is left' none traces

# From before there were accounts: the data stay, the three are made by hand.
if [ -n "${FROM-}" ]; then
    git worktree add -q --detach "$tmp/from" "$FROM"
    older=$("$tmp/from/scripts/package" 0.0.1)
    expect "installs $FROM" install_package "$older"
    serve
    expect 'it knows no log-in' quiet ask chain add code=xcl name=新材料
    stop
    expect 'upgrades to accounts' install_package "$first"
    serve
    expect 'its log says that nobody can log in' \
        grep -q 'bihuand --administrators' "$tmp/log"
    expect 'nor can anybody' refused ask chain list
    stop
    expect 'makes the administrators' make_administrators
    serve
    expect 'who log in' quiet log_in system
    expect 'and find the data' chain_there
    expect 'and go on' quiet ask committee add code=dw name=党委 chain=xcl
    stop
    expect 'the chain of records is whole across it' \
        quiet as_service bihuan verify $home/data
    expect 'purges that' quiet apt-get purge -y -qq bihuan
    expect 'nothing of it is left' none traces
    git worktree remove --force "$tmp/from"
fi

# A folder and an account that were there before are not the package's.
useradd --system --user-group --home-dir $home --no-create-home bihuan
install -d $home
echo mine >$home/mine
expect 'installs beside a folder of others' install_package "$first"
expect 'purges it' quiet apt-get purge -y -qq bihuan
expect 'folder and account of others stay' \
    sh -c "grep -q mine $home/mine && getent passwd bihuan >/dev/null"
rm -r $home
userdel bihuan
expect 'nothing else is left' none traces
echo "the package lived as it should"
