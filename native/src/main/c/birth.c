/*
 * Making the child of a spawn: by clone3 or clone, and where it may change its oom_score_adj, by a helper. The kernel gives what one process
 * writes there to all who share its memory, the parent among them, unless it was made by vfork (fs/proc/base.c:__set_oom_adj). A vfork's
 * parent sleeps until its child has left the memory, for ever if that is stopped: so it is the helper, a process that also shares the memory,
 * who sleeps, and the child is not its child but ours.
 */
#include "child.h"

#define CLONE_FILES 0x400ull
#define CLONE_PIDFD 0x1000ull
#define CLONE_PARENT 0x8000ull
#define CLONE_PARENT_SETTID 0x100000ull
#define CLONE_CHILD_CLEARTID 0x200000ull
#define CLONE_CLEAR_SIGHAND 0x100000000ull

#define ALWAYS (CLONE_VM | CLONE_CHILD_CLEARTID) /* and no exit signal: exec makes it SIGCHLD */
#define BY_HELPER (ALWAYS | CLONE_PARENT | CLONE_PARENT_SETTID)
#define NEEDS_CLONE3 (CLONE_NEWTIME | CLONE_INTO_CGROUP) /* clone takes the first for a part of the exit signal */

#define HELPER_STACK 4096 /* the high end of the child's */
#define HELPER_NS 5000000000ull

#ifndef __NR_clone3
#define __NR_clone3 435
#endif
#ifndef __NR_pidfd_open
#define __NR_pidfd_open 434
#endif

struct clone_args {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};
#define CLONE_ARGS_FIRST 64 /* size in the first kernel that had it */

static uint64_t stack_size(const struct psx_spawn *spawn)
{
    return (spawn->stack_size & ~15ull) - (spawn->clone_flags & CLONE_VFORK ? HELPER_STACK : 0);
}

static int64_t make_by_clone3(struct psx_spawn *spawn, struct start *start, uint64_t flags)
{
    struct clone_args args;
    uint64_t size = spawn->clone_flags & CLONE_INTO_CGROUP ? sizeof args : CLONE_ARGS_FIRST;
    memset(&args, 0, sizeof args);
    args.flags = flags | CLONE_CLEAR_SIGHAND | spawn->clone_flags;
    args.pidfd = flags & CLONE_PIDFD ? (uint64_t)&spawn->pidfd : 0;
    args.parent_tid = flags & CLONE_PARENT_SETTID ? (uint64_t)&start->pid : 0;
    args.child_tid = (uint64_t)&start->here;
    args.stack = (uint64_t)spawn->stack;
    args.stack_size = stack_size(spawn);
    args.cgroup = spawn->clone_flags & CLONE_INTO_CGROUP ? (uint64_t)spawn->cgroup_fd : 0;
    start->cleared = 1;
    return arch_clone_call(__NR_clone3, (uint64_t)&args, size, 0, 0, 0, child_run, start);
}

/* Its third argument is for the one or the other. */
static int64_t make_by_clone(struct psx_spawn *spawn, struct start *start, uint64_t flags)
{
    char *top = (char *)spawn->stack + stack_size(spawn);
    start->cleared = 0;
    return arch_clone(flags | spawn->clone_flags, top, flags & CLONE_PIDFD ? &spawn->pidfd : &start->pid, &start->here, child_run, start);
}

static int not_allowed(int64_t result)
{
    return result == -ENOSYS || result == -EPERM || result == -EINVAL;
}

/* Kernels before 5.3 do not have clone3, before 5.5 it does not clear handlers, and filters of containers forbid it. */
static int64_t make(struct psx_spawn *spawn, struct start *start, uint64_t flags)
{
    int64_t pid = make_by_clone3(spawn, start, flags);
    if (not_allowed(pid) && !(spawn->clone_flags & NEEDS_CLONE3)) {
        pid = make_by_clone(spawn, start, flags);
        if (not_allowed(pid) && flags & CLONE_PIDFD) {
            pid = make_by_clone(spawn, start, flags & ~CLONE_PIDFD);
        }
    }
    return pid;
}

static void tell(struct start *start)
{
    STORE(&start->born, 1);
    futex_wake_shared(&start->born);
}

/* By a child that a helper has made: its number is known now. */
void birth_told(struct start *start)
{
    if (start->spawn != 0) {
        tell(start);
    }
}

/* The helper. It sleeps in the clone until the child has left the memory. */
static int64_t help(void *pointer)
{
    struct start *start = pointer;
    child_guard(start);
    STORE(&start->made, make(start->spawn, start, BY_HELPER));
    tell(start);
    return 0;
}

/* Ends the helper. 0: it is still there, and uses the stack. */
int birth_over(struct start *start)
{
    if (start->helper > 0 && reap_killed(start->helper, -1, start, HELPER_NS) == -ETIMEDOUT) {
        return LOAD(&start->helps) == 0; /* but what remains of it may be kept */
    }
    start->helper = 0;
    return 1;
}

static int64_t make_by_helper(struct psx_spawn *spawn, struct start *start)
{
    char *top = (char *)spawn->stack + (spawn->stack_size & ~15ull);
    start->spawn = spawn;
    start->helps = 1;
    int64_t helper = arch_clone(ALWAYS | CLONE_FILES, top, 0, &start->helps, help, start);
    if (helper < 0) {
        return helper;
    }
    start->helper = (int32_t)helper;
    while (LOAD(&start->born) == 0) {
        int64_t waited = futex_wait_shared(&start->born, 0, now_ns() + LOOK_NS);
        if (waited == -ETIMEDOUT && (LOAD(&start->helps) == 0 || now_ns() >= start->give_up)) {
            break; /* it was killed, or stopped */
        }
    }
    if (LOAD(&start->pid) <= 0 && !birth_over(start)) {
        return -ETIMEDOUT;
    }
    int32_t pid = LOAD(&start->pid);
    int64_t made = LOAD(&start->made);
    return pid > 0 ? pid : made < 0 ? made : -ECANCELED;
}

/* The number of the child, or -errno. Before 5.2 clone knows no pidfd, which may then be asked for later: the child cannot be gone. */
int64_t birth(struct psx_spawn *spawn, struct start *start)
{
    int64_t pid = spawn->clone_flags & CLONE_VFORK ? make_by_helper(spawn, start) : make(spawn, start, ALWAYS | CLONE_PIDFD);
    if (pid >= 0 && spawn->pidfd < 0) {
        int64_t fd = SYS2(__NR_pidfd_open, pid, 0);
        spawn->pidfd = fd < 0 ? -1 : (int32_t)fd;
    }
    return pid;
}
