/* A process that broadcasts on demand, and what another sees of its tasks: when they run user code, and their files below /proc. */
#ifndef PAUSE_H
#define PAUSE_H

#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <sys/uio.h>

#define MS 1000000ll
#define SLEEPERS 6
#define WORKERS 8
#define NAP (MS / 5)           /* of a worker, between two looks at the clock */
#define TOO_LATE (30000 * MS)  /* nothing is awaited for longer: whoever is still held then is held for ever */
#define ALLOWANCE (500 * MS)   /* for what the machine below this one takes: the waits for a processor are not counted at all */

struct worker {
    int tid;
    int64_t seen;    /* when it last ran user code */
    int64_t ticks;   /* and how often it looked */
    int64_t longest; /* time without user code, its waits for a processor not counted */
    int64_t late;    /* time between `since` and its next user code, likewise */
};

/* What caller and judge share. The caller's program: the first call, then one more seccomp filter for every task. */
static struct shared {
    struct worker workers[WORKERS];
    int64_t since; /* from when on the caller stands still */
    int64_t error, took; /* what the broadcast returned, and its time; the caller's waits for a processor are not counted */
    int32_t returned;
    int culprits[3];
    struct timespec nap;
    struct iovec vector;
    char byte;
    struct full_report report;
} * shared;

struct order {
    struct psx_options options;
    struct psx_call first;
};

static pid_t caller;
static int workers, orders[2], asked;

#define LOAD(p) __atomic_load_n(p, __ATOMIC_SEQ_CST)
#define STORE(p, v) __atomic_store_n(p, v, __ATOMIC_SEQ_CST)

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 * MS + t.tv_nsec;
}

#define UNTIL(condition)                                                                       \
    do {                                                                                       \
        for (int64_t end_ = now_ns() + TOO_LATE; !(condition); usleep(200)) {                  \
            if (now_ns() > end_) {                                                             \
                fprintf(stderr, "%s:%d: never true: %s\n", __FILE__, __LINE__, #condition);    \
                _exit(1);                                                                      \
            }                                                                                  \
        }                                                                                      \
    } while (0)

/* ---- the process that broadcasts ---- */

/* How long the task has been ready to run and without a processor, ever. */
static int64_t run_delay(int fd)
{
    char text[64] = "", *behind;
    if (pread(fd, text, sizeof text - 1, 0) <= 0) {
        return 0;
    }
    strtoll(text, &behind, 10); /* the time that it ran */
    return strtoll(behind, NULL, 10);
}

struct last {
    int fd;
    int64_t now, delay;
};

/* The delay is read on both sides of the clock: it may be subtracted once too often, never once too little. */
static void tick(struct worker *me, struct last *last)
{
    int64_t delay = run_delay(last->fd);
    int64_t now = now_ns();
    int64_t waited = run_delay(last->fd) - last->delay;
    int64_t since = LOAD(&shared->since);
    if (now - last->now - waited > LOAD(&me->longest)) {
        STORE(&me->longest, now - last->now - waited);
    }
    if (since != 0 && last->now <= since && now > since) {
        STORE(&me->late, now - since - waited);
    }
    last->now = now;
    last->delay = delay;
    STORE(&me->ticks, me->ticks + 1);
    STORE(&me->seen, now);
}

/* The last ones spin, and are interrupted in the middle of user code; the others in a system call. */
static void *works(void *argument)
{
    struct worker *me = argument;
    int spins = me - shared->workers >= SLEEPERS;
    uint32_t word = 0;
    struct timespec nap = {0, NAP};
    struct last last = {open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC), now_ns(), 0};
    last.delay = run_delay(last.fd);
    STORE(&me->tid, (int)gettid());
    for (;; tick(me, &last)) {
        if (!spins) {
            syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &nap, NULL, 0);
        }
        while (spins && now_ns() < last.now + NAP) {
        }
    }
    return NULL;
}

static void serve(void)
{
    static struct sock_filter allow[] = {BPF_STMT(BPF_RET | BPF_K, 0x7fff0000 /* SECCOMP_RET_ALLOW */)};
    static struct sock_fprog filter = {1, allow};
    struct order order;
    int fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
    while (read(orders[0], &order, sizeof order) == sizeof order) {
        struct psx_call program[2] = {order.first, {SYS_prctl, {PR_SET_SECCOMP, 2, (uint64_t)&filter}, PSX_PER_TASK, 0}};
        shared->report.head.capacity = ENTRIES;
        int64_t from = now_ns(), delay = run_delay(fd);
        shared->error = psx_broadcast(program, 2, &order.options, &shared->report.head);
        shared->took = now_ns() - from - (run_delay(fd) - delay);
        STORE(&shared->returned, shared->returned + 1);
    }
    _exit(1);
}

