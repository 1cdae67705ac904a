/*
 * Gathering: one attempt after the other until every task of the thread group is held in the handler, having run nothing,
 * or the time for trying is over. Only the caller's task runs this code. native/README.md argues why it is sound.
 */
#include "gather.h"

#define MS 1000000ull
#define PATIENCE (MS * 2 / 5)      /* no arrival for so long: look who is missing */
#define FIRST_PAUSE (MS / 16)   /* between attempts, so that what holds a blocked signal can go on */
#define LONGEST_PAUSE (2 * MS)
#define GENERATIONS 0x1fffffffu /* as many as fit beside the step in engine.phase; 0 is none */
#define RESEND 8               /* every so many attempts a signal is sent again even if the last seems to be under way */

struct sweep {
    uint32_t generation;
    uint32_t fresh; /* tasks met that no earlier sweep of this attempt had met */
    int full;
};

static struct hash_entry *find(int32_t tid)
{
    uint32_t at = (uint32_t)tid & (HASH_SIZE - 1);
    while (E.hash[at].epoch == E.epoch && E.slots[E.hash[at].index].tid != tid) {
        at = (at + 1) & (HASH_SIZE - 1);
    }
    return &E.hash[at];
}

static struct slot *slot_of(int32_t tid)
{
    struct hash_entry *entry = find(tid);
    if (entry->epoch == E.epoch) {
        return &E.slots[entry->index];
    }
    if (E.used == E.capacity) {
        return 0;
    }
    struct slot *slot = &E.slots[E.used];
    slot->tid = tid;
    slot->consumed = 1;
    STORE(&slot->inside, 0);
    slot->listed = 0;
    STORE(&slot->state, 0);
    entry->index = E.used++;
    entry->epoch = E.epoch;
    return slot;
}

/* Arms the slot for this attempt. State and phase are set before `consumed` is taken: the mirror image of the handler's order. */
static void arm(struct slot *slot, uint32_t generation)
{
    slot->listed = generation;
    slot->kind = KIND_TASK;
    slot->reason = PSX_WHY_UNKNOWN;
    slot->detail = 0;
    slot->differed = -1;
    STORE(&slot->state, STATE(generation, ARMED));
}

/* Meets one listed task: one not yet known to this attempt is armed and gets its signal. */
static int meet(int32_t tid, void *context)
{
    struct sweep *sweep = context;
    if (tid == E.caller_tid) {
        return 0;
    }
    struct slot *slot = slot_of(tid);
    if (slot == 0) {
        sweep->full = 1;
        return 1;
    }
    if (slot->listed == sweep->generation && slot->kind != KIND_GONE) {
        return 0; /* but listed again after it was gone, its number is another task's */
    }
    arm(slot, sweep->generation);
    sweep->fresh++;
    share_send(slot);
    return 0;
}

/*
 * The tasks known from before get their signals without a look at the directory: one that has ended is gone (ESRCH), and one that is
 * not known yet will be missed in the count.
 */
static void meet_known(uint32_t generation, int resend)
{
    for (uint32_t i = 0; i < E.used; i++) {
        struct slot *slot = &E.slots[i];
        if (slot->listed == generation) {
            continue;
        }
        arm(slot, generation);
        if (slot->tid == E.caller_tid) {
            slot->kind = KIND_GONE;
            STORE(&slot->state, STATE(generation, RAN)); /* a late helper may still have sent it a signal */
            STORE(&slot->consumed, 0);
        } else if (resend) {
            STORE(&slot->consumed, 1);
        }
    }
    STORE(&E.to_send, E.used);
    STORE(&E.next_send, 0);
    share_sends(UINT32_MAX);
    for (uint32_t i = 0; i < E.used; i++) {
        share_send(&E.slots[i]); /* taken by a task that then lost its processor */
    }
}

/*
 * Between two attempts, and while only those are held for whose sake the last one was given up, handlers of other libraries may run on the
 * caller, and must: another thread may be in libc's set*id with all signals blocked, waiting for this very task to run its handler. They run
 * with the caller's own scheduling: what they fork would inherit it.
 */
static void signals_open(void)
{
    schedule_own();
    SYS4(__NR_rt_sigprocmask, SIG_SETMASK, &E.caller_mask, 0, 8);
}

static void signals_close(void)
{
    uint64_t all = ALL_SIGNALS;
    SYS4(__NR_rt_sigprocmask, SIG_SETMASK, &all, 0, 8);
}

/*
 * The tasks for whose sake the last attempt was given up come first, while all others run: whoever they were waiting for can now go on, and
 * they are caught when they unblock the signal. Otherwise a thread that calls musl's setresuid in a loop is never caught: whenever the others
 * are held it waits for them with all signals blocked.
 */
