/* Tasks that come and go while all are to change. */
#include "fault.h"


static volatile unsigned born;

static void *ends(void *unused)
{
    __atomic_add_fetch(&born, 1, __ATOMIC_RELAXED);
    return unused;
}

static void some_idle(void)
{
    for (int i = 0; i < 10; i++) {
        thread(idle, NULL);
    }
}

/* Calls in the middle of the storm. */
static void broadcast_in_storm(const char *what, int calls)
{
    while (born < 100) {
        usleep(1000);
    }
    unsigned before = born;
    broadcast_often(calls);
    CHECK(born - before > 100);
    proven("%u %s in the time of %u calls", born - before, what, stage->calls);
}

/* With such attributes glibc lets the new thread wait, all signals blocked, for a lock of the one that makes it. */
static void *creates_with_attributes(void *unused)
{
    pthread_attr_t attributes;
    struct sched_param plain = {0};
    pthread_attr_init(&attributes);
    pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
    pthread_attr_setschedpolicy(&attributes, SCHED_OTHER);
    pthread_attr_setschedparam(&attributes, &plain);
#ifdef __GLIBC__
    cpu_set_t all;
    CHECK(sched_getaffinity(0, sizeof all, &all) == 0);
    pthread_attr_setaffinity_np(&attributes, sizeof all, &all);
#endif
    for (;;) {
        pthread_t id;
        if (pthread_create(&id, &attributes, ends, NULL) == 0) {
            pthread_join(id, NULL);
        }
    }
    return unused;
}

static void attribute_storm(void)
{
    some_idle();
    for (int i = 0; i < 3; i++) {
        thread(creates_with_attributes, NULL);
    }
    broadcast_in_storm("threads created", 200);
}

static void *creates_detached(void *unused)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 64 * 1024);
    for (;;) {
        pthread_t id;
        if (pthread_create(&id, &attributes, ends, NULL) != 0) {
            sched_yield();
        }
    }
    return unused;
}

static void detached_storm(void)
{
    some_idle();
    for (int i = 0; i < 3; i++) {
        thread(creates_detached, NULL);
    }
    broadcast_in_storm("threads ended", 200);
}

#define STACKS 8
#define STACK 16384

/* One chain: each task makes the next and ends. A stack is free when the kernel has written 0 there, at the end of its task. */
struct chain {
    int used[STACKS];
    char *stacks;
};

static int link_of_chain(void *argument)
{
    struct chain *chain = argument;
    __atomic_add_fetch(&born, 1, __ATOMIC_RELAXED);
    for (;;) {
        for (int i = 0; i < STACKS; i++) {
            if (__atomic_load_n(&chain->used[i], __ATOMIC_SEQ_CST) == 0) {
                __atomic_store_n(&chain->used[i], 1, __ATOMIC_SEQ_CST);
                int made = clone(link_of_chain, chain->stacks + (i + 1) * STACK,
                                 CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_CHILD_CLEARTID, chain,
                                 NULL, NULL, &chain->used[i]);
                if (made > 0) {
                    syscall(SYS_exit, 0);
                }
                __atomic_store_n(&chain->used[i], 0, __ATOMIC_SEQ_CST);
            }
        }
    }
    return 0;
}

static void *starts_chain(void *unused)
{
    static struct chain chains[4];
    static int next;
    struct chain *chain = &chains[__atomic_fetch_add(&next, 1, __ATOMIC_SEQ_CST)];
    chain->stacks = mmap(NULL, STACKS * STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(chain->stacks != MAP_FAILED);
    chain->used[0] = 1;
    CHECK(clone(link_of_chain, chain->stacks + STACK,
                CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_CHILD_CLEARTID, chain, NULL, NULL,
                &chain->used[0]) > 0);
    return idle(unused); /* the tasks of the chain run with this thread's thread-local storage */
}

static void raw_chains(void)
{
    some_idle();
    for (int i = 0; i < 4; i++) {
        thread(starts_chain, NULL);
    }
    broadcast_in_storm("links of 4 chains", 100);
}

const struct fault creation_faults[] = {
    {"attribute-storm", "threads created with affinity and scheduling attributes in a loop", attribute_storm, ALL_CHANGED, 0, 0},
    {"detached-storm", "storm of detached threads ending", detached_storm, ALL_CHANGED, 0, 0},
    {"raw-chains", "4 chains of raw clones, each makes the next and ends", raw_chains, ALL_CHANGED, 0, 0},
    {NULL, NULL, NULL, 0, 0, 0},
};
