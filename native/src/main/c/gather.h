/* What gathering tells the broadcast. */
#ifndef PSX_GATHER_H
#define PSX_GATHER_H

#include "engine.h"

struct tally {
    uint32_t held;
    uint32_t kinds[5];        /* of the tasks that are not held, by enum kind */
    uint32_t stuck;           /* missing tasks that will not come by waiting */
    uint32_t born;            /* the attempt ended because new tasks kept appearing */
    uint32_t foreign_handler; /* the handler was found replaced after a gathering */
};

int64_t gather(struct tally *tally, uint32_t *attempts) __attribute__((visibility("hidden")));
uint64_t gather_longest_hold(void) __attribute__((visibility("hidden"))); /* in ns */
void gather_pause(uint64_t ns) __attribute__((visibility("hidden")));
void gather_release(void) __attribute__((visibility("hidden")));

#endif
