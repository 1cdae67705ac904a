/*
 * uid.c: a program that says on standard output with which ids it runs: "uid REAL EFFECTIVE". Without a libc: some load nothing and do
 * more for a set-uid program, and this one is judged by the kernel's part alone.
 */
#include <sys/syscall.h>

static long raw(long nr, long a1, long a2, long a3) {
#if defined(__x86_64__)
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(nr), "D"(a1), "S"(a2), "d"(a3) : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = nr;
    register long x0 __asm__("x0") = a1;
    register long x1 __asm__("x1") = a2;
    register long x2 __asm__("x2") = a3;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    return x0;
#endif
}

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
