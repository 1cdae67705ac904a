/* Tasks that are not what they seem: a dead leader that is still listed, a thread named like a kernel worker, one that libc did not make. */
#include "fault.h"

static void *after_the_leader(void *unused)
{
    wait_for_state(getpid(), 'Z');
    proven("the thread group's first task is in state Z");
    broadcast_now();
    _exit(0);
    return unused;
}

static void zombie_leader(void)
{
    thread(idle, NULL);
    thread(idle, NULL);
    thread(after_the_leader, NULL);
    pthread_exit(NULL);
}

static volatile int named_tid;

static void *named_like_a_kernel_worker(void *unused)
{
    prctl(PR_SET_NAME, "iou-wrk-1");
    named_tid = (int)gettid();
    return idle(unused);
}

static void false_name(void)
{
    thread(named_like_a_kernel_worker, NULL);
    wait_for(&named_tid);
    char path[64], name[32] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/comm", named_tid);
    FILE *file = fopen(path, "r");
    CHECK(file != NULL && fgets(name, sizeof name, file) != NULL && strcmp(name, "iou-wrk-1\n") == 0);
    fclose(file);
    proven("its comm says iou-wrk-1");
    broadcast_now();
}

static void unknown_to_libc(void)
{
    thread(idle, NULL);
    raw_task();
    EQUAL(3, status_field(getpid(), "Threads", 10));
    proven("3 tasks, of which libc has made one");
    broadcast_now();
}

const struct fault leader_faults[] = {
    {"zombie-leader", "thread-group leader is a zombie", zombie_leader, ALL_CHANGED, 0, 0},
    {"false-name", "user thread named `iou-wrk-1`", false_name, ALL_CHANGED, 0, 0},
    {"raw-task", "task made by a raw clone", unknown_to_libc, ALL_CHANGED, 0, 0},
    {NULL, NULL, NULL, 0, 0, 0},
};
