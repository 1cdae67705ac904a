/*
 * No task is held longer than max_pause, give_up bounds the call, and a gathering that fails changes nothing. A second process asks for the
 * broadcasts, stops the caller, and judges: by the times at which the tasks run user code, and by their files below /proc.
 */
#include "pause.h"

#include <linux/userfaultfd.h>
#include <sys/ioctl.h>

static uint64_t seed;

static uint64_t chance(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

#define SEIZE 0x4206
#define INTERRUPT 0x4207
#define CONT 7

static void stop(int tid)
{
    CHECK(syscall(SYS_ptrace, INTERRUPT, tid, 0, 0) == 0);
    CHECK(waitpid(tid, NULL, __WALL) == tid);
}

/* Stops the caller somewhere in the broadcast under way, for three times the longest hold. */
static void disturb(int64_t max_pause, int filters)
{
    for (int64_t then = now_ns() + (int64_t)chance(2 * MS); now_ns() < then;) {
    }
    stop(caller);
    int64_t since = now_ns();
    int before = held;
    expect_all_go_on(since, max_pause + ALLOWANCE, max_pause / 4);
    int changed = filtered(filters + 1); /* the caller may have run its own part, and has not returned to user code */
    CHECK(changed <= 1 ? filtered(filters) == workers + 1 - changed : changed == workers + 1);
    committed += changed > 1 && held > before;
    while (now_ns() < since + 3 * max_pause) {
        usleep(1000);
    }
    CHECK(syscall(SYS_ptrace, CONT, caller, 0, 0) == 0);
}

static void a_caller_that_is_stopped_holds_nobody(void)
{
    enum { ROUNDS = 100, MAX_PAUSE = 20 };
    const char *given = getenv("PSX_SEED");
    seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)now_ns();
    printf("      PSX_SEED=%llu\n", (unsigned long long)seed);
    fflush(stdout);
    start_caller(NULL);
    measure_noise();
    CHECK(syscall(SYS_ptrace, SEIZE, caller, 0, 0) == 0);
    struct psx_call sleeps = {SYS_nanosleep, {(uint64_t)&shared->nap, 0}, PSX_BEFORE, 0};
    for (int i = 0; i < ROUNDS; i++) {
        shared->nap.tv_nsec = i % 2 == 0 ? 0 : (long)chance(2 * MS); /* else most are over before they are stopped */
        ask(MAX_PAUSE * 1000, 15000000, sleeps);
        disturb(MAX_PAUSE * MS, i);
        await();
        EQUAL(0, shared->error);
        EQUAL(PSX_DONE, shared->report.head.status);
        EQUAL(workers + 1, filtered(i + 1));
    }
    printf("      %d of %d times it was stopped after the commit, while others were still held\n", committed, ROUNDS);
    expect_median(ROUNDS / 10, MAX_PAUSE * MS * 3 / 2);
}

