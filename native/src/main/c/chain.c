/* Sharing the signal with whoever had it before us or takes it after us. */
#include "engine.h"

/*
 * A signal of others that is delivered before ours must not run user code before the program. So whoever is awaited does now what ours
 * would tell it; when that comes it finds nothing left to do. (To let it in here by unblocking lets in the others too, one on top of the
 * other: a flood of them, which any process of the same user can send, would run over the stack.)
 */
static void ours_first(const char *ucontext)
{
    if (LOAD(&E.busy) || LOAD(&E.owing)) {
        int32_t tid = (int32_t)SYS0(__NR_gettid);
        for (uint32_t i = 0, used = LOAD(&E.used); i < used; i++) {
            if (LOAD(&E.slots[i].tid) == tid) {
                handler_obey(&E.slots[i], ucontext);
                return;
            }
        }
    }
}

/*
 * Calls what was installed before us; and if that, or whoever stands in front of us, calls us in turn, the first one saved. Either may
 * do so without end, each taking us for its own predecessor: so each gets a delivery at most once, which the delivery itself records.
 */
void chain_pass_on(int signo, struct siginfo *info, const char *ucontext)
{
    struct kernel_sigaction now = {0, 0, 0, 0};
    ours_first(ucontext);
    SYS4(__NR_rt_sigaction, signo, 0, &now, 8);
    int ours = now.handler == psx_entry;
    uint64_t step = info->passed++ + !ours;
    const struct kernel_sigaction *had_it = ours ? &E.last_foreign : &now;
    const struct kernel_sigaction *to = step == 0 ? &E.last_foreign : &E.first_foreign;
    if (step > 1 || (step == 1 && to->handler == had_it->handler) || (uint64_t)to->handler <= 1 /* default or ignored */) {
        return;
    }
    to->handler(signo, info, (void *)ucontext);
}

int chain_is_engine(const struct kernel_sigaction *action)
{
    uint64_t handler = (uint64_t)action->handler;
    if (handler <= 4096 || handler % sizeof psx_mark != 0) { /* default, ignored, or not laid out as ours is */
        return 0;
    }
    const uint64_t *mark = (const uint64_t *)(handler - sizeof psx_mark);
    return readable(mark) && readable(mark + 1) && mark[0] == psx_mark[0] && mark[1] == psx_mark[1];
}

/* Installs the handler unless it stands. Returns 0 if it stood, 1 if it had to be installed, -errno. */
int64_t chain_confirm(void)
{
    struct kernel_sigaction now = {0, 0, 0, 0};
    struct kernel_sigaction ours = {psx_entry, SA_SIGINFO | SA_RESTART | SA_ONSTACK | ARCH_SA_RESTORER, psx_restorer, ALL_SIGNALS};
    int64_t error = SYS4(__NR_rt_sigaction, E.signo, 0, &now, 8);
    if (error < 0 || now.handler == psx_entry) {
        return error;
    }
    if (chain_is_engine(&now)) {
        return -EALREADY;
    }
    if ((uint64_t)E.first_foreign.handler <= 1) {
        E.first_foreign = now;
    }
    E.last_foreign = now;
    error = SYS4(__NR_rt_sigaction, E.signo, &ours, 0, 8);
    return error < 0 ? error : 1;
}
