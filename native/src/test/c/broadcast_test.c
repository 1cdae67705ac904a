/* The broadcast on healthy processes: all tasks, exactly once, all or nothing. */
#include "check.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

static struct full_report report;

static void expect_all(const char *field, long long value)
{
    int32_t tids[ENTRIES];
    int64_t count = psx_tasks(tids, ENTRIES);
    for (int64_t i = 0; i < count; i++) {
        EQUAL(value, status_field(tids[i], field, 10));
    }
}

static void one_task(void)
{
    start_engine();
    EQUAL(0, run(&report, &OPTIONS, SYS_getpid, 0, 0, 0));
    EQUAL(PSX_DONE, report.head.status);
    EQUAL(getpid(), report.head.result);
    EQUAL(1, report.head.tasks);
    EQUAL(0, report.head.entries);
}

static void every_kind_of_task(void)
{
    start_engine();
    for (int i = 0; i < 50; i++) {
        thread(i % 8 == 0 ? busy : idle, NULL);
    }
    for (int i = 0; i < 3; i++) {
        raw_task();
    }
    EQUAL(0, run(&report, &OPTIONS, SYS_prctl, PR_SET_TIMERSLACK, 123456, 0));
    EQUAL(0, run(&report, &OPTIONS, SYS_prctl, PR_GET_TIMERSLACK, 0, 0));
    EQUAL(PSX_DONE, report.head.status);
    EQUAL(54, report.head.tasks);
    EQUAL(53, report.head.entries);
    EQUAL(123456, report.head.result);
    for (int i = 0; i < 53; i++) {
        EQUAL(PSX_RAN, report.entries[i].outcome);
        EQUAL(123456, report.entries[i].result);
    }
    EQUAL(0, run(&report, &OPTIONS, SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0));
    expect_all("NoNewPrivs", 1);
}

static void *churn(void *body)
{
    for (;;) {
        pthread_t id;
        if (pthread_create(&id, NULL, (void *(*)(void *))body, NULL) == 0) {
            pthread_join(id, NULL);
        }
    }
    return NULL;
}

static void *detached_churn(void *unused)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
#ifdef __GLIBC__
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(0, &cpus);
    pthread_attr_setaffinity_np(&attributes, sizeof cpus, &cpus); /* all signals blocked while the new thread waits */
#endif
    for (;;) {
        pthread_t id;
        if (pthread_create(&id, &attributes, (void *(*)(void *))unused, NULL) != 0) {
            sched_yield();
        }
    }
    return NULL;
}

static void *nothing(void *unused)
{
    return unused;
}

/* Each task that runs the call adds one to the eventfd: the sum is the number of tasks that took part. */
static void exactly_once_while_threads_come_and_go(void)
{
    start_engine();
    for (int i = 0; i < 20; i++) {
        thread(idle, NULL);
    }
    thread(churn, nothing);
    thread(churn, nothing);
    thread(detached_churn, nothing);
    int counter = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    static uint64_t one = 1;
    uint32_t attempts = 0;
    for (int i = 0; i < 1000; i++) {
        EQUAL(0, run(&report, &OPTIONS, SYS_write, (uint64_t)counter, (uint64_t)&one, 8));
        EQUAL(PSX_DONE, report.head.status);
        uint64_t sum = 0;
        EQUAL(8, read(counter, &sum, 8));
        EQUAL(report.head.tasks, sum);
        attempts += report.head.attempts;
    }
    printf("      1000 broadcasts, %u attempts\n", attempts);
    fflush(stdout);
}

static void failing_call_changes_nothing(void)
{
    start_engine();
    for (int i = 0; i < 10; i++) {
        thread(idle, NULL);
    }
    struct psx_call program[2] = {
        {SYS_getpid, {0}, PSX_PER_TASK, 0},
        {SYS_prctl, {PR_SET_NO_NEW_PRIVS, 7}, PSX_PER_TASK, 0},
    };
    report.head.capacity = ENTRIES;
    EQUAL(0, psx_broadcast(program, 2, &OPTIONS, &report.head));
    EQUAL(PSX_CALL_FAILED, report.head.status);
    EQUAL(1, report.head.call);
    EQUAL(-EINVAL, report.head.result);
    expect_all("NoNewPrivs", 0);
}

