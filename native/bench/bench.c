/*
 * bench ENGINE TASKS SPINNING ROUNDS: microseconds of setresuid(-1, -1, -1) in all tasks of a process, median of ROUNDS and worst.
 * ENGINE: psx (this library), glibc (its own broadcast) or libpsx (libcap's, if built with -DLIBPSX). Run by run.sh, which
 * interleaves them.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "psx.h"
#ifdef LIBPSX
#include <sys/psx_syscall.h>
#endif

static struct {
    struct psx_report head;
    struct psx_entry entries[16384];
} report;

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static void *idle(void *unused)
{
    for (;;) {
        pause();
    }
    return unused;
}

static void *spin(void *unused)
{
    for (volatile uint64_t i = 0;; i++) {
    }
    return unused;
}

static void fail(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static void once_psx(void)
{
    static const struct psx_options options = {1000000, 10000000, 0, 0};
    static const struct psx_call call = {SYS_setresuid, {-1ul, -1ul, -1ul}, PSX_PER_TASK, 0};
    report.head.capacity = 0;
    if (psx_broadcast(&call, 1, &options, &report.head) != 0 || report.head.status != PSX_DONE) {
        fail("the broadcast failed");
    }
}

static void once_glibc(void)
{
    if (setresuid(-1, -1, -1) != 0) {
        fail("setresuid failed");
    }
}

#ifdef LIBPSX
static void once_libpsx(void)
{
    if (psx_syscall3(SYS_setresuid, -1, -1, -1) != 0) {
        fail("psx_syscall3 failed");
    }
}
#endif

static void (*engine(const char *name))(void)
{
    if (strcmp(name, "psx") == 0) {
        return once_psx;
    }
    if (strcmp(name, "glibc") == 0) {
        return once_glibc;
    }
#ifdef LIBPSX
    if (strcmp(name, "libpsx") == 0) {
        return once_libpsx;
    }
#endif
    fail("unknown engine");
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

int main(int count, char **argument)
{
    if (count != 5) {
        fail("usage: bench psx|glibc|libpsx TASKS SPINNING ROUNDS");
    }
    void (*once)(void) = engine(argument[1]);
    int tasks = atoi(argument[2]), spinning = atoi(argument[3]), rounds = atoi(argument[4]);
    static uint64_t took[100000];
    if (tasks < 1 || spinning >= tasks || rounds < 1 || rounds > 100000) {
        fail("numbers out of range");
    }
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 65536);
    for (int i = 1; i < tasks; i++) {
        pthread_t id;
        if (pthread_create(&id, &attributes, i <= spinning ? spin : idle, NULL) != 0) {
            fail("pthread_create failed");
        }
    }
    struct psx_start_options options = {32, 0};
    if (once == once_psx && psx_start(&options) != 0) {
        fail("psx_start failed");
    }
    once();
    once();
    for (int i = 0; i < rounds; i++) {
        uint64_t start = now_ns();
        once();
        took[i] = now_ns() - start;
        struct timespec rest = {0, 2000000}; /* so that each round meets tasks that do what they usually do */
        nanosleep(&rest, NULL);
    }
    qsort(took, (size_t)rounds, sizeof *took, by_value);
    printf("%.0f %.0f\n", took[rounds / 2] / 1e3, took[rounds - 1] / 1e3);
    return 0;
}
