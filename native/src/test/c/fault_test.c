/* The broadcast on processes with something wrong: it names the task, changes nothing, and never hangs. */
#include "check.h"

static struct full_report report;

static volatile int ready;

static void wait_for(volatile int *flag)
{
    while (!*flag) {
        sched_yield();
    }
}

static volatile int foreign_calls;

static void foreign(int signo, siginfo_t *info, void *context)
{
    (void)signo;
    (void)info;
    (void)context;
    foreign_calls++;
}

struct raw_action {
    void (*handler)(int, siginfo_t *, void *);
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
};

/* The restorer that libc uses, found by letting libc install a handler. */
static void install_raw(int signo)
{
    struct raw_action action;
    struct sigaction by_libc = {0};
    by_libc.sa_sigaction = foreign;
    by_libc.sa_flags = SA_SIGINFO;
    sigaction(SIGUSR1, &by_libc, NULL);
    syscall(SYS_rt_sigaction, SIGUSR1, NULL, &action, 8);
    EQUAL(0, syscall(SYS_rt_sigaction, signo, &action, NULL, 8));
}

static void foreign_handlers_get_their_signals(void)
{
    install_raw(SIGNO);
    start_engine();
    pthread_t other = thread(idle, NULL);
    (void)other;
    EQUAL(0, run(&report, &OPTIONS, SYS_getpid, 0, 0, 0));
    EQUAL(PSX_DONE, report.head.status);
    EQUAL(0, foreign_calls);
    EQUAL(0, syscall(SYS_tgkill, getpid(), gettid(), SIGNO));
    EQUAL(1, foreign_calls);
    install_raw(SIGNO); /* as libc may do late */
    EQUAL(0, run(&report, &OPTIONS, SYS_getpid, 0, 0, 0));
    EQUAL(PSX_DONE, report.head.status);
    EQUAL(1, foreign_calls);
}

static void descriptor_closed_by_others_is_opened_again(void)
{
    start_engine();
    thread(idle, NULL);
    for (int fd = 3; fd < 64; fd++) {
        close(fd);
    }
    EQUAL(0, run(&report, &OPTIONS, SYS_getpid, 0, 0, 0));
    EQUAL(PSX_DONE, report.head.status);
    EQUAL(2, report.head.tasks);
}

static void a_slow_call_of_the_caller_holds_nobody_for_long(void)
{
    start_engine();
    thread(idle, NULL);
    struct timespec half = {0, 500000000};
    struct psx_call program[2] = {
        {SYS_nanosleep, {(uint64_t)&half, 0}, PSX_BEFORE, 0}, /* longer than the longest hold */
        {SYS_prctl, {PR_SET_NO_NEW_PRIVS, 1}, PSX_PER_TASK, 0},
    };
    report.head.capacity = ENTRIES;
    EQUAL(0, psx_broadcast(program, 2, &OPTIONS, &report.head));
    EQUAL(PSX_DONE, report.head.status);
    CHECK(report.head.attempts > 1);
    EQUAL(1, status_field(report.entries[0].tid, "NoNewPrivs", 10));
}

static void (*predecessor)(int, siginfo_t *, void *);

static void passes_on(int signo, siginfo_t *info, void *context)
{
    foreign_calls++;
    predecessor(signo, info, context);
}

/* libpsx passes on to whoever was there before it; and that is us, who pass on to libpsx. */
static void handlers_that_pass_on_to_each_other_come_to_an_end(void)
{
    struct raw_action before;
    start_engine();
    EQUAL(0, syscall(SYS_rt_sigaction, SIGNO, NULL, &before, 8));
    predecessor = before.handler;
    before.handler = passes_on;
    EQUAL(0, syscall(SYS_rt_sigaction, SIGNO, &before, NULL, 8));
    EQUAL(0, run(&report, &OPTIONS, SYS_getpid, 0, 0, 0));
    for (int i = 1; i <= 2; i++) {
        EQUAL(0, syscall(SYS_tgkill, getpid(), gettid(), SIGNO));
        EQUAL(i, foreign_calls);
    }
    EQUAL(0, syscall(SYS_rt_sigaction, SIGNO, &before, NULL, 8)); /* now it is the one that the kernel calls */
    EQUAL(0, syscall(SYS_tgkill, getpid(), gettid(), SIGNO));
    EQUAL(3, foreign_calls);
}

static void *replaces_the_handler(void *unused)
{
    uint64_t all = ~0ull, none = 0, pending = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
    ready = 1;
    while ((pending >> (SIGNO - 1) & 1) == 0) { /* a broadcast is under way */
        usleep(100);
        syscall(SYS_rt_sigpending, &pending, 8);
    }
    install_raw(SIGNO);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
    return idle(unused);
}

static void a_handler_installed_during_the_gathering_is_replaced(void)
{
    start_engine();
    thread(idle, NULL);
    thread(replaces_the_handler, NULL);
    wait_for(&ready);
    EQUAL(0, run(&report, &OPTIONS, SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0));
    EQUAL(PSX_DONE, report.head.status);
}

/* The caller's own call can outlive such a hold: any status is right, but there must be one. */
static void a_hold_that_is_too_short_comes_to_an_end(void)
{
    static const struct psx_options hasty = {1, 300000, 0, 0};
    start_engine();
    thread(idle, NULL);
    for (int i = 0; i < 5; i++) {
        EQUAL(0, run(&report, &hasty, SYS_getpid, 0, 0, 0));
    }
}

static void a_last_call_that_fails_is_a_divergence(void)
{
    start_engine();
    thread(idle, NULL);
    struct psx_call program[2] = {
        {SYS_prctl, {PR_SET_NO_NEW_PRIVS, 1}, PSX_PER_TASK, 0},
        {SYS_prctl, {PR_SET_NO_NEW_PRIVS, 7}, PSX_AFTER, 0},
    };
    report.head.capacity = ENTRIES;
    EQUAL(0, psx_broadcast(program, 2, &OPTIONS, &report.head));
    EQUAL(PSX_DIVERGED, report.head.status);
    EQUAL(1, report.head.call);
    EQUAL(-EINVAL, report.head.result);
}

int main(void)
{
    TEST(foreign_handlers_get_their_signals);
    TEST(descriptor_closed_by_others_is_opened_again);
    TEST(a_slow_call_of_the_caller_holds_nobody_for_long);
    TEST(handlers_that_pass_on_to_each_other_come_to_an_end);
    TEST(a_handler_installed_during_the_gathering_is_replaced);
    TEST(a_hold_that_is_too_short_comes_to_an_end);
    TEST(a_last_call_that_fails_is_a_divergence);
    return 0;
}
