/* Too little processor time, or none: a quota, the freezer, job control. */
#include "cgroup.h"

static void crowd(int idlers, int spinners)
{
    for (int i = 0; i < idlers + spinners; i++) {
        thread(i < idlers ? idle : busy, NULL);
    }
}

static void quota(void)
{
    const char *group = cgroup_quota(10);
    if (group == NULL) {
        lacks("no cpu controller");
    }
    cgroup_join(group);
    crowd(8, 4);
    struct timespec from, to;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    usleep(500000);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    int64_t used = (to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000;
    CHECK(used < 200); /* four spinning threads would take 500 ms on one processor */
    proven("4 spinning threads got %d ms of processor time in 500 ms", (int)used);
    broadcast_often(5);
}

/* Another process that does something to this one at random moments of its calls, and undoes it. */
#define IN_A_ROW 5 /* less than a wait forgives */
static volatile int *disturbances;

static void disturb(void (*stop)(const char *group, int stop), const char *group, useconds_t us)
{
    disturbances = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(disturbances != MAP_FAILED);
    if (fork() == 0) {
        unsigned seed = (unsigned)getpid(), in_a_row = 0;
        for (;;) {
            while (stage->step != ASKING) {
                usleep(100);
            }
            usleep((useconds_t)rand_r(&seed) % 3000);
            stop(group, 1);
            *disturbances += stage->step == ASKING;
            usleep(us);
            stop(group, 0);
            if (++in_a_row % IN_A_ROW == 0) { /* now the same call shall get on, whatever else the processors have to do */
                for (int waited = 0; waited < 100000 && stage->step == ASKING; waited += 100) {
                    usleep(100);
                }
            }
        }
    }
}

static void broadcast_until_disturbed(void)
{
    for (int i = 0; i < 600 && *disturbances < 60 && stage->result == 0; i++) {
        broadcast_often(10);
    }
}

static void stop_group(const char *unused, int stop)
{
    (void)unused;
    kill(stage->pid, stop ? SIGSTOP : SIGCONT);
    while (stop && state_of(stage->pid) != 'T') {
        usleep(100);
    }
}

static void group_stop(void)
{
    disturb(stop_group, NULL, 20000);
    crowd(20, 2);
    broadcast_until_disturbed();
    CHECK(*disturbances > 10);
    proven("stopped %d times for 20 ms in the middle of a call", *disturbances);
}

/* Nobody is kept from coming but by what keeps the caller from waiting, too. */
static void long_stops(void)
{
    stage->max_pause_us = 100000;
    stage->give_up_us = 150000;
    disturb(stop_group, NULL, 250000);
    crowd(20, 2);
    broadcast_until_disturbed();
    CHECK(stage->result != 0 || stage->status != PSX_DONE || *disturbances > 10);
    proven("stopped %d times for 250 ms in the middle of a call, give-up is 150 ms", *disturbances);
}

static void freezer(void)
{
    const char *group = cgroup_freezer(0);
    if (group == NULL) {
        lacks("no freezer");
    }
    disturb(cgroup_freeze, group, 20000);
    cgroup_join(group);
    crowd(20, 2);
    broadcast_until_disturbed();
    CHECK(*disturbances > 10);
    proven("frozen %d times for 20 ms in the middle of a call", *disturbances);
}

static volatile int frozen;

static void *is_to_be_frozen(void *unused)
{
    frozen = (int)gettid();
    return idle(unused);
}

/* Another process thaws it: this one has no privilege any more. */
static void frozen_task(void)
{
    const char *group = cgroup_freezer(1);
    int ends[2];
    if (group == NULL) {
        lacks("no freezer of single tasks");
    }
    CHECK(pipe(ends) == 0);
    pid_t helper = fork();
    if (helper == 0) {
        char c;
        CHECK(read(ends[0], &c, 1) == 1);
        cgroup_freeze(group, 0);
        _exit(0);
    }
    crowd(3, 0);
    thread(is_to_be_frozen, NULL);
    wait_for(&frozen);
    wait_for_state(frozen, 'S');
    culprit(frozen);
    cgroup_join_task(group, frozen);
    cgroup_freeze(group, 1);
    proven("the freezer says FROZEN, the task's state is %c", state_of(frozen));
    stage->give_up_us = 500000;
    broadcast_now();
    CHECK(write(ends[1], "x", 1) == 1);
    CHECK(waitpid(helper, NULL, 0) == helper);
    struct look look;
    do {
        usleep(1000);
        look = look_at(stage->pid);
    } while (look.old + look.asleep != 0);
    look_again();
}

const struct fault scheduling_faults[] = {
    {"cpu-quota", "cgroup quota of 10 % of a processor, 4 threads spinning", quota, ALL_CHANGED, 0, NEEDS_ROOT},
    {"group-stop", "SIGSTOP and SIGCONT of the process in the middle of calls", group_stop, ALL_CHANGED, 0, 0},
    {"long-stops", "the same, for longer than give-up", long_stops, ALL_CHANGED, 0, ENGINE_ONLY},
    {"freezer", "process frozen by its cgroup in the middle of calls", freezer, ALL_CHANGED, 0, NEEDS_ROOT},
    {"frozen-task", "one task frozen by its cgroup", frozen_task, CHANGES_ASLEEP, 0, NEEDS_ROOT},
    {NULL, NULL, NULL, 0, 0, 0},
};
