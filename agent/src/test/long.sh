#!/bin/bash
# The long mode: broadcasts beside everything that a JVM does (dev.psx.agent.apps.LongApp), each judged, over all JDKs and collectors.
#
#   agent/src/test/long.sh [--total N] [--slice SECONDS] [--slices N] [--only PATTERN] [--dir DIR]
#
# A slice is one JVM with its own seed. What each has said stays in DIR, so that the script goes on where it was stopped; --slices ends it
# after so many, --only takes only the combinations that match, such as "17 *". In the end, and with --slices 0, it prints the table.
# Needs root, and what `mvn -B -DskipTests package` leaves in target. Exit codes: 0 done, 1 a miss, a hang or a crash, 2 usage, 3 more is left to do.
set -euo pipefail
readonly FROM=$PWD
cd "$(dirname "$0")/../.."

usage() { sed -n '2,8s/^# \{0,1\}//p' src/test/long.sh; }

die() {
    echo "long.sh: $*" >&2
    exit 2
}

number() { # OPTION VALUE LEAST
    [[ $2 =~ ^(0|[1-9][0-9]{0,8})$ ]] && [ "$2" -ge "$3" ] || die "$1 is a number from $3 on, not \"$2\" (--help has the options)"
}

total=1000000 slice=120 slices=-1 only='*' dir=$PWD/target/long
while [ $# -gt 0 ]; do
    case $1 in
    --help) usage && exit ;;
    --total | --slice | --slices | --only | --dir) [ $# -gt 1 ] || die "$1 has no value (--help has the options)" ;;
    *) die "no such option: $1 (--help has the options)" ;;
    esac
    case $1 in
    --total | --slice) number "$1" "$2" 1 ;;
    --slices) number "$1" "$2" 0 ;;
    esac
    declare "${1#--}=$2" && shift 2
done
dir=$(cd "$FROM" && realpath -m -- "$dir")
readonly GIVE_UP=20s SILENCE=60 # a slice that says nothing for so many seconds hangs

