/* Tasks are created and end by the thousand while the ids change; each that is alive afterwards must have the new ones. */
#include "fault.h"

#include <dirent.h>

#define TASKS 20
#define ROUNDS 300
#define CREATORS 3

static volatile uint64_t created;
static volatile int stop;

static uint64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void *ends_at_once(void *unused)
{
    return unused;
}

static void *creates_threads(void *unused)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 64 * 1024);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    while (!stop) {
        pthread_t id;
        if (pthread_create(&id, &attributes, ends_at_once, NULL) == 0) {
            __atomic_add_fetch(&created, 1, __ATOMIC_RELAXED);
        } else {
            sched_yield();
        }
    }
    return idle(unused);
}

#define STACKS 32
#define STACK 16384

static int ends_at_once_too(void *unused)
{
    (void)unused;
    return 0;
}

/* The kernel clears `alive` when the task has ended and its stack is free again. libc knows nothing of these tasks. */
static void *clones(void *unused)
{
    static const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_PARENT_SETTID |
                             CLONE_CHILD_CLEARTID;
    volatile int alive[STACKS] = {0};
    char *stacks = mmap(NULL, STACKS * STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(stacks != MAP_FAILED);
    for (int i = 0; !stop; i = (i + 1) % STACKS) {
        if (alive[i] != 0) {
            sched_yield();
        } else if (clone(ends_at_once_too, stacks + (i + 1) * STACK, flags, NULL, &alive[i], NULL, &alive[i]) > 0) {
            __atomic_add_fetch(&created, 1, __ATOMIC_RELAXED);
        }
    }
    return idle(unused);
}

/* How many tasks are alive whose real group id is not this one. */
static int with_another_gid(int gid)
{
    int others = 0;
    DIR *tasks = opendir("/proc/self/task");
    CHECK(tasks != NULL);
    for (struct dirent *entry; (entry = readdir(tasks)) != NULL;) {
        int tid = atoi(entry->d_name);
        long long its = tid == 0 ? gid : status_field(tid, "Gid", 10);
        others += its != gid && its != -1; /* -1: it has ended meanwhile */
    }
    closedir(tasks);
    return others;
}

/* After a change: whoever has not got the id is missed; and if it has ended a moment later, that may be all the harm. */
static void look_for_others(int gid)
{
    int looks = 0;
    if (with_another_gid(gid) == 0) {
        return;
    }
    while (with_another_gid(gid) != 0 && looks++ < 50) {
        usleep(2000);
    }
    stage->miscounted += looks > 50;
    stage->ending += looks <= 50;
}

static void storm(void *(*creates)(void *), const char *what)
{
    int may_change = geteuid() == 0;
    uint64_t checking = 0, from;
    for (int i = 0; i < TASKS; i++) {
        thread(idle, NULL);
    }
    for (int i = 0; i < CREATORS; i++) {
        thread(creates, NULL);
    }
    while (created < 1000) {
        sched_yield();
    }
    from = now_ms();
    uint64_t before = created;
    for (int i = 0; i < ROUNDS; i++) {
        int gid = may_change ? 20000 + i : -1;
        once_more(gid, 0);
        uint64_t then = now_ms();
        if (may_change) {
            look_for_others(gid);
        }
        checking += now_ms() - then;
    }
    uint64_t took = now_ms() - from;
    proven("%llu %s a second (%llu ms, %llu of them to look at all tasks), %u counted changes", (unsigned long long)(created - before) * 1000 / took,
           what, (unsigned long long)took, (unsigned long long)checking, stage->counted);
    broadcast_now();
    stop = 1;
}

static void pthread_storm(void)
{
    storm(creates_threads, "threads of pthread_create");
}

static void clone_storm(void)
{
    storm(clones, "tasks of clone");
}

const struct fault storms_faults[] = {
    {"pthread-storm", "thousands of threads a second by `pthread_create`", pthread_storm, ALL_CHANGED, 0, 0},
    {"clone-storm", "thousands of tasks a second by raw clone", clone_storm, ALL_CHANGED, 0, 0},
    {NULL, NULL, NULL, 0, 0, 0},
};
