/* Running a program of system calls: on the caller, and on each gathered task. */
#include "engine.h"

#define KCMP_FS 3
#define STDERR 2
#define POLLOUT 4
#define PATIENCE_NS 200000000

static int64_t run(const struct psx_call *call)
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
        if ((call->mark == PSX_AFTER) != after) {
            continue;
        }
        E.expected[i] = run(call);
        if (E.expected[i] < 0 && E.expected[i] >= -4095) {
            return i;
        }
    }
    return E.calls;
}

static uint32_t append(char *to, uint32_t at, const char *text)
{
    uint32_t length = text_length(text);
    memcpy(to + at, text, length + 1);
    return at + length;
}

static uint32_t append_number(char *to, uint32_t at, int64_t number)
{
    if (number < 0) {
        to[at++] = '-';
        number = -number;
    }
    return at + text_number(to + at, (uint64_t)number);
}

/* Whether somebody takes what is written there: a full pipe would keep this task from ending the process. */
static int writable(int32_t fd)
{
    struct {
        int32_t fd;
        int16_t events, revents;
    } poll = {fd, POLLOUT, 0};
    struct timespec patience = {0, PATIENCE_NS};
    return SYS6(__NR_ppoll, &poll, 1, &patience, 0, 8, 0) == 1 && (poll.revents & POLLOUT) != 0;
}

/* Fail closed: the process ends here, before the task that differs, or any other, can run user code again. */
static void halt(const struct slot *slot)
{
    char line[320];
    uint32_t at = append(line, 0, "psx-agent: tasks diverged: system call ");
    at = append_number(line, at, E.program[slot->differed].nr);
    at = append(line, at, " gave ");
    at = append_number(line, at, E.expected[slot->differed]);
    at = append(line, at, " on the caller and ");
    at = append_number(line, at, slot->result);
    at = append(line, at, " (a negative errno) on task ");
    at = append_number(line, at, slot->tid);
    at = append(line, at, "; the process ends with code ");
    at = append_number(line, at, E.halt);
    at = append(line, at, ". A seccomp filter or limits of one task are the likely cause: see agent/README.md\n");
    if (writable(STDERR)) {
        SYS3(__NR_write, STDERR, line, at);
    }
    SYS1(__NR_exit_group, E.halt);
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
        if (call->mark != PSX_PER_TASK && !(call->mark == PSX_PER_FS && has_own_fs(slot))) {
            continue;
        }
        last = run(call);
        if (last != E.expected[i] && slot->differed < 0) {
            slot->differed = (int32_t)i;
            slot->result = last;
        }
    }
    if (slot->differed < 0) {
        slot->result = last;
    } else if (E.halt != 0) {
        halt(slot);
    }
}
