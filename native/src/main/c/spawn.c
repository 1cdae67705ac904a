/* The parent's side of a spawn: makes the child, waits until its program runs or it has ended, and tells which. */
#include "child.h"

#define CLONE_UNTRACED 0x800000ull
#define CLONE_NEW_OTHERS 0x7e020000ull /* the other namespaces */
#define CLONE_IO 0x80000000ull
#define ALLOWED (CLONE_NEWTIME | CLONE_NEW_OTHERS | CLONE_IO | CLONE_UNTRACED | CLONE_INTO_CGROUP | CLONE_VFORK)

#define PATIENCE_NS 5000000000ull /* with one that was killed */

static int is_exec(const struct psx_child_call *call)
{
    return (call->nr == __NR_execve || call->nr == __NR_execveat) && !(call->flags & (PSX_CHILD_MAPPED | PSX_CHILD_IGNORE | PSX_CHILD_EXPECT));
}

static int refers_to_earlier(const struct psx_child_call *call, uint32_t index)
{
    for (uint32_t i = 0; i < 6; i++) {
        if (call->flags & PSX_CHILD_ARG0 << i && call->arg[i] >= index) {
            return 0;
        }
    }
    return 1;
}

static int64_t check(const struct psx_spawn *spawn)
{
    uint32_t asks = 0;
    if (spawn->calls == 0 || spawn->calls > PSX_MAX_CHILD_CALLS || spawn->call == 0 || spawn->give_up_ns == 0 || spawn->give_up_ns > INT64_MAX / 2 ||
        spawn->clone_flags & ~ALLOWED) {
        return -EINVAL;
    }
    if (spawn->stack == 0 || (uint64_t)spawn->stack % 16 != 0 || spawn->stack_size < PSX_CHILD_STACK + spawn->calls * 8ull) {
        return -EINVAL;
    }
    for (uint32_t i = 0; i < spawn->calls; i++) {
        if (!refers_to_earlier(&spawn->call[i], i)) {
            return -EINVAL;
        }
        asks += (spawn->call[i].flags & PSX_CHILD_MAPPED) != 0;
    }
    int maps = spawn->setgroups != 0 || spawn->uid_map != 0 || spawn->gid_map != 0;
    return !is_exec(&spawn->call[spawn->calls - 1]) || asks > 1 || (maps && asks == 0) ? -EINVAL : 0;
}

static struct start *prepare(const struct psx_spawn *spawn, const struct timespec *now)
{
    struct start *start = spawn->stack;
    memset(start, 0, sizeof *start);
    start->here = STARTS;
    start->parent = E.tgid;
    start->calls = spawn->calls;
    start->call = spawn->call;
    start->give_up = (uint64_t)now->sec * 1000000000ull + (uint64_t)now->nsec + spawn->give_up_ns;
    start->failed = -1;
    return start;
}

static int64_t map(struct psx_spawn *spawn, struct start *start)
{
    int64_t error = idmap_write(spawn, spawn->pid, &spawn->phase);
    if (error == 0) {
        cas(&start->here, ASKS, STARTS);
        futex_wake_shared(&start->here);
    }
    return error;
}

/*
 * Waits until the child has left the memory. Not as vfork does, which no signal ends: a child that changes its ids may be stopped for ever
 * by any process of its new user. 0: it has left. -ETIMEDOUT, or the error of the maps: it has not.
 */
static int64_t await(struct psx_spawn *spawn, struct start *start)
{
    uint64_t look = start->give_up - spawn->give_up_ns;
    uint32_t here;
    while ((here = LOAD(&start->here)) != LEFT) {
        int64_t error = here == ASKS ? map(spawn, start) : 0;
        if (error < 0) {
            return error;
        }
        if (here == ASKS) {
            continue;
        }
        look += LOOK_NS;
        while (futex_wait_shared(&start->here, here, look < start->give_up ? look : start->give_up) != -ETIMEDOUT && LOAD(&start->here) == here) {
        }
        if (LOAD(&start->here) != here) {
            continue;
        }
        if (reap_has_ended(spawn->pid)) {
            return 0; /* old kernels do not clear the word of one that dumps core */
        }
        if (look >= start->give_up) {
            spawn->phase = PSX_SPAWN_TIMED_OUT;
            return -ETIMEDOUT;
        }
    }
    return 0;
}

