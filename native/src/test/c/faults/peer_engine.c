/* The engine of this project. */
#include "fault.h"

const char peer_name[] = "engine";

static struct full_report report;

int peer_start(void)
{
    struct psx_start_options options = {SIGNO, 0};
    return (int)psx_start(&options);
}

int peer_change(void)
{
    struct psx_options options = {200000, (uint32_t)stage->give_up_us, stage->halt, 0};
    int64_t error = stage->change == NO_NEW_PRIVS ? run(&report, &options, SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0)
                                                  : run(&report, &options, SYS_setresuid, NOBODY, NOBODY, NOBODY);
    stage->status = report.head.status;
    for (uint32_t i = 0; i < report.head.entries && stage->named < NAMED; i++) {
        int outcome = report.entries[i].outcome;
        if (outcome != PSX_RAN && outcome != PSX_UNTOUCHED) {
            stage->entry[stage->named++] = report.entries[i];
        }
    }
    return error != 0 ? (int)error : report.head.status == PSX_CALL_FAILED ? (int)report.head.result : 0;
}
