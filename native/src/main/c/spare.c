/*
 * Waiting by giving the processor away (sched_yield) instead of sleeping. A task that stays ready needs no wake-up, which costs most where a
 * processor without work has halted: a broadcast to ten sleeping tasks takes half the time. But beside tasks of other processes that
 * compute, one that gives its processor away gets it back after their whole slice, milliseconds later, where a sleeper that is woken would
 * push them aside. So this is done only while it has proved harmless: after a broadcast that met no running task, when nobody is held, the
 * caller tries; the first to find it slow ends it, and the next trial is after twice as many broadcasts.
 */
#include "engine.h"

#define US 1000ull
#define LONGEST (300 * US)     /* then sleep: who is still missing will not come at once */
#define SLOW (200 * US)        /* for one time: the processor was somebody else's */
#define SLOW_TRIAL (30 * US)
#define TRIALS 3
#define SCHED_DEADLINE 6
#define SCHED_RESET_ON_FORK 0x40000000
#define FEW 64u                /* who waits for more tasks than this sleeps: for so long nobody should keep ready */
#define RAREST 256u

/* Only the caller's, but for `spare`. */
static uint32_t until_trial = 1, interval = 1;

/* One that has a deadline would give away all its time until the next period: it, and who waits for it, would wait as long. */
static int may_yield(void)
{
    return (SYS1(__NR_sched_getscheduler, 0) & ~SCHED_RESET_ON_FORK) != SCHED_DEADLINE;
}

/* Waits until the word is no longer `value`, for a short time. Returns at once where waiting so may do harm. */
void spare_wait(const uint32_t *word, uint32_t value)
{
    uint64_t start = now_ns(), before = start;
    if (!LOAD(&E.spare) || start == 0 /* a filter forbids the clock: it would never be over */ || !may_yield()) {
        return;
    }
    while (LOAD(&E.spare) && LOAD(word) == value && before - start < LONGEST && before < E.deadline) {
        SYS0(__NR_sched_yield);
        uint64_t after = now_ns();
        if (after - before > SLOW) {
            STORE(&E.spare, 0);
        }
        before = after;
    }
}

/* Whether so few have yet to arrive that a held task may keep ready for the commit. */
int spare_soon(void)
{
    return LOAD(&E.spare) && (int32_t)(LOAD(&E.used) - LOAD(&E.arrived)) <= (int32_t)FEW;
}

static int quick(void)
{
    for (int i = 0; i < TRIALS; i++) {
        uint64_t before = now_ns();
        SYS0(__NR_sched_yield);
        if (now_ns() - before > SLOW_TRIAL) {
            return 0;
        }
    }
    return 1;
}

/* After a broadcast, nobody being held: decides for the next one. */
void spare_decide(void)
{
    if (LOAD(&E.spare)) {
        interval = interval / 2 + 1;
        until_trial = interval;
    } else if (--until_trial == 0) {
        STORE(&E.spare, may_yield() && quick());
        interval = interval * 2 < RAREST ? interval * 2 : RAREST;
        until_trial = interval;
    }
}
