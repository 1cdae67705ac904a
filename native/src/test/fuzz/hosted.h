/*
 * Put in front of the engine's own files where they are built to be fuzzed: every system call goes to a kernel that the fuzzer plays
 * (kernel.c), so that it decides what a parser reads, and the engine's memcpy and memset do not replace libc's.
 */
#ifndef HOSTED_H
#define HOSTED_H

#define PSX_ARCH_X86_64_H
#define PSX_ARCH_AARCH64_H
#define memcpy psx_memcpy
#define memset psx_memset

#include <stddef.h>
#include <stdint.h>

int64_t raw6(int64_t nr, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5, uint64_t a6);

#endif
