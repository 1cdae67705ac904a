/*
 * uid.c: a program that says on standard output with which ids it runs: "uid REAL EFFECTIVE". Without a libc: some load nothing and do
 * more for a set-uid program, and this one is judged by the kernel's part alone.
 */
#include "raw.h"

static char *number(char *at, unsigned long value) {
    char digits[24];
    int count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    *at++ = ' ';
    while (count > 0) {
        *at++ = digits[--count];
    }
    return at;
}

__attribute__((noreturn)) void _start(void) {
    static char line[64] = "uid"; /* the kernel does not align the stack as a call does */
    char *end = line + 3;
    end = number(end, (unsigned long)raw(SYS_getuid, 0, 0, 0));
    end = number(end, (unsigned long)raw(SYS_geteuid, 0, 0, 0));
    *end++ = '\n';
    raw(SYS_write, 1, (long)line, end - line);
    for (;;) {
        raw(SYS_exit_group, 0, 0, 0);
    }
}
