/* Control groups: the limit of tasks is reached, or a task is frozen. */
#include "fault.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#define TASKS 20

static char group[128];
static int thaw_pipe; /* a byte thaws the group */

static int write_file(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", group, name);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    int written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0) {
        close(fd);
    }
    return written;
}

/* Keeps the privileges, and outlives the scenario: a group can only be removed when it is empty, and a frozen task does not end. */
static void remove_it_in_the_end(void)
{
    int ends[2];
    pid_t scenario = getpid();
    CHECK(pipe(ends) == 0);
    if (fork() == 0) {
        struct pollfd thaw = {ends[0], POLLIN, 0};
        char nothing;
        setsid();
        close(ends[1]);
        for (char state = 0; (state = state_of(scenario)) != 0 && state != 'Z';) {
            if (poll(&thaw, 1, 20) == 1 && read(ends[0], &nothing, 1) == 1) {
                write_file("freezer.state", "THAWED");
            }
        }
        write_file("freezer.state", "THAWED");
        for (int i = 0; rmdir(group) != 0 && i < 5000; i++) {
            usleep(1000);
        }
        _exit(0);
    }
    close(ends[0]);
    thaw_pipe = ends[1];
}

static void own_group(const char *controller, const char *members, int member)
{
    char number[16];
    snprintf(group, sizeof group, "/sys/fs/cgroup/%s/psx-fault-%d", controller, (int)getpid());
    if (mkdir(group, 0755) != 0) {
        lacks("a control group of its own (cgroup v1)");
    }
    remove_it_in_the_end();
    snprintf(number, sizeof number, "%d", member);
    if (!write_file(members, number)) {
        lacks("a control group of its own (cgroup v1)");
    }
}

static void idle_tasks(void)
{
    for (int i = 0; i < TASKS; i++) {
        thread(i % 8 == 7 ? busy : idle, NULL);
    }
}

static void no_more_tasks(void)
{
    char limit[16];
    pthread_t id;
    own_group("pids", "cgroup.procs", (int)getpid());
    idle_tasks();
    exactly_once(1, TASKS + 1);
    snprintf(limit, sizeof limit, "%d", TASKS + 1);
    CHECK(write_file("pids.max", limit));
    EQUAL(EAGAIN, pthread_create(&id, NULL, idle, NULL));
    proven("pids.max is %s, pthread_create gives EAGAIN", limit);
    exactly_once(100, TASKS + 1);
    broadcast_now();
}

static volatile int spinning;

static void *spins(void *unused)
{
    spinning = (int)gettid();
    return busy(unused);
}

/* Frozen in the middle of user code it sleeps in no system call. */
static void frozen_in_user_code(void)
{
    thread(idle, NULL);
    thread(spins, NULL);
    wait_for(&spinning);
    exactly_once(1, 3);
    own_group("freezer", "tasks", spinning);
    CHECK(write_file("freezer.state", "FROZEN"));
    wait_for_state(spinning, 'D');
    proven("task %d spins and is frozen, its state is D", spinning);
    culprit(spinning);
    stage->give_up_us = 500000;
    broadcast_now();
    EQUAL(1, write(thaw_pipe, "x", 1));
    struct look look;
    do {
        usleep(1000);
        look = look_at(getpid());
    } while (look.old + look.asleep != 0);
    look_again();
}

const struct fault cgroups_faults[] = {
    {"pids-cgroup", "pids.max of the cgroup reached", no_more_tasks, ALL_CHANGED, 0, NEEDS_ROOT},
    {"frozen-spinning", "one task frozen by its cgroup while it spins", frozen_in_user_code, CHANGES_ASLEEP, 0, NEEDS_ROOT},
    {NULL, NULL, NULL, 0, 0, 0},
};
