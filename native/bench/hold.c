/*
 * hold ROUNDS: how long 200 tasks are held by one call, and by as many as a whole drop has, beside what cannot be saved. A table of medians
 * in microseconds:
 *   psx         the pause of this library's broadcast
 *   two visits  floor2 of floor.c: signal, hold, wake, calls, count, and no promise
 *   alone       the calls only: a task on each processor (or one on one) makes those of its share of the tasks, one after another;
 *               nothing is sent, held, woken or switched. This is the kernel's time for the calls: no protocol takes less.
 * All are measured in turns in one process. Run as root, by run.sh.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "floor.h"
#include "psx.h"

#define TASKS 200
#define CAPABILITIES 41
#define MOST_ROUNDS 1000
#define UNCHANGED (-1ul)

static struct psx_call one[PSX_MAX_CALLS], nothing[PSX_MAX_CALLS], drop[PSX_MAX_CALLS];
static const struct psx_call *program;
static uint32_t calls;

static int processors[CPU_SETSIZE], processor_count;
static uint32_t go[TASKS], workers, ready, done, rounds_over;
static uint64_t begin_ns, end_ns;

static void fail(const char *what)
{
    fprintf(stderr, "hold: %s\n", what);
    exit(1);
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

/* --- the programs, those of ProgramPause.java */

static void add(struct psx_call *to, uint32_t *count, long nr, uint64_t a, uint64_t b, uint64_t c)
{
    to[(*count)++] = (struct psx_call){nr, {a, b, c}, PSX_PER_TASK, 0};
}

static uint32_t make_drop(void)
{
    static uint32_t root_group[1];
    uint32_t n = 0;
    add(drop, &n, SYS_setgroups, 1, (uintptr_t)root_group, 0);
    add(drop, &n, SYS_setresgid, UNCHANGED, UNCHANGED, 0);
    for (uint64_t capability = 0; capability < CAPABILITIES; capability++) {
        add(drop, &n, SYS_prctl, PR_CAPBSET_DROP, capability, 0);
    }
    add(drop, &n, SYS_prctl, PR_SET_KEEPCAPS, 1, 0);
    add(drop, &n, SYS_setresuid, UNCHANGED, UNCHANGED, 0);
    add(drop, &n, SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0);
    add(drop, &n, SYS_prctl, PR_SET_SECUREBITS, 0, 0);
    add(drop, &n, SYS_prctl, PR_SET_KEEPCAPS, 0, 0);
    add(drop, &n, SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0);
    add(drop, &n, SYS_setresuid, 0, 0, 0);
    add(drop, &n, SYS_setresgid, 0, 0, 0);
    add(drop, &n, SYS_setresuid, 0, 0, UNCHANGED);
    add(drop, &n, SYS_setresgid, 0, 0, UNCHANGED);
    add(drop, &n, SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0);
    add(drop, &n, SYS_prctl, PR_SET_SECUREBITS, 0, 0);
    return n;
}

static void make_calls(void)
{
    for (uint32_t i = 0; i < calls; i++) {
        const uint64_t *arg = program[i].arg;
        syscall((long)program[i].nr, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
    }
}

/* --- the tasks: all wait; the first few work when `alone` lets them */

static void wait_while(const uint32_t *word, uint32_t value)
{
    while (__atomic_load_n(word, __ATOMIC_SEQ_CST) == value) {
        syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
    }
}

static uint32_t add_and_wake(uint32_t *word)
{
    uint32_t value = __atomic_add_fetch(word, 1, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
    return value;
}

static void stay_on(int first, int count)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int i = first; i < first + count; i++) {
        CPU_SET(processors[i], &set);
    }
    sched_setaffinity(0, sizeof set, &set);
}

/* Each on a processor of its own. The time begins when all are there: nobody's way to its processor counts. */
static void work(int worker)
{
    stay_on(worker, 1);
    if (__atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST) == workers) {
        begin_ns = now_ns();
        __atomic_store_n(&ready, UINT32_MAX, __ATOMIC_SEQ_CST);
    }
    while (__atomic_load_n(&ready, __ATOMIC_SEQ_CST) != UINT32_MAX) {
    }
    for (uint32_t i = 0; i < TASKS / workers; i++) {
        make_calls();
    }
    int last = __atomic_add_fetch(&done, 1, __ATOMIC_SEQ_CST) == workers;
    if (last) {
        end_ns = now_ns();
    }
    stay_on(0, processor_count);
    if (last) {
        add_and_wake(&rounds_over);
    }
}