static void different_results_are_reported(void)
{
    start_engine();
    thread(idle, NULL);
    EQUAL(0, run(&report, &OPTIONS, SYS_gettid, 0, 0, 0));
    EQUAL(PSX_DIVERGED, report.head.status);
    EQUAL(1, report.head.entries);
    EQUAL(PSX_DIFFERED, report.entries[0].outcome);
    EQUAL(report.entries[0].tid, report.entries[0].result);
}

/* Runs the body in a process that halts with 70 on a divergence; it must, and say why in one line. */
static void expect_halt(void (*body)(const struct psx_options *options), const char *why)
{
    int ends[2];
    CHECK(pipe(ends) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct psx_options options = {200000, 3000000, 70, 0};
        CHECK(dup2(ends[1], STDERR_FILENO) >= 0);
        start_engine();
        body(&options);
        _exit(0);
    }
    int status;
    waitpid(pid, &status, 0);
    CHECK(WIFEXITED(status));
    EQUAL(70, WEXITSTATUS(status));
    close(ends[1]);
    char line[512];
    ssize_t size = read(ends[0], line, sizeof line - 1);
    CHECK(size > 0);
    line[size] = 0;
    CHECK(strncmp(line, "psx-agent: tasks diverged: ", 27) == 0);
    CHECK(strstr(line, why) != NULL);
    CHECK(strchr(line, '\n') == line + size - 1);
}

static void one_differs(const struct psx_options *options)
{
    thread(idle, NULL);
    run(&report, options, SYS_gettid, 0, 0, 0);
}

static volatile int filtered;

/* A filter that ends the task, and no other, at getppid. */
static void *killed_by_its_filter(void *unused)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), /* the call's number */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_THREAD),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {4, code};
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    CHECK(prctl(PR_SET_SECCOMP, 2 /* SECCOMP_MODE_FILTER */, &filter, 0, 0) == 0);
    filtered = 1;
    return idle(unused);
}

/* Without a clock no broadcast would ever give up. */
static void caller_without_a_clock_is_refused(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clock_gettime, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {4, code};
    start_engine();
    thread(idle, NULL);
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    CHECK(prctl(PR_SET_SECCOMP, 2 /* SECCOMP_MODE_FILTER */, &filter, 0, 0) == 0);
    EQUAL(-EACCES, run(&report, &OPTIONS, SYS_getppid, 0, 0, 0));
}

static void one_dies(const struct psx_options *options)
{
    thread(killed_by_its_filter, NULL);
    while (!filtered) {
        sched_yield();
    }
    run(&report, options, SYS_getppid, 0, 0, 0);
}

static void *asks_for_getppid(void *options)
{
    while (!filtered) {
        sched_yield();
    }
    EQUAL(0, run(&report, options, SYS_getppid, 0, 0, 0));
    EQUAL(PSX_DIVERGED, report.head.status);
    EQUAL(PSX_DIED, report.entries[0].outcome);
    EQUAL(getpid(), report.entries[0].tid);
    EQUAL(0, run(&report, options, SYS_getpid, 0, 0, 0));
    EQUAL(PSX_DONE, report.head.status);
    _exit(0);
    return NULL;
}

static void the_leader_dies(const struct psx_options *options)
{
    thread(asks_for_getppid, (void *)(uintptr_t)options);
    killed_by_its_filter(NULL);
}

/* A dead leader is listed as long as the process lives. */
static void leader_that_dies_is_reported_and_owes_nothing(void)
{
    start_engine();
    the_leader_dies(&OPTIONS);
}

static void the_last_part_fails(const struct psx_options *options)
{
    struct psx_call program[2] = {
        {SYS_getpid, {0}, PSX_PER_TASK, 0},
        {SYS_prctl, {PR_SET_NO_NEW_PRIVS, 7}, PSX_AFTER, 0},
    };
    report.head.capacity = ENTRIES;
    psx_broadcast(program, 2, options, &report.head);
}

