/* What a broadcast tells of each task, and what it asks of one. */
#ifndef PSX_REPORT_H
#define PSX_REPORT_H

#include "gather.h"

static inline int has_run(const struct slot *slot)
{
    return LOAD(&slot->state) == STATE(E.generation, RAN);
}

static inline int takes_part(const struct slot *slot)
{
    return slot->listed == E.generation && slot->kind != KIND_GONE && slot->kind != KIND_NOT_OURS;
}

#pragma GCC visibility push(hidden)

/* report.c */
void report_entry(struct psx_report *report, const struct slot *slot, enum psx_outcome outcome);
void report_runs(struct psx_report *report);
void report_missing(struct psx_report *report, const struct tally *tally);

#pragma GCC visibility pop
#endif
