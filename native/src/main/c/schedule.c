/* The caller's scheduling: SCHED_FIFO while it must not lose its processor, and its own again before anything else may see it. */
#include "engine.h"

#define PR_SET_TIMERSLACK 29
#define PR_GET_TIMERSLACK 30
#define RLIMIT_RTTIME 15
#define HIGHEST 99

static struct {
    struct sched_attr {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } own;
    int64_t slack;
    int known;  /* `own` may be left and come back to */
    int urgent; /* is SCHED_FIFO now */
} schedule;

/* Whether a real-time task may run as long as it likes: else the kernel ends the whole process, with SIGXCPU or SIGKILL. */
static int no_limit(void)
{
    uint64_t limit[2];
    return SYS4(__NR_prlimit64, 0, RLIMIT_RTTIME, 0, limit) == 0 && limit[0] == ~0ull && limit[1] == ~0ull;
}

/* Notes what the caller has. A real-time caller stays what it is. */
void schedule_enter(void)
{
    schedule.urgent = 0;
    schedule.known = 0;
    if (no_limit() && SYS4(__NR_sched_getattr, 0, &schedule.own, sizeof schedule.own, 0) == 0) {
        uint32_t policy = schedule.own.policy;
        schedule.known = policy == 0 || policy == 3 || policy == 5; /* other, batch, idle */
        schedule.slack = SYS1(__NR_prctl, PR_GET_TIMERSLACK);
    }
}

/*
 * SCHED_FIFO, where permitted, so that no spinning task keeps the caller from sending; without RESET_ON_FORK, which could not be undone
 * after a drop. Of the highest priority: an ordinary task gets some of a processor even beside real-time tasks that never sleep, but a
 * real-time task of lower priority gets none, so the broadcast would neither begin nor give up.
 */
void schedule_urgent(void)
{
    static const struct sched_attr fifo = {sizeof fifo, 1 /* SCHED_FIFO */, 0, 0, HIGHEST, 0, 0, 0};
    if (schedule.known && !schedule.urgent) {
        schedule.urgent = SYS3(__NR_sched_setattr, 0, &fifo, 0) == 0;
        schedule.known = schedule.urgent; /* once refused, always: a drop may have taken the right away */
    }
}

/*
 * Also before the program: a call like prctl(PR_SET_TIMERSLACK) does nothing on a real-time task, and sched_setattr may be the program.
 * Becoming one has set the task's timer slack to nought, and going back sets the default.
 */
void schedule_own(void)
{
    if (schedule.urgent) {
        SYS3(__NR_sched_setattr, 0, &schedule.own, 0);
        SYS2(__NR_prctl, PR_SET_TIMERSLACK, schedule.slack);
        schedule.urgent = 0;
    }
}