static int call_of(int tid)
{
    char path[64], text[64] = "";
    snprintf(path, sizeof path, "/proc/%d/task/%d/syscall", caller, tid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int nr = fd >= 0 && read(fd, text, sizeof text - 1) > 0 && text[0] >= '0' && text[0] <= '9' ? atoi(text) : -1;
    close(fd);
    return nr;
}

/* Its call ends when the others have been seen to go on, so neither was the other's cause. */
static void a_call_that_takes_longer_than_the_longest_hold(void)
{
    enum { ROUNDS = 10, MAX_PAUSE = 50 };
    int ends[2];
    char rest[8];
    CHECK(pipe(ends) == 0);
    start_caller(NULL);
    measure_noise();
    shared->vector = (struct iovec){&shared->byte, 1};
    struct psx_call waits = {SYS_readv, {(uint64_t)ends[0], (uint64_t)&shared->vector, 1}, PSX_BEFORE, 0};
    for (int i = 0; i < ROUNDS; i++) {
        ask(MAX_PAUSE * 1000, 15000000, waits);
        UNTIL(call_of(caller) == SYS_readv);
        expect_all_go_on(now_ns(), MAX_PAUSE * MS + ALLOWANCE, MAX_PAUSE * MS / 4);
        EQUAL(SYS_readv, call_of(caller));
        EQUAL(workers + 1, filtered(i));
        CHECK(write(ends[1], "xy", 2) == 2);
        await();
        EQUAL(PSX_DONE, shared->report.head.status);
        CHECK(shared->report.head.attempts > 1);
        EQUAL(workers + 1, filtered(i + 1));
        EQUAL(1, read(ends[0], rest, sizeof rest)); /* it was called once */
    }
    expect_median(1, MAX_PAUSE * MS * 3 / 2);
}

enum { BLOCKS, TRACED, IN_VFORK };

static void *does_not_come(void *argument)
{
    int *culprit = argument;
    uint64_t all = ~0ull;
    if (culprit - shared->culprits == BLOCKS) {
        syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
    }
    int tid = (int)gettid();
    if (culprit - shared->culprits == IN_VFORK && vfork() == 0) {
        STORE(culprit, tid);
        syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        for (;;) {
            syscall(SYS_ppoll, NULL, 0, NULL, NULL, 8);
        }
    }
    STORE(culprit, tid);
    return idle(NULL);
}

static void three_that_do_not_come(void)
{
    for (int i = 0; i < 3; i++) {
        thread(does_not_come, &shared->culprits[i]);
    }
}

/* A task that was held, or on a busy machine on its way: into the handler, or out of it, where it still blocks all signals. */
static void expect_no_fault(const struct psx_entry *entry)
{
    static const int harmless = 1 << PSX_WHY_UNKNOWN | 1 << PSX_WHY_BUSY | 1 << PSX_WHY_BLOCKED;
    int refused = entry->reason == PSX_WHY_REFUSED && entry->detail == EAGAIN; /* other processes of this user may use up the limit */
    if ((harmless >> entry->reason & 1) == 0 && !refused) {
        fprintf(stderr, "task %d: reason %d, detail %lld\n", entry->tid, entry->reason, (long long)entry->detail);
        _exit(1);
    }
}

/* All three are named, each with its own reason. */
static void expect_reasons(void)
{
    int named = 0;
    EQUAL(PSX_UNREACHABLE, shared->report.head.status);
    EQUAL(workers + 3, shared->report.head.entries);
    for (uint32_t i = 0; i < shared->report.head.entries; i++) {
        static const int reasons[] = {PSX_WHY_BLOCKED, PSX_WHY_TRACED, PSX_WHY_CREATING};
        const struct psx_entry *entry = &shared->report.entries[i];
        int culprit = 0;
        while (culprit < 3 && shared->culprits[culprit] != entry->tid) {
            culprit++;
        }
        named += culprit < 3;
        EQUAL(culprit < 3 ? PSX_MISSING : entry->outcome, entry->outcome);
        if (culprit < 3) {
            EQUAL(reasons[culprit], entry->reason);
        } else {
            expect_no_fault(entry);
        }
        EQUAL(culprit == TRACED ? getpid() : entry->detail, entry->detail);
    }
    EQUAL(3, named);
}

static void expect_unreachable(const struct psx_options *options)
{
    static char before[1 << 18];
    int64_t ticks[WORKERS], give_up = options->give_up_us * 1000ll;
    look(before, sizeof before, 0);
    for (int i = 0; i < workers; i++) {
        ticks[i] = LOAD(&shared->workers[i].ticks);
    }
    longest_pause();
    ask(options->max_pause_us, options->give_up_us, NOTHING);
    await();
    int64_t longest = longest_pause();
    EQUAL(0, shared->error);
    printf("      given up after %.0f of %.0f ms and %u attempts, longest pause %.2f ms\n", (double)shared->took / MS, (double)give_up / MS,
           shared->report.head.attempts, (double)longest / MS);
    fflush(stdout);
    expect_reasons();
    expect_unchanged(before);
    CHECK(shared->took > give_up / 2 && shared->took < give_up + 4 * ALLOWANCE);
    CHECK(shared->report.head.attempts > 2);
    CHECK(longest < options->max_pause_us * 1000ll + ALLOWANCE);
    for (int i = 0; i < workers; i++) {
        CHECK(LOAD(&shared->workers[i].ticks) > ticks[i] + 3);
    }
}

static void tasks_that_do_not_come_are_named(void)
{
    static const struct psx_options usual = {20000, 2000000, 0, 0}, patient = {UINT32_MAX, 1000000, 0, 0};
    start_caller(three_that_do_not_come);
    for (int i = 0; i < 3; i++) {
        UNTIL(LOAD(&shared->culprits[i]) != 0);
    }
    CHECK(syscall(SYS_ptrace, SEIZE, shared->culprits[TRACED], 0, 0) == 0);
    stop(shared->culprits[TRACED]);
    expect_unreachable(&usual);
    expect_unreachable(&patient);
}

/* What a status says is so, on every task: DIVERGED is the caller changed and the others not, for want of time to gather them again. */
static int expect_consistent(int filters)
{
    int status = shared->report.head.status;
    EQUAL(0, shared->error);
    CHECK(status == PSX_DONE || status == PSX_UNREACHABLE || status == PSX_DIVERGED);
    EQUAL(status == PSX_DONE ? workers + 1 : status == PSX_DIVERGED, filtered(filters + 1));
    EQUAL(status == PSX_DONE ? 0 : workers + (status == PSX_UNREACHABLE), filtered(filters));
    CHECK(shared->took < 300 * MS + 4 * ALLOWANCE);
    return status;
}

static void both_times_at_the_ends_of_their_ranges(void)
{
    static const uint32_t refused[][2] = {{0, UINT32_MAX}, {UINT32_MAX, 0}, {0, 0}};
    static const uint32_t shortest[][2] = {{UINT32_MAX, 1}, {1, 1}, {1, 300000}};
    int filters = 1;
    start_caller(NULL);
    for (int i = 0; i < 3; i++) {
        ask(refused[i][0], refused[i][1], NOTHING);
        await();
        EQUAL(-EINVAL, shared->error);
        EQUAL(workers + 1, filtered(0));
    }
    ask(UINT32_MAX, UINT32_MAX, NOTHING);
    await();
    EQUAL(PSX_DONE, shared->report.head.status);
    EQUAL(workers + 1, filtered(1));
    for (int i = 0, status = PSX_DONE; i < 3 && status != PSX_DIVERGED; i++) {
        ask(shortest[i][0], shortest[i][1], NOTHING);
        await();
        status = expect_consistent(filters);
        filters += status == PSX_DONE;
    }
}

static void *stays_in_the_kernel(void *unused)
{
    STORE(&shared->culprits[0], (int)gettid());
    syscall(SYS_readv, shared->vector.iov_len, shared->vector.iov_base, 1);
    return unused;
}

/* A page that nobody fills keeps the task in the kernel; woken by the signal it asks for the page again, and so is always busy. */
static void reads_into_a_page_that_does_not_come(void)
{
    int ends[2], fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct uffdio_api api = {UFFD_API, 0, 0};
    struct uffdio_register area = {{(uint64_t)page, 4096}, UFFDIO_REGISTER_MODE_MISSING, 0};
    CHECK(fd >= 0 && ioctl(fd, UFFDIO_API, &api) == 0 && ioctl(fd, UFFDIO_REGISTER, &area) == 0 && pipe(ends) == 0);
    shared->vector = (struct iovec){page, (size_t)ends[0]};
    thread(stays_in_the_kernel, NULL);
}

static void give_up_bounds_a_longer_max_pause(void)
{
    static char before[1 << 18];
    start_caller(reads_into_a_page_that_does_not_come);
    UNTIL(LOAD(&shared->culprits[0]) != 0 && call_of(shared->culprits[0]) == SYS_readv);
    look(before, sizeof before, 0);
    ask(UINT32_MAX, 300000, NOTHING);
    await();
    EQUAL(PSX_UNREACHABLE, shared->report.head.status);
    CHECK(shared->took < 300 * MS + 4 * ALLOWANCE);
    for (uint32_t i = 0; i < shared->report.head.entries; i++) {
        const struct psx_entry *entry = &shared->report.entries[i];
        CHECK(entry->tid != shared->culprits[0] || (entry->outcome == PSX_MISSING && entry->reason == PSX_WHY_BUSY));
    }
    expect_unchanged(before);
}

static int may_stall_pages(void)
{
    int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
    close(fd);
    return fd >= 0;
}

int main(void)
{
    TEST(a_caller_that_is_stopped_holds_nobody);
    TEST(a_call_that_takes_longer_than_the_longest_hold);
    TEST(tasks_that_do_not_come_are_named);
    TEST(both_times_at_the_ends_of_their_ranges);
    if (may_stall_pages()) {
        TEST(give_up_bounds_a_longer_max_pause);
    } else {
        printf("   skipped: userfaultfd needs privileges here\n");
    }
    return 0;
}
