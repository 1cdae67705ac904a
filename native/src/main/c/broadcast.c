/* The broadcast: gather, then commit. Runs on the caller's task; native/README.md has the argument. */
#include "report.h"

#define MS 1000000ull
#define NUDGE (2 * MS) /* no run for so long: wake those who have not been woken, and look who has died */

/* All signals blocked: another library's handler could run here and wait for a task that we hold. */
static void caller_enter(void)
{
    uint64_t all = ALL_SIGNALS;
    SYS4(__NR_rt_sigprocmask, SIG_SETMASK, &all, &E.caller_mask, 8);
    schedule_enter();
}

/* Touches the memory that this broadcast may need: a page fault while tasks are held could wait for one of them. */
static void back_memory(void)
{
    int64_t tasks = tasks_count();
    uint64_t wanted = (uint64_t)(tasks < 0 ? 0 : tasks) * 2 + 1024;
    uint32_t upto = wanted < E.capacity ? (uint32_t)wanted : E.capacity;
    for (; E.backed < upto; E.backed += 64) {
        *(volatile uint32_t *)&E.slots[E.backed].inside = 0;
        *(volatile uint32_t *)&E.order[E.backed] = 0;
    }
}

static uint64_t give_up_ns(void)
{
    return E.options->give_up_us * 1000ull;
}

/* Whether the tasks that were asleep at the last commit have run its program, or are dead; waits for them for so long. */
int debts_settled(uint64_t ns)
{
    patience_begin(ns);
    while (E.owing) {
        uint32_t owing = 0;
        for (uint32_t i = 0; i < E.used; i++) {
            const struct slot *slot = &E.slots[i];
            owing += takes_part(slot) && !has_run(slot) && !absent_ended(slot->tid);
        }
        E.owing = owing;
        if (owing == 0 || patience_over(0)) {
            break;
        }
        STORE(&E.caller_go, 0);
        futex_wait_until(&E.caller_go, 0, now_ns() + NUDGE);
    }
    return !E.owing;
}

/* Lists the held tasks for their wake-up. */
static void list_held(void)
{
    uint32_t held = 0;
    for (uint32_t i = 0; i < E.used; i++) {
        if (LOAD(&E.slots[i].state) == STATE(E.generation, HELD)) {
            E.order[held++] = i;
        }
    }
    E.held = held;
    STORE(&E.done, 0);
    STORE(&E.late, 0);
    STORE(&E.target, held);
    STORE(&E.next_wake, 0);
    STORE(&E.first_out, 0);
}

/* How many that take part have not run. With `nudge`, wakes them: one that was stopped on its way could not wake those after it. */
static uint32_t still_to_run(int nudge)
{
    uint32_t waiting = 0;
    for (uint32_t i = 0; i < E.used; i++) {
        struct slot *slot = &E.slots[i];
        if (!takes_part(slot) || has_run(slot)) {
            continue;
        }
        if (nudge && absent_ended(slot->tid)) {
            if (!has_run(slot)) { /* nor has it since: run, left, and ended by itself */
                slot->kind = KIND_GONE;
                slot->reason = PSX_DIED;
            }
            continue;
        }
        if (nudge) {
            share_wake(slot);
        }
        waiting++;
    }
    return waiting;
}

/* The tasks that were interrupted while they ran. One is woken here, and wakes the rest: woken all by the caller, they would push it aside. */
static void let_runners_go(void)
{
    if (LOAD(&E.end) != E.generation) {
        STORE(&E.end, E.generation);
        futex_wake(&E.end, 1);
    }
}

/* A sleeper may have woken, and be held, since the held were listed: then as many may have run as were listed, and not yet all. */
static int anyone_held(void)
{
    for (uint32_t i = 0; i < E.used; i++) {
        if (LOAD(&E.slots[i].state) == STATE(E.generation, HELD)) {
            return 1;
        }
    }
    return 0;
}

static int runners(void)
{
    for (uint32_t i = 0; i < E.used; i++) {
        if (takes_part(&E.slots[i]) && E.slots[i].running) {
            return 1;
        }
    }
    return 0;
}

/* Waits until all have run, at most `give_up`; a task asleep in the kernel may take longer. */
static void wait_for_runs(void)
{
    uint32_t seen = 0;
    patience_begin(give_up_ns());
    share_wakes(UINT32_MAX);
    for (;;) {
        STORE(&E.caller_go, 0);
        if (LOAD(&E.done) >= E.held && !anyone_held()) {
            if (still_to_run(0) == 0) {
                return;
            }
            let_runners_go();
        }
        spare_wait(&E.caller_go, 0);
        futex_wait_until(&E.caller_go, 0, now_ns() + NUDGE);
        uint32_t ran = LOAD(&E.done) + LOAD(&E.late);
        int over = patience_over(0);
        if (ran == seen && LOAD(&E.caller_go) == 0 && (still_to_run(1) == 0 || over)) {
            return;
        }
        seen = ran;
    }
}

/*
 * The program on the caller, once all are held. Meanwhile nobody leaves, unless the call takes longer than the longest hold: then the
 * tasks go, and since the caller has not returned to user code, gathering them again and committing then is as good.
 * 1: committed. 0: gather again. -1: the caller's call failed.
 */
static int commit(struct psx_report *report, int *caller_ran)
{
    uint32_t generation = E.generation;
    if (!cas(&E.phase, PHASE(generation, GATHER), PHASE(generation, CALLING))) {
        return 0;
    }
    if (!*caller_ran) {
        schedule_own();
        int64_t failed = E.act(E.act_context);
        if (failed < 0) {
            return 0;
        }
        report->call = (int32_t)(failed < E.calls ? failed : E.calls - 1);
        report->result = E.expected[report->call];
        if (failed < E.calls) {
            report->status = PSX_CALL_FAILED;
            return -1;
        }
        *caller_ran = 1;
    }
    list_held();
    return cas(&E.phase, PHASE(generation, CALLING), PHASE(generation, COMMIT));
}

