/*
 * The dumpable flag belongs to the memory, not to a process: a child that still shares ours and changes its ids clears it, for us too. It
 * must stay so until that child has left: any process of its new user could trace it, and write our memory. Several may be at it at the
 * same time: the first to come saves the flag, the last to go puts it back.
 */
#include "engine.h"

#define PR_GET_DUMPABLE 3
#define PR_SET_DUMPABLE 4
#define SOON_NS 1000000

static struct {
    uint32_t lock; /* held for two small calls, by tasks that block all signals */
    uint32_t users;
    uint32_t kept; /* somebody may still share the memory, nobody knows until when */
    int64_t saved;
} flag;

static void lock(void)
{
    while (!cas(&flag.lock, 0, 1)) {
        futex_wait_until(&flag.lock, 1, now_ns() + SOON_NS);
    }
}

static void unlock(void)
{
    STORE(&flag.lock, 0);
    futex_wake(&flag.lock, 1);
}

void dumpable_save(void)
{
    lock();
    if (flag.users++ == 0) {
        flag.saved = SYS1(__NR_prctl, PR_GET_DUMPABLE);
    }
    unlock();
}

/* By who has saved it, or its child. */
void dumpable_close(void)
{
    SYS2(__NR_prctl, PR_SET_DUMPABLE, 0);
}

/* By who has saved it, when its child is gone from the memory. */
void dumpable_put_back(void)
{
    lock();
    if (--flag.users == 0 && !flag.kept && SYS1(__NR_prctl, PR_GET_DUMPABLE) != flag.saved) {
        SYS2(__NR_prctl, PR_SET_DUMPABLE, flag.saved == 1); /* 2 cannot be set, 0 is as safe */
    }
    unlock();
}

/* Whether it is not, now, what it was when the first one came. */
int dumpable_changed(void)
{
    return SYS1(__NR_prctl, PR_GET_DUMPABLE) != LOAD(&flag.saved);
}

/* From now on it stays as children have left it. */
void dumpable_keep(void)
{
    STORE(&flag.kept, 1);
}
