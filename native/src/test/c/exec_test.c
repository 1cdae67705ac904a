/* psx_exec: what the program finds, and what an exec that fails leaves. */
#include "spawning.h"

#include <sys/resource.h>

static struct full_report report;

static int64_t exec_with(const char *path, char **argv, const int32_t *kept, uint32_t count)
{
    struct psx_exec exec = {path, (const char *const *)argv, (const char *const *)no_environment, kept, count, 0};
    report.head.capacity = ENTRIES;
    return psx_exec(&exec, &OPTIONS, &report.head);
}

/* It sleeps: the dynamic linker, which opens libraries, is done. */
static int stays_now(int pid)
{
    return strcmp(proc_text(pid, "cmdline"), "stay") == 0 && strstr(proc_text(pid, "status"), "\nState:\tS") != NULL;
}

/* Runs it in a child of fork, which shall become the program "stay"; then `judge` looks at that from outside. */
static void in_exec(void (*before)(void), void (*judge)(int pid))
{
    pid_t pid = fork();
    if (pid == 0) {
        before();
        fprintf(stderr, "exec: status %d, call %d, result %lld\n", report.head.status, report.head.call, (long long)report.head.result);
        _exit(99);
    }
    int status = 0;
    while (!stays_now(pid) && waitpid(pid, &status, WNOHANG) == 0) {
        sched_yield();
    }
    EQUAL(0, status);
    judge(pid);
    EQUAL(0, kill(pid, SIGKILL));
    EQUAL(pid, waitpid(pid, &status, 0));
    EQUAL(SIGKILL, status);
}

/* --- what the program finds */

static void handles(int signo)
{
    (void)signo;
}

static int dup_at(int fd, int flags)
{
    EQUAL(fd, dup3(2, fd, flags));
    return fd;
}

static void *execs_kept(void *unused)
{
    int32_t kept[] = {40, 700, 40};
    uint64_t some = 0x200;
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, &some, NULL, 8);
    exec_with(SELF, stays, kept, 3);
    return unused;
}

static void becomes_another_program(void)
{
    start_engine();
    every_signal_is_default();
    signal(SIGUSR1, handles);
    signal(SIGUSR2, SIG_IGN);
    for (int i = 0; i < 10; i++) {
        thread(i % 2 == 0 ? idle : busy, NULL);
    }
    dup_at(30, 0);
    dup_at(40, 0);
    dup_at(50, O_CLOEXEC);
    dup_at(700, O_CLOEXEC);
    pthread_t id;
    EQUAL(0, pthread_create(&id, NULL, execs_kept, NULL)); /* its task becomes the leader */
    pthread_join(id, NULL);
}

static int has_file(int pid, int fd)
{
    char path[64], file[256];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
    return readlink(path, file, sizeof file) > 0;
}

static void is_as_asked(int pid)
{
    char name[16];
    snprintf(name, sizeof name, "%d", pid);
    CHECK(has_line(pid, "Threads:\t1"));
    CHECK(has_line(pid, "SigBlk:\t0000000000000000"));
    CHECK(has_line(pid, "SigCgt:\t0000000000000000"));
    CHECK(has_line(pid, "SigIgn:\t0000000000000800"));
    CHECK(has_file(pid, 0) && has_file(pid, 1) && has_file(pid, 2) && has_file(pid, 40) && has_file(pid, 700));
    EQUAL(5 + 2, open_files(name)); /* and "." and ".." */
}

static void the_program_is_as_asked(void)
{
    in_exec(becomes_another_program, is_as_asked);
}

/* --- signals all the time */

static void sends_on(void)
{
    pid_t to = getppid();
    for (;;) {
        kill(to, SIGUSR1);
    }
}

