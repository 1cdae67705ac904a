/* Tasks asleep in the kernel: one counts as gathered only if nothing can come before its handler, and that runs this broadcast's program. */
#include "check.h"
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/userfaultfd.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/uio.h>

static struct full_report report;
static const struct psx_options QUICK = {100000, 1000000, 0, 0};

static volatile int tid, awake;
static int ends[2], epoll = -1, ring = -1;

static char *page(void)
{
    char *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(at != MAP_FAILED);
    return at;
}

/* A page whose first use waits in the kernel until `fill` gives it its content. */
static char *stalling_page(int *fd)
{
    char *at = page();
    *fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
    struct uffdio_api api = {UFFD_API, 0, 0};
    struct uffdio_register area = {{(uint64_t)(uintptr_t)at, 4096}, UFFDIO_REGISTER_MODE_MISSING, 0};
    CHECK(*fd >= 0 && ioctl(*fd, UFFDIO_API, &api) == 0 && ioctl(*fd, UFFDIO_REGISTER, &area) == 0);
    return at;
}

static void fill(int fd, char *at, const void *content, size_t size)
{
    char *from = page();
    memcpy(from, content, size);
    struct uffdio_copy copy = {(uint64_t)(uintptr_t)at, (uint64_t)(uintptr_t)from, 4096, 0, 0};
    EQUAL(0, ioctl(fd, UFFDIO_COPY, &copy));
}

static int state_is(int task, char state)
{
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", task);
    FILE *file = fopen(path, "r");
    int is = file != NULL && fgets(text, sizeof text, file) != NULL && strrchr(text, ')')[2] == state;
    if (file != NULL) {
        fclose(file);
    }
    return is;
}

static void wait_for_state(int task, char state)
{
    while (!state_is(task, state)) {
        usleep(1000);
    }
}

/* Another process that sleeps while it holds the lock of the pipe, the epoll or the ring: whoever uses it then sleeps uninterruptibly. */
static pid_t hold_lock(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        int fd;
        char *at = stalling_page(&fd);
        if (ring >= 0) {
            syscall(SYS_io_uring_register, ring, IORING_REGISTER_FILES, at, 1);
        } else if (epoll >= 0) {
            epoll_wait(epoll, (struct epoll_event *)at, 1, -1);
        } else {
            CHECK(write(ends[1], at, 1) == 1);
        }
        pause();
    }
    char path[64], text[64] = "";
    snprintf(path, sizeof path, "/proc/%d/syscall", pid);
    long expected = ring >= 0 ? (long)SYS_io_uring_register : epoll >= 0 ? (long)SYS_epoll_pwait : (long)SYS_write;
    for (long nr = -1; nr != expected || !state_is(pid, 'S');) {
        FILE *file = fopen(path, "r");
        nr = file != NULL && fgets(text, sizeof text, file) != NULL ? atol(text) : -1;
#ifdef SYS_epoll_wait
        nr = epoll >= 0 && nr == SYS_epoll_wait ? expected : nr;
#endif
        if (file != NULL) {
            fclose(file);
        }
        usleep(1000);
    }
    return pid;
}

static void release(pid_t holder)
{
    kill(holder, SIGKILL);
    waitpid(holder, NULL, 0);
}

/* What it sees first when it runs user code again. */
static void *wakes(void)
{
    awake = 1 + prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
    return idle(NULL);
}

static void *reads_pipe(void *unused)
{
    char c;
    (void)unused;
    tid = (int)gettid();
    CHECK(read(ends[0], &c, 1) == 1);
    return wakes();
}

static void setup(void)
{
    start_engine();
    CHECK(pipe(ends) == 0);
}

static void start_sleeper(void *(*body)(void *), char state)
{
    thread(body, NULL);
    while (tid == 0) {
        sched_yield();
    }
    wait_for_state(tid, state);
}

static int privileged(void)
{
    int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
    close(fd);
    return fd >= 0;
}

static void wait_until_awake(void)
{
    while (!awake) {
        CHECK(write(ends[1], "x", 1) == 1); /* what the holder of the lock would have written */
        usleep(1000);
    }
}

static int64_t no_new_privs(const struct psx_options *options)
{
    return run(&report, options, SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0);
}

static void sleeper_runs_the_program_when_it_wakes(void)
{
    setup();
    pid_t holder = hold_lock();
    start_sleeper(reads_pipe, 'D');
    EQUAL(0, no_new_privs(&QUICK));
    EQUAL(PSX_DONE, report.head.status);
    EQUAL(PSX_PENDING, report.entries[0].outcome);
    release(holder);
    wait_until_awake();
    EQUAL(2, awake);
}

