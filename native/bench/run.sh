#!/bin/bash
# Builds and runs the benchmark: one table, medians in microseconds, the engines interleaved so that a noisy machine is fair to all.
# libpsx and Go take part if they are installed (Debian: libcap-dev, golang-go).
set -euo pipefail
cd "$(dirname "$0")/.."
./build.sh lib > /dev/null
out=target/bench
lib=$(pwd)/target/lib/$(gcc -dumpmachine | sed 's/^aarch64.*/linux-aarch64/; s/^x86_64.*/linux-x86-64/')
mkdir -p "$out"

build() { gcc -std=gnu11 -O2 -Wall -Wextra -Werror -Isrc/main/c/include -o "$1" bench/bench.c "$lib/libpsx-engine.so" -Wl,-rpath,"$lib" "${@:2}" -lpthread; }

engines="psx glibc"
build "$out/bench"
if [ -e /usr/include/sys/psx_syscall.h ]; then
    build "$out/bench-libpsx" -DLIBPSX -Wl,-wrap,pthread_create -lpsx # before 2.72 it counts threads by wrapping
    engines="$engines libpsx"
fi
if command -v go > /dev/null; then
    CGO_ENABLED=0 GO111MODULE=off go build -o "$out/bench-go" bench/bench.go
    engines="$engines go"
fi

# A peer may hang (that is one reason for this project): then there is no figure.
once() {
    case $1 in
    go) timeout 120 "$out/bench-go" "${@:2}" ;;
    libpsx) timeout 120 "$out/bench-libpsx" "$@" ;;
    *) timeout 120 "$out/bench" "$@" ;;
    esac | cut -d' ' -f1
}

median() { sort -n | awk '{v[NR] = $1} END {print NR ? v[int((NR + 1) / 2)] : "-"}'; }

printf '%-16s' tasks/spinning
for engine in $engines; do printf '%10s' "$engine"; done
printf '%14s%12s\n' psx/fastest psx/glibc
for row in "10 0 200" "100 0 100" "1000 0 30" "5000 0 7" "50 8 30" "200 32 10" "200 100 5" "1000 4 10"; do
    read -r tasks spinning rounds <<< "$row"
    for engine in $engines; do : > "$out/$engine"; done
    for repeat in 1 2 3; do
        for engine in $engines; do once "$engine" "$tasks" "$spinning" "$rounds" >> "$out/$engine" || true; done
    done
    printf '%-16s' "$tasks/$spinning"
    fastest=
    for engine in $engines; do
        took=$(median < "$out/$engine")
        printf '%10s' "$took"
        [ "$engine" = psx ] && ours=$took && continue
        [ "$engine" = glibc ] && glibc=$took
        [ "$took" = - ] || [ -n "$fastest" ] && [ "$took" -ge "$fastest" ] || fastest=$took
    done
    awk "BEGIN {printf \"%14.3f%12.3f\\n\", $ours / $fastest, $ours / $glibc}"
done
