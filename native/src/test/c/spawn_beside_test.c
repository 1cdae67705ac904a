/*
 * psx_spawn beside other things: spawns of other threads, signals, broadcasts, the end of the parent.
 * `spawn_beside_test N`: N spawns leave nothing behind, and that alone (100,000 take a minute or two).
 */
#include "spawning.h"

#define NOBODY 65534
#define THREADS 4

static struct child children[THREADS];
static volatile int over;

static struct child *of(void *index)
{
    return &children[(intptr_t)index];
}

static void in_threads(void *(*body)(void *))
{
    pthread_t id[THREADS];
    for (intptr_t i = 0; i < THREADS; i++) {
        id[i] = thread(body, (void *)i);
    }
    for (int i = 0; i < THREADS; i++) {
        EQUAL(0, pthread_join(id[i], NULL));
    }
}

static void become_nobody(struct child *child)
{
    step(child, 0, SYS_setgroups, 0, 0, 0);
    step(child, 0, SYS_setresgid, NOBODY, NOBODY, NOBODY);
    step(child, 0, SYS_setresuid, NOBODY, NOBODY, NOBODY);
}

/* --- nothing is left behind */

static int spawns;

static void *spawns_and_fails(void *index)
{
    struct child *child = of(index);
    for (int i = 0; i < spawns / THREADS; i++) {
        begin(child);
        if (i % 4 == 2) {
            become_nobody(child);
        }
        if (i % 16 == 8) {
            child->spawn.clone_flags = CLONE_NEWUSER;
            child->spawn.uid_map = child->spawn.gid_map = i % 32 == 8 ? "0 0 1" : "wrong";
            step(child, PSX_CHILD_MAPPED, 0, 0, 0, 0);
        }
        program(child, i % 8 == 1 ? "/no such program" : SELF, ends);
        int64_t error = psx_spawn(&child->spawn);
        EQUAL(i % 8 == 1 ? -ENOENT : i % 32 == 24 ? -EINVAL : 0, error);
        if (error == 0) {
            EQUAL(0, end_of(child));
        }
    }
    return index;
}

static long resident_pages(void)
{
    long size, resident = -1;
    FILE *file = fopen("/proc/self/statm", "r");
    EQUAL(2, fscanf(file, "%ld %ld", &size, &resident));
    fclose(file);
    return resident;
}

static void nothing_is_left_behind(void)
{
    start_engine();
    in_threads(spawns_and_fails);
    int files = open_files("self");
    long pages = resident_pages();
    in_threads(spawns_and_fails);
    EQUAL(files, open_files("self"));
    CHECK(resident_pages() - pages < 64);
    EQUAL(1, prctl(PR_GET_DUMPABLE));
    no_child_is_left();
}

/* --- signals */

static volatile int handled, handled_elsewhere;
static pid_t parent;

static void handles(int signo)
{
    (void)signo;
    handled++;
    handled_elsewhere += getpid() != parent; /* a child's count would show: its memory is ours */
}

static void *spawns_under_signals(void *index)
{
    struct child *child = of(index);
    for (int i = 0; i < 400; i++) {
        begin(child);
        program(child, SELF, ends);
        int64_t error = psx_spawn(&child->spawn);
        if (error == -ECANCELED) {
            EQUAL(PSX_SPAWN_KILLED, child->spawn.phase);
            CHECK(child->spawn.error == SIGUSR1 || child->spawn.error == SIGRTMAX);
            continue;
        }
        EQUAL(0, error);
        int status = end_of(child);
        CHECK(status == 0 || WTERMSIG(status) == SIGUSR1 || WTERMSIG(status) == SIGRTMAX);
    }
    return index;
}

/* To the whole group: parent, and children at any moment of theirs. */
static void *signals_all(void *unused)
{
    for (int i = 0; !over; i++) {
        kill(0, i % 2 == 0 ? SIGUSR1 : SIGRTMAX);
        usleep(i % 200);
    }
    return unused;
}

static void signals_are_the_parent_s_or_kill_the_child(void)
{
    struct sigaction handler = {.sa_handler = handles, .sa_flags = SA_RESTART};
    start_engine();
    EQUAL(0, setpgid(0, 0));
    parent = getpid();
    EQUAL(0, sigaction(SIGUSR1, &handler, NULL));
    EQUAL(0, sigaction(SIGRTMAX, &handler, NULL));
    pthread_t sender = thread(signals_all, NULL);
    in_threads(spawns_under_signals);
    over = 1;
    EQUAL(0, pthread_join(sender, NULL));
    CHECK(handled > 0);
    EQUAL(0, handled_elsewhere);
    no_child_is_left();
}

/* --- broadcasts */

static struct full_report report;

static void *spawns_on(void *index)
{
    struct child *child = of(index);
    while (!over) {
        begin(child);
        if ((intptr_t)index % 2 == 0) {
            become_nobody(child);
        }
        program(child, SELF, ends);
        spawn_well(child);
        EQUAL(0, end_of(child));
    }
    return index;
}

