#!/bin/sh
# Called by Maven: build.sh lib builds for both platforms of the jar if there is a compiler for the other one, build.sh check tests on
# glibc, and on musl and emulated as far as the tools are there. With PSX_REQUIRE_ALL_PLATFORMS=1 in the environment all must be there.
set -eu
cd "$(dirname "$0")"
say() { echo "psx-native: $*" >&2; }
run() { make --no-print-directory "$@"; }

# Whether a compiler is there with the headers of its platform.
usable() { printf '#include <stdio.h>\n#include <linux/types.h>\n' | "$1" -x c -fsyntax-only - 2> /dev/null; }

for tool in gcc make; do
    command -v "$tool" > /dev/null || {
        say "$tool is missing. Install the tools with: apt-get install gcc make libc6-dev"
        exit 1
    }
done
usable gcc || {
    say "the C headers are missing. Install them with: apt-get install libc6-dev"
    exit 1
}

# without SENTENCE PACKAGES: what could not be done; ends the build where it must be.
without() {
    say "$1. Install the tools with: apt-get install $2"
    [ "${PSX_REQUIRE_ALL_PLATFORMS-}" != 1 ] || exit 1
}

lib() {
    if usable "$(run cross-compiler)"; then
        run libs
        return
    fi
    other=$(run other-platform)
    rm -rf "target/lib/$other" "target/classes/META-INF/psx/$other" # of an earlier build: no longer what the sources say
    run lib
    case $other in
        linux-aarch64) packages="gcc-aarch64-linux-gnu libc6-dev-arm64-cross" ;;
        *) packages="gcc-x86-64-linux-gnu libc6-dev-amd64-cross" ;;
    esac
    without "the jar will lack $other, there is no compiler for it" "$packages"
}

check() {
    run check
    run check-sanitized
    if command -v musl-gcc > /dev/null; then run check-musl; else without "not tested with musl" musl-tools; fi
    [ "$(run other-platform)" = linux-aarch64 ] || return 0
    if usable "$(run cross-compiler)" && { command -v qemu-aarch64 || command -v qemu-aarch64-static; } > /dev/null; then
        run check-aarch64
    else
        without "not tested with aarch64" "gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user"
    fi
}

case "$*" in
    lib) lib ;;
    check) check ;;
    *) run "$@" ;;
esac
