/*
 * A child with an oom_score_adj of its own. The kernel gives what it writes to all who share its memory, unless it was made by vfork: so also
 * the helper that makes such children is judged, and what becomes of both when either is stopped or killed.
 */
#include "spawning.h"

#define NOBODY 65534
#define THREADS 4
#define SCORE 321

static struct child children[THREADS], *const child = children;

static int score_of(int pid)
{
    return atoi(proc_text(pid, "oom_score_adj"));
}

static void set_score(struct child *child)
{
    uint32_t file = step(child, 0, SYS_openat, (uint64_t)AT_FDCWD, (uint64_t)"/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    child->spawn.clone_flags |= CLONE_VFORK;
    step(child, PSX_CHILD_ARG0, SYS_write, file, (uint64_t)"321", 3);
    step(child, PSX_CHILD_ARG0, SYS_close, file, 0, 0);
}

static void become_nobody(struct child *child)
{
    step(child, 0, SYS_setresgid, NOBODY, NOBODY, NOBODY);
    step(child, 0, SYS_setresuid, NOBODY, NOBODY, NOBODY);
}

/* --- whose score */

static int own;

/* Every other one has a score of its own. */
static void *spawns(void *index)
{
    struct child *one = &children[(intptr_t)index];
    for (int i = 0; i < 60; i++) {
        int scored = i % 2 == (intptr_t)index % 2;
        begin(one);
        if (scored) {
            set_score(one);
        }
        if (i % 3 == 0) {
            become_nobody(one);
        }
        program(one, SELF, stays);
        spawn_well(one);
        char file[64], text[16] = "";
        snprintf(file, sizeof file, "/proc/%d/oom_score_adj", one->spawn.pid); /* proc_text is for one thread */
        int fd = open(file, O_RDONLY | O_CLOEXEC);
        CHECK(read(fd, text, sizeof text - 1) > 0);
        close(fd);
        EQUAL(scored ? SCORE : own, atoi(text));
        kill_and_reap(one);
    }
    return index;
}

static void in_threads(void)
{
    pthread_t id[THREADS];
    for (intptr_t i = 0; i < THREADS; i++) {
        id[i] = thread(spawns, (void *)i);
    }
    for (int i = 0; i < THREADS; i++) {
        EQUAL(0, pthread_join(id[i], NULL));
    }
    EQUAL(own, score_of(getpid()));
    EQUAL(1, prctl(PR_GET_DUMPABLE));
    no_child_is_left();
}

static void the_score_is_the_child_s_alone(void)
{
    start_engine();
    own = score_of(getpid());
    CHECK(own != SCORE);
    int before = open_files("self");
    in_threads();
    forbid(SYS_clone3, 0, ENOSYS);
    in_threads();
    EQUAL(before, open_files("self"));
}

static void it_goes_with_namespaces(void)
{
    start_engine();
    own = score_of(getpid());
    for (int i = 0; i < 2; i++) {
        begin(child);
        child->spawn.clone_flags = i == 0 ? CLONE_NEWPID | CLONE_NEWNS : CLONE_NEWUSER;
        set_score(child);
        if (i == 1) {
            child->spawn.uid_map = child->spawn.gid_map = "0 65534 1";
            step(child, PSX_CHILD_MAPPED, 0, 0, 0, 0);
        }
        program(child, SELF, stays);
        spawn_well(child);
        EQUAL(SCORE, score_of(child->spawn.pid));
        EQUAL(own, score_of(getpid()));
        kill_and_reap(child);
        no_child_is_left();
    }
}

/* --- children that do not come to their program */

static void failures_are_told(void)
{
    start_engine();
    int before = open_files("self");
    begin(child);
    child->spawn.clone_flags = CLONE_VFORK;
    step(child, 0, SYS_chdir, (uint64_t)"/no such directory", 0, 0);
    program(child, SELF, stays);
    EQUAL(-ENOENT, psx_spawn(&child->spawn));
    EQUAL(PSX_SPAWN_CALL, child->spawn.phase);
    no_child_is_left();

    begin(child);
    child->spawn.clone_flags = CLONE_VFORK | CLONE_INTO_CGROUP;
    child->spawn.cgroup_fd = 999;
    program(child, SELF, stays);
    EQUAL(-EBADF, psx_spawn(&child->spawn));
    EQUAL(PSX_SPAWN_CLONE, child->spawn.phase);
    no_child_is_left();

    for (int signo = SIGSTOP;; signo = SIGKILL) {
        begin(child);
        child->spawn.clone_flags = CLONE_VFORK;
        child->spawn.give_up_ns = SECOND / 2;
        uint32_t itself = step(child, 0, SYS_getpid, 0, 0, 0);
        step(child, PSX_CHILD_ARG0, SYS_kill, itself, (uint64_t)signo, 0);
        program(child, SELF, stays);
        EQUAL(signo == SIGSTOP ? -ETIMEDOUT : -ECANCELED, psx_spawn(&child->spawn));
        EQUAL(signo == SIGSTOP ? PSX_SPAWN_TIMED_OUT : PSX_SPAWN_KILLED, child->spawn.phase);
        EQUAL(1, child->spawn.failed_call);
        no_child_is_left();
        if (signo == SIGKILL) {
            break;
        }
    }
    EQUAL(before, open_files("self"));
}

/* --- a helper that is stopped or killed */

static int spawner;

static void *spawns_slowly(void *unused)
{
    static struct timespec a_while = {0, 300000000};
    __atomic_store_n(&spawner, (int)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
    begin(child);
    step(child, 0, SYS_nanosleep, (uint64_t)&a_while, 0, 0);
    set_score(child);
    program(child, SELF, stays);
    spawn_well(child);
    return unused;
}

/* Of its two children the helper is the one that sleeps for the other. */
static int helper(void)
{
    char file[40];
    while (__atomic_load_n(&spawner, __ATOMIC_SEQ_CST) == 0) {
        sched_yield();
    }
    snprintf(file, sizeof file, "task/%d/children", spawner);
    for (;;) { /* the test's deadline ends this */
        int pid[2] = {0, 0};
        if (sscanf(proc_text(getpid(), file), "%d %d", &pid[0], &pid[1]) != 2) {
            continue;
        }
        for (int i = 0; i < 2; i++) {
            int call = atoi(proc_text(pid[!i], "syscall"));
            if (call == SYS_nanosleep && atoi(proc_text(pid[i], "syscall")) != SYS_nanosleep) {
                return pid[i];
            }
        }
    }
}

static void its_helper_gets(int signo)
{
    start_engine();
    pthread_t id = thread(spawns_slowly, NULL);
    EQUAL(0, kill(helper(), signo));
    EQUAL(0, pthread_join(id, NULL));
    EQUAL(SCORE, score_of(child->spawn.pid));
    kill_and_reap(child);
    no_child_is_left();
}

static void a_stopped_helper_does_no_harm(void)
{
    own = score_of(getpid());
    its_helper_gets(SIGSTOP);
    EQUAL(own, score_of(getpid()));
}

static void a_killed_helper_does_not_end_the_spawn(void)
{
    its_helper_gets(SIGKILL);
}

int main(int argc, char **argv)
{
    be_the_program(argv);
    CHECK(argc == 1);
    TEST(the_score_is_the_child_s_alone);
    TEST(it_goes_with_namespaces);
    TEST(failures_are_told);
    TEST(a_stopped_helper_does_no_harm);
    TEST(a_killed_helper_does_not_end_the_spawn);
    return 0;
}