static void becomes_another_under_signals(void)
{
    start_engine();
    signal(SIGUSR1, handles);
    pid_t sender = fork();
    if (sender == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        sends_on();
    }
    for (int i = 0; i < 4; i++) {
        thread(idle, NULL);
    }
    int32_t kept[1];
    report.head.capacity = ENTRIES;
    exec_with("/no such program", stays, kept, 0);
    EQUAL(PSX_CALL_FAILED, report.head.status);
    EQUAL(-ENOENT, report.head.result);
    signal(SIGUSR1, SIG_IGN); /* or the program ends by it, as it should */
    exec_with(SELF, stays, kept, 0);
}

static void runs(int pid)
{
    CHECK(has_line(pid, "Threads:\t1"));
}

static void signals_do_not_keep_it_from_it(void)
{
    in_exec(becomes_another_under_signals, runs);
}

static volatile uint64_t counter;
static volatile int handled, handled_while_held;
static volatile pid_t caller;

/* Another thread goes on while this runs, or is held. */
static void looks_at_the_others(int signo)
{
    (void)signo;
    uint64_t before_it = counter;
    struct timespec from, now;
    clock_gettime(CLOCK_MONOTONIC, &from);
    do {
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (counter == before_it && (now.tv_sec - from.tv_sec) * 1000000000ll + now.tv_nsec - from.tv_nsec < 100000000);
    handled++;
    handled_while_held += counter == before_it;
}

static void *counts_and_sends(void *unused)
{
    for (;;) {
        if (++counter % 500000 == 0) {
            syscall(SYS_tgkill, getpid(), caller, SIGUSR1);
        }
    }
    return unused;
}

static void a_waiting_signal_is_handled_while_all_run(void)
{
    caller = getpid();
    start_engine();
    signal(SIGUSR1, looks_at_the_others);
    thread(counts_and_sends, NULL);
    for (int i = 0; i < 60; i++) {
        thread(idle, NULL);
    }
    time_t enough = time(NULL) + 30; /* an emulated machine takes minutes for all */
    for (int i = 0; (i < 400 && time(NULL) < enough) || handled <= 20; i++) {
        exec_with("/no such program", stays, NULL, 0);
        EQUAL(PSX_CALL_FAILED, report.head.status);
    }
    CHECK(handled > 20);
    CHECK(handled_while_held <= 10); /* those that came in the very moment of the exec */
}

/* --- an exec that fails */

#define FILES 200

static void flags_of_all(int *flags)
{
    for (int fd = 0; fd < FILES; fd++) {
        flags[fd] = fcntl(fd, F_GETFD);
    }
}

static int before[FILES], after[FILES];

static void fails(int64_t error, int call, const char *path, char **argv, const int32_t *kept, uint32_t count)
{
    uint64_t mask = 0;
    EQUAL(0, exec_with(path, argv, kept, count));
    EQUAL(PSX_CALL_FAILED, report.head.status);
    EQUAL(call, report.head.call);
    EQUAL(error, report.head.result);
    flags_of_all(after);
    EQUAL(0, memcmp(before, after, sizeof before));
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, 8);
    EQUAL(0x200, mask);
    struct sigaction action;
    EQUAL(0, sigaction(SIGUSR1, NULL, &action));
    CHECK(action.sa_handler == handles);
    EQUAL(6, status_field(getpid(), "Threads", 10));
}

static void an_exec_that_fails_leaves_all_as_it_was(void)
{
    static char *too_long[] = {"stay", NULL, NULL};
    int32_t kept[] = {41, 44}, closed[] = {41, 199}, wrong[] = {-1}, far[] = {1000000};
    uint64_t mask = 0x200;
    start_engine();
    signal(SIGUSR1, handles);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, 8);
    for (int i = 0; i < 5; i++) {
        thread(i == 0 ? busy : idle, NULL);
    }
    for (int fd = 40; fd < 48; fd++) {
        dup_at(fd, fd % 2 == 0 ? 0 : O_CLOEXEC);
    }
    too_long[1] = malloc(200000);
    memset(too_long[1], 'a', 199999);
    too_long[1][199999] = 0;
    flags_of_all(before);
    fails(-ENOENT, PSX_EXEC_PROGRAM, "/no such program", stays, kept, 2);
    fails(-EACCES, PSX_EXEC_PROGRAM, "/", stays, kept, 2);
    fails(-E2BIG, PSX_EXEC_PROGRAM, SELF, too_long, NULL, 0);
    fails(-EBADF, PSX_EXEC_KEPT, SELF, stays, closed, 2);
    fails(-EBADF, PSX_EXEC_KEPT, SELF, stays, wrong, 1);
    fails(-EBADF, PSX_EXEC_KEPT, SELF, stays, far, 1);
    EQUAL(0, run(&report, &OPTIONS, SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0));
    EQUAL(PSX_DONE, report.head.status);
    EQUAL(6, report.head.tasks);
}

