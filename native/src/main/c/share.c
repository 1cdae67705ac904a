/*
 * Work that the caller shares with the tasks it has reached already: sending the remaining signals, waking the remaining tasks. Each takes
 * the next one from a counter, so nothing waits for a helper that does not run: the caller alone would do it all.
 */
#include "engine.h"

/* Sends the slot's signal, unless one is under way. The slot is armed before: see `meet` in gather.c. */
void share_send(struct slot *slot)
{
    struct siginfo info;
    if (SWAP(&slot->consumed, 0) == 0) {
        return;
    }
    memset(&info, 0, sizeof info);
    info.signo = E.signo;
    info.code = SI_QUEUE;
    info.tag = E.cookie;
    info.value = slot;
    int64_t error = SYS4(__NR_rt_tgsigqueueinfo, E.tgid, slot->tid, E.signo, &info);
    if (error == 0) {
        return;
    }
    STORE(&slot->consumed, 1);
    if (error == -ESRCH) {
        STORE(&slot->kind, KIND_GONE);
        return;
    }
    slot->reason = PSX_WHY_REFUSED;
    slot->detail = -error;
    if (error != -EAGAIN) { /* else the limit of pending signals is reached: for now, so the next attempt tries again */
        STORE(&slot->kind, KIND_MISSING);
    }
}

void share_sends(uint32_t at_most)
{
    while (at_most-- != 0 && LOAD(&E.next_send) < LOAD(&E.to_send)) {
        uint32_t next = ADD(&E.next_send, 1) - 1;
        if (next < LOAD(&E.to_send)) {
            share_send(&E.slots[next]);
        }
    }
}

void share_wake(struct slot *slot)
{
    ADD(&slot->go, 1);
    futex_wake(&slot->go, 1);
}

void share_wakes(uint32_t at_most)
{
    while (at_most-- != 0 && LOAD(&E.next_wake) < E.held) {
        uint32_t next = ADD(&E.next_wake, 1) - 1;
        if (next < E.held) {
            share_wake(&E.slots[E.order[next]]);
        }
    }
}
