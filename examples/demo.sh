#!/bin/bash
# Shows psx-agent at its main job: an unmodified Jetty starts as root, listens on PORT and SECOND, and from then on every task of
# its JVM runs as nobody, while requests keep being served.
#
#   examples/demo.sh [PORT [SECOND]]      as root; default 80 and 443 (PORT + 1 if another PORT is given)
#
# Exits with 0 only if everything shown held.
set -euo pipefail

readonly USER_AFTER=nobody
readonly PATIENCE=60 # seconds for anything that is waited for
readonly CLIENTS=4

repo=$(cd "$(dirname "${BASH_SOURCE[0]:-.}")/.." && pwd)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work= server= clients=()

say() {
    if [ -t 1 ]; then
        printf '\n\033[1m%s\033[0m\n' "$*"
    else
        printf '\n%s\n' "$*"
    fi
}

die() {
    echo "demo.sh: $*" >&2
    exit 1
}

# --- what must be there

arguments() {
    [ "$(id -u)" = 0 ] || die "must run as root: the server starts with root's privileges and gives them up"
    port=${1:-80}
    is_port "$port" || die "\"$port\" is no port; usage: demo.sh [PORT [SECOND]]"
    second=${2:-$([ "$port" = 80 ] && echo 443 || echo $((port + 1)))}
    is_port "$second" || die "\"$second\" is no port; usage: demo.sh [PORT [SECOND]]"
    [ "$port" != "$second" ] || die "the two ports must differ; usage: demo.sh [PORT [SECOND]]"
    local p
    for p in "$port" "$second"; do
        ! answers "$p" || die "port $p is in use; choose other ports: examples/demo.sh PORT SECOND"
    done
}

is_port() { [[ $1 =~ ^[1-9][0-9]{0,4}$ ]] && [ "$1" -le 65535 ]; }

