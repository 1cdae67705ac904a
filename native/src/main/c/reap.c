/* The end of a child that has not come to its program. It has no exit signal yet, so no wait of the application's finds it. */
#include "child.h"

#define P_PID 1
#define WNOHANG 1u
#define WEXITED 4u
#define WNOWAIT 0x01000000u
#define WALL 0x40000000u
#define WCLONE 0x80000000u /* only those without SIGCHLD as exit signal */
#define CLD_EXITED 1
#define CLD_DUMPED 3
#define FIRST_NAP_NS 20000
#define LONGEST_NAP_NS 2000000
#define REMAINS_NS 2000000000ull

#ifndef __NR_pidfd_send_signal
#define __NR_pidfd_send_signal 424
#endif

struct ended {
    int32_t signo, error, code, pad;
    int32_t pid, uid, status;
    uint8_t rest[128 - 28];
};

static int64_t wait_for(int32_t pid, struct ended *ended, uint32_t flags)
{
    ended->pid = 0;
    return SYS6(__NR_waitid, P_PID, pid, ended, WEXITED | flags, 0, 0);
}

static int has_ended(const struct ended *ended)
{
    return ended->pid != 0 && ended->code >= CLD_EXITED && ended->code <= CLD_DUMPED; /* a traced one may also have stopped */
}

static int32_t signal_of(const struct ended *ended)
{
    return ended->code == CLD_EXITED ? 0 : ended->status;
}

static void nap(int64_t *ns)
{
    struct timespec t = {0, *ns};
    SYS2(__NR_nanosleep, &t, 0);
    *ns = *ns * 2 < LONGEST_NAP_NS ? *ns * 2 : LONGEST_NAP_NS;
}

/*
 * One that has left the memory without an exec, and is at its end. 0: but whoever traces it keeps its remains, and may do so for ever. They are
 * nobody's then, until we end.
 */
int reap_ended(int32_t pid, int32_t *signal)
{
    struct ended ended;
    uint64_t until = now_ns() + REMAINS_NS;
    *signal = 0;
    for (int64_t ns = FIRST_NAP_NS;;) {
        int64_t error = wait_for(pid, &ended, WALL | WNOHANG);
        if (error < 0 || has_ended(&ended)) {
            *signal = error < 0 ? 0 : signal_of(&ended);
            return 1;
        }
        if (now_ns() >= until) {
            return 0;
        }
        nap(&ns);
    }
}

/*
 * Whether one that was in its exec when it left the memory was killed there: exec gives it SIGCHLD as its exit signal before it leaves. It has
 * ended then, or will have in a moment. Not reaped.
 */
int reap_was_in_exec(int32_t pid)
{
    struct ended ended;
    return wait_for(pid, &ended, WCLONE | WNOHANG | WNOWAIT) == 0;
}

/* Not reaped: whether it is at its end, or gone. */
int reap_has_ended(int32_t pid)
{
    struct ended ended;
    int64_t error = wait_for(pid, &ended, WALL | WNOHANG | WNOWAIT);
    return error == -ECHILD || (error == 0 && has_ended(&ended));
}

static int64_t kill_it(int32_t pid, int32_t pidfd)
{
    int64_t error = pidfd >= 0 ? SYS4(__NR_pidfd_send_signal, pidfd, SIGKILL, 0, 0) : -EBADF;
    return error < 0 ? SYS2(__NR_kill, pid, SIGKILL) : error;
}

/*
 * Kills one that has been abandoned, and reaps it: 1. -ETIMEDOUT: it is still there. A parent that may change ids but not signal another
 * user's process can still continue one of its session that is stopped; it then ends by itself. 0: or has come to its program after all.
 */
int64_t reap_killed(int32_t pid, int32_t pidfd, const struct start *start, uint64_t patience_ns)
{
    struct ended ended;
    uint64_t until = now_ns() + patience_ns;
    int64_t refused = kill_it(pid, pidfd);
    if (refused < 0) {
        SYS2(__NR_kill, pid, SIGCONT);
    }
    for (int64_t ns = FIRST_NAP_NS;;) {
        int64_t error = wait_for(pid, &ended, WALL | WNOHANG);
        if (error == -ECHILD || (error == 0 && has_ended(&ended))) {
            return 1;
        }
        if (refused < 0 && LOAD(&start->here) == LEFT && wait_for(pid, &ended, WCLONE | WNOHANG) == -ECHILD) {
            return 0;
        }
        if (now_ns() >= until) {
            return -ETIMEDOUT;
        }
        nap(&ns);
    }
}
