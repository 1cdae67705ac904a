/* Seccomp filters against the calls that the engine itself makes: of some tasks, of the caller, of all. */
#include "fault.h"

#include <linux/filter.h>
#include <linux/seccomp.h>

#define MOST 12
#define IDLERS 10
#define FILTERED 4

/* For the calling task and those that it makes later. Returns a descriptor if `flags` ask for one. */
static int forbid(uint32_t what, unsigned flags, const int *calls, int count)
{
    struct sock_filter code[2 * MOST + 2] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0)}; /* the call's number */
    struct sock_fprog filter = {(unsigned short)(2 * count + 2), code};
    CHECK(count <= MOST);
    for (int i = 0; i < count; i++) {
        code[1 + 2 * i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)calls[i], 0, 1);
        code[2 + 2 * i] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, what);
    }
    code[1 + 2 * count] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter);
    CHECK(result >= 0);
    return (int)result;
}

static void *sleeps_without_libc(void *unused)
{
    for (;;) {
        syscall(SYS_ppoll, NULL, 0, NULL, NULL, 8);
    }
    return unused;
}

static void idlers(void)
{
    for (int i = 0; i < IDLERS; i++) {
        thread(idle, NULL);
    }
}

static volatile int ready;

static void wait_for_ready(int tasks)
{
    while (ready < tasks) {
        usleep(100);
    }
}

static void *may_not_help(void *spins)
{
    static const int calls[] = {SYS_futex,         SYS_sched_yield,   SYS_sched_getscheduler, SYS_rt_tgsigqueueinfo, SYS_tgkill,  SYS_getrandom,
                                SYS_sched_setattr, SYS_sched_getattr, SYS_clock_gettime,      SYS_rt_sigprocmask,    SYS_nanosleep};
    forbid(SECCOMP_RET_ERRNO | EPERM, 0, calls, sizeof calls / sizeof *calls);
    CHECK(syscall(SYS_sched_yield) == -1 && errno == EPERM);
    __atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
    return spins != NULL ? busy(NULL) : sleeps_without_libc(NULL);
}

static void some_may_not_help(void)
{
    idlers();
    for (int i = 0; i < FILTERED; i++) {
        thread(may_not_help, i % 2 == 0 ? NULL : (void *)&ready);
    }
    wait_for_ready(FILTERED);
    proven("a filter gives %d tasks EPERM for futex, sched_yield, rt_tgsigqueueinfo, clock_gettime ...", FILTERED);
    exactly_once(100, IDLERS + FILTERED + 1);
    broadcast_now();
}

static void none_may_wait(void)
{
    static const int calls[] = {SYS_futex,         SYS_sched_yield,   SYS_sched_getscheduler, SYS_getrandom,
                                SYS_sched_setattr, SYS_sched_getattr, SYS_prlimit64,          SYS_kcmp};
    forbid(SECCOMP_RET_ERRNO | EPERM, 0, calls, sizeof calls / sizeof *calls);
    for (int i = 0; i < IDLERS; i++) {
        raw_task();
    }
    CHECK(syscall(SYS_futex, &ready, 1, 1) == -1 && errno == EPERM);
    proven("a filter gives every task EPERM for futex, sched_yield, sched_setattr, getrandom ...");
    exactly_once(20, IDLERS + 1);
    broadcast_now();
}

static void *blocks_all(void *unused)
{
    uint64_t all = ~0ull;
    (void)unused;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
    culprit((int)gettid());
    ready++;
    return sleeps_without_libc(NULL);
}

/* Its waiting must end although it cannot wait. */
static void caller_may_not_wait(void)
{
    static const int calls[] = {SYS_futex};
    idlers();
    thread(blocks_all, NULL);
    wait_for_ready(1);
    forbid(SECCOMP_RET_ERRNO | EPERM, 0, calls, 1);
    CHECK(syscall(SYS_futex, &ready, 1, 1) == -1 && errno == EPERM);
    proven("a filter gives the caller EPERM for futex, and a task blocks all signals");
    broadcast_now();
}

/* Whatever it calls but read, write, exit and rt_sigreturn ends it: this is what the kernel promises, and no broadcast can do otherwise. */
static void *is_strict(void *unused)
{
    ready = (int)gettid();
    CHECK(syscall(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0) == 0);
    return busy(unused);
}

static void strict_task(void)
{
    idlers();
    thread(is_strict, NULL);
    while (ready == 0 || status_field(ready, "Seccomp", 10) != SECCOMP_MODE_STRICT) {
        usleep(100);
    }
    proven("status of task %d says Seccomp: 1", ready);
    broadcast_now();
}

static volatile int listener = -1;

static void *is_supervised(void *unused)
{
    static const int calls[] = {SYS_setresuid};
    culprit((int)gettid());
    listener = forbid(SECCOMP_RET_USER_NOTIF, SECCOMP_FILTER_FLAG_NEW_LISTENER, calls, 1);
    return sleeps_without_libc(unused);
}

/* It waits in the kernel, in the middle of the program, for an answer that does not come. */
static void supervisor_does_not_answer(void)
{
    idlers();
    thread(is_supervised, NULL);
    while (listener < 0) {
        usleep(100);
    }
    struct pollfd asked = {listener, POLLIN, 0};
    stage->give_up_us = 500000;
    proven("a supervisor is asked about setresuid of task %d, and is silent", stage->culprit);
    broadcast_now();
    CHECK(poll(&asked, 1, 0) == 1 && asked.revents == POLLIN);
}

const struct fault filters_faults[] = {
    {"filter-tasks", "4 tasks may not call what the engine's handler calls (seccomp)", some_may_not_help, ALL_CHANGED, 0, NEEDS_ROOT},
    {"filter-all", "no task may call futex, sched_yield, sched_setattr ... (seccomp)", none_may_wait, ALL_CHANGED, 0, NEEDS_ROOT},
    {"filter-caller", "the caller may not call futex (seccomp), and a task blocks all signals", caller_may_not_wait, REFUSED, PSX_WHY_BLOCKED,
     NEEDS_ROOT},
    {"filter-strict", "a task in strict mode (seccomp)", strict_task, ALL_CHANGED, 0, NEEDS_ROOT},
    {"filter-silent", "a task's supervisor does not answer (seccomp)", supervisor_does_not_answer, CHANGES_ASLEEP, 0, NEEDS_ROOT},
    {NULL, NULL, NULL, 0, 0, 0},
};
