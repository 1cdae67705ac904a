#!/bin/bash
# Measures broadcasts beside glibc's, libpsx's and Go's, in one run: a table of medians in microseconds. `run.sh --help` for options.
# Every engine is measured in several processes, in turns, so that a noisy machine is fair to all.
set -euo pipefail
shopt -s inherit_errexit
readonly FROM=$PWD OUT=target/bench AGENT=../agent/target/psx-agent.jar EXAMPLES=../examples/target/classes
cd "$(dirname "$0")/.."

usage() {
    cat << 'END'
usage: native/bench/run.sh [OPTION]...
  --engines LIST     of psx,glibc,libpsx,go,java,floor1,floor2 (default: those of the first five that are there); floor1 and floor2 do
                     the least that visiting each task once, or twice, takes, and promise nothing: idle tasks only
  --rows LIST        tasks/spinning (default: 10/0,100/0,1000/0,5000/0,50/8,200/32,200/100,1000/4)
  --psx-lib [NAME=]FILE
                     one more column: another build of libpsx-engine.so; may be given several times
  --repeats N        processes for each engine and row (default: 5, for rows of up to 100 tasks 10)
  --milliseconds N   how long each of them measures (default: 500)
  --rounds N         at most so many broadcasts in each (default: 1000)
  --p99              the 99th percentile behind each median, in parentheses
  --no-heading       the rows only
  --hold N           another table instead, as root: how long 200 idle tasks are held by one call and by as many as a whole drop has,
                     beside the least that takes (hold.c); medians of N, at most 1000
libpsx and Go take part if they are installed (Debian: libcap-dev, golang-go), Java if `mvn package` has been run: it is psx,
called from a JVM that has the agent and about 20 tasks of its own beside those of the row.
END
    exit "$1"
}

die() {
    echo "run.sh: $* (--help has the options)" >&2
    exit 2
}

engines='' rows=10/0,100/0,1000/0,5000/0,50/8,200/32,200/100,1000/4
repeats='' milliseconds=500 rounds=1000 p99=0 heading=1 hold='' others=()
while [ $# -gt 0 ]; do
    case $1 in
    --help) usage 0 ;;
    --p99) p99=1 && shift && continue ;;
    --no-heading) heading=0 && shift && continue ;;
    esac
    [ $# -gt 1 ] || die "no such option, or one without its value: $1"
    case $1 in
    --engines) engines=$2 ;;
    --rows) rows=$2 ;;
    --psx-lib) others+=("$(case $2 in *=*) echo "$2" ;; *) echo "other$((${#others[@]} + 1))=$2" ;; esac)") ;;
    --repeats) repeats=$2 ;;
    --milliseconds) milliseconds=$2 ;;
    --rounds) rounds=$2 ;;
    --hold) hold=$2 ;;
    *) die "no such option: $1" ;;
    esac
    shift 2
done
[[ $rows =~ ^[0-9]{1,5}/[0-9]{1,5}(,[0-9]{1,5}/[0-9]{1,5})*$ ]] || die "rows are TASKS/SPINNING, joined by commas, not \"$rows\""
for row in ${rows//,/ }; do
    [ "${row#*/}" -lt "${row%/*}" ] || die "row $row: fewer tasks may spin than there are, since one of them is the caller"
done
for number in "${repeats:-1}" "$milliseconds" "$rounds" "${hold:-1}"; do
    [[ $number =~ ^[1-9][0-9]{0,5}$ ]] || die "\"$number\" is no number from 1 to 999999"
done
[ "$rounds" -le 100000 ] || die "at most 100000 rounds"
[ "${hold:-1}" -le 1000 ] || die "--hold takes at most 1000"
[ -z "$hold" ] || [ "$(id -u)" = 0 ] || die "--hold makes calls that only root may make"

# --- what is measured

available() {
    echo psx glibc
    [ ! -e /usr/include/sys/psx_syscall.h ] || echo libpsx
    ! command -v go > /dev/null || echo go
    ! { command -v java > /dev/null && [ -e $AGENT ] && [ -e $EXAMPLES/dev/psx/examples/BroadcastTimes.class ]; } || echo java
}

build() { # OUTPUT SOURCE OPTION...
    gcc -std=gnu11 -O2 -Wall -Wextra -Werror -Isrc/main/c/include -o "$1" "$2" bench/floor.c "${lib[@]}" "${@:3}" -lpthread
}

build_engine() {
    local arch
    arch=$(gcc -dumpmachine | sed 's/^aarch64.*/linux-aarch64/; s/^x86_64.*/linux-x86-64/')
    ./build.sh lib > /dev/null
    lib=(-Ltarget/lib/"$arch" -lpsx-engine -Wl,-rpath,"$PWD/target/lib/$arch")
    mkdir -p $OUT
}

build_all() {
    local engine other file here
    here=" $(available | xargs) "
    for engine in "${engines[@]}"; do
        [[ -n $engine && "$here floor1 floor2 " = *" $engine "* ]] || die "no such engine: \"$engine\"; there are:${here% }"
    done
    [ -z "$(printf '%s\n' "${engines[@]}" | sort | uniq -d)" ] || die "an engine is named twice: ${engines[*]}"
    build_engine
    for engine in "${engines[@]}"; do
        case $engine in
        psx | glibc | floor?) build $OUT/bench bench/bench.c ;;
        libpsx) build $OUT/bench-libpsx bench/bench.c -DLIBPSX -Wl,-wrap,pthread_create -lpsx ;; # before 2.72 it counts threads by wrapping
        go) CGO_ENABLED=0 GO111MODULE=off go build -o $OUT/bench-go bench/bench.go ;;
        java) ;;
        esac
    done
    for other in "${others[@]}"; do # the name that bench is linked with, in a directory of its own
        file=$(cd "$FROM" && realpath -e "${other#*=}" 2> /dev/null) || die "no such file: ${other#*=}"
        nm -D --defined-only "$file" 2> /dev/null | grep -q ' psx_broadcast$' || die "$file is no build of libpsx-engine.so"
        [[ " ${engines[*]} psx glibc libpsx go java floor1 floor2 " != *" ${other%%=*} "* ]] || die "another build needs another name than ${other%%=*}"
        mkdir -p "$OUT/lib-${other%%=*}"
        cp "$file" "$OUT/lib-${other%%=*}/libpsx-engine.so"
        engines+=("${other%%=*}")
    done
}