static void divergence_can_end_the_process(void)
{
    expect_halt(one_differs, "on task");
    expect_halt(one_dies, "was ended");
    expect_halt(the_leader_dies, "was ended");
    expect_halt(the_last_part_fails, "after the last of them, gave -22 (a negative errno)");
}

static void marks_say_who_runs_a_call(void)
{
    start_engine();
    for (int i = 0; i < 5; i++) {
        thread(idle, NULL);
    }
    int counter = eventfd(0, EFD_NONBLOCK);
    uint64_t one = 1, hundred = 100, sum = 0;
    struct psx_call program[3] = {
        {SYS_write, {(uint64_t)counter, (uint64_t)&hundred, 8}, PSX_BEFORE, 0},
        {SYS_write, {(uint64_t)counter, (uint64_t)&one, 8}, PSX_PER_TASK, 0},
        {SYS_write, {(uint64_t)counter, (uint64_t)&hundred, 8}, PSX_AFTER, 0},
    };
    report.head.capacity = ENTRIES;
    EQUAL(0, psx_broadcast(program, 3, &OPTIONS, &report.head));
    EQUAL(PSX_DONE, report.head.status);
    EQUAL(8, read(counter, &sum, 8));
    EQUAL(206, sum);
}

static void trial_changes_nothing(void)
{
    start_engine();
    thread(idle, NULL);
    uint64_t other = geteuid() == 65534 ? 65533 : 65534; /* to stay who one is needs no privilege */
    struct psx_call program[2] = {
        {SYS_prctl, {PR_SET_NO_NEW_PRIVS, 1}, PSX_PER_TASK, 0},
        {SYS_setresuid, {other, other, other}, PSX_PER_TASK, 0},
    };
    int dumpable = prctl(PR_GET_DUMPABLE);
    report.head.capacity = ENTRIES;
    EQUAL(0, psx_trial(program, 2, &report.head));
    EQUAL(geteuid() == 0 ? PSX_DONE : PSX_CALL_FAILED, report.head.status);
    EQUAL(dumpable, prctl(PR_GET_DUMPABLE));
    expect_all("NoNewPrivs", 0);
    program[0].arg[1] = 7;
    EQUAL(0, psx_trial(program, 2, &report.head));
    EQUAL(PSX_CALL_FAILED, report.head.status);
    EQUAL(0, report.head.call);
    EQUAL(-EINVAL, report.head.result);
    EQUAL(-1, waitpid(-1, NULL, WNOHANG));
}

/* The lock would go with the first descriptor of that file that is closed by a process that shares the descriptors. */
static int locks_kept(const char *path)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    pid_t child = fork();
    if (child == 0) {
        int file = open(path, O_RDWR);
        _exit(fcntl(file, F_GETLK, &lock) == 0 && lock.l_type == F_WRLCK ? 1 : 0);
    }
    int status;
    EQUAL(child, waitpid(child, &status, 0));
    return WEXITSTATUS(status);
}

static void probes_see_what_the_program_leaves_and_leave_nothing(void)
{
    start_engine();
    char path[] = "/tmp/psx-probe-XXXXXX";
    int file = mkstemp(path);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    EQUAL(0, fcntl(file, F_SETLK, &lock));
    int runs = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    uint64_t one = 1;
    struct psx_call program[2] = {
        {SYS_write, {(uint64_t)runs, (uint64_t)&one, sizeof one}, PSX_BEFORE, 0},
        {SYS_prctl, {PR_SET_NO_NEW_PRIVS, 1}, PSX_PER_TASK, 0},
    };
    struct psx_call probes[4] = {
        {SYS_prctl, {PR_GET_NO_NEW_PRIVS}, 0, 0},
        {SYS_openat, {(uint64_t)AT_FDCWD, (uint64_t)path, O_RDONLY}, 0, 0},
        {SYS_openat, {(uint64_t)AT_FDCWD, (uint64_t) "/nowhere", O_RDONLY}, 0, 0},
        {SYS_close_range, {0, ~0u, 0}, 0, 0},
    };
    int64_t results[4];
    report.head.capacity = ENTRIES;
    EQUAL(0, psx_probe(program, 2, probes, 4, results, &report.head));
    EQUAL(PSX_DONE, report.head.status);
    EQUAL(sizeof one, read(runs, &one, sizeof one));
    EQUAL(1, one); /* one process was enough */
    EQUAL(1, results[0]);
    CHECK(results[1] >= 0);
    EQUAL(-ENOENT, results[2]);
    EQUAL(0, results[3]);
    expect_all("NoNewPrivs", 0);
    CHECK(fcntl(file, F_GETFD) >= 0);
    CHECK(locks_kept(path));
    program[1].arg[1] = 7; /* refused */
    EQUAL(0, psx_probe(program, 2, probes, 4, results, &report.head));
    EQUAL(PSX_CALL_FAILED, report.head.status);
    EQUAL(-ECANCELED, results[0]);
    unlink(path);
}

