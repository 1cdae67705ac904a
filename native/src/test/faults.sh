#!/bin/bash
# The table "Faults, beside the peers" of README.md: every row of the fault suite on the engine and on each peer that is installed
# (libpsx: Debian's libcap-dev). A peer that hangs takes 8 seconds a row.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=target/test
peers="engine glibc"
[ -e /usr/include/sys/psx_syscall.h ] && peers="$peers libpsx"
for peer in $peers; do
    make -s "$out/faults-$peer" > /dev/null
    "$out/faults-$peer" --table "$@" > "$out/faults-$peer.txt"
done
printf '| fault |'; printf ' %s |' $peers; echo
printf '|---|'; for peer in $peers; do printf -- '---|'; done; echo
cut -f1,2 "$out/faults-engine.txt" | while IFS=$'\t' read -r name title; do
    printf '| %s |' "$title"
    for peer in $peers; do
        printf ' %s |' "$(awk -F'\t' -v name="$name" '$1 == name {print $3}' "$out/faults-$peer.txt")"
    done
    echo
done