/* A program that closes all that it does not know closes the engine's descriptor, too; the number may be another directory by then. */
static void closes_all(void)
{
    start_engine();
    thread(idle, NULL);
    for (int fd = 3; fd < FILES; fd++) {
        close(fd);
    }
    while (open("/", O_RDONLY | O_CLOEXEC) < 20) {
    }
    exec_with(SELF, stays, NULL, 0);
}

static void what_the_engine_needs_may_be_closed(void)
{
    in_exec(closes_all, runs);
}

static void *blocks_all(void *ready)
{
    uint64_t all = ~0ull;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
    *(volatile int *)ready = (int)syscall(SYS_gettid);
    return idle(NULL);
}

static void without_all_tasks_nothing_happens(void)
{
    static const struct psx_options quick = {100000, 300000, 0, 0};
    volatile int blocker = 0;
    start_engine();
    thread(blocks_all, (void *)&blocker);
    while (blocker == 0) {
        sched_yield();
    }
    dup_at(40, 0);
    flags_of_all(before);
    struct psx_exec exec = {SELF, (const char *const *)ends, (const char *const *)no_environment, NULL, 0, 0};
    report.head.capacity = ENTRIES;
    EQUAL(0, psx_exec(&exec, &quick, &report.head));
    EQUAL(PSX_UNREACHABLE, report.head.status);
    EQUAL(blocker, report.entries[0].tid);
    flags_of_all(after);
    EQUAL(0, memcmp(before, after, sizeof before));
}

static void bad_requests_are_refused(void)
{
    struct psx_exec exec = {SELF, NULL, (const char *const *)no_environment, NULL, 0, 0};
    EQUAL(-ENOSYS, exec_with(SELF, ends, NULL, 0));
    start_engine();
    EQUAL(-EINVAL, psx_exec(&exec, &OPTIONS, &report.head));
    EQUAL(-EINVAL, psx_exec(NULL, &OPTIONS, &report.head));
    EQUAL(-EINVAL, exec_with(SELF, ends, NULL, 1));
    EQUAL(-EINVAL, exec_with(NULL, ends, NULL, 0));
    exec.argv = (const char *const *)ends;
    EQUAL(-EINVAL, psx_exec(&exec, NULL, &report.head));
    struct rlimit none = {0, 0};
    EQUAL(0, setrlimit(RLIMIT_NOFILE, &none));
    EQUAL(-EMFILE, exec_with(SELF, ends, NULL, 0));
    pid_t pid = fork();
    if (pid == 0) {
        _exit(exec_with(SELF, ends, NULL, 0) == -ECHILD ? 0 : 1);
    }
    int status;
    EQUAL(pid, waitpid(pid, &status, 0));
    EQUAL(0, status);
}

int main(int argc, char **argv)
{
    be_the_program(argv);
    CHECK(argc == 1);
    TEST(the_program_is_as_asked);
    TEST(signals_do_not_keep_it_from_it);
    TEST(a_waiting_signal_is_handled_while_all_run);
    TEST(an_exec_that_fails_leaves_all_as_it_was);
    TEST(what_the_engine_needs_may_be_closed);
    TEST(without_all_tasks_nothing_happens);
    TEST(bad_requests_are_refused);
    return 0;
}
