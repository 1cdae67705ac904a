/*
 * Replacing the program of the process. While a task is being made it shares the kernel's fs_struct and is not yet counted in the thread
 * group: an exec that meets that takes the process for one that shares it with strangers, and does not give a set-uid program its ids. So all
 * tasks are held first, as for a broadcast.
 */
#include "descriptors.h"

#define GROWS 8  /* so often the table of descriptors may outgrow the room for it */
#define POLITE 4 /* so often all are let go for a signal that is waiting */

struct exec {
    const struct psx_exec *asked;
    struct descriptors descriptors;
    uint32_t grown;
    uint32_t waited;
};

static void set_mask(uint64_t mask)
{
    SYS4(__NR_rt_sigprocmask, SIG_SETMASK, &mask, 0, 8);
}

#define AGAIN 1

/*
 * With all tasks held and all signals blocked. The program shall have none blocked, so they are opened in front of the exec. If one is waiting
 * already, all are let go so that it can be handled as usual; where signals never end, it is handled here. If a handler takes longer than the
 * tasks are held, all begins anew.
 */
static int64_t exec_opened(struct exec *exec)
{
    uint32_t phase = LOAD(&E.phase);
    uint64_t pending = 0;
    SYS2(__NR_rt_sigpending, &pending, 8);
    if ((pending & ~E.caller_mask) != 0 && exec->waited++ < POLITE) {
        return AGAIN;
    }
    set_mask(0);
    int64_t result = AGAIN;
    if (LOAD(&E.phase) == phase) {
        result = SYS3(__NR_execve, exec->asked->path, exec->asked->argv, exec->asked->envp);
    }
    set_mask(ALL_SIGNALS);
    return result;
}

/* The caller's part, in place of a program's. */
static int64_t act(void *context)
{
    struct exec *exec = context;
    int64_t error = descriptors_mark(&exec->descriptors), result = 0;
    exec->grown = error == -EAGAIN;
    if (error == 0) {
        result = exec_opened(exec);
    }
    descriptors_put_back(&exec->descriptors);
    E.expected[PSX_EXEC_KEPT] = error;
    E.expected[PSX_EXEC_PROGRAM] = result;
    return error < 0 ? PSX_EXEC_KEPT : result == AGAIN ? -1 : PSX_EXEC_PROGRAM;
}

static int64_t check(const struct psx_exec *asked)
{
    int64_t error = request_own_process();
    if (error < 0) {
        return error;
    }
    return asked == 0 || asked->path == 0 || asked->argv == 0 || asked->envp == 0 || (asked->kept == 0 && asked->kept_count != 0) ? -EINVAL : 0;
}

static int64_t attempt(struct exec *exec, const struct psx_options *options, struct psx_report *report)
{
    static const struct psx_call calls[2] = {{__NR_execve, {0}, PSX_BEFORE, 0}, {__NR_fcntl, {0}, PSX_BEFORE, 0}}; /* two places for results */
    int64_t error = descriptors_reserve(&exec->descriptors, exec->asked->kept, exec->asked->kept_count);
    if (error < 0) {
        return error;
    }
    exec->grown = exec->waited = 0;
    error = broadcast_act(act, exec, calls, 2, options, report);
    descriptors_free(&exec->descriptors);
    return error;
}

EXPORT int64_t psx_exec(const struct psx_exec *asked, const struct psx_options *options, struct psx_report *report)
{
    int64_t error = check(asked);
    struct exec exec;
    exec.asked = asked;
    exec.grown = 1;
    for (uint32_t i = 0; error == 0 && exec.grown && i < GROWS; i++) {
        SYS3(__NR_faccessat, AT_FDCWD, asked->path, 1 /* X_OK */); /* so that the exec itself does not wait for a disk, with all tasks held */
        error = attempt(&exec, options, report);
    }
    return error;
}