/* Half a change: a call of the caller's that outlived the hold, and tasks that could then not be gathered again. */
static void half_done(struct psx_report *report)
{
    report->status = PSX_DIVERGED;
    if (E.halt) {
        halt_half_done();
    }
}

/*
 * The other half: a call marked PSX_AFTER failed. Not PSX_CALL_FAILED, which says that nothing ran anywhere and nobody needs the program
 * any more.
 */
static void after_failed(struct psx_report *report, uint32_t call)
{
    report->status = PSX_DIVERGED;
    report->call = (int32_t)call;
    report->result = E.expected[call];
    if (E.halt) {
        halt_after_failed(call);
    }
}

static int64_t broadcast(struct psx_report *report)
{
    int caller_ran = 0;
    struct tally tally = {0};
    patience_begin(give_up_ns());
    for (;;) {
        int64_t gathered = gather(&tally, &report->attempts);
        int ran_before = caller_ran;
        if (gathered == 1) {
            int committed = commit(report, &caller_ran);
            if (committed == 1) {
                break;
            }
            gather_release();
            if (committed < 0) {
                return 0;
            }
            if (!caller_ran) {
                gather_pause(MS / 16); /* what came too late, or waits for a signal's handler, must come about */
            }
        }
        if (caller_ran != ran_before) {
            patience_begin(give_up_ns()); /* whatever time the call took: the others must now follow */
            schedule_enter();             /* the program may have changed what is to be come back to */
        } else if (gathered != 1 || patience_over(0)) { /* they may also come each time, and each time too late for the longest hold */
            report->status = PSX_UNREACHABLE;
            report_missing(report, &tally);
            if (caller_ran) {
                half_done(report);
            }
            return caller_ran || gathered == 1 ? 0 : gathered;
        }
    }
    wait_for_runs();
    report->pause_ns = now_ns() - (E.deadline - gather_longest_hold());
    report_runs(report);
    int64_t failed = program_run_caller(1);
    if (failed < E.calls) {
        after_failed(report, (uint32_t)failed);
    }
    return 0;
}

/* Slots stay from one broadcast to the next, so that a process whose tasks stay is not listed each time; but not for the dead. */
static void forget_the_gone(void)
{
    uint32_t gone = 0;
    for (uint32_t i = 0; i < E.used; i++) {
        gone += !takes_part(&E.slots[i]);
    }
    if (gone > E.used / 8) {
        E.epoch++;
        E.used = 0;
    }
}

static int64_t prepare(const struct psx_call *program, uint32_t calls, const struct psx_options *options, struct psx_report *report)
{
    struct timespec t;
    int64_t error = SYS2(__NR_clock_gettime, CLOCK_MONOTONIC, &t);
    if (error < 0) {
        return error; /* a filter forbids it, and nothing would ever be over */
    }
    error = tasks_directory_ok();
    if (error < 0) {
        return error;
    }
    error = chain_confirm();
    if (error < 0) {
        return error;
    }
    if (!debts_settled(options->give_up_us * 1000ull)) {
        report->status = PSX_UNREACHABLE;
        for (uint32_t i = 0; i < E.used; i++) {
            struct slot *slot = &E.slots[i];
            if (takes_part(slot) && !has_run(slot)) {
                slot->reason = PSX_WHY_OWES;
                report_entry(report, slot, PSX_MISSING);
            }
        }
        return 1;
    }
    uint64_t cookie;
    error = SYS3(__NR_getrandom, &cookie, sizeof cookie, 1 /* GRND_NONBLOCK */);
    STORE(&E.cookie, error == sizeof cookie ? cookie : E.cookie * 6364136223846793005ull + now_ns());
    back_memory();
    futex_wake(&E.end, INT32_MAX); /* the runners of the last one may still leave us a head start */
    forget_the_gone();
    for (uint32_t i = 0; i < E.used; i++) {
        STORE(&E.slots[i].consumed, 1); /* a signal that is under way has the old cookie: the handler would refuse it */
    }
    E.options = options;
    E.halt = options->halt;
    E.calls = calls;
    E.caller_tid = (int32_t)SYS0(__NR_gettid);
    memcpy(E.program, program, calls * sizeof *program);
    return 0;
}

/* The runners go last: any earlier, and the caller would have to share the processors with all of them for what it has yet to do. */
static void caller_leave(void)
{
    schedule_own();
    if (!runners()) {
        spare_decide();
    }
    let_runners_go();
    SYS4(__NR_rt_sigprocmask, SIG_SETMASK, &E.caller_mask, 0, 8);
}

int64_t broadcast_act(int64_t (*act)(void *), void *context, const struct psx_call *program, uint32_t calls,
                      const struct psx_options *options, struct psx_report *report)
{
    int64_t error = options == 0 ? -EINVAL : request_check(program, calls, options, report);
    if (error < 0) {
        return error;
    }
    if (!cas(&E.busy, 0, 1)) {
        return -EBUSY;
    }
    request_clear(report);
    caller_enter();
    error = prepare(program, calls, options, report);
    if (error == 0) {
        E.act = act;
        E.act_context = context;
        error = broadcast(report);
    }
    caller_leave();
    STORE(&E.busy, 0);
    return error > 0 ? 0 : error;
}

static int64_t run_program(void *unused)
{
    (void)unused;
    return program_run_caller(0);
}

EXPORT int64_t psx_broadcast(const struct psx_call *program, uint32_t calls, const struct psx_options *options,
                             struct psx_report *report)
{
    return broadcast_act(run_program, 0, program, calls, options, report);
}
