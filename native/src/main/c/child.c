/*
 * The child's side of a spawn: an interpreter of system calls. It shares the parent's memory, and nothing else, until its program
 * replaces it: so it takes no lock, asks for no memory, and writes only to its own stack, and where a step says so.
 */
#include "child.h"

#define SIG_IGN 1
#define SIGNALS 64
#define PR_SET_PDEATHSIG 1
#define PR_SET_SECCOMP 22

#define FAILED_EXIT 253 /* nobody sees it */

/* Where clone3 could not do it. Ignored signals stay ignored, as with exec. */
static void clear_handlers(void)
{
    struct kernel_sigaction action, standard;
    memset(&standard, 0, sizeof standard);
    for (int64_t signo = 1; signo <= SIGNALS; signo++) {
        if (SYS4(__NR_rt_sigaction, signo, 0, &action, 8) == 0 && (uint64_t)action.handler > SIG_IGN) {
            SYS4(__NR_rt_sigaction, signo, &standard, 0, 8);
        }
    }
}

/* Without a parent it must not go on, or stand still half made. One that was made in another pid namespace sees none, and has the time to end it. */
void child_guard(const struct start *start)
{
    SYS2(__NR_prctl, PR_SET_PDEATHSIG, SIGKILL);
    int64_t parent = SYS0(__NR_getppid);
    if (parent != 0 && parent != start->parent) {
        SYS1(__NR_exit_group, FAILED_EXIT);
    }
}

static int64_t await_maps(struct start *start)
{
    cas(&start->here, STARTS, ASKS);
    futex_wake_shared(&start->here);
    while (LOAD(&start->here) == ASKS) {
        if (futex_wait_shared(&start->here, ASKS, start->give_up) == -ETIMEDOUT) {
            return -ETIMEDOUT;
        }
    }
    return 0;
}

static int64_t make(struct start *start, const struct psx_child_call *call)
{
    uint64_t arg[6];
    if (call->flags & PSX_CHILD_MAPPED) {
        return await_maps(start);
    }
    for (uint32_t i = 0; i < 6; i++) {
        arg[i] = call->flags & PSX_CHILD_ARG0 << i ? (uint64_t)start->result[call->arg[i]] : call->arg[i];
    }
    return raw6(call->nr, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
}

/* -errno if the step has failed. */
static int64_t judge(const struct psx_child_call *call, int64_t result)
{
    int64_t error = result < 0 && result >= -4095 ? result : 0;
    if (call->flags & PSX_CHILD_EXPECT) {
        error = result == call->expect ? 0 : error < 0 ? error : -ESRCH;
    }
    return call->flags & PSX_CHILD_IGNORE ? 0 : error;
}

/* Steps with which the kernel forgets who is to be killed. */
static int clears_guard(const struct psx_child_call *call)
{
    switch (call->nr) {
    case __NR_setresuid:
    case __NR_setresgid:
    case __NR_setreuid:
    case __NR_setregid:
    case __NR_setuid:
    case __NR_setgid:
    case __NR_setfsuid:
    case __NR_setfsgid:
    case __NR_capset:
        return 1;
    default:
        return 0;
    }
}

/* Exec, which the program shall survive its parent from; and a filter, which may refuse to take the guard off. */
static int is_past_guard(const struct start *start, uint32_t i)
{
    const struct psx_child_call *call = &start->call[i];
    return i + 1 == start->calls || call->nr == __NR_seccomp || (call->nr == __NR_prctl && call->arg[0] == PR_SET_SECCOMP);
}

int64_t child_run(void *pointer)
{
    struct start *start = pointer;
    int guarded = 1;
    birth_told(start);
    child_guard(start);
    if (!start->cleared) {
        clear_handlers();
    }
    for (uint32_t i = 0; i < start->calls; i++) {
        const struct psx_child_call *call = &start->call[i];
        if (guarded && is_past_guard(start, i)) {
            SYS2(__NR_prctl, PR_SET_PDEATHSIG, 0);
            guarded = 0;
        }
        if (i == start->closes) {
            dumpable_close();
        }
        STORE(&start->at, i);
        if (LOAD(&start->abandoned)) {
            break;
        }
        start->result[i] = make(start, call);
        if (call->flags & PSX_CHILD_STORE) {
            *(int32_t *)call->expect = (int32_t)start->result[i];
        }
        start->error = judge(call, start->result[i]);
        if (start->error < 0) {
            STORE(&start->failed, (int32_t)i);
            break;
        }
        guarded &= !(call->nr == __NR_prctl && call->arg[0] == PR_SET_PDEATHSIG); /* the program has asked for its own */
        if (guarded && clears_guard(call)) {
            child_guard(start);
        }
        if (call->nr == __NR_ptrace) {
            STORE(&start->traced, 1);
        }
    }
    SYS1(__NR_exit_group, FAILED_EXIT);
    return FAILED_EXIT;
}
