/*
 * Fail closed: after a divergence the process ends here, with one line, before a task that differs, or any other, can run user code again.
 * Only if the caller of psx_broadcast asked for it (options.halt).
 */
#include "engine.h"

#define STDERR 2
#define POLLOUT 4
#define PATIENCE_NS 200000000
#define LINE 400

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

static void end(char *line, uint32_t at, const char *cause)
{
    at = append(line, at, "; the process ends with code ");
    at = append_number(line, at, E.halt);
    at = append(line, at, ". ");
    at = append(line, at, cause);
    at = append(line, at, ": see agent/README.md\n");
    if (writable(STDERR)) {
        SYS3(__NR_write, STDERR, line, at);
    }
    SYS1(__NR_exit_group, E.halt);
}

void halt_differed(const struct slot *slot)
{
    char line[LINE];
    uint32_t at = append(line, 0, "psx-agent: tasks diverged: system call ");
    at = append_number(line, at, E.program[slot->differed].nr);
    at = append(line, at, " gave ");
    at = append_number(line, at, E.expected[slot->differed]);
    at = append(line, at, " on the caller and ");
    at = append_number(line, at, slot->result);
    at = append(line, at, " (a negative errno) on task ");
    at = append_number(line, at, slot->tid);
    end(line, at, "A seccomp filter or limits of one task are the likely cause");
}

void halt_died(const struct slot *slot)
{
    char line[LINE];
    uint32_t at = append(line, 0, "psx-agent: tasks diverged: while it ran the system calls that all tasks run, task ");
    at = append_number(line, at, slot->tid);
    at = append(line, at, " was ended");
    end(line, at, "A seccomp filter of that task is the likely cause");
}

void halt_half_done(void)
{
    char line[LINE];
    uint32_t at = append(line, 0, "psx-agent: tasks diverged: the calling task has changed, and not all that was to follow did");
    end(line, at, "A system call that took too long, or a task that was stopped meanwhile, is the likely cause");
}

void halt_after_failed(uint32_t call)
{
    char line[LINE];
    uint32_t at = append(line, 0, "psx-agent: tasks diverged: all tasks have changed, then system call ");
    at = append_number(line, at, E.program[call].nr);
    at = append(line, at, ", which the caller makes after the last of them, gave ");
    at = append_number(line, at, E.expected[call]);
    at = append(line, at, " (a negative errno)");
    end(line, at, "A seccomp filter or a security module is the likely cause");
}