static void stuck_first(uint32_t generation)
{
    uint32_t stuck = 0;
    for (uint32_t i = 0; i < E.used; i++) {
        struct slot *slot = &E.slots[i];
        if (slot->listed != 0 && slot->kind == KIND_MISSING && slot->tid != E.caller_tid) {
            arm(slot, generation);
            share_send(slot);
            stuck++;
        }
    }
    if (stuck == 0) {
        return;
    }
    uint64_t until = now_ns() + 2 * PATIENCE;
    STORE(&E.target, stuck);
    signals_open();
    while (LOAD(&E.arrived) < stuck && now_ns() < until) {
        STORE(&E.caller_go, 0);
        if (LOAD(&E.arrived) < stuck) {
            futex_wait_until(&E.caller_go, 0, until);
        }
        patience_look();
    }
    signals_close();
}

static int is_held(const struct slot *slot, uint32_t generation)
{
    return LOAD(&slot->state) == STATE(generation, HELD);
}

/* Sorts the slots of this attempt by what has become of their tasks. */
static void count(struct tally *tally, uint32_t generation, int classify)
{
    memset(tally, 0, sizeof *tally);
    for (uint32_t i = 0; i < E.used; i++) {
        struct slot *slot = &E.slots[i];
        if (slot->listed != generation) {
            continue;
        }
        if (is_held(slot, generation)) {
            tally->held++;
            continue;
        }
        if (slot->kind == KIND_ASLEEP && LOAD(&slot->consumed)) {
            slot->kind = KIND_TASK; /* ours could not be sent by a helper that was looked at too early; or it comes just now */
        }
        if (classify && slot->kind != KIND_GONE && slot->kind != KIND_NOT_OURS) {
            absent_classify(slot);
        }
        tally->kinds[slot->kind]++;
        tally->stuck += slot->kind == KIND_MISSING && slot->reason != PSX_WHY_BUSY;
    }
}

static int all_accounted_for(const struct tally *tally)
{
    return tally->kinds[KIND_TASK] == 0 && tally->kinds[KIND_MISSING] == 0;
}

/* Waits for a moment, as an ordinary task while there are processors to spare: a real-time one cannot give its own away. */
static void wait_to_go(uint64_t last)
{
    if (LOAD(&E.spare)) {
        schedule_own();
        spare_wait(&E.caller_go, 0);
        if (LOAD(&E.caller_go) != 0) {
            return;
        }
        schedule_urgent();
    }
    uint64_t wake = now_ns() + PATIENCE;
    futex_wait_until(&E.caller_go, 0, wake < last ? wake : last);
}

/*
 * Waits until every task met is held or accounted for. Gives up when the attempt's time is over, or as soon as a task is found that
 * will not come by waiting (it blocks the signal, is inside clone …): such a task may be waiting for one that we hold.
 */
static int wait_for_arrivals(struct tally *tally, uint32_t generation)
{
    uint32_t seen = LOAD(&E.arrived);
    for (;;) {
        STORE(&E.caller_go, 0);
        uint32_t arrived = LOAD(&E.arrived); /* before the count: too low a target only wakes too early */
        count(tally, generation, 0);
        if (all_accounted_for(tally)) {
            return 1;
        }
        uint32_t target = arrived + tally->kinds[KIND_TASK] + tally->kinds[KIND_MISSING];
        STORE(&E.target, target);
        if ((int32_t)(LOAD(&E.arrived) - target) >= 0) {
            continue;
        }
        uint64_t last = E.deadline;
        wait_to_go(last);
        patience_look();
        arrived = LOAD(&E.arrived);
        if (LOAD(&E.caller_go) != 0 || arrived != seen) {
            seen = arrived;
        } else {
            count(tally, generation, 1);
            if (all_accounted_for(tally)) {
                return 1;
            }
            if (tally->stuck != 0) {
                return 0;
            }
        }
        if (now_ns() >= last || LOAD(&E.phase) != PHASE(generation, GATHER)) {
            return 0;
        }
    }
}

/*
 * The tasks that are neither held nor asleep must still be what they were, or one born meanwhile may hide behind the count.
 * 1: they are. 0: one has ended. -EAGAIN: one is now a task of ours, and has no signal.
 */
static int64_t strangers_unchanged(uint32_t generation)
{
    int64_t unchanged = 1;
    for (uint32_t i = 0; i < E.used; i++) {
        struct slot *slot = &E.slots[i];
        if (slot->listed == generation && slot->kind == KIND_NOT_OURS && !is_held(slot, generation)) {
            absent_classify(slot);
            if (slot->kind == KIND_GONE) {
                unchanged = 0;
            } else if (slot->kind != KIND_NOT_OURS) {
                return -EAGAIN;
            }
        }
    }
    return unchanged;
}

