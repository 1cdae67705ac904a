/* The caller's own scheduling: what others see of it, and what is left of it. */
#include "check.h"

static struct full_report report;

static volatile int ready, asking, handled, seen_urgent;

/* What runs on the caller between two attempts may fork or create threads, which inherit the policy. */
static void notes_the_policy(int signo)
{
    (void)signo;
    if (asking) {
        handled++;
        seen_urgent += syscall(SYS_sched_getscheduler, 0) != SCHED_OTHER;
    }
}

static void *blocks_the_signal(void *unused)
{
    uint64_t all = ~0ull;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
    ready = 1;
    return idle(unused);
}

static void *disturbs_the_caller(void *unused)
{
    for (;;) {
        usleep(500);
        syscall(SYS_tgkill, getpid(), getpid(), SIGUSR1);
    }
    return unused;
}

static void handlers_of_others_run_with_its_own_scheduling(void)
{
    static const struct psx_options quick = {100000, 500000, 0, 0};
    start_engine();
    signal(SIGUSR1, notes_the_policy);
    thread(blocks_the_signal, NULL);
    while (!ready) {
        sched_yield();
    }
    thread(disturbs_the_caller, NULL);
    asking = 1;
    EQUAL(0, run(&report, &quick, SYS_getpid, 0, 0, 0));
    asking = 0;
    EQUAL(PSX_UNREACHABLE, report.head.status);
    CHECK(handled > 0);
    EQUAL(0, seen_urgent);
}

/* The program may change it; and it may have to gather the others a second time after that. */
static void the_program_has_the_last_word(void)
{
    static const struct psx_options options = {100000, 15000000, 0, 0};
    start_engine();
    thread(idle, NULL);
    struct timespec long_enough = {0, 250000000};
    struct psx_call program[2] = {
        {SYS_nanosleep, {(uint64_t)&long_enough, 0}, PSX_BEFORE, 0}, /* longer than the longest hold */
        {SYS_prctl, {PR_SET_TIMERSLACK, 123456}, PSX_PER_TASK, 0},
    };
    report.head.capacity = ENTRIES;
    EQUAL(0, psx_broadcast(program, 2, &options, &report.head));
    EQUAL(PSX_DONE, report.head.status);
    CHECK(report.head.attempts > 1);
    EQUAL(123456, prctl(PR_GET_TIMERSLACK));
}

int main(void)
{
    TEST(handlers_of_others_run_with_its_own_scheduling);
    TEST(the_program_has_the_last_word);
    return 0;
}
