/* psx_spawn where the kernel, or a filter of a container, does not have or not allow what it would like to use. */
#include "spawning.h"

#include <linux/capability.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>

#define NOBODY 65534

static struct child child;
static volatile sig_atomic_t handled;

static void handles(int signo)
{
    (void)signo;
    handled++;
}

/* The child starts as a program expects: no handler, what was ignored is ignored, and no signal blocked. */
static void a_child_is_as_it_should(int with_pidfd)
{
    struct sigaction ignores = {.sa_handler = SIG_IGN}, handler = {.sa_handler = handles};
    every_signal_is_default();
    EQUAL(0, sigaction(SIGUSR1, &handler, NULL));
    EQUAL(0, sigaction(SIGRTMAX, &handler, NULL));
    EQUAL(0, sigaction(SIGUSR2, &ignores, NULL));
    int before = open_files("self");
    begin(&child);
    program(&child, SELF, stays);
    spawn_well(&child);
    EQUAL(with_pidfd, child.spawn.pidfd >= 0);
    CHECK(has_line(child.spawn.pid, "SigCgt:\t0000000000000000"));
    CHECK(has_line(child.spawn.pid, "SigIgn:\t0000000000000800"));
    CHECK(has_line(child.spawn.pid, "SigBlk:\t0000000000000000"));
    kill_and_reap(&child);

    begin(&child); /* no handler of the parent's runs in the child before its program either */
    step(&child, 0, SYS_rt_sigprocmask, SIG_SETMASK, (uint64_t)&child.no_signals, 0);
    child.steps[0].arg[3] = 8;
    uint32_t own = step(&child, 0, SYS_getpid, 0, 0, 0);
    step(&child, PSX_CHILD_ARG0, SYS_kill, own, SIGUSR2, 0);
    uint32_t kills = step(&child, PSX_CHILD_ARG0, SYS_kill, own, SIGUSR1, 0);
    program(&child, SELF, stays);
    EQUAL(-ECANCELED, psx_spawn(&child.spawn));
    EQUAL(SIGUSR1, child.spawn.error);
    EQUAL(kills, child.spawn.failed_call);
    EQUAL(0, handled);
    EQUAL(before, open_files("self"));
    no_child_is_left();
}

static void a_stopped_child_is_given_up(void)
{
    begin(&child);
    child.spawn.give_up_ns = SECOND / 5;
    uint32_t own = step(&child, 0, SYS_getpid, 0, 0, 0);
    step(&child, PSX_CHILD_ARG0, SYS_kill, own, SIGSTOP, 0);
    program(&child, SELF, stays);
    EQUAL(-ETIMEDOUT, psx_spawn(&child.spawn));
    EQUAL(PSX_SPAWN_TIMED_OUT, child.spawn.phase);
    no_child_is_left();
}

static void nothing_is_refused(void)
{
    start_engine();
    a_child_is_as_it_should(1);
}

static void without_clone3(void)
{
    static const int errors[] = {ENOSYS, EPERM, EINVAL};
    start_engine();
    for (int i = 0; i < 3; i++) { /* of several filters' errors the latest wins */
        forbid(SYS_clone3, 0, errors[i]);
        a_child_is_as_it_should(1);
    }
    begin(&child);
    child.spawn.clone_flags = CLONE_NEWTIME;
    program(&child, SELF, stays);
    CHECK(psx_spawn(&child.spawn) < 0);
    EQUAL(PSX_SPAWN_CLONE, child.spawn.phase);
    no_child_is_left();
}

static void without_pidfd_from_clone(void)
{
    start_engine();
    forbid(SYS_clone3, 0, ENOSYS);
    forbid(SYS_clone, CLONE_PIDFD, EINVAL);
    a_child_is_as_it_should(1);
    a_stopped_child_is_given_up();
}

static void without_pidfd(void)
{
    start_engine();
    forbid(SYS_clone3, 0, ENOSYS);
    forbid(SYS_clone, CLONE_PIDFD, EINVAL);
    forbid(SYS_pidfd_open, 0, ENOSYS);
    a_child_is_as_it_should(0);
    a_stopped_child_is_given_up();
}

static void without_pidfd_send_signal(void)
{
    start_engine();
    forbid(SYS_pidfd_send_signal, 0, ENOSYS);
    a_stopped_child_is_given_up();
}