static void a_trial_is_possible_again_when_the_sleeper_has_run(void)
{
    struct psx_call call = {SYS_getpid, {0}, PSX_PER_TASK, 0};
    setup();
    pid_t holder = hold_lock();
    start_sleeper(reads_pipe, 'D');
    EQUAL(0, no_new_privs(&QUICK));
    EQUAL(PSX_PENDING, report.entries[0].outcome);
    EQUAL(-EBUSY, psx_trial(&call, 1, &report.head));
    release(holder);
    wait_until_awake();
    EQUAL(0, psx_trial(&call, 1, &report.head));
    EQUAL(PSX_DONE, report.head.status);
}

static void replace_the_engines_descriptors(void)
{
    int other = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (int fd = 3; fd < other; fd++) {
        CHECK(fd == ends[0] || fd == ends[1] || dup2(other, fd) == fd);
    }
}

static void what_cannot_be_looked_up_is_not_dead(void)
{
    struct psx_call call = {SYS_getpid, {0}, PSX_PER_TASK, 0};
    setup();
    pid_t holder = hold_lock();
    start_sleeper(reads_pipe, 'D');
    EQUAL(0, no_new_privs(&QUICK));
    replace_the_engines_descriptors();
    EQUAL(-EBUSY, psx_trial(&call, 1, &report.head)); /* it would run that program */
    release(holder);
    wait_until_awake();
    EQUAL(2, awake);
}

/* The signal of the first broadcast is still pending in the second, which cannot send one: the first's would be refused by the handler. */
static void a_signal_of_an_earlier_broadcast_does_not_count(void)
{
    struct rlimit none = {0, 0};
    setup();
    pid_t holder = hold_lock();
    start_sleeper(reads_pipe, 'D');
    EQUAL(0, run(&report, &QUICK, SYS_prctl, PR_SET_NO_NEW_PRIVS, 7, 0));
    EQUAL(PSX_CALL_FAILED, report.head.status);
    CHECK(setrlimit(RLIMIT_SIGPENDING, &none) == 0);
    EQUAL(0, no_new_privs(&QUICK));
    int status = report.head.status;
    release(holder);
    wait_until_awake();
    EQUAL(status == PSX_DONE ? 2 : 1, awake);
    EQUAL(PSX_UNREACHABLE, status);
}

static struct iovec *vector;

static void *reads_pipe_into_vector(void *unused)
{
    (void)unused;
    tid = (int)gettid();
    CHECK(readv(ends[0], vector, 1) == 1);
    return wakes();
}

/* It was missing in the first broadcast, for it was busy in the kernel; in the second the same call sleeps. */
static void a_task_missing_in_an_earlier_broadcast_gets_a_signal_of_its_own(void)
{
    int fd;
    char c;
    struct iovec one = {&c, 1};
    setup();
    vector = (struct iovec *)(void *)stalling_page(&fd);
    pid_t holder = hold_lock();
    thread(reads_pipe_into_vector, NULL);
    while (tid == 0 || (!state_is(tid, 'S') && !state_is(tid, 'D'))) {
        usleep(1000);
    }
    EQUAL(0, run(&report, &QUICK, SYS_getpid, 0, 0, 0));
    if (report.head.status == PSX_DONE) {
        return; /* before Linux 5.7 this, too, is an uninterruptible sleep */
    }
    EQUAL(PSX_UNREACHABLE, report.head.status);
    fill(fd, (char *)vector, &one, sizeof one);
    wait_for_state(tid, 'D');
    EQUAL(0, no_new_privs(&QUICK));
    EQUAL(PSX_DONE, report.head.status);
    release(holder);
    wait_until_awake();
    EQUAL(2, awake);
}

static void *waits_with_another_mask(void *unused)
{
    uint64_t all = ~0ull, none = 0;
    struct epoll_event event;
    (void)unused;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
    tid = (int)gettid();
    EQUAL(1, syscall(SYS_epoll_pwait, epoll, &event, 1, -1, &none, 8));
    awake = 1 + prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
    return idle(NULL);
}

/* epoll_pwait takes the signal only if nothing else has come: then it puts back the mask that blocks it. */
static void a_call_that_changes_the_mask_is_no_sleep(void)
{
    setup();
    epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {EPOLLIN, {0}};
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event) == 0 && write(ends[1], "x", 1) == 1);
    pid_t holder = hold_lock();
    start_sleeper(waits_with_another_mask, 'D');
    EQUAL(0, no_new_privs(&QUICK));
    int status = report.head.status;
    release(holder);
    wait_until_awake();
    EQUAL(status == PSX_DONE ? 2 : 1, awake);
    EQUAL(PSX_UNREACHABLE, status);
    EQUAL(0, no_new_privs(&OPTIONS));
    EQUAL(PSX_DONE, report.head.status);
}