static void probes_are_asked_where_descriptors_cannot_be_closed(void)
{
    start_engine();
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close_range, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_unshare, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {5, code};
    EQUAL(0, prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    EQUAL(0, prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter));
    int file = memfd_create("ours", 0);
    struct psx_call program = {SYS_getpid, {0}, PSX_PER_TASK, 0};
    struct psx_call probes[2] = {
        {SYS_close, {(uint64_t)file}, 0, 0},
        {SYS_close, {(uint64_t)file}, 0, 0},
    };
    int64_t results[2];
    report.head.capacity = ENTRIES;
    EQUAL(0, psx_probe(&program, 1, probes, 2, results, &report.head));
    EQUAL(0, results[0]);
    EQUAL(-EBADF, results[1]);
    CHECK(fcntl(file, F_GETFD) >= 0);
}

static void trial_that_is_stopped_is_given_up(void)
{
    start_engine();
    struct psx_call program[1] = {{SYS_ppoll, {0}, PSX_PER_TASK, 0}}; /* as little as one that another process has stopped */
    report.head.capacity = ENTRIES;
    EQUAL(-ETIMEDOUT, psx_trial(program, 1, &report.head));
    EQUAL(-1, waitpid(-1, NULL, WNOHANG));
    program[0].nr = SYS_getpid;
    EQUAL(0, psx_trial(program, 1, &report.head));
    EQUAL(PSX_DONE, report.head.status);
}

static void misuse_is_refused(void)
{
    struct psx_start_options options = {SIGNO, 0};
    struct psx_call call = {SYS_getpid, {0}, PSX_PER_TASK, 0};
    EQUAL(-ENOSYS, run(&report, &OPTIONS, SYS_getpid, 0, 0, 0));
    start_engine();
    EQUAL(-EALREADY, psx_start(&options));
    EQUAL(-EINVAL, psx_broadcast(&call, 0, &OPTIONS, &report.head));
    EQUAL(-EINVAL, psx_broadcast(&call, PSX_MAX_CALLS + 1, &OPTIONS, &report.head));
    pid_t pid = fork();
    if (pid == 0) {
        EQUAL(-ECHILD, run(&report, &OPTIONS, SYS_getpid, 0, 0, 0));
        _exit(0);
    }
    int status;
    waitpid(pid, &status, 0);
    EQUAL(0, status);
}

int main(void)
{
    TEST(one_task);
    TEST(every_kind_of_task);
    TEST(failing_call_changes_nothing);
    TEST(different_results_are_reported);
    TEST(divergence_can_end_the_process);
    TEST(leader_that_dies_is_reported_and_owes_nothing);
    TEST(marks_say_who_runs_a_call);
    TEST(trial_changes_nothing);
    TEST(trial_that_is_stopped_is_given_up);
    TEST(probes_see_what_the_program_leaves_and_leave_nothing);
    TEST(probes_are_asked_where_descriptors_cannot_be_closed);
    TEST(misuse_is_refused);
    TEST(caller_without_a_clock_is_refused);
    TEST(exactly_once_while_threads_come_and_go);
    return 0;
}
