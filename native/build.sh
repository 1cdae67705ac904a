#!/bin/sh
# Called by Maven: make TARGET, after a look whether the tools are there. The target lib builds for both platforms of the jar if there is
# a compiler for the other one; with PSX_REQUIRE_ALL_PLATFORMS=1 in the environment there must be.
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
[ "$*" = lib ] || {
    run "$@"
    exit
}
if usable "$(run cross-compiler)"; then
    run libs
    exit
fi
case $(run other-platform) in
    linux-aarch64) other=linux-aarch64 packages="gcc-aarch64-linux-gnu libc6-dev-arm64-cross" ;;
    *) other=linux-x86-64 packages="gcc-x86-64-linux-gnu libc6-dev-amd64-cross" ;;
esac
if [ "${PSX_REQUIRE_ALL_PLATFORMS-}" = 1 ]; then
    say "there is no compiler for $other. Install it with: apt-get install $packages"
    exit 1
fi
rm -rf "target/lib/$other" "target/classes/META-INF/psx/$other" # of an earlier build: no longer what the sources say
run lib
say "the jar will lack $other, there is no compiler for it. To have both platforms: apt-get install $packages"
