/* Tasks that keep signals away, and signals that only look like the engine's. */
#include "fault.h"

#include <dirent.h>
#include <fcntl.h>

static volatile int ready, go_on;

static void *blocks_all_by_raw_call(void *unused)
{
    uint64_t all = ~0ull, none = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
    ready = (int)gettid();
    while (!go_on) {
        usleep(1000);
    }
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
    return idle(unused);
}

static void blocked_by_raw_call(void)
{
    thread(idle, NULL);
    thread(blocks_all_by_raw_call, NULL);
    wait_for(&ready);
    culprit(ready);
    proven("SigBlk of task %d is %llx", ready, status_field(ready, "SigBlk", 16));
    broadcast_now();
    go_on = 1;
    broadcast_now();
}

static void fires(union sigval value)
{
    (void)value;
}

/* The first such timer has glibc start a thread that takes signal 32 by sigwaitinfo, blocks all but 33, and never ends. */
static void taken_by_a_timers_thread(void)
{
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_THREAD};
    event.sigev_notify_function = fires;
    EQUAL(0, timer_create(CLOCK_MONOTONIC, &event, &timer));
    int task = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *entry; (entry = readdir(tasks)) != NULL;) {
        task = atoi(entry->d_name) > 0 && atoi(entry->d_name) != getpid() ? atoi(entry->d_name) : task;
    }
    closedir(tasks);
    CHECK(task != 0);
    wait_for_state(task, 'S');
    culprit(task);
    proven("task %d is libc's, for timers", task);
    broadcast_now();
}

#define MASKED 8
static volatile int masked;

static void *blocks_all_by_libc(void *unused)
{
    sigset_t all;
    sigfillset(&all);
    EQUAL(0, pthread_sigmask(SIG_SETMASK, &all, NULL));
    __atomic_add_fetch(&masked, 1, __ATOMIC_SEQ_CST);
    return idle(unused);
}

static void blocked_by_libc(void)
{
    for (int i = 0; i < MASKED; i++) {
        thread(blocks_all_by_libc, NULL);
    }
    while (masked != MASKED) {
        sched_yield();
    }
    exactly_once(20, MASKED + 1);
    sigset_t all;
    sigfillset(&all);
    EQUAL(0, pthread_sigmask(SIG_SETMASK, &all, NULL));
    proven("SigBlk of %d threads and the caller is %llx", MASKED, status_field(getpid(), "SigBlk", 16));
    broadcast_now();
}

/* Where the engine's slots may be: the ends of large anonymous mappings. Another process would read the same from /proc/PID/maps. */
static int guess_addresses(uint64_t *guesses, int max)
{
    char line[512];
    int found = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    CHECK(maps != NULL);
    while (found < max && fgets(line, sizeof line, maps) != NULL) {
        unsigned long from, to, inode;
        char mode[8];
        if (sscanf(line, "%lx-%lx %7s %*s %*s %lu", &from, &to, mode, &inode) == 4 && mode[1] == 'w' && inode == 0 && to - from >= 8u << 20) {
            guesses[found++] = to - (8u << 20);
        }
    }
    fclose(maps);
    return found;
}

/* In another process of the same user: signals with every guess, for every task, and no end. */
static void forge(pid_t target, const int *tids, int tasks, volatile uint64_t *sent)
{
    uint64_t guesses[16];
    int known = guess_addresses(guesses, 16);
    for (uint64_t i = 0;; i++) {
        siginfo_t info;
        memset(&info, 0, sizeof info);
        info.si_signo = peer_signal;
        info.si_code = SI_QUEUE;
        info.si_pid = i % 3 == 0 ? target : (pid_t)(i * 2654435761u);
        info.si_value.sival_ptr = (void *)(known != 0 && i % 8 != 0 ? guesses[i % known] + i / 8 % 16 * 64 : 0x7f0000000000ull + i * 4096);
        long error = i % 16 == 0 ? syscall(SYS_rt_sigqueueinfo, target, peer_signal, &info)
                                 : syscall(SYS_rt_tgsigqueueinfo, target, tids[i % tasks], peer_signal, &info);
        *sent += error == 0;
        if (i % 256 == 0) {
            usleep(500); /* else the target does nothing but take them, and no peer gets a turn */
        }
    }
}

#define TARGETS 6

static void *shows_its_tid(void *tid)
{
    *(volatile int *)tid = (int)gettid();
    return idle(NULL);
}

static void forged_signals(void)
{
    static volatile int tids[TARGETS];
    volatile uint64_t *sent = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t self = getpid();
    tids[0] = self;
    for (int i = 1; i < TARGETS; i++) {
        thread(shows_its_tid, (void *)&tids[i]);
        wait_for(&tids[i]);
    }
    exactly_once(1, TARGETS); /* now the handler is there */
    pid_t forger = fork();
    if (forger == 0) {
        forge(self, (const int *)tids, TARGETS, sent);
    }
    uint64_t before = *sent;
    while (*sent == before) {
        sched_yield();
    }
    exactly_once(300, TARGETS);
    before = *sent;
    while (*sent == before) {
        sched_yield();
    }
    proven("%llu forged signals during %u counted changes", (unsigned long long)*sent, stage->counted);
    broadcast_now();
    kill(forger, SIGKILL);
}

const struct fault masks_faults[] = {
    {"blocked-raw", "all signals blocked by raw `rt_sigprocmask` on one task", blocked_by_raw_call, REFUSED, PSX_WHY_BLOCKED, 0},
    {"blocked-libc", "all signals blocked by `pthread_sigmask` on all threads", blocked_by_libc, ALL_CHANGED, 0, 0},
    {"timer-thread", "POSIX timer with SIGEV_THREAD (its thread in libc takes signal 32)", taken_by_a_timers_thread, REFUSED, PSX_WHY_TAKEN, MAY_CHANGE},
    {"forged", "flood of forged signals from a process of the same user", forged_signals, ALL_CHANGED, 0, 0},
    {NULL, NULL, NULL, 0, 0, 0},
};