static void *task(void *argument)
{
    uint32_t *mine = &go[(uintptr_t)argument];
    for (uint32_t seen = 0;; seen++) {
        wait_while(mine, seen);
        work((int)(uintptr_t)argument);
    }
    return NULL;
}

static void create_tasks(void)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 65536);
    for (uintptr_t i = 0; i < TASKS; i++) {
        pthread_t id;
        if (pthread_create(&id, &attributes, task, (void *)i) != 0) {
            fail("pthread_create failed");
        }
    }
}

/* --- what is measured */

static uint64_t alone(uint32_t on)
{
    uint32_t over = rounds_over;
    workers = on;
    ready = done = 0;
    for (uint32_t i = 0; i < on; i++) {
        add_and_wake(&go[i]);
    }
    wait_while(&rounds_over, over);
    return end_ns - begin_ns;
}

static uint64_t alone_on_one(void) { return alone(1); }

static uint64_t alone_on_all(void) { return alone((uint32_t)processor_count); }

static uint64_t two_visits(void)
{
    uint64_t start = now_ns();
    once_floor2();
    return now_ns() - start;
}

static uint64_t psx(void)
{
    static const struct psx_options options = {1000000, 10000000, 0, 0};
    static struct psx_report report;
    report.capacity = 0;
    if (psx_broadcast(program, calls, &options, &report) != 0 || report.status != PSX_DONE) {
        fail("the broadcast failed");
    }
    return report.pause_ns;
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static uint64_t (*const ways[])(void) = {psx, two_visits, alone_on_all, alone_on_one};
static const struct {
    const char *what;
    const struct psx_call *program;
} rows[] = {{"nothing", one}, {"nothing", nothing}, {"what a drop does", drop}};
#define WAYS (sizeof ways / sizeof *ways)
#define ROWS (sizeof rows / sizeof *rows)

static uint64_t took[ROWS][WAYS][MOST_ROUNDS];

static void measure(int rounds, const uint32_t *sizes)
{
    static const struct timespec rest = {0, 20000000}; /* until the kernel has freed the credentials that the last one replaced */
    for (int i = -3; i < rounds; i++) {
        for (size_t row = 0; row < ROWS; row++) {
            for (size_t way = 0; way < WAYS; way++) {
                program = rows[row].program;
                calls = sizes[row];
                uint64_t ns = ways[way]();
                if (i >= 0) {
                    took[row][way][i] = ns;
                }
                nanosleep(&rest, NULL);
            }
        }
    }
}

static void print(int rounds, const uint32_t *sizes)
{
    double first = 0;
    printf("| calls | what they do | psx | two visits | alone, %d processors | alone, one | psx/two visits | psx/one call | alone/one call |\n"
           "|---|---|---|---|---|---|---|---|---|\n", processor_count);
    for (size_t row = 0; row < ROWS; row++) {
        double us[WAYS];
        for (size_t way = 0; way < WAYS; way++) {
            qsort(took[row][way], (size_t)rounds, sizeof(uint64_t), compare);
            us[way] = (double)took[row][way][rounds / 2] / 1000;
        }
        first = row == 0 ? us[0] : first;
        printf("| %u | %s | %.0f | %.0f | %.0f | %.0f | %.3f | %.3f | %.3f |\n", sizes[row], rows[row].what, us[0], us[1], us[2], us[3],
               us[0] / us[1], us[0] / first, us[2] / first);
    }
}

int main(int count, char **argument)
{
    int rounds = count == 2 ? atoi(argument[1]) : 0;
    if (rounds < 1 || rounds > MOST_ROUNDS) {
        fail("usage: hold ROUNDS, at most 1000");
    }
    cpu_set_t set;
    sched_getaffinity(0, sizeof set, &set);
    for (int i = 0; i < CPU_SETSIZE && processor_count < TASKS; i++) {
        if (CPU_ISSET(i, &set)) {
            processors[processor_count++] = i;
        }
    }
    uint32_t size = make_drop(), sizes[ROWS] = {1, size, size};
    for (uint32_t i = 0; i < size; i++) {
        nothing[i] = (struct psx_call){SYS_setresuid, {UNCHANGED, UNCHANGED, UNCHANGED}, PSX_PER_TASK, 0};
    }
    one[0] = nothing[0];
    create_tasks();
    struct psx_start_options options = {32, 0};
    if (psx_start(&options) != 0) {
        fail("psx_start failed");
    }
    floor_start();
    floor_call = make_calls;
    measure(rounds, sizes);
    print(rounds, sizes);
    return 0;
}