static void without_futex(void)
{
    start_engine();
    forbid(SYS_futex, 0, EPERM);
    a_child_is_as_it_should(1);
    a_stopped_child_is_given_up();
}

static void without_clone(void)
{
    start_engine();
    forbid(SYS_clone3, 0, ENOSYS);
    forbid(SYS_clone, CLONE_CHILD_CLEARTID, EPERM);
    begin(&child);
    program(&child, SELF, stays);
    EQUAL(-EPERM, psx_spawn(&child.spawn));
    EQUAL(PSX_SPAWN_CLONE, child.spawn.phase);
    no_child_is_left();
}

/* The application's own choice: its children are nobody's to wait for. */
static void where_children_are_not_waited_for(void)
{
    start_engine();
    CHECK(signal(SIGCHLD, SIG_IGN) != SIG_ERR);
    begin(&child);
    step(&child, 0, SYS_chdir, (uint64_t)"/no such directory", 0, 0);
    program(&child, SELF, stays);
    EQUAL(-ENOENT, psx_spawn(&child.spawn));
    for (int i = 0; i < 200; i++) {
        begin(&child);
        program(&child, SELF, ends);
        EQUAL(0, psx_spawn(&child.spawn));
        close(child.spawn.pidfd);
    }
    int status;
    EQUAL(-1, waitpid(-1, &status, __WALL)); /* when the last of them has ended */
    EQUAL(ECHILD, errno);
    a_stopped_child_is_given_up();
}

static void may_kill_others(int may)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    EQUAL(0, syscall(SYS_capget, &header, data));
    data[0].effective = may ? data[0].effective | 1u << CAP_KILL : data[0].effective & ~(1u << CAP_KILL);
    EQUAL(0, syscall(SYS_capset, &header, data));
}

/* With the right to change ids, but not to signal others: a child that has changed them can be continued only, and that in its session. */
static void where_the_child_cannot_be_killed(int own_session)
{
    start_engine();
    begin(&child);
    child.spawn.give_up_ns = SECOND / 5;
    if (own_session) {
        step(&child, 0, SYS_setsid, 0, 0, 0);
    }
    step(&child, 0, SYS_setresuid, NOBODY, NOBODY, NOBODY);
    uint32_t own = step(&child, 0, SYS_getpid, 0, 0, 0);
    step(&child, PSX_CHILD_ARG0, SYS_kill, own, SIGSTOP, 0);
    program(&child, SELF, stays);
    may_kill_others(0);
    EQUAL(1, prctl(PR_GET_DUMPABLE));
    EQUAL(-ETIMEDOUT, psx_spawn(&child.spawn));
}

static void a_child_that_cannot_be_killed_is_continued(void)
{
    where_the_child_cannot_be_killed(0);
    EQUAL(PSX_SPAWN_TIMED_OUT, child.spawn.phase);
    EQUAL(1, prctl(PR_GET_DUMPABLE));
    no_child_is_left();
}

static void a_child_that_cannot_be_ended_is_told(void)
{
    int status;
    where_the_child_cannot_be_killed(1);
    EQUAL(PSX_SPAWN_LOST, child.spawn.phase);
    CHECK(child.spawn.pid > 0 && child.spawn.pidfd >= 0);
    CHECK(strstr(proc_text(child.spawn.pid, "status"), "State:\tT") != NULL);
    EQUAL(0, prctl(PR_GET_DUMPABLE)); /* it still shares the memory */
    may_kill_others(1);
    EQUAL(0, kill(child.spawn.pid, SIGKILL));
    EQUAL(child.spawn.pid, waitpid(child.spawn.pid, &status, __WALL));
    EQUAL(SIGKILL, status);
}

static int only_child(pid_t of)
{
    char file[32];
    snprintf(file, sizeof file, "task/%d/children", of);
    return atoi(proc_text(of, file));
}

/* Traces it, and keeps what remains of it until told. */
static void keeps_the_child_of(pid_t of, int until)
{
    uint64_t word;
    int pid;
    while ((pid = only_child(of)) == 0 || ptrace(PTRACE_SEIZE, pid, NULL, NULL) != 0) {
        sched_yield();
    }
    _exit(read(until, &word, sizeof word) == sizeof word ? 0 : 1);
}

