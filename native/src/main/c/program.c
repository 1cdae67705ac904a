/* Running a program of system calls: on the caller, and on each gathered task. */
#include "engine.h"

#define KCMP_FS 3
#define MARK(call) ((call)->mark & PSX_MARK)

static int is_error(int64_t result)
{
    return result < 0 && result >= -4095;
}

int64_t program_call(const struct psx_call *call)
{
    return raw6(call->nr, call->arg[0], call->arg[1], call->arg[2], call->arg[3], call->arg[4], call->arg[5]);
}

/*
 * The caller's part: all calls but those marked PSX_AFTER, or only those. Returns the index of the first that failed, or `calls`.
 * A result from -4095 to -1 is a failure, as in libc.
 */
int64_t program_run_caller(uint32_t after)
{
    for (uint32_t i = 0; i < E.calls; i++) {
        const struct psx_call *call = &E.program[i];
        if ((MARK(call) == PSX_AFTER) != after) {
            continue;
        }
        E.expected[i] = program_call(call);
        if (is_error(E.expected[i])) {
            return i;
        }
    }
    return E.calls;
}

static int has_own_fs(const struct slot *slot)
{
    return SYS6(__NR_kcmp, slot->tid, E.caller_tid, KCMP_FS, 0, 0, 0) != 0;
}

/* A task's part. It goes on after a call that differs: what is left of the program can only take more away. */
void program_run_task(struct slot *slot)
{
    int64_t last = 0;
    slot->differed = -1;
    for (uint32_t i = 0; i < E.calls; i++) {
        const struct psx_call *call = &E.program[i];
        if (MARK(call) != PSX_PER_TASK && !(MARK(call) == PSX_PER_FS && has_own_fs(slot))) {
            continue;
        }
        last = program_call(call);
        int same = last == E.expected[i] || ((call->mark & PSX_ANY_RESULT) && !is_error(last));
        if (!same && slot->differed < 0) {
            slot->differed = (int32_t)i;
            slot->result = last;
        }
    }
    if (slot->differed < 0) {
        slot->result = last;
    } else if (E.halt != 0) {
        halt_differed(slot);
    }
}