jdks() {
    local home
    for home in /usr/lib/jvm/* ${JAVA_HOME:-} $(tr : ' ' <<< "${PSX_TEST_JDKS:-}"); do
        [ ! -x "$home/bin/java" ] || [ ! -e "$home/release" ] || readlink -f "$home"
    done | sort -u
}

version() { sed -n 's/^JAVA_VERSION="\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' "$1/release"; }

# One line each: version, collector, home.
combinations() {
    local home collector
    for home in $(jdks); do
        for collector in Serial Parallel G1 Z Shenandoah; do
            if "$home/bin/java" "-XX:+Use${collector}GC" -version > "$dir/probe" 2>&1; then
                echo "$(version "$home") $collector $home"
            fi
        done
    done | sort -k1,1n -k2,2
}

fixture() {
    local sources=src/test/c include
    include=$(dirname "$(find "$(readlink -f "$(dirname "$(readlink -f "$(command -v javac)")")/..")" -name jni.h | head -1)")
    gcc -std=gnu11 -O2 -Wall -Wextra -shared -fPIC "-I$include" "-I$include/linux" -o "$dir/libfixture.so.$$" \
        $sources/fixture.c $sources/look.c $sources/storm.c -lpthread
    mv "$dir/libfixture.so.$$" "$dir/libfixture.so"
}

# What the files of one slice, or of many, say of the broadcasts that were made.
broadcasts() { cat /dev/null "$@" | awk '$1 == "done" { sum += $2 } END { print sum + 0 }'; }

# Everything that can be known of a JVM that hangs.
tasks_of() {
    local task
    for task in /proc/"$1"/task/*; do
        (cd "$task" && grep -H . comm stat syscall wchan && grep -HE '^(State|TracerPid|Uid|SigPnd|ShdPnd|SigBlk)' status) || true
    done 2>&1
}

# One JVM, watched from outside: a hang of the engine would stop any watchdog inside.
run_slice() { # version collector home seed broadcasts
    local log="$dir/$1-$2-$4.txt" pid size=-1 now since=$SECONDS options=()
    [ "$1" -lt 22 ] || options=(--enable-native-access=ALL-UNNAMED)
    : > "$log"
    "$3/bin/java" -javaagent:target/psx-agent.jar=give-up=$GIVE_UP -Xmx512m "-XX:+Use${2}GC" -XX:-CreateCoredumpOnCrash \
        -XX:ErrorFile=/dev/stderr -XX:+UnlockDiagnosticVMOptions -XX:-DisplayVMOutput "${options[@]}" \
        "-Dpsx.fixture=$dir/libfixture.so" -cp target/test-classes dev.psx.agent.apps.LongApp "$4" "$5" "$slice" >> "$log" 2>&1 &
    pid=$!
    while kill -0 $pid 2> /dev/null; do
        now=$(stat -c %s "$log")
        if [ "$now" != "$size" ]; then
            size=$now since=$SECONDS
        elif [ $((SECONDS - since)) -gt $SILENCE ]; then
            tasks_of $pid >> "$log"
            echo "FAILED: nothing was heard for $SILENCE s" >> "$log"
            kill -KILL $pid
        fi
        sleep 1
    done
    if wait $pid && grep -q '^done ' "$log"; then
        echo "$1 $2 seed $4: $(grep '^done ' "$log")"
    else
        mv "$log" "$log.failed"
        echo "$1 $2 seed $4: FAILED, see $log.failed" && return 1
    fi
}

table() {
    printf '%-4s %-11s %11s %16s %7s %10s %10s %10s %9s\n' JDK collector broadcasts tasks misses 'median us' '99 % us' 'max us' 'attempts>1'
    local version collector home
    while read -r version collector home; do
        row "$version" "$collector" "$dir/$version-$collector"-*.txt
    done < "$dir/combinations"
    row all "" "$dir"/*-*-*.txt
}

# Adds up the distributions: `micros FORM VALUE:COUNT …` and so on.
row() { # version collector files
    cat /dev/null "${@:3}" | awk -v version="$1" -v collector="$2" -v failed="$(find "$dir" -name "${1/all/*}-${2:-*}-*.failed" | wc -l)" '
        function quantile(what, part,    left, value) {
            left = int(part * sum[what] + 0.999999)
            for (value = 0; value <= most[what]; value++)
                if ((left -= counts[what, value]) <= 0) return value
        }
        /^(micros|tasks|attempts|max) / && !($1 == "tasks" && $2 == "failing") {
            for (i = 3; i <= NF; i++) {
                split($i, pair, ":")
                counts[$1, pair[1]] += pair[2]
                sum[$1] += pair[2]
                if (pair[1] + 0 > most[$1]) most[$1] = pair[1] + 0
            }
        }
        $1 == "done" { broadcasts += $2 }
        END {
            if (broadcasts == 0) exit
            least = 1
            while (!(("tasks", least) in counts)) least++
            printf "%-4s %-11s %11d %16s %7s %10d %10d %10d %9d\n", version, collector, broadcasts,
                least "/" quantile("tasks", 0.5) "/" most["tasks"], failed == 0 ? 0 : failed " !", quantile("micros", 0.5),
                quantile("micros", 0.99), most["max"], sum["attempts"] - counts["attempts", 1]
        }'
}

[ "$(id -u)" = 0 ] || die "must run as root"
[ -e target/psx-agent.jar ] && [ -d target/test-classes ] || die "run mvn -B -DskipTests package first"
mkdir -p "$dir"
[ -e "$dir/combinations" ] || { combinations > "$dir/combinations.$$" && mv "$dir/combinations.$$" "$dir/combinations"; }
fixture
shopt -s nullglob
among=$(wc -l < "$dir/combinations") result=0
each=$(((total + among - 1) / among))
for ((left = slices; left != 0; )); do
    progress=0
    while read -r version collector home; do
        done=$(broadcasts "$dir/$version-$collector"-*.txt)
        # shellcheck disable=SC2053 # a pattern
        if [ $left = 0 ] || [ "$done" -ge $each ] || [[ "$version $collector" != $only ]]; then
            continue
        fi
        run_slice "$version" "$collector" "$home" $((RANDOM * 32768 + RANDOM)) $((each - done)) < /dev/null || result=1
        progress=1 left=$((left - 1))
    done < "$dir/combinations"
    [ $progress = 1 ] && [ $result = 0 ] || break
done
table
[ $result = 0 ] || exit 1
[ "$(broadcasts "$dir"/*-*-*.txt)" -ge "$((each * among))" ] || exit 3
