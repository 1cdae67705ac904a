/* What every request to the engine is checked for. */
#include "engine.h"

int64_t request_check(const struct psx_call *program, uint32_t calls, const struct psx_options *options, const struct psx_report *report)
{
    if (!LOAD(&E.started)) {
        return -ENOSYS;
    }
    if (SYS0(__NR_getpid) != E.tgid) {
        return -ECHILD;
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