/* It has left the memory: to where? */
static int64_t judge(struct psx_spawn *spawn, struct start *start)
{
    int32_t signal;
    int failed = LOAD(&start->failed) >= 0, in_exec = LOAD(&start->at) + 1 == start->calls;
    if (!failed && in_exec && (LOAD(&start->traced) || !reap_was_in_exec(spawn->pid))) {
        spawn->phase = PSX_SPAWN_RUNS;
        return 0;
    }
    start->remains = !reap_ended(spawn->pid, &signal);
    spawn->phase = failed ? PSX_SPAWN_CALL : PSX_SPAWN_KILLED;
    spawn->error = signal;
    return failed ? start->error : -ECANCELED;
}

/* Not come to its program in time, or for nothing. It may be asleep, stopped, or about to take its next step. */
static int64_t abandon(struct psx_spawn *spawn, struct start *start, int64_t why)
{
    STORE(&start->abandoned, 1);
    cas(&start->here, ASKS, STARTS);
    futex_wake_shared(&start->here);
    int64_t ended = reap_killed(spawn->pid, spawn->pidfd, start, PATIENCE_NS);
    if (ended == 0) {
        spawn->phase = PSX_SPAWN_RUNS;
        return 0;
    }
    if (ended < 0) {
        spawn->phase = PSX_SPAWN_LOST;
    }
    return why;
}

/* All signals are blocked, so no broadcast comes to its commit while this goes on: it waits, and at `give_up` names this task. */
static int64_t run(struct psx_spawn *spawn, struct start *start)
{
    uint32_t changes = credentials_changed_at(spawn);
    int counted = changes < spawn->calls;
    start->closes = counted && !credentials_more_than_user() ? spawn->calls : changes;
    if (counted) {
        dumpable_save();
    }
    if (start->closes == 0) { /* also for a child that is in a user namespace from its birth */
        dumpable_close();
    }
    int64_t pid = birth(spawn, start), error = pid;
    if (pid >= 0) {
        spawn->pid = (int32_t)pid;
        error = await(spawn, start);
        error = error == 0 ? judge(spawn, start) : abandon(spawn, start, error);
        spawn->failed_call = LOAD(&start->failed) >= 0 ? start->failed : (int32_t)LOAD(&start->at);
        if (counted && (spawn->phase == PSX_SPAWN_RUNS || start->remains) && dumpable_changed()) {
            credentials_await_exec(spawn->pid);
        }
    }
    if (!birth_over(start)) {
        spawn->phase = PSX_SPAWN_LOST;
        error = error < 0 ? error : -ETIMEDOUT;
    }
    if (counted && spawn->phase != PSX_SPAWN_LOST) {
        dumpable_put_back();
    }
    return error;
}

EXPORT int64_t psx_spawn(struct psx_spawn *spawn)
{
    int64_t error = request_own_process();
    if (error < 0 || spawn == 0) {
        return error < 0 ? error : -EINVAL;
    }
    spawn->pid = spawn->failed_call = 0;
    spawn->pidfd = -1;
    spawn->phase = PSX_SPAWN_REQUEST;
    spawn->error = 0;
    error = check(spawn);
    struct timespec now;
    if (error == 0) {
        error = SYS2(__NR_clock_gettime, CLOCK_MONOTONIC, &now); /* a filter may forbid it, and nothing would ever be over */
    }
    if (error < 0) {
        return spawn->error = error;
    }
    uint64_t all = ALL_SIGNALS, mask;
    SYS4(__NR_rt_sigprocmask, SIG_SETMASK, &all, &mask, 8);
    spawn->phase = PSX_SPAWN_CLONE;
    error = run(spawn, prepare(spawn, &now));
    if (error < 0) {
        spawn->error = spawn->phase == PSX_SPAWN_KILLED ? spawn->error : error;
        if (spawn->phase != PSX_SPAWN_LOST && spawn->pidfd >= 0) {
            SYS1(__NR_close, spawn->pidfd);
            spawn->pidfd = -1;
        }
        spawn->pid = spawn->phase == PSX_SPAWN_LOST ? spawn->pid : 0;
    }
    SYS4(__NR_rt_sigprocmask, SIG_SETMASK, &mask, 0, 8);
    return error;
}
