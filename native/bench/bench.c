/*
 * bench ENGINE TASKS SPINNING ROUNDS MILLISECONDS: how long setresuid(-1, -1, -1) takes in all tasks of a process: the nanoseconds of
 * each round, a line each. Ends after ROUNDS, or MILLISECONDS if these are over first, but not before the third round.
 * ENGINE: psx (this library), glibc (its own broadcast), libpsx (libcap's, if built with -DLIBPSX), floor1 or floor2 (floor.c). Run
 * by run.sh, which interleaves them.
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

#include "floor.h"
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
    if (strcmp(name, "floor1") == 0) {
        return once_floor1;
    }
    if (strcmp(name, "floor2") == 0) {
        return once_floor2;
    }
#ifdef LIBPSX
    if (strcmp(name, "libpsx") == 0) {
        return once_libpsx;
    }
#endif
    fail("unknown engine");
    return NULL;
}

static void create(int tasks, int spinning)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 65536);
    for (int i = 1; i < tasks; i++) {
        pthread_t id;
        if (pthread_create(&id, &attributes, i <= spinning ? spin : idle, NULL) != 0) {
            fail("pthread_create failed");
        }
    }
}

/* Returns how many rounds there were. */
static int measure(void (*once)(void), int rounds, int milliseconds, uint64_t *took)
{
    static const struct timespec rest = {0, 2000000}; /* so that each round meets tasks that do what they usually do */
    uint64_t end = now_ns() + (uint64_t)milliseconds * 1000000;
    int n = 0;
    once();
    once();
    while (n < rounds && (n < 3 || now_ns() < end)) {
        uint64_t start = now_ns();
        once();
        took[n++] = now_ns() - start;
        nanosleep(&rest, NULL);
    }
    return n;
}

int main(int count, char **argument)
{
    static uint64_t took[100000];
    if (count != 6) {
        fail("usage: bench psx|glibc|libpsx|floor1|floor2 TASKS SPINNING ROUNDS MILLISECONDS");
    }
    void (*once)(void) = engine(argument[1]);
    int tasks = atoi(argument[2]), spinning = atoi(argument[3]), rounds = atoi(argument[4]);
    if (tasks < 1 || spinning >= tasks || rounds < 1 || rounds > 100000) {
        fail("numbers out of range");
    }
    create(tasks, spinning);
    struct psx_start_options options = {32, 0};
    if (once == once_psx && psx_start(&options) != 0) {
        fail("psx_start failed");
    }
    floor_start();
    int n = measure(once, rounds, atoi(argument[5]), took);
    for (int i = 0; i < n; i++) {
        printf("%llu\n", (unsigned long long)took[i]);
    }
    return 0;
}
