#!/bin/sh
# Builds and runs the benchmark: one table, medians in microseconds, the engines interleaved so that a noisy machine is fair to both.
set -eu
cd "$(dirname "$0")/.."
./build.sh lib > /dev/null
out=target/bench
lib=$(ls -d target/lib/*)
mkdir -p "$out"
gcc -std=gnu11 -O2 -Wall -Wextra -Werror -Isrc/main/c/include -o "$out/bench" bench/bench.c "$lib/libpsx-engine.so" -Wl,-rpath,"$(pwd)/$lib" -lpthread

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

printf '%-22s %10s %10s %8s\n' 'tasks/spinning' 'psx' 'glibc' 'ratio'
for row in "10 0 200" "100 0 100" "1000 0 30" "5000 0 7" "50 8 30" "200 32 10" "200 100 5" "1000 4 10"; do
    set -- $row
    rm -f "$out"/psx "$out"/glibc
    for repeat in 1 2 3; do
        for engine in psx glibc; do
            "$out/bench" $engine "$1" "$2" "$3" | cut -d' ' -f1 >> "$out/$engine"
        done
    done
    p=$(median < "$out/psx")
    g=$(median < "$out/glibc")
    printf '%-22s %10s %10s %8s\n' "$1/$2" "$p" "$g" "$(awk "BEGIN {printf \"%.3f\", $p / $g}")"
done