/* Starts it, with other tasks than the workers if need be, and waits until all of them work. */
static void start_caller(void (*others)(void))
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    workers = processors > 2 ? WORKERS : SLEEPERS + (processors > 1);
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared != MAP_FAILED && pipe(orders) == 0);
    caller = fork();
    CHECK(caller >= 0);
    if (caller == 0) {
        CHECK(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
        start_engine();
        for (int i = 0; i < workers; i++) {
            thread(works, &shared->workers[i]);
        }
        if (others != NULL) {
            others();
        }
        serve();
    }
    for (int i = 0; i < workers; i++) {
        UNTIL(LOAD(&shared->workers[i].seen) != 0);
    }
}

/* ---- the judge ---- */

static void ask(uint32_t max_pause_us, uint32_t give_up_us, struct psx_call first)
{
    struct order order = {{max_pause_us, give_up_us, 0, 0}, first};
    asked++;
    CHECK(write(orders[1], &order, sizeof order) == sizeof order);
}

static void await(void)
{
    UNTIL(LOAD(&shared->returned) == asked);
}

static const struct psx_call NOTHING = {SYS_getpid, {0}, PSX_BEFORE, 0};

static int volatile_line(const char *line)
{
    static const char *const those[] = {"State:", "SigQ:", "SigPnd:", "Vm", "Rss", "voluntary_", "nonvoluntary_"};
    for (size_t i = 0; i < sizeof those / sizeof *those; i++) {
        if (strncmp(line, those[i], strlen(those[i])) == 0) {
            return 1;
        }
    }
    return 0;
}

/* The status of all tasks, but for what changes by itself; and how many have this number of filters. */
static int look(char *text, size_t size, long long filters)
{
    char path[64], line[8192];
    int have = 0;
    size_t used = 0;
    snprintf(path, sizeof path, "/proc/%d/task", caller);
    DIR *tasks = opendir(path);
    CHECK(tasks != NULL);
    for (struct dirent *entry; (entry = readdir(tasks)) != NULL;) {
        snprintf(path, sizeof path, "/proc/%d/task/%.20s/status", caller, entry->d_name);
        FILE *file = entry->d_name[0] == '.' ? NULL : fopen(path, "r");
        while (file != NULL && fgets(line, sizeof line, file) != NULL) {
            have += strncmp(line, "Seccomp_filters:", 16) == 0 && atoll(line + 16) == filters;
            used += text == NULL || volatile_line(line) ? 0 : (size_t)snprintf(text + used, size - used, "%s", line);
            CHECK(text == NULL || used < size);
        }
        if (file != NULL) {
            fclose(file);
        }
    }
    closedir(tasks);
    return have;
}

static int filtered(long long filters)
{
    return look(NULL, 0, filters);
}

/* A task that has been let go may still be on its way out of the handler, with the handler's mask. */
static void expect_unchanged(const char *before)
{
    static char after[1 << 18];
    UNTIL((look(after, sizeof after, 0), strcmp(before, after) == 0));
}

static int64_t lates[4096], noise;
static int held, committed; /* holds that nobody ended; and stops of the caller between the commit and the end of such holds */

/*
 * The caller stands still since `since`, and not for its own sake will it go on before this returns. So whoever runs user code again has
 * left by itself. By whatever number of attempts it was held before: now there is none that could hold it again.
 */
static void expect_all_go_on(int64_t since, int64_t at_most, int64_t counts_from)
{
    for (int i = 0; i < workers; i++) {
        STORE(&shared->workers[i].late, 0);
    }
    STORE(&shared->since, since);
    for (int i = 0; i < workers; i++) {
        UNTIL(LOAD(&shared->workers[i].seen) > since);
        int64_t late = LOAD(&shared->workers[i].late);
        CHECK(late < at_most);
        if (late > counts_from && held < (int)(sizeof lates / sizeof *lates)) {
            lates[held++] = late;
        }
    }
    STORE(&shared->since, 0);
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void expect_median(int least, int64_t at_most)
{
    CHECK(held >= least);
    qsort(lates, (size_t)held, sizeof *lates, by_size);
    printf("      %d holds that nobody ended: median %.2f ms, longest %.2f ms; longest pause without a broadcast %.2f ms\n", held,
           (double)lates[held / 2] / MS, (double)lates[held - 1] / MS, (double)noise / MS);
    fflush(stdout);
    CHECK(lates[held / 2] < at_most);
}

static int64_t longest_pause(void)
{
    int64_t longest = 0;
    for (int i = 0; i < workers; i++) {
        int64_t its = __atomic_exchange_n(&shared->workers[i].longest, 0, __ATOMIC_SEQ_CST);
        longest = its > longest ? its : longest;
    }
    return longest;
}

/* The same workers on the same machine without broadcasts. */
static void measure_noise(void)
{
    longest_pause();
    for (int i = 0; i < workers; i++) {
        int64_t ticks = LOAD(&shared->workers[i].ticks);
        UNTIL(LOAD(&shared->workers[i].ticks) > ticks + 300);
    }
    noise = longest_pause();
}

#endif