answers() { timeout 5 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1"' - "$1" 2> /dev/null; }

build() {
    local tool
    for tool in "$java" timeout awk; do
        command -v "$tool" > /dev/null || die "$tool is missing: apt-get install openjdk-17-jdk-headless coreutils mawk"
    done
    if [ -e "$repo/agent/target/psx-agent.jar" ] && [ -e "$repo/examples/target/psx-examples.jar" ]; then
        return
    fi
    command -v mvn > /dev/null || die "mvn is missing: apt-get install openjdk-17-jdk-headless maven gcc make libc6-dev"
    echo "Building (once; Maven fetches what it needs) ..."
    (cd "$repo" && mvn -B -q -DskipTests -Dspotless.check.skip package) || die "the build failed, see above"
}

# --- the server

# The programs are copied to a place that everybody may read: a JVM goes on loading classes after the drop, and the clone may lie
# in root's home. Real servers are installed so that their user may read them.
install() {
    work=$(mktemp -d)
    mkdir "$work/app"
    cp "$repo/agent/target/psx-agent.jar" "$repo/examples/target/psx-examples.jar" "$repo"/examples/target/lib/jetty/*.jar \
        "$work/app"
    chmod -R a+rX "$work"
    (umask 077 && echo "only root may read this" > "$work/secret")
}

start() {
    "$java" "-javaagent:$work/app/psx-agent.jar=user=$USER_AFTER,when=listening:$port+$second" \
        -Dfile="$work/secret" -cp "$work/app/*" dev.psx.examples.JettyServer "$port" "$second" > "$work/log" 2>&1 &
    server=$!
    wait_for "the server did not come up" answers "$port"
}

alive() { kill -0 "$server" 2> /dev/null; }

# wait_for COMPLAINT COMMAND…: until the command succeeds, the server dies or the time is over.
wait_for() {
    local complaint=$1 end=$((SECONDS + PATIENCE))
    shift
    until "$@"; do
        alive && [ $SECONDS -lt $end ] || die_with_log "$complaint"
        sleep 0.05
    done
}

die_with_log() {
    echo "--- the server said:" >&2
    tail -n 20 "$work/log" >&2
    die "$*"
}

# --- requests

# get PORT PATH: prints status and text of the answer. No curl: a minimal machine has none.
get() {
    timeout "$PATIENCE" bash -c '
        exec 3<>"/dev/tcp/127.0.0.1/$1" && printf "GET %s HTTP/1.0\r\n\r\n" "$2" >&3 && cat <&3' - "$1" "$2" 2> /dev/null |
        awk 'NR == 1 { status = $2 } body { text = text " " $0 } /^\r?$/ { body = 1 } END { if (NR) print status text }'
}

# expect PORT PATH PATTERN: shows the request and its answer, which must match.
expect() {
    local answer
    answer=$(get "$1" "$2") || answer="no answer"
    echo "GET http://127.0.0.1:$1$2 -> $answer"
    [[ $answer == $3 ]] || die_with_log "expected: $3"
}

# Asks for the page again and again, and writes one line for each answer, until the file "stop" appears.
client() {
    until [ -e "$work/stop" ]; do
        get "$port" / || echo "no answer"
    done
}

start_clients() {
    local i
    for ((i = 0; i < CLIENTS; i++)); do
        client > "$work/answers.$i" &
        clients+=($!)
    done
}

stop_clients() {
    touch "$work/stop"
    wait "${clients[@]}"
    clients=()
}

answered() { cat "$work"/answers.* | wc -l; }

more_than() { [ "$(answered)" -gt "$1" ]; }

# Every client's every answer must be the page.
check_answers() {
    local all bad
    all=$(answered)
    bad=$(cat "$work"/answers.* | grep -cv '^200 A page' || true)
    echo "$all requests before, during and after the drop, $bad of them failed"
    [ "$bad" = 0 ] || die_with_log "requests failed: $(cat "$work"/answers.* | grep -v '^200 A page' | sort | uniq -c)"
}

# --- privileges

status() { "$java" -jar "$repo/agent/target/psx-agent.jar" status "$server" || die "status: exit code $?"; }

# What the kernel says about every task, read without any code of psx: each state once, with the number of tasks in it.
kernel() {
    cat "/proc/$server"/task/*/status 2> /dev/null | awk '
        function rest() { $1 = ""; return $0 }
        /^Uid:/ { state = "uid" rest() }
        /^Gid:/ { state = state ", gid" rest() }
        /^Groups:/ { state = state ", groups" rest() }
        /^Cap/ { state = state ", " substr($1, 1, 6) " " $2 }
        /^NoNewPrivs:/ { tasks[state ", NoNewPrivs " $2]++ }
        END { for (state in tasks) print tasks[state] " tasks: " state }'
}

ids() { echo "$1 $1 $1 $1"; }

check_root() {
    kernel
    [[ $(kernel) == *" tasks: uid $(ids 0), gid $(ids 0), "* ]] || die "the server should still run as root"
}

# One state only, and exactly this one.
check_dropped() {
    local none=0000000000000000 wanted
    wanted="uid $(ids "$(id -u $USER_AFTER)"), gid $(ids "$(id -g $USER_AFTER)"), groups $(id -G $USER_AFTER)"
    wanted+=", CapInh $none, CapPrm $none, CapEff $none, CapBnd $none, CapAmb $none, NoNewPrivs 1"
    kernel
    [[ $(kernel) =~ ^[0-9]+\ tasks:\ "$wanted"$ ]] || die "some task still has privileges; expected of all: $wanted"
}

cleanup() {
    local result=$?
    trap - EXIT INT TERM
    [ -z "$work" ] || touch "$work/stop"
    [ -z "$server" ] || kill -KILL "$server" 2> /dev/null || true
    wait 2> /dev/null # it would report the killed server
    [ -z "$work" ] || rm -rf "$work"
    # The JVM itself can no longer remove this one: its directory belongs to root.
    [ -z "$server" ] || rm -f "/tmp/hsperfdata_root/$server"
    exit $result
}

# --- the story

arguments "$@"
build
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
install
start

say "1. Before: Jetty (pid $server) listens on port $port, and every task of its JVM is root"
status
check_root
expect "$port" / "200 A page*"
expect "$port" /file "200 only root may read this"

say "2. The drop: the server opens its second port, $second, while $CLIENTS clients ask for the page in a loop"
start_clients
wait_for "the clients got no answers" more_than 20
expect "$port" /open "200 The second port is open."
wait_for "the clients got no more answers" more_than $(($(answered) + 20))
stop_clients
check_answers
grep '^psx-agent' "$work/log" || true

say "3. After: the same process serves both ports, and every task of it is $USER_AFTER"
status
check_dropped
expect "$port" / "200 A page*"
expect "$second" / "200 A page*"
expect "$port" /file "403 *AccessDeniedException*"

say "All of it held."
