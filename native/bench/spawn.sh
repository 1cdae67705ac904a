#!/bin/bash
# Measures starting /bin/true and waiting for it, beside posix_spawn and vfork, in one run: a table of medians in microseconds.
# usage: native/bench/spawn.sh [--rows MEGABYTES/THREADS,…] [--repeats N] [--milliseconds N]
set -euo pipefail
cd "$(dirname "$0")/.."
rows=64/1,64/4,64/16,4096/1,4096/4,4096/16 repeats=5 milliseconds=500
while [ $# -gt 1 ]; do
    case $1 in
    --rows) rows=$2 ;;
    --repeats) repeats=$2 ;;
    --milliseconds) milliseconds=$2 ;;
    *) break ;;
    esac
    shift 2
done
if [ $# -ne 0 ] || ! [[ $rows =~ ^[0-9]+/[0-9]+(,[0-9]+/[0-9]+)*$ && $repeats =~ ^[1-9][0-9]?$ && $milliseconds =~ ^[1-9][0-9]{1,5}$ ]]; then
    sed -n 's/^# usage/usage/p' "bench/$(basename "$0")" >&2
    exit 2
fi
readonly OUT=target/bench ENGINES=(psx psx-user posix_spawn vfork)

./build.sh lib > /dev/null
mkdir -p $OUT
arch=$(gcc -dumpmachine | sed 's/^aarch64.*/linux-aarch64/; s/^x86_64.*/linux-x86-64/')
gcc -std=gnu11 -O2 -Wall -Wextra -Werror -Isrc/main/c/include -o $OUT/spawn bench/spawn.c -Ltarget/lib/"$arch" -lpsx-engine \
    -Wl,-rpath,"$PWD/target/lib/$arch" -lpthread

median() { sort -n "$1" | awk '{v[NR] = $1} END {printf "%.0f", v[int((NR + 1) / 2)] / 1000}'; }

echo "$(awk -F': ' '/^model name/ {print $2; exit}' /proc/cpuinfo), $(nproc) processors; Linux $(uname -r), $(getconf GNU_LIBC_VERSION); $(date -u +%F)."
echo
echo "| MB/threads | psx | psx, other user | posix_spawn | vfork | psx/posix_spawn |"
echo "|---|---|---|---|---|---|"
for row in ${rows//,/ }; do
    for engine in "${ENGINES[@]}"; do : > "$OUT/$engine.spawns"; done
    for ((i = 0; i < repeats; i++)); do
        for ((k = 0; k < ${#ENGINES[@]}; k++)); do # nobody always follows the same one
            engine=${ENGINES[(i + k) % ${#ENGINES[@]}]}
            $OUT/spawn "$engine" "${row%/*}" "${row#*/}" "$milliseconds" >> "$OUT/$engine.spawns"
        done
    done
    line="| $row |"
    for engine in "${ENGINES[@]}"; do line="$line $(median "$OUT/$engine.spawns") |"; done
    echo "$line $(awk "BEGIN {printf \"%.3f\", $(median $OUT/psx.spawns) / $(median $OUT/posix_spawn.spawns)}") |"
done