static void *registers_personality(void *unused)
{
    (void)unused;
    tid = (int)gettid();
    CHECK(syscall(SYS_io_uring_register, ring, IORING_REGISTER_PERSONALITY, NULL, 0) > 0);
    return wakes();
}

/* The personality is made when the task goes on, of the credentials that it has then: the old ones. */
static void a_call_that_keeps_the_credentials_is_no_sleep(void)
{
    struct io_uring_params params = {0};
    setup();
    ring = (int)syscall(SYS_io_uring_setup, 4, &params);
    if (ring < 0) {
        return; /* not in this kernel, or not allowed */
    }
    pid_t holder = hold_lock();
    start_sleeper(registers_personality, 'D');
    EQUAL(0, no_new_privs(&QUICK));
    EQUAL(PSX_UNREACHABLE, report.head.status);
    EQUAL(PSX_WHY_CREATING, report.entries[0].reason);
    release(holder);
    wait_until_awake();
}

/* A tracer may keep the signal for itself. */
static void a_traced_sleeper_is_not_counted(void)
{
    setup();
    pid_t holder = hold_lock();
    start_sleeper(reads_pipe, 'D');
    int ready[2];
    char c;
    CHECK(pipe(ready) == 0);
    pid_t tracer = fork();
    if (tracer == 0) {
        CHECK(syscall(SYS_ptrace, 0x4206 /* PTRACE_SEIZE */, tid, 0, 0) == 0);
        CHECK(write(ready[1], "x", 1) == 1);
        for (int status; waitpid(tid, &status, __WALL) == tid && WIFSTOPPED(status);) {
            syscall(SYS_ptrace, 7 /* PTRACE_CONT */, tid, 0, 0); /* without the signal */
        }
        _exit(0);
    }
    CHECK(read(ready[0], &c, 1) == 1);
    EQUAL(0, no_new_privs(&QUICK));
    int status = report.head.status;
    release(holder);
    wait_until_awake();
    EQUAL(status == PSX_DONE ? 2 : 1, awake);
    EQUAL(PSX_UNREACHABLE, status);
    for (uint32_t i = 0; i < report.head.entries; i++) {
        EQUAL(PSX_WHY_TRACED, report.entries[i].reason);
        EQUAL(tracer, report.entries[i].detail);
    }
    release(tracer);
}

static volatile int foreign_saw;

static void foreign(int signo, siginfo_t *info, void *context)
{
    (void)signo;
    (void)info;
    (void)context;
    foreign_saw = 1 + prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
}

/* The same signal, sent by others before ours, is delivered first; but its handler is user code. */
static void the_program_comes_before_a_foreign_handler_of_the_signal(void)
{
    struct {
        void (*handler)(int, siginfo_t *, void *);
        unsigned long flags;
        void (*restorer)(void);
        uint64_t mask;
    } action;
    struct sigaction by_libc = {0};
    by_libc.sa_sigaction = foreign;
    by_libc.sa_flags = SA_SIGINFO;
    sigaction(SIGUSR1, &by_libc, NULL);
    syscall(SYS_rt_sigaction, SIGUSR1, NULL, &action, 8);
    EQUAL(0, syscall(SYS_rt_sigaction, SIGNO, &action, NULL, 8));
    setup();
    pid_t holder = hold_lock();
    start_sleeper(reads_pipe, 'D');
    EQUAL(0, syscall(SYS_tgkill, getpid(), tid, SIGNO));
    EQUAL(0, no_new_privs(&QUICK));
    EQUAL(PSX_DONE, report.head.status);
    release(holder);
    wait_until_awake();
    EQUAL(2, foreign_saw);
    EQUAL(2, awake);
}

int main(void)
{
    if (!privileged()) {
        printf("   skipped: userfaultfd needs privileges here\n");
        return 0;
    }
    TEST(sleeper_runs_the_program_when_it_wakes);
    TEST(a_trial_is_possible_again_when_the_sleeper_has_run);
    TEST(what_cannot_be_looked_up_is_not_dead);
    TEST(a_signal_of_an_earlier_broadcast_does_not_count);
    TEST(a_task_missing_in_an_earlier_broadcast_gets_a_signal_of_its_own);
    TEST(a_call_that_changes_the_mask_is_no_sleep);
    TEST(a_call_that_keeps_the_credentials_is_no_sleep);
    TEST(a_traced_sleeper_is_not_counted);
    TEST(the_program_comes_before_a_foreign_handler_of_the_signal);
    return 0;
}
