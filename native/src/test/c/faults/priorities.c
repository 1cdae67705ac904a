/* Who gets a processor before whom: real-time tasks that never sleep, a limit of real time, a deadline, a caller behind all others. */
#include "fault.h"

#include <sys/resource.h>

#define IDLERS 10
#define LONGER 120 /* seconds, than any deadline of the suite: what spins ends even if the judge does not end it */

static volatile int ready;

static void crowd(int idlers, int spinners)
{
    for (int i = 0; i < idlers + spinners; i++) {
        thread(i < idlers ? idle : busy, NULL);
    }
}

/* For this task and those that it makes later. */
static void keep_to_one_processor(void)
{
    cpu_set_t allowed, one;
    CHECK(sched_getaffinity(0, sizeof allowed, &allowed) == 0);
    int last = CPU_SETSIZE - 1;
    while (!CPU_ISSET(last, &allowed)) {
        last--;
    }
    CPU_ZERO(&one);
    CPU_SET(last, &one);
    CHECK(sched_setaffinity(0, sizeof one, &one) == 0);
}

static void become_real_time(void)
{
    int priority = 50;
    if (syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &priority) != 0) { /* musl's function refuses */
        skip("may not make a real-time task");
    }
}

static void *spins_in_real_time(void *unused)
{
    alarm(LONGER);
    become_real_time();
    ready = (int)gettid();
    return busy(unused);
}

static void wait_asleep(volatile int *flag)
{
    while (!*flag) {
        usleep(100);
    }
}

static void real_time_task(void)
{
    keep_to_one_processor();
    crowd(IDLERS, 0);
    thread(spins_in_real_time, NULL);
    wait_asleep(&ready);
    EQUAL(SCHED_FIFO, syscall(SYS_sched_getscheduler, ready));
    proven("all are kept to one processor, on which task %d spins with SCHED_FIFO 50", ready);
    exactly_once(3, IDLERS + 2);
    broadcast_now();
}

/* Not one of those that are to change: it goes on all the time. */
static void real_time_process(void)
{
    volatile int *spins = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(spins != MAP_FAILED);
    keep_to_one_processor();
    crowd(IDLERS, 0);
    pid_t other = fork();
    if (other == 0) {
        alarm(LONGER);
        become_real_time();
        *spins = 1;
        busy(NULL);
    }
    wait_asleep(spins);
    EQUAL(SCHED_FIFO, syscall(SYS_sched_getscheduler, other));
    proven("all are kept to one processor, on which process %d spins with SCHED_FIFO 50", other);
    broadcast_now();
    kill(other, SIGKILL);
}

/* As rtkit sets it for its clients: a real-time task that runs longer without a pause ends the process. */
static void limit_of_real_time(void)
{
    struct rlimit limit = {1000, 1000};
    crowd(3000, 0);
    CHECK(setrlimit(RLIMIT_RTTIME, &limit) == 0);
    proven("RLIMIT_RTTIME is 1 ms, and 3,000 tasks are to be reached");
    broadcast_often(5);
}

#define PERIOD_NS 2000000000ull

/* A task that gives its processor away gets it back in the next period. */
static void caller_with_a_deadline(void)
{
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } deadline = {48, 6 /* SCHED_DEADLINE */, 1 /* SCHED_FLAG_RESET_ON_FORK: else it may not fork */, 0, 0, 20000000, PERIOD_NS, PERIOD_NS};
    crowd(IDLERS, 0);
    exactly_once(5, IDLERS + 1);
    if (syscall(SYS_sched_setattr, 0, &deadline, 0) != 0) {
        skip("may not make a task with a deadline");
    }
    EQUAL(6 | SCHED_RESET_ON_FORK, syscall(SYS_sched_getscheduler, 0));
    proven("the caller may run 20 ms every 2 s");
    broadcast_often(5);
    CHECK(stage->took_ns < (int64_t)PERIOD_NS / 2);
}

static void caller_behind_all(void)
{
    static const struct rlimit none = {0, 0};
    keep_to_one_processor();
    crowd(IDLERS, 10);
    CHECK(setpriority(PRIO_PROCESS, (id_t)gettid(), 19) == 0);
    CHECK(setrlimit(RLIMIT_RTPRIO, &none) == 0);
    struct {
        uint32_t version;
        int pid;
    } header = {0x20080522, 0};
    struct {
        uint32_t effective, permitted, inheritable;
    } sets[2];
    CHECK(syscall(SYS_capget, &header, sets) == 0);
    sets[0].effective &= ~(1u << 23); /* CAP_SYS_NICE */
    sets[0].permitted = sets[0].effective;
    CHECK(syscall(SYS_capset, &header, sets) == 0);
    int priority = 1;
    CHECK(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &priority) == -1 && errno == EPERM);
    proven("the caller has nice 19, may not raise it, and 10 tasks spin on its only processor");
    broadcast_often(3);
}

const struct fault priorities_faults[] = {
    {"rt-task", "a real-time task spins on the only processor of all", real_time_task, ALL_CHANGED, 0, NEEDS_ROOT},
    {"rt-process", "another process does so", real_time_process, ALL_CHANGED, 0, NEEDS_ROOT},
    {"rt-limit", "RLIMIT_RTTIME of 1 ms, 3,000 tasks", limit_of_real_time, ALL_CHANGED, 0, NEEDS_ROOT},
    {"deadline", "the caller has a deadline (SCHED_DEADLINE)", caller_with_a_deadline, ALL_CHANGED, 0, NEEDS_ROOT},
    {"nice", "the caller has nice 19 beside spinning tasks on one processor", caller_behind_all, ALL_CHANGED, 0, NEEDS_ROOT},
    {NULL, NULL, NULL, 0, 0, 0},
};
