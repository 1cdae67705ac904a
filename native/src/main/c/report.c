/* What a broadcast tells of each task. */
#include "report.h"

void report_entry(struct psx_report *report, const struct slot *slot, enum psx_outcome outcome)
{
    if (report->entries < report->capacity) {
        struct psx_entry *entry = &report->entry[report->entries++];
        entry->tid = slot->tid;
        entry->outcome = outcome;
        entry->call = outcome == PSX_DIFFERED ? slot->differed : (int32_t)E.calls - 1;
        entry->reason = outcome == PSX_MISSING ? slot->reason : 0;
        entry->result = outcome == PSX_RAN || outcome == PSX_DIFFERED ? slot->result : 0;
        entry->detail = slot->detail;
    }
}

/* After a commit: what each task got. */
void report_runs(struct psx_report *report)
{
    report->tasks = 1;
    for (uint32_t i = 0; i < E.used; i++) {
        const struct slot *slot = &E.slots[i];
        int died = slot->kind == KIND_GONE && slot->reason == PSX_DIED;
        if (slot->listed != E.generation || (!takes_part(slot) && !died)) {
            continue;
        }
        report->tasks++;
        if (died && E.halt) {
            halt_died(slot);
        }
        enum psx_outcome outcome = died ? PSX_DIED : !has_run(slot) ? PSX_PENDING : slot->differed >= 0 ? PSX_DIFFERED : PSX_RAN;
        if (outcome == PSX_PENDING) {
            E.owing = 1;
        } else if (outcome != PSX_RAN) {
            report->status = PSX_DIVERGED;
        }
        report_entry(report, slot, outcome);
    }
}

/* After a gathering that failed: who was missing, and why. */
void report_missing(struct psx_report *report, const struct tally *tally)
{
    report->tasks = 1;
    for (uint32_t i = 0; i < E.used; i++) {
        struct slot *slot = &E.slots[i];
        if (!takes_part(slot)) {
            continue;
        }
        report->tasks++;
        if (slot->kind == KIND_MISSING && tally->foreign_handler && slot->reason == PSX_WHY_UNKNOWN) {
            slot->reason = PSX_WHY_HANDLER;
        }
        int held = LOAD(&slot->state) == STATE(E.generation, HELD);
        report_entry(report, slot, held || slot->kind == KIND_ASLEEP ? PSX_UNTOUCHED : PSX_MISSING);
    }
}
