/*
 * herald.c: a program that says on standard output who it is and when it came to its first own instruction: effective uid, CLOCK_MONOTONIC in
 * nanoseconds, and process id, three 64-bit numbers. It has neither a dynamic linker nor a libc before it, so that instant is where the kernel is
 * done with exec; unless it is compiled with WITH_MAIN: then it is where most programs begin.
 */
#include "raw.h"

#include <time.h>

static void say(void) {
    struct timespec now;
    raw(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&now, 0);
    long said[3] = {raw(SYS_geteuid, 0, 0, 0), now.tv_sec * 1000000000L + now.tv_nsec, raw(SYS_getpid, 0, 0, 0)};
    raw(SYS_write, 1, (long)said, sizeof said);
}

#ifdef WITH_MAIN
int main(void) {
    say();
    return 0;
}
#else
__attribute__((noreturn)) void _start(void) {
    say();
    for (;;) {
        raw(SYS_exit_group, 0, 0, 0);
    }
}
#endif