/* A debugger, say. The child fails in a step, or is killed. */
static void remains_that_somebody_keeps_are_not_waited_for(void)
{
    static struct timespec a_while = {0, 300000000};
    int until = eventfd(0, EFD_CLOEXEC), born = eventfd(0, EFD_CLOEXEC), status;
    uint64_t word = 1;
    for (int killed = 0; killed <= 1; killed++) {
        pid_t spawner = fork();
        if (spawner == 0) {
            EQUAL(sizeof word, read(born, &word, sizeof word));
            start_engine();
            begin(&child);
            step(&child, 0, SYS_nanosleep, (uint64_t)&a_while, 0, 0);
            uint32_t own = step(&child, 0, SYS_getpid, 0, 0, 0);
            step(&child, PSX_CHILD_ARG0, killed ? SYS_kill : SYS_getpgid, own, SIGKILL, 0);
            step(&child, 0, SYS_setresuid, NOBODY, NOBODY, NOBODY);
            step(&child, 0, SYS_chdir, (uint64_t)"/no such directory", 0, 0);
            program(&child, SELF, stays);
            EQUAL(killed ? -ECANCELED : -ENOENT, psx_spawn(&child.spawn));
            EQUAL(killed ? PSX_SPAWN_KILLED : PSX_SPAWN_CALL, child.spawn.phase);
            EQUAL(killed ? 2 : 4, child.spawn.failed_call);
            EQUAL(1, prctl(PR_GET_DUMPABLE));
            CHECK(strstr(proc_text(only_child(getpid()), "stat"), ") Z ") != NULL);
            _exit(0);
        }
        pid_t keeper = fork();
        if (keeper == 0) {
            keeps_the_child_of(spawner, until);
        }
        EQUAL(sizeof word, write(born, &word, sizeof word));
        EQUAL(spawner, waitpid(spawner, &status, 0));
        EQUAL(0, status);
        EQUAL(sizeof word, write(until, &word, sizeof word));
        EQUAL(keeper, waitpid(keeper, &status, 0));
        EQUAL(0, status);
    }
}

/* In a mount namespace of the test's own: a control group of version 2. -1: not here. */
static int cgroup(char *at)
{
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", "/sys/fs/cgroup", "cgroup2", 0, NULL) != 0) {
        return -1;
    }
    sprintf(at, "/sys/fs/cgroup/psx-spawn-%d", getpid());
    EQUAL(0, mkdir(at, 0700));
    return open(at, O_DIRECTORY | O_CLOEXEC);
}

static void a_child_is_born_in_its_control_group(void)
{
    char at[64], line[128];
    int fd = cgroup(at);
    if (fd < 0) {
        printf("      skipped: no cgroup2\n");
        return;
    }
    start_engine();
    begin(&child);
    child.spawn.clone_flags = CLONE_INTO_CGROUP;
    child.spawn.cgroup_fd = fd;
    program(&child, SELF, stays);
    spawn_well(&child);
    snprintf(line, sizeof line, "0::/psx-spawn-%d\n", getpid());
    int found = strstr(proc_text(child.spawn.pid, "cgroup"), line) != NULL;
    kill_and_reap(&child);
    EQUAL(0, rmdir(at));
    CHECK(found);
    begin(&child);
    child.spawn.clone_flags = CLONE_INTO_CGROUP;
    child.spawn.cgroup_fd = fd; /* of a group that is gone */
    program(&child, SELF, stays);
    int64_t error = psx_spawn(&child.spawn);
    CHECK(error == -ENODEV || error == -ENOENT);
    EQUAL(PSX_SPAWN_CLONE, child.spawn.phase);
    forbid(SYS_clone3, 0, ENOSYS);
    EQUAL(-ENOSYS, psx_spawn(&child.spawn));
    EQUAL(PSX_SPAWN_CLONE, child.spawn.phase);
    no_child_is_left();
}

int main(int argc, char **argv)
{
    be_the_program(argv);
    CHECK(argc == 1);
    TEST(nothing_is_refused);
    TEST(without_clone3);
    TEST(without_pidfd_from_clone);
    TEST(without_pidfd);
    TEST(without_pidfd_send_signal);
    TEST(without_futex);
    TEST(without_clone);
    TEST(where_children_are_not_waited_for);
    TEST(a_child_that_cannot_be_killed_is_continued);
    TEST(a_child_that_cannot_be_ended_is_told);
    TEST(remains_that_somebody_keeps_are_not_waited_for);
    TEST(a_child_is_born_in_its_control_group);
    return 0;
}
