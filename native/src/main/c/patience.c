/*
 * How long the caller waits for others. Time in which it stood still itself does not count: its process may be stopped and continued (job
 * control, the freezer of its cgroup), or the machine below it. Then nobody could come, and a gathering that was about to succeed would be
 * given up. From inside no clock tells such time from any other, but no step of the caller's takes long: it looks at the clock every
 * few milliseconds, so when much more has passed between two looks it did not run. That is also so where it is kept from the
 * processors, by real-time tasks of others say, and may go on for ever: hence only some of these times are forgiven.
 */
#include "engine.h"

#define STALL 100000000ull /* ns between two looks, or a quarter of the time that is waited, if that is shorter */
#define PER_TASK 20000ull /* ns more for each: between two looks all may be sent signals, or looked at */
#define FORGIVEN 8

/* Only the caller's. */
static struct {
    uint64_t until, seen, stall;
    uint32_t stalls;
} patience;

void patience_begin(uint64_t ns)
{
    patience.seen = now_ns();
    patience.until = patience.seen + ns;
    patience.stall = ns / 4 < STALL ? ns / 4 : STALL;
    patience.stalls = 0;
}

void patience_look(void)
{
    uint64_t now = now_ns(), passed = now - patience.seen;
    if (passed > patience.stall + E.used * PER_TASK && patience.stalls < FORGIVEN) {
        patience.stalls++;
        patience.until += passed;
    }
    patience.seen = now;
}

/* Whether the time is over, or will be after so many ns. */
int patience_over(uint64_t ns)
{
    patience_look();
    return patience.seen + ns >= patience.until;
}
