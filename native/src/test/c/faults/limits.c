/* Limits that are reached: queued signals, descriptors, address space, tasks. */
#include "fault.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/resource.h>

#define TASKS 20

static void idle_tasks(void)
{
    for (int i = 0; i < TASKS; i++) {
        thread(i % 8 == 7 ? busy : idle, NULL);
    }
}

static void set_soft_limit(int what, rlim_t value)
{
    struct rlimit limit;
    EQUAL(0, getrlimit((unsigned)what, &limit));
    limit.rlim_cur = value < limit.rlim_max ? value : limit.rlim_max;
    EQUAL(0, setrlimit((unsigned)what, &limit));
}

static int queues_a_signal(void)
{
    union sigval nothing = {0};
    return sigqueue(getpid(), SIGRTMIN + 5, nothing) == 0;
}

static void block_the_test_signal(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN + 5);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

static void no_signal_may_be_queued(void)
{
    block_the_test_signal(); /* in the threads too, who inherit the mask */
    idle_tasks();
    exactly_once(1, TASKS + 1);
    set_soft_limit(RLIMIT_SIGPENDING, 0);
    CHECK(!queues_a_signal() && errno == EAGAIN);
    proven("RLIMIT_SIGPENDING is 0, sigqueue gives EAGAIN");
    broadcast_now();
    set_soft_limit(RLIMIT_SIGPENDING, RLIM_INFINITY);
    broadcast_now();
}

/* The limit is one of the user, and all its processes count: here another one that takes none of its signals. */
static void too_many_signals_are_queued(void)
{
    volatile int *queued = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t other = fork();
    if (other == 0) {
        block_the_test_signal();
        int count = 0;
        while (count < 400 && queues_a_signal()) {
            count++;
        }
        *queued = count;
        for (;;) {
            pause();
        }
    }
    block_the_test_signal();
    idle_tasks();
    exactly_once(1, TASKS + 1);
    wait_for(queued);
    EQUAL(400, *queued);
    set_soft_limit(RLIMIT_SIGPENDING, 300);
    CHECK(!queues_a_signal() && errno == EAGAIN);
    proven("another process of the user has %d queued, of 300", *queued);
    broadcast_now();
    kill(other, SIGKILL);
    waitpid(other, NULL, 0);
    while (!queues_a_signal()) { /* the dead one's have been taken away, unless others of the user have as many */
        sched_yield();
    }
    broadcast_now();
}

static void fill_the_descriptors(void)
{
    open_counter();
    set_soft_limit(RLIMIT_NOFILE, 64);
    while (dup(0) >= 0) {
    }
    EQUAL(EMFILE, errno);
}

static void no_descriptor_is_free(void)
{
    idle_tasks();
    fill_the_descriptors();
    exactly_once(100, TASKS + 1);
    proven("RLIMIT_NOFILE is 64, dup gives EMFILE");
    broadcast_now();
}

static volatile int ready, go_on;

static void *blocks_all(void *unused)
{
    uint64_t all = ~0ull, none = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
    ready = (int)gettid();
    while (!go_on) {
        usleep(1000);
    }
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
    return idle(unused);
}

static void no_descriptor_is_free_to_look_at_a_task(void)
{
    idle_tasks();
    thread(blocks_all, NULL);
    wait_for(&ready);
    culprit(ready);
    long long mask = status_field(ready, "SigBlk", 16);
    fill_the_descriptors();
    proven("RLIMIT_NOFILE is 64, dup gives EMFILE, SigBlk of task %d is %llx", ready, mask);
    broadcast_now();
    go_on = 1;
    broadcast_now();
}

static void address_space_is_used_up(void)
{
    idle_tasks();
    exactly_once(1, TASKS + 1);
    long long kb = status_field(getpid(), "VmSize", 10);
    set_soft_limit(RLIMIT_AS, (rlim_t)kb * 1024);
    CHECK(mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == ENOMEM);
    proven("RLIMIT_AS is %lld KiB, mmap gives ENOMEM", kb);
    exactly_once(100, TASKS + 1);
    broadcast_now();
}

#pragma weak psx_trial

/* A trial needs a process: it must say so, and nothing else. */
static void trial_needs_a_process(void)
{
    if (peer_is("engine")) {
        struct psx_call call = {SYS_getpid, {0}, PSX_PER_TASK, 0};
        struct psx_report report = {0};
        EQUAL(-EAGAIN, psx_trial(&call, 1, &report));
    }
}

/* The limit of its user's tasks holds for nobody with privileges: all but the one that the change needs are given away. */
static void no_task_may_be_created(void)
{
    if (geteuid() == 0) {
        struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
        struct __user_cap_data_struct sets[2] = {{1u << CAP_SETUID, 1u << CAP_SETUID, 0}, {0, 0, 0}};
        EQUAL(0, prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
        EQUAL(0, setresuid(54321, 54321, 54321));
        EQUAL(0, syscall(SYS_capset, &header, sets));
    }
    start_peer();
    idle_tasks();
    exactly_once(1, TASKS + 1);
    set_soft_limit(RLIMIT_NPROC, 1);
    pthread_t id;
    EQUAL(EAGAIN, pthread_create(&id, NULL, idle, NULL));
    proven("RLIMIT_NPROC is 1, pthread_create gives EAGAIN");
    exactly_once(100, TASKS + 1);
    trial_needs_a_process();
    broadcast_now();
}

const struct fault limits_faults[] = {
    {"sigpending-zero", "RLIMIT_SIGPENDING is 0", no_signal_may_be_queued, REFUSED, PSX_WHY_REFUSED, 0},
    {"sigpending-full", "RLIMIT_SIGPENDING used up by another process", too_many_signals_are_queued, REFUSED, PSX_WHY_REFUSED, 0},
    {"fd-full", "every descriptor in use", no_descriptor_is_free, ALL_CHANGED, 0, 0},
    {"fd-full-blocked", "the same, and a task blocks all signals", no_descriptor_is_free_to_look_at_a_task, REFUSED, PSX_WHY_UNKNOWN, 0},
    {"address-space", "RLIMIT_AS reached", address_space_is_used_up, ALL_CHANGED, 0, 0},
    {"nproc", "RLIMIT_NPROC reached", no_task_may_be_created, ALL_CHANGED, 0, STARTS_LATE},
    {NULL, NULL, NULL, 0, 0, 0},
};
