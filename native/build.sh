#!/bin/sh
# Called by Maven: make TARGET, after a look whether the tools are there.
set -eu
cd "$(dirname "$0")"
for tool in gcc make; do
    command -v "$tool" > /dev/null || {
        echo "psx-native: $tool is missing. Install the tools with: apt-get install gcc make libc6-dev" >&2
        exit 1
    }
done
echo 'int main(void){return 0;}' | gcc -x c -include stdint.h -include linux/types.h -fsyntax-only - 2> /dev/null || {
    echo "psx-native: the C headers are missing. Install them with: apt-get install libc6-dev" >&2
    exit 1
}
exec make --no-print-directory "$@"
