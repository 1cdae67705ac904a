#!/bin/sh
# run.sh WORK LIBRARY PROGRAM…: runs aarch64 programs one after the other in an emulated machine with a kernel of its own (Debian's). Called
# by make check-aarch64-vm. WORK is a directory for the file system of that machine.
set -eu
compiler=${CC:-aarch64-linux-gnu-gcc}
limit=900 # seconds; the machine is emulated

die() {
    echo "psx-native: $*" >&2
    exit 1
}

for tool in qemu-system-aarch64 cpio gzip "$compiler"; do
    command -v "$tool" > /dev/null || die "$tool is missing: apt-get install qemu-system-arm cpio gzip gcc-aarch64-linux-gnu libc6-dev-arm64-cross"
done
kernel=$(ls /usr/lib/debian-installer/images/*/arm64/text/debian-installer/arm64/linux 2> /dev/null | tail -n 1)
[ -n "$kernel" ] || die "there is no arm64 kernel: apt-get install debian-installer-12-netboot-arm64"

work=$1 library=$2 root=$1/root
shift 2
rm -rf "$root"
mkdir -p "$root/tests" "$root/lib/linux-aarch64"
cp "$library" "$root/lib/linux-aarch64" # where the programs look for it
cp "$@" "$root/tests"
for file in ld-linux-aarch64.so.1 libc.so.6 libgcc_s.so.1; do
    cp -L "$("$compiler" -print-file-name=$file)" "$root/lib"
done
"$compiler" -O2 -Wall -Wextra -Werror -static -o "$root/init" "$(dirname "$0")/init.c"
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) > "$work/initrd.gz"

# All cores of the emulated processor run at the same time, each in a thread of the emulator's.
timeout $limit qemu-system-aarch64 -M virt -cpu max,pauth-impdef=on -accel tcg,thread=multi -smp 4 -m 1024 -nic none -nographic -no-reboot \
    -kernel "$kernel" -initrd "$work/initrd.gz" -append "console=ttyAMA0 panic=-1 loglevel=4 rdinit=/init" \
    < /dev/null 2>&1 | tee "$work/log"
grep -q '^vm: all passed' "$work/log" || die "the tests failed in the emulated machine, or it did not come to the end"