# One process; a line per broadcast. A peer may hang (that is one reason for this project): then there is no figure.
once() { # ENGINE TASKS SPINNING
    local limit=(timeout -k 5 60)
    set -- "$@" "$rounds" "$milliseconds"
    case $1 in
    psx | glibc | floor?) "${limit[@]}" $OUT/bench "$@" ;;
    libpsx) "${limit[@]}" $OUT/bench-libpsx "$@" ;;
    go) "${limit[@]}" $OUT/bench-go "${@:2}" ;;
    java) "${limit[@]}" java -javaagent:$AGENT -Xlog:disable -cp $EXAMPLES dev.psx.examples.BroadcastTimes "${@:2}" ;;
    *) LD_LIBRARY_PATH=$OUT/lib-$1 "${limit[@]}" $OUT/bench psx "${@:2}" ;;
    esac
}

# --- the table

percentile() { # FILE PERCENT: in microseconds
    sort -n "$1" | awk -v percent="$2" '{v[NR] = $1}
        END {if (NR == 0) print "-"; else printf "%.0f\n", v[int((NR - 1) * percent / 100) + 1] / 1000}'
}

ratio() { if [ "$1" = - ] || [ "${2:--}" = - ]; then echo -; else awk "BEGIN {printf \"%.3f\", $1 / $2}"; fi; }

version() {
    case $1 in
    psx) echo "psx $(git describe --always --dirty 2> /dev/null || echo here)" ;;
    glibc) getconf GNU_LIBC_VERSION ;;
    libpsx) echo "libpsx $(pkg-config --modversion libpsx 2> /dev/null || echo "of the system")" ;;
    go) go version | cut -d' ' -f3 ;;
    java) echo "Java $(java -XshowSettings:properties -version 2>&1 | awk '$1 == "java.version" {print $3}')" ;;
    *) echo "$1" ;;
    esac
}

print_machine() {
    local engine
    echo "$(awk -F': ' '/^model name/ {print $2; exit}' /proc/cpuinfo), $(nproc) processors; Linux $(uname -r);" \
        "$(for engine in "${engines[@]}"; do version "$engine"; done | paste -sd, | sed 's/,/, /g'); $(date -u +%F)."
    echo
}

print_heading() {
    local engine line rule
    print_machine
    line="| tasks/spinning |" rule="|---|"
    for engine in "${engines[@]}" psx/fastest psx/glibc; do
        line="$line $engine |" rule="$rule---|"
    done
    for engine in "${others[@]}"; do
        line="$line ${engine%%=*}/psx |" rule="$rule---|"
    done
    echo "$line"
    echo "$rule"
}

measure() { # TASKS SPINNING REPEATS
    local i k engine
    for engine in "${engines[@]}"; do : > "$OUT/$engine.samples"; done
    for ((i = 0; i < $3; i++)); do
        for ((k = 0; k < ${#engines[@]}; k++)); do # nobody always follows the same one
            engine=${engines[(i + k) % ${#engines[@]}]}
            once "$engine" "$1" "$2" >> "$OUT/$engine.samples" || echo "run.sh: $engine failed at $1/$2 (exit code $?)" >&2
        done
    done
}

print_row() { # TASKS SPINNING
    local engine cell line="| $1/$2 |" fastest=''
    local -A median=()
    for engine in "${engines[@]}"; do
        median[$engine]=$(percentile "$OUT/$engine.samples" 50)
        cell=${median[$engine]}
        [ $p99 = 0 ] || cell="$cell ($(percentile "$OUT/$engine.samples" 99))"
        line="$line $cell |"
        case $engine in glibc | libpsx | go)
            [ "${median[$engine]}" = - ] || [ -n "$fastest" ] && [ "${median[$engine]}" -ge "$fastest" ] || fastest=${median[$engine]} ;;
        esac
    done
    line="$line $(ratio "${median[psx]:--}" "$fastest") | $(ratio "${median[psx]:--}" "${median[glibc]:--}") |"
    for engine in "${others[@]}"; do
        line="$line $(ratio "${median[${engine%%=*}]}" "${median[psx]:--}") |"
    done
    echo "$line"
}

if [ -n "$hold" ]; then
    engines=(psx)
    build_engine
    build $OUT/hold bench/hold.c
    [ $heading = 0 ] || print_machine
    exec $OUT/hold "$hold"
fi

mapfile -t engines < <(if [ -n "$engines" ]; then tr , '\n' <<< "$engines"; else available | tr ' ' '\n'; fi)
build_all
[ $heading = 0 ] || print_heading
for row in ${rows//,/ }; do
    measure "${row%/*}" "${row#*/}" "${repeats:-$((${row%/*} <= 100 ? 10 : 5))}"
    print_row "${row%/*}" "${row#*/}"
done
