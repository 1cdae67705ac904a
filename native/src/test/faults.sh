#!/bin/bash
# The table of FAULTS.md: every row of the fault suite on the engine and on each peer. `faults.sh --help` for options.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
readonly OUT=target/test ALL='engine glibc libpsx go'

usage() {
    cat << 'END'
usage: native/src/test/faults.sh [OPTION]... [ROW]...
  --peers LIST   of engine,glibc,libpsx,go (default: those that are there)
  --libpsx NAME=DIR
                 one more column: another build of libpsx, with DIR/include/sys/psx_syscall.h and DIR/lib/libpsx.so
  --rows         the names of all rows, each before the fault that it is in the table; nothing is run
  --print        the table of what has been run before, without running anything
Prints a markdown table, with a heading that says what was compared. Most rows need root. A peer that hangs takes 8 seconds a row: all four
take about six minutes. libpsx and Go take part if they are installed (Debian: libcap-dev, golang-go). What the scenarios prove, and what
peers say when they die, is in native/target/test/faults-PEER.log.
END
    exit "$1"
}

die() {
    echo "faults.sh: $*" >&2
    exit 2
}

all_rows() { # NAME TITLE, not those about a promise that only the engine makes
    sed -n '/ENGINE_ONLY/d; s/^    {"\([a-z-]*\)", "\([^"]*\)", [a-z_]*,.*/\1 \2/p' src/test/c/faults/*.c
}

peers='' run=1 rows=() other='' directory=''
while [ $# -gt 0 ]; do
    case $1 in
    --help) usage 0 ;;
    --rows) all_rows | sed 's/ /\t/' | expand -t 28 && exit ;;
    --print) run=0 ;;
    --peers) [ $# -gt 1 ] || die "--peers needs a list, of ${ALL// /,}" && peers=${2//,/ } && shift ;;
    --libpsx)
        [[ ${2:-} =~ ^[a-z0-9.-]+=. ]] || die "--libpsx needs NAME=DIR, the name of small letters, digits, dots and dashes"
        [[ " $ALL " != *" ${2%%=*} "* ]] || die "another build needs another name than ${2%%=*}"
        other=${2%%=*} directory=$(realpath -m -- "${2#*=}")
        [ -e "$directory/include/sys/psx_syscall.h" ] || die "not there: $directory/include/sys/psx_syscall.h"
        shift
        ;;
    -*) die "no such option: $1 (--help shows them)" ;;
    *) all_rows | cut -d' ' -f1 | grep -Fx -- "$1" > /dev/null || die "no such row: $1 (--rows shows them)" && rows+=("$1") ;;
    esac
    shift
done
for peer in $peers; do
    [[ " $ALL " = *" $peer "* ]] || die "no such peer: $peer; there are ${ALL// /,}"
done

is_there() { # PEER: or says why not
    case $1 in
    libpsx) [ -e /usr/include/sys/psx_syscall.h ] || { echo "faults.sh: libpsx is not installed (Debian: libcap-dev), left out" >&2 && false; } ;;
    go) command -v go > /dev/null || { echo "faults.sh: Go is not installed (Debian: golang-go), left out" >&2 && false; } ;;
    esac
}

run_peer() { # PEER ROW...: the judge of Go's rows is that of glibc's
    local program='' judge=$OUT/faults-$1 flags=()
    case $1 in
    go)
        CGO_ENABLED=0 GO111MODULE=off go build -o $OUT/faults-go ./src/test/go
        program=$PWD/$OUT/faults-go judge=$OUT/faults-glibc
        ;;
    "$other")
        judge=$OUT-$other/faults-libpsx
        flags=(TEST="test-$other" TEST_FLAGS="-I$directory/include -L$directory/lib -Wl,-rpath,$directory/lib")
        ;;
    esac
    make -s "$judge" "${flags[@]}" > /dev/null
    echo "faults.sh: $1 …" >&2
    ${program:+env PSX_FAULT_PROGRAM="$program"} "$judge" --table "${@:2}" > "$OUT/faults-$1.txt" 2> "$OUT/faults-$1.log" ||
        die "$1 failed; see native/$OUT/faults-$1.log"
}

version() {
    case $1 in
    engine) echo "engine $(git describe --always --dirty 2> /dev/null || echo here)" ;;
    glibc) getconf GNU_LIBC_VERSION ;;
    libpsx) echo "libpsx $(pkg-config --modversion libpsx 2> /dev/null || echo "of the system")" ;;
    go) go version | cut -d' ' -f3 ;;
    *) echo "$1" ;;
    esac
}

print_table() {
    echo "$(awk -F': ' '/^model name/ {print $2; exit}' /proc/cpuinfo), $(nproc) processors; Linux $(uname -r);" \
        "$(for peer in $peers; do version "$peer"; done | paste -sd, | sed 's/,/, /g'); $(date -u -r "$OUT/faults-${peers%% *}.txt" +%F)."
    echo
    echo "| fault | ${peers// / | } |"
    echo "|---|$(for peer in $peers; do printf -- '---|'; done)"
    for peer in $peers; do
        sed "s/^/$peer\t/; s/skipped: \(n\/a (C)\|not made\).*/\1/; s/refused (ENOSYS).*/has no such call/; s/skipped: never .*/not tried: they hang each other/" "$OUT/faults-$peer.txt"
    done | awk -F'\t' -v peers="$peers" '
        !($2 in title) {order[++rows] = $2; title[$2] = $3}
        {cell[$1, $2] = $4}
        END {
            columns = split(peers, column, " ")
            for (r = 1; r <= rows; r++) {
                line = "| " title[order[r]] " |"
                for (c = 1; c <= columns; c++) line = line " " cell[column[c], order[r]] " |"
                print line
            }
        }'
}

present=''
for peer in ${peers:-$ALL} $other; do
    if is_there "$peer" && { [ $run = 1 ] || [ -e "$OUT/faults-$peer.txt" ]; }; then
        present="$present${present:+ }$peer"
    fi
done
peers=$present
[ -n "$peers" ] || die "no peer is left"
if [ $run = 1 ]; then
    mkdir -p $OUT
    for peer in $peers; do run_peer "$peer" "${rows[@]}"; done
fi
print_table
