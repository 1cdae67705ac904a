/*
 * The floor of the broadcasts to idle tasks: programs that do only what cannot be left out, without any promise (no census, no
 * deadline, no look at who is missing). floor1 visits every task once: signal, call, count. That is all that a broadcast without holding
 * can save. floor2 visits twice: signal, hold, wake, call, count. That is what holding all before any runs takes, and the work is shared as
 * the engine shares it.
 */
#define _GNU_SOURCE
#include "floor.h"

#include <dirent.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SIGNAL 40
#define MOST 16384
#define HELP 4 /* as many more tasks does each that comes signal, and each that is woken wake */

static struct {
    uint32_t go;
    char alone[60]; /* on a cache line */
} tasks[MOST];
static int tids[MOST], count, process;
static uint32_t order[MOST], sent, arrived, woken, done, step;
static int holds;

static void change_nothing(void) { syscall(SYS_setresuid, -1, -1, -1); }

void (*floor_call)(void) = change_nothing;

static uint32_t add(uint32_t *word) { return __atomic_add_fetch(word, 1, __ATOMIC_SEQ_CST); }

static void set(uint32_t *word, uint32_t value) { __atomic_store_n(word, value, __ATOMIC_SEQ_CST); }

static void set_and_wake(uint32_t *word, uint32_t value)
{
    set(word, value);
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

static void await(uint32_t *word, uint32_t value)
{
    uint32_t now;
    while ((now = __atomic_load_n(word, __ATOMIC_SEQ_CST)) != value) {
        syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, now, NULL, NULL, 0);
    }
}

static void send_some(int most)
{
    uint32_t i;
    while (most-- > 0 && (i = add(&sent) - 1) < (uint32_t)count) {
        siginfo_t info = {0};
        info.si_code = SI_QUEUE;
        info.si_value.sival_int = (int)i;
        syscall(SYS_rt_tgsigqueueinfo, process, tids[i], SIGNAL, &info);
    }
}

static void wake_some(int most)
{
    uint32_t i;
    while (most-- > 0 && (i = add(&woken) - 1) < (uint32_t)count) {
        set_and_wake(&tasks[order[i]].go, 1);
    }
}

static void handle(int signo, siginfo_t *info, void *context)
{
    uint32_t me = (uint32_t)info->si_value.sival_int;
    (void)signo;
    (void)context;
    if (holds) {
        send_some(HELP);
        uint32_t place = add(&arrived);
        order[place - 1] = me;
        if (place == (uint32_t)count) {
            set_and_wake(&step, 1);
        }
        await(&tasks[me].go, 1);
        wake_some(HELP);
    }
    floor_call();
    if (add(&done) == (uint32_t)count) {
        set_and_wake(&step, 2);
    }
}

static void once(int hold)
{
    holds = hold;
    sent = arrived = woken = done = step = 0;
    for (int i = 0; i < count; i++) {
        set(&tasks[i].go, 0);
    }
    send_some(INT_MAX);
    if (hold) {
        await(&step, 1);
    }
    floor_call();
    if (hold) {
        wake_some(INT_MAX);
    }
    await(&step, 2);
}

void once_floor1(void) { once(0); }

void once_floor2(void) { once(1); }

void floor_start(void)
{
    struct sigaction action = {0};
    action.sa_sigaction = handle;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigfillset(&action.sa_mask);
    sigaction(SIGNAL, &action, NULL);
    process = getpid();
    DIR *directory = opendir("/proc/self/task");
    for (const struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL && count < MOST;) {
        int tid = atoi(entry->d_name);
        if (tid > 0 && tid != process) { /* the caller is the first task */
            tids[count++] = tid;
        }
    }
}