static void broadcasts_and_spawns_wait_for_each_other(void)
{
    pthread_t id[THREADS];
    start_engine();
    for (intptr_t i = 0; i < THREADS; i++) {
        id[i] = thread(spawns_on, (void *)i);
    }
    for (int i = 0; i < 100; i++) {
        EQUAL(0, run(&report, &OPTIONS, SYS_prctl, PR_SET_TIMERSLACK, 100000 + (uint64_t)i, 0));
        EQUAL(PSX_DONE, report.head.status);
        EQUAL(THREADS + 1, report.head.tasks);
    }
    over = 1;
    for (int i = 0; i < THREADS; i++) {
        EQUAL(0, pthread_join(id[i], NULL));
    }
}

static volatile int spawner;

static void *spawns_one_that_stops(void *index)
{
    struct child *child = of(index);
    spawner = (int)syscall(SYS_gettid);
    begin(child);
    child->spawn.give_up_ns = 2 * SECOND;
    uint32_t own = step(child, 0, SYS_getpid, 0, 0, 0);
    step(child, PSX_CHILD_ARG0, SYS_kill, own, SIGSTOP, 0);
    program(child, SELF, stays);
    EQUAL(-ETIMEDOUT, psx_spawn(&child->spawn));
    return index;
}

static void a_spawn_that_does_not_end_is_named(void)
{
    static const struct psx_options quick = {100000, 300000, 0, 0};
    start_engine();
    pthread_t id = thread(spawns_one_that_stops, (void *)0);
    while (spawner == 0 || status_field(spawner, "SigBlk", 16) == 0) {
        sched_yield();
    }
    EQUAL(0, run(&report, &quick, SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0));
    EQUAL(PSX_UNREACHABLE, report.head.status);
    EQUAL(1, report.head.entries);
    EQUAL(spawner, report.entries[0].tid);
    EQUAL(PSX_WHY_BLOCKED, report.entries[0].reason);
    EQUAL(0, run(&report, &OPTIONS, SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0)); /* this one waits for its end */
    EQUAL(PSX_DONE, report.head.status);
    EQUAL(0, pthread_join(id, NULL));
    no_child_is_left();
}

/* --- the end of the parent */

static void *spawns_for_ever(void *index)
{
    struct child *child = of(index);
    for (int i = 0;; i++) {
        begin(child);
        child->spawn.clone_flags = i % 3 == 0 ? CLONE_VFORK : 0; /* by a helper */
        if (i % 2 == 0) {
            child->spawn.clone_flags |= CLONE_NEWUSER;
            child->spawn.uid_map = child->spawn.gid_map = "0 65534 1";
            step(child, PSX_CHILD_MAPPED, 0, 0, 0, 0);
            step(child, 0, SYS_setresgid, 0, 0, 0);
            step(child, 0, SYS_setresuid, 0, 0, 0);
        } else {
            become_nobody(child);
        }
        program(child, SELF, stays);
        psx_spawn(&child->spawn); /* what becomes of it is judged from outside */
        close(child->spawn.pidfd);
    }
    return index;
}

/* Our children, those that we have inherited among them: reaps the dead, kills those that run their program as nobody; how many are neither. */
static int unfinished(void)
{
    static char text[65536];
    char path[64];
    int others = 0, status;
    while (waitpid(-1, &status, WNOHANG | __WALL) > 0) {
    }
    snprintf(path, sizeof path, "/proc/self/task/%ld/children", syscall(SYS_gettid));
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = read(fd, text, sizeof text - 1);
    close(fd);
    text[size < 0 ? 0 : size] = 0;
    for (char *at = text, *end; strtol(at, &end, 10) > 0; at = end) {
        int pid = atoi(at);
        int runs = strcmp(proc_text(pid, "cmdline"), "stay") == 0;
        if (runs) {
            CHECK(has_line(pid, "Uid:\t65534\t65534\t65534\t65534") || strstr(proc_text(pid, "stat"), ") Z ") != NULL);
            kill(pid, SIGKILL);
        }
        others++;
    }
    return others;
}

static void a_killed_parent_leaves_no_half_made_child(void)
{
    EQUAL(0, prctl(PR_SET_CHILD_SUBREAPER, 1));
    for (int round = 0; round < 150; round++) {
        pid_t pid = fork();
        if (pid == 0) {
            start_engine();
            for (intptr_t i = 0; i < THREADS; i++) {
                thread(spawns_for_ever, (void *)i);
            }
            idle(NULL);
        }
        usleep(500 + (unsigned)round * 37 % 3000);
        EQUAL(0, kill(pid, SIGKILL));
        while (unfinished() != 0) { /* the test's deadline ends this */
            sched_yield();
        }
    }
}

int main(int argc, char **argv)
{
    be_the_program(argv);
    spawns = argc > 1 ? atoi(argv[1]) : 600; /* an emulated machine makes some 30 in a second */
    if (argc > 1) {
        nothing_is_left_behind();
        return 0;
    }
    TEST(nothing_is_left_behind);
    TEST(signals_are_the_parent_s_or_kill_the_child);
    TEST(broadcasts_and_spawns_wait_for_each_other);
    TEST(a_spawn_that_does_not_end_is_named);
    TEST(a_killed_parent_leaves_no_half_made_child);
    return 0;
}
