/* The signal handler: what a task does between being gathered and being let go. May interrupt any code, so: raw calls only. */
#include "engine.h"

/* What the kernel enters, with the marks in front by which another copy of the engine knows it, and where the handler returns to. */
__asm__(".pushsection .text\n"
        ".hidden psx_restorer\n"
        ".globl psx_restorer\n"
        ".type psx_restorer, %function\n"
        ".balign 16\n"
        "psx_restorer:\n" ARCH_SIGRETURN
        ".hidden psx_mark\n"
        ".globl psx_mark\n"
        ".hidden psx_entry\n"
        ".globl psx_entry\n"
        ".type psx_entry, %function\n"
        ".balign 16\n"
        "psx_mark:\n"
        "  .quad " PSX_MARK_1 "\n"
        "  .quad " PSX_MARK_2 "\n"
        "psx_entry:\n"
        "  " ARCH_JUMP " psx_handle\n"
        ".popsection\n");

__attribute__((used)) void psx_handle(int signo, struct siginfo *info, const char *ucontext);

/* How many signals an arriving task sends for the caller, and how many tasks a woken one wakes. */
#define HELP 4

#define HEAD_START 300000 /* ns */

/* The slot this signal is for: ours only if pointer, cookie and tid agree. Any process of the same user can queue a signal. */
static struct slot *claim(const struct siginfo *info)
{
    uint64_t offset = (uint64_t)((char *)info->value - (char *)E.slots);
    struct slot *slot = info->value;
    if (offset % sizeof *slot != 0 || info->tag != LOAD(&E.cookie) || slot->tid != (int32_t)SYS0(__NR_gettid)) {
        return 0;
    }
    return slot;
}

static void arrive(struct slot *slot, const char *ucontext, uint32_t generation)
{
    slot->running = !arch_in_syscall(ucontext);
    if (!slot->running) { /* just woken; one that was running has used up its time, and would take work and then lose the processor */
        share_sends(HELP);
    }
    /* Fails if this attempt has been given up and the slot armed for the next one: then nothing may be counted. */
    if (cas(&slot->state, STATE(generation, ARMED), STATE(generation, HELD)) && ADD(&E.arrived, 1) == LOAD(&E.target)) {
        STORE(&E.caller_go, 1);
        futex_wake(&E.caller_go, 1);
    }
}

/*
 * Waits for the end of all runs. Who was interrupted while it ran would, going on, only take the processor from those that have yet to run.
 * One is woken, and wakes the others; one by one, each would wait behind those that went. It does so a little later: the caller, which has
 * used up its time, has yet to return, and would wait for its next turn behind all of them, tens of milliseconds where many run.
 */
static void wait_for_end(uint32_t generation)
{
    uint32_t end = LOAD(&E.end);
    int64_t result = 0;
    while ((int32_t)(end - generation) < 0 && result != -ETIMEDOUT) {
        result = futex_wait_until(&E.end, end, E.deadline);
        end = LOAD(&E.end);
    }
    if (result != -ETIMEDOUT && cas(&E.first_out, 0, 1)) {
        uint64_t start = now_ns() + HEAD_START;
        futex_wait_until(&E.end, end, start < E.deadline ? start : E.deadline);
    }
    futex_wake(&E.end, INT32_MAX);
}

/* Counts the run; the last one wakes the caller. With halt every task waits for the end: until then nobody knows that all agree. */
static void count_run(struct slot *slot, uint32_t generation, int was_held)
{
    STORE(&slot->state, STATE(generation, RAN));
    if (ADD(was_held ? &E.done : &E.late, 1) == LOAD(&E.target) || !was_held) {
        STORE(&E.caller_go, 1);
        futex_wake(&E.caller_go, 1);
    }
    if (was_held && (slot->running || E.halt != 0)) {
        wait_for_end(generation);
    }
}

/* Waits until something may have changed: a wake-up, another phase, or the end of the longest hold. */
static void hold(struct slot *slot, uint32_t go, uint32_t phase)
{
    if (spare_soon()) {
        spare_wait(&E.phase, phase);
        if (LOAD(&E.phase) != phase) {
            return;
        }
    }
    if (futex_wait_until(&slot->go, go, E.deadline) == -ETIMEDOUT) {
        cas(&E.phase, phase, PHASE(phase >> 3, LET_GO)); /* held long enough: all go, unless the commit came first */
    }
}

static void obey(struct slot *slot, const char *ucontext)
{
    STORE(&slot->consumed, 1);
    uint32_t generation = LOAD(&slot->state) >> 2;
    for (;;) {
        uint32_t go = LOAD(&slot->go), phase = LOAD(&E.phase), state = LOAD(&slot->state);
        if (phase >> 3 != generation || state >> 2 != generation || (state & 3) == RAN) {
            return; /* given up, or a late signal of something long over */
        }
        if ((phase & 7) == COMMIT) {
            int was_held = (state & 3) == HELD;
            if (was_held) {
                share_wakes(slot->running ? 0 : HELP);
            }
            program_run_task(slot);
            count_run(slot, generation, was_held);
            return;
        }
        if ((phase & 7) != GATHER && (phase & 7) != CALLING) {
            return;
        }
        if ((state & 3) == ARMED) {
            arrive(slot, ucontext, generation);
        } else {
            hold(slot, go, phase);
        }
    }
}

void handler_obey(struct slot *slot, const char *ucontext)
{
    STORE(&slot->inside, 1);
    obey(slot, ucontext);
    STORE(&slot->inside, 0);
}

void psx_handle(int signo, struct siginfo *info, const char *ucontext)
{
    uint64_t offset = (uint64_t)((char *)info->value - (char *)E.slots);
    if (info->code != SI_QUEUE || offset >= (uint64_t)E.capacity * sizeof(struct slot)) {
        chain_pass_on(signo, info, ucontext);
        return;
    }
    struct slot *slot = claim(info);
    if (slot != 0) {
        handler_obey(slot, ucontext);
    }
}
