/* Other code takes the peer's signal: once, over and over, or libc itself, late. */
#include "fault.h"

#define TASKS 6

struct raw_action {
    void (*handler)(int, siginfo_t *, void *);
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
};

static volatile uint64_t foreign_calls, replacements;

static void foreign(int signo, siginfo_t *info, void *context)
{
    (void)signo;
    (void)info;
    (void)context;
    foreign_calls++;
}

static struct raw_action foreign_action;

/* The restorer that libc uses, found by letting libc install a handler. */
static void make_action(void)
{
    struct sigaction by_libc = {0};
    by_libc.sa_sigaction = foreign;
    by_libc.sa_flags = SA_SIGINFO;
    sigaction(SIGUSR1, &by_libc, NULL);
    syscall(SYS_rt_sigaction, SIGUSR1, NULL, &foreign_action, 8);
}

static void replace(void)
{
    CHECK(syscall(SYS_rt_sigaction, peer_signal, &foreign_action, NULL, 8) == 0);
    replacements++;
}

static void *handler_of(int signo)
{
    struct raw_action action;
    CHECK(syscall(SYS_rt_sigaction, signo, NULL, &action, 8) == 0);
    return (void *)action.handler;
}

static void idle_tasks(int tasks)
{
    for (int i = 0; i < tasks; i++) {
        thread(idle, NULL);
    }
}

static void replaced_once(void)
{
    make_action();
    idle_tasks(TASKS);
    exactly_once(1, TASKS + 1);
    void *before = handler_of(peer_signal);
    replace();
    CHECK(before != (void *)foreign && handler_of(peer_signal) == (void *)foreign);
    proven("signal %d belonged to the peer and then to other code", peer_signal);
    exactly_once(20, TASKS + 1);
    broadcast_now();
}

static volatile int stop, pause_us;

static void *replaces_over_and_over(void *unused)
{
    while (!stop) {
        replace();
        if (pause_us != 0) {
            usleep((unsigned)pause_us);
        }
    }
    return idle(unused);
}

static void replaced_often(void)
{
    make_action();
    idle_tasks(TASKS);
    exactly_once(1, TASKS + 1);
    pause_us = 3000;
    thread(replaces_over_and_over, NULL);
    while (replacements == 0) {
        sched_yield();
    }
    exactly_once(100, TASKS + 2);
    uint64_t before = replacements;
    while (replacements == before) {
        sched_yield();
    }
    proven("replaced %llu times during %u counted changes", (unsigned long long)replacements, stage->counted);
    broadcast_now();
}

/* In a loop without a pause, on as many tasks as make sure that one of them always runs. */
static void replaced_always(void)
{
    make_action();
    idle_tasks(TASKS);
    exactly_once(1, TASKS + 1);
    for (int i = 0; i < 3; i++) {
        thread(replaces_over_and_over, NULL);
    }
    while (replacements < 1000) {
        sched_yield();
    }
    uint64_t before = replacements;
    proven("3 threads had replaced it %llu times before the change", (unsigned long long)before);
    broadcast_now();
    stop = 1;
    replace();
    broadcast_now();
}

static volatile int ready;

static void *waits_to_be_cancelled(void *unused)
{
    ready = 1;
    return idle(unused);
}

/* glibc takes signal 32 at the first pthread_cancel, musl 33: the engine's. */
static void cancellation(void)
{
    idle_tasks(TASKS);
    exactly_once(1, TASKS + 1);
    void *before = handler_of(SIGNO), *after = NULL;
    for (int i = 0; i < 30; i++) {
        void *result;
        ready = 0;
        pthread_t id = thread(waits_to_be_cancelled, NULL);
        wait_for(&ready);
        if (i > 0) {
            exactly_once(1, TASKS + 2);
        }
        EQUAL(0, pthread_cancel(id));
        EQUAL(0, pthread_join(id, &result));
        CHECK(result == PTHREAD_CANCELED);
        after = i == 0 ? handler_of(SIGNO) : after;
    }
    CHECK(before != after);
    proven("the first pthread_cancel changed the handler of signal %d; 30 threads were cancelled between the changes", SIGNO);
    broadcast_now();
}

const struct fault handlers_faults[] = {
    {"replaced", "handler replaced by raw `rt_sigaction`", replaced_once, ALL_CHANGED, 0, 0},
    {"replaced-often", "handler replaced every 3 ms", replaced_often, ALL_CHANGED, 0, 0},
    {"replaced-always", "handler replaced without a pause by three threads", replaced_always, REFUSED, PSX_WHY_HANDLER, MAY_CHANGE},
    {"cancel", "libc takes signal 32 late, at the first `pthread_cancel`", cancellation, ALL_CHANGED, 0, 0},
    {NULL, NULL, NULL, 0, 0, 0},
};
