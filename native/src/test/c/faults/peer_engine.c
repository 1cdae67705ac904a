/* The engine of this project. */
#include "fault.h"

const char peer_name[] = "engine";
const int peer_signal = SIGNO;

static struct full_report report;

int peer_start(void)
{
    struct psx_start_options options = {SIGNO, 0};
    return (int)psx_start(&options);
}

static int ask(const struct psx_call *program, uint32_t calls)
{
    struct psx_options options = {stage->max_pause_us, stage->give_up_us, stage->halt, 0};
    report.head.capacity = ENTRIES;
    int64_t error = psx_broadcast(program, calls, &options, &report.head);
    stage->status = report.head.status;
    stage->named = 0;
    for (uint32_t i = 0; i < report.head.entries && stage->named < NAMED; i++) {
        int outcome = report.entries[i].outcome;
        if (outcome != PSX_RAN && outcome != PSX_UNTOUCHED) {
            stage->entry[stage->named++] = report.entries[i];
        }
    }
    return error != 0 ? (int)error : report.head.status == PSX_CALL_FAILED ? (int)report.head.result : 0;
}

int peer_change(int change)
{
    static const struct psx_call no_change = {SYS_setresuid, {-1ul, -1ul, -1ul}, PSX_PER_TASK, 0};
    struct timespec linger = {0, (long)stage->linger_ns};
    const struct psx_call lingers[2] = {
        {SYS_setresuid, {NOBODY, NOBODY, NOBODY}, PSX_PER_TASK, 0},
        {SYS_nanosleep, {(uint64_t)(uintptr_t)&linger, 0}, PSX_BEFORE, 0},
    };
    static const struct psx_call no_new_privs = {SYS_prctl, {PR_SET_NO_NEW_PRIVS, 1}, PSX_PER_TASK, 0};
    const struct psx_call becomes_nobody[2] = {
        {SYS_landlock_restrict_self, {(uint64_t)stage->ruleset}, PSX_PER_TASK, 0},
        {SYS_setresuid, {NOBODY, NOBODY, NOBODY}, PSX_PER_TASK, 0},
    };
    if (change == NO_CHANGE) {
        return ask(&no_change, 1);
    }
    if (change == NO_NEW_PRIVS) {
        return ask(&no_new_privs, 1);
    }
    if (stage->linger_ns != 0) {
        return ask(lingers, 2);
    }
    return stage->ruleset != 0 ? ask(becomes_nobody, 2) : ask(becomes_nobody + 1, 1);
}

int peer_count(int counter, int gid, uint64_t *tasks)
{
    static const uint64_t one = 1;
    const uint64_t id = (uint64_t)gid;
    const struct psx_call program[2] = {
        {SYS_setresgid, {id, id, id}, PSX_PER_TASK, 0},
        {SYS_write, {(uint64_t)counter, (uint64_t)&one, sizeof one}, PSX_PER_TASK, 0},
    };
    int error = gid >= 0 ? ask(program, 2) : ask(program + 1, 1);
    *tasks = report.head.tasks;
    return error != 0 ? error : report.head.status == PSX_DONE ? 0 : -ETIMEDOUT;
}