/*
 * Closed: no task exists that has not been met. Held and sleeping tasks cannot end or create, so if the kernel counts no more than
 * these and the caller, there are no others. With strangers (dead leader, kernel workers), which may end, a whole pass over the
 * directory must meet nobody new and as many as the kernel counts before and after it, and the strangers must still be there.
 * Returns 1 closed, 0 met new tasks or must look again, -errno.
 */
static int64_t closed(struct sweep *sweep, const struct tally *tally)
{
    int64_t accounted = (int64_t)tally->held + tally->kinds[KIND_ASLEEP] + 1;
    int64_t before = tasks_count();
    if (before == accounted) {
        return 1;
    }
    sweep->fresh = 0;
    int64_t listed = tasks_each(meet, sweep);
    int64_t after = tasks_count();
    if (before < 0 || listed < 0 || after < 0) {
        return before < 0 ? before : listed < 0 ? listed : after;
    }
    if (sweep->fresh != 0 || listed != before || before != after || listed != accounted + tally->kinds[KIND_NOT_OURS]) {
        return 0;
    }
    return strangers_unchanged(sweep->generation);
}

static void pause_until(uint64_t time)
{
    static const uint32_t never = 0;
    while (futex_wait_until(&never, 0, time) != -ETIMEDOUT) {
    }
}

/* No attempt may last longer than all attempts together: a task that is always busy is waited for until its end. */
uint64_t gather_longest_hold(void)
{
    uint32_t max_pause = E.options->max_pause_us, give_up = E.options->give_up_us;
    return (max_pause < give_up ? max_pause : give_up) * 1000ull;
}

/* One attempt. 1: all held and closed. 0: not this time. -errno: it cannot be done. */
static int64_t attempt(struct tally *tally, uint32_t number)
{
    E.generation = E.generation % GENERATIONS + 1;
    struct sweep sweep = {E.generation, 0, 0};
    E.deadline = now_ns() + gather_longest_hold();
    STORE(&E.arrived, 0);
    STORE(&E.target, 0);
    STORE(&E.phase, PHASE(sweep.generation, GATHER));
    int64_t error = 0;
    stuck_first(sweep.generation);
    schedule_urgent();
    meet_known(sweep.generation, number % RESEND == 1);
    while (error >= 0) {
        if (sweep.full) {
            return -ENOMEM;
        }
        if (!wait_for_arrivals(tally, sweep.generation)) {
            return 0;
        }
        error = closed(&sweep, tally);
        if (error == 1) {
            count(tally, sweep.generation, 0);
            return all_accounted_for(tally);
        }
        if (error == -EAGAIN || now_ns() >= E.deadline) {
            tally->born = 1;
            return 0;
        }
        if (error == 0 && sweep.fresh == 0) {
            pause_until(now_ns() + MS / 20); /* a task is ending: as a FIFO task the caller must leave it a processor */
        }
        patience_look();
    }
    return error;
}

/* Lets everybody go who is held; they return having done nothing. */
void gather_release(void)
{
    uint32_t phase = LOAD(&E.phase);
    cas(&E.phase, phase, PHASE(phase >> 3, LET_GO));
    for (uint32_t i = 0; i < E.used; i++) {
        struct slot *slot = &E.slots[i];
        if (is_held(slot, phase >> 3)) {
            share_wake(slot);
        }
    }
}

void gather_pause(uint64_t ns)
{
    signals_open();
    pause_until(now_ns() + ns);
    signals_close();
}

/* Gathers all tasks: 1 when they are held, 0 when they could not be gathered before the caller's patience was over, -errno. */
int64_t gather(struct tally *tally, uint32_t *attempts)
{
    uint64_t pause = FIRST_PAUSE;
    uint32_t replaced = 0;
    for (uint32_t number = 1;; number++) {
        *attempts += 1;
        int64_t result = chain_confirm(); /* libc may install its own handler late, which swallows our signals */
        if (result >= 0) {
            replaced |= result != 0;
            result = attempt(tally, number);
        }
        if (result == 1) {
            result = chain_confirm(); /* sleepers would run that one */
            if (result == 0) {
                return 1;
            }
            replaced = 1;
            result = result == 1 ? 0 : result;
        }
        if (result == 0 && patience_over(pause)) {
            count(tally, E.generation, 1); /* once more, for the report, while they are where they were */
            tally->foreign_handler = replaced;
            gather_release();
            return 0;
        }
        gather_release();
        if (result < 0) {
            return result;
        }
        gather_pause(pause);
        patience_look();
        pause = pause * 5 / 4 < LONGEST_PAUSE ? pause * 5 / 4 : LONGEST_PAUSE;
    }
}
