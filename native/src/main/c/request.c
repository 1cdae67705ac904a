/* What every request to the engine is checked for. */
#include "engine.h"

/* In a child of fork nothing may be done: it has one task, and shares the table with its parent. */
int64_t request_own_process(void)
{
    return !LOAD(&E.started) ? -ENOSYS : SYS0(__NR_getpid) != E.tgid ? -ECHILD : 0;
}

int64_t request_check(const struct psx_call *program, uint32_t calls, const struct psx_options *options, const struct psx_report *report)
{
    int64_t error = request_own_process();
    if (error < 0) {
        return error;
    }
    if (program == 0 || report == 0 || calls == 0 || calls > PSX_MAX_CALLS) {
        return -EINVAL;
    }
    if (options != 0 && (options->max_pause_us == 0 || options->give_up_us == 0)) {
        return -EINVAL;
    }
    return 0;
}

void request_clear(struct psx_report *report)
{
    uint32_t capacity = report->capacity;
    memset(report, 0, sizeof *report);
    report->capacity = capacity;
}
