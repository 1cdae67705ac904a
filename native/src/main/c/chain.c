/* Sharing the signal with whoever had it before us or takes it after us. */
#include "engine.h"

/* Calls what was installed before us. When we are called by another handler, its view is not ours: the first one saved ends the chain. */
void chain_pass_on(int signo, struct siginfo *info, const char *ucontext)
{
    struct kernel_sigaction now = {0, 0, 0, 0};
    SYS4(__NR_rt_sigaction, signo, 0, &now, 8);
    const struct kernel_sigaction *to = now.handler == psx_entry ? &E.last_foreign : &E.first_foreign;
    if ((uint64_t)to->handler > 1 /* neither default nor ignored */) {
        to->handler(signo, info, (void *)ucontext);
    }
}

int chain_is_engine(const struct kernel_sigaction *action)
{
    const uint64_t *mark = (const uint64_t *)(uintptr_t)action->handler - 2;
    return (uint64_t)action->handler > 4096 && readable(mark) && readable(mark + 1) && mark[0] == psx_mark[0] && mark[1] == psx_mark[1];
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
