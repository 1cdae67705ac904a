/* A test program is a list of checks; the first that fails ends it with the place and the errno-like value. */
#ifndef CHECK_H
#define CHECK_H

#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "psx.h"

#define CHECK(condition)                                                                      \
    do {                                                                                      \
        if (!(condition)) {                                                                   \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);         \
            _exit(1);                                                                         \
        }                                                                                     \
    } while (0)

#define EQUAL(expected, actual)                                                                                   \
    do {                                                                                                          \
        long long e_ = (long long)(expected), a_ = (long long)(actual);                                           \
        if (e_ != a_) {                                                                                           \
            fprintf(stderr, "%s:%d: %s is %lld, not %s (%lld)\n", __FILE__, __LINE__, #actual, a_, #expected, e_); \
            _exit(1);                                                                                             \
        }                                                                                                         \
    } while (0)

#define ENTRIES 8192

struct full_report {
    struct psx_report head;
    struct psx_entry entries[ENTRIES];
};

/* Longer than the default: the tests also run on loaded machines, and what they judge is not the time. */
static const struct psx_options OPTIONS = {200000, 15000000, 0, 0};

static inline int64_t run(struct full_report *report, const struct psx_options *options, long nr, uint64_t a, uint64_t b, uint64_t c)
{
    struct psx_call call = {nr, {a, b, c, 0, 0, 0}, PSX_PER_TASK, 0};
    report->head.capacity = ENTRIES;
    return psx_broadcast(&call, 1, options, &report->head);
}

#ifdef __GLIBC__
#define SIGNO 32
#else
#define SIGNO 33
#endif

static inline void start_engine(void)
{
    struct psx_start_options options = {SIGNO, 0};
    EQUAL(0, psx_start(&options));
}

static inline void *idle(void *unused)
{
    for (;;) {
        pause();
    }
    return unused;
}

static inline void *busy(void *unused)
{
    for (volatile uint64_t i = 0;; i++) {
    }
    return unused;
}

static inline pthread_t thread(void *(*body)(void *), void *argument)
{
    pthread_t id;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 64 * 1024);
    EQUAL(0, pthread_create(&id, &attributes, body, argument));
    return id;
}

/* A task that libc knows nothing of: made by clone itself, sleeping in raw calls. */
static inline void raw_task(void)
{
    static const int size = 32768;
    char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(stack != MAP_FAILED);
    extern int raw_clone(unsigned long flags, void *top);
    CHECK(raw_clone(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM, stack + size) > 0);
}

#if defined(__x86_64__)
__asm__(".text\n.weak raw_clone\nraw_clone:\n  xor %edx, %edx\n  xor %r10d, %r10d\n  xor %r8d, %r8d\n  mov $56, %eax\n  syscall\n"
        "  test %eax, %eax\n  jnz 1f\n2: mov $34, %eax\n  syscall\n  jmp 2b\n1: ret\n");
#else
__asm__(".text\n.weak raw_clone\nraw_clone:\n  mov x2, #0\n  mov x3, #0\n  mov x4, #0\n  mov x8, #220\n  svc #0\n  cbnz x0, 1f\n"
        "2: mov x0, #0\n mov x1, #0\n mov x2, #0\n mov x3, #0\n mov x4, #8\n mov x8, #73\n svc #0\n  b 2b\n1: ret\n");
#endif

/* The number behind NAME: in this task's status, in the given base. */
static inline long long status_field(int tid, const char *name, int base)
{
    char path[64], line[512];
    long long value = -1;
    snprintf(path, sizeof path, "/proc/self/task/%d/status", tid);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        size_t length = strlen(name);
        if (strncmp(line, name, length) == 0 && line[length] == ':') {
            value = (long long)strtoull(line + length + 1, NULL, base);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return value;
}

/* Runs one test in a process of its own, which a deadline ends. */
static inline void in_process(const char *name, void (*test)(void))
{
    printf("   %s\n", name);
    fflush(stdout);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        alarm(100);
        test();
        _exit(0);
    }
    int status;
    CHECK(waitpid(pid, &status, 0) == pid);
    if (status != 0) {
        fprintf(stderr, "%s failed: %s %d\n", name, WIFSIGNALED(status) ? "signal" : "exit",
                WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        exit(1);
    }
}

#define TEST(function) in_process(#function, function)

#endif
