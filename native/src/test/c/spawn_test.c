/* psx_spawn: programs, steps that fail, ids, maps, flags of clone, children that do not come to their program. */
#include "spawning.h"

#define NOBODY 65534

static struct child child;

static void the_program_runs(void)
{
    start_engine();
    int before = open_files("self");
    begin(&child);
    program(&child, SELF, stays);
    spawn_well(&child);
    CHECK(child.spawn.pidfd > 2);
    EQUAL(FD_CLOEXEC, fcntl(child.spawn.pidfd, F_GETFD));
    CHECK(has_line(child.spawn.pid, "SigBlk:\t0000000000000000"));
    kill_and_reap(&child);
    EQUAL(before, open_files("self"));
    no_child_is_left();
}

static void its_end_is_an_ordinary_child_s(void)
{
    start_engine();
    begin(&child);
    program(&child, SELF, ends);
    spawn_well(&child);
    EQUAL(0, end_of(&child));
}

/* Each of the steps in turn, first, in the middle, last. */
static void the_step_that_fails_is_told(void)
{
    start_engine();
    int before = open_files("self");
    for (int failing = 0; failing < 20; failing++) {
        begin(&child);
        for (int i = 0; i < 20; i++) {
            step(&child, 0, i == failing ? SYS_chdir : SYS_getpid, (uint64_t)"/no such directory", 0, 0);
        }
        program(&child, SELF, stays);
        EQUAL(-ENOENT, psx_spawn(&child.spawn));
        EQUAL(PSX_SPAWN_CALL, child.spawn.phase);
        EQUAL(failing, child.spawn.failed_call);
        EQUAL(-ENOENT, child.spawn.error);
        EQUAL(-1, child.spawn.pidfd);
        no_child_is_left();
    }
    begin(&child);
    program(&child, "/no such program", stays);
    EQUAL(-ENOENT, psx_spawn(&child.spawn));
    EQUAL(1, child.spawn.failed_call);
    no_child_is_left();
    EQUAL(before, open_files("self"));
}

static void results_are_expected_ignored_and_passed_on(void)
{
    start_engine();
    begin(&child);
    step(&child, PSX_CHILD_IGNORE, SYS_chdir, (uint64_t)"/no such directory", 0, 0);
    uint32_t parent = step(&child, PSX_CHILD_EXPECT, SYS_getppid, 0, 0, 0);
    child.steps[parent].expect = getpid();
    uint32_t file = step(&child, 0, SYS_openat, AT_FDCWD, (uint64_t)"/dev/null", O_RDWR);
    step(&child, PSX_CHILD_ARG0, SYS_dup3, file, 77, 0);
    program(&child, SELF, stays);
    spawn_well(&child);
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/77", child.spawn.pid);
    EQUAL(0, access(path, F_OK));
    kill_and_reap(&child);

    begin(&child);
    parent = step(&child, PSX_CHILD_EXPECT, SYS_getppid, 0, 0, 0);
    child.steps[parent].expect = 1;
    program(&child, SELF, stays);
    EQUAL(-ESRCH, psx_spawn(&child.spawn));
    EQUAL(0, child.spawn.failed_call);
    no_child_is_left();
}

static void ids_change_in_the_child_only(void)
{
    static gid_t groups[] = {7, 8};
    start_engine();
    EQUAL(1, prctl(PR_GET_DUMPABLE));
    begin(&child);
    step(&child, 0, SYS_setgroups, 2, (uint64_t)groups, 0);
    step(&child, 0, SYS_setresgid, NOBODY, NOBODY, NOBODY);
    step(&child, 0, SYS_setresuid, NOBODY, NOBODY, NOBODY);
    program(&child, SELF, stays);
    spawn_well(&child);
    CHECK(has_line(child.spawn.pid, "Uid:\t65534\t65534\t65534\t65534"));
    CHECK(has_line(child.spawn.pid, "Gid:\t65534\t65534\t65534\t65534"));
    CHECK(has_line(child.spawn.pid, "Groups:\t7 8 "));
    CHECK(has_line(getpid(), "Uid:\t0\t0\t0\t0"));
    EQUAL(1, prctl(PR_GET_DUMPABLE));
    kill_and_reap(&child);
}

static void maps_are_written_for_the_child(void)
{
    start_engine();
    for (int unshared = 0; unshared <= 1; unshared++) {
        begin(&child);
        child.spawn.clone_flags = unshared ? 0 : CLONE_NEWUSER;
        child.spawn.setgroups = "deny";
        child.spawn.uid_map = "0 1000 1\n5 2000 10\n";
        child.spawn.gid_map = "0 3000 1\n";
        if (unshared) {
            step(&child, 0, SYS_unshare, CLONE_NEWUSER, 0, 0);
        }
        step(&child, PSX_CHILD_MAPPED, 0, 0, 0, 0);
        step(&child, 0, SYS_setresgid, 0, 0, 0);
        step(&child, 0, SYS_setresuid, 5, 5, 5);
        program(&child, SELF, stays);
        spawn_well(&child);
        CHECK(has_line(child.spawn.pid, "Uid:\t2000\t2000\t2000\t2000"));
        CHECK(has_line(child.spawn.pid, "Gid:\t3000\t3000\t3000\t3000"));
        CHECK(strcmp(proc_text(child.spawn.pid, "setgroups"), "deny\n") == 0);
        kill_and_reap(&child);
    }
}

static void maps_that_are_refused_are_told_by_name(void)
{
    static const char *const wrong[] = {"perhaps", "0 1000 0", "0 1000 1\n0 2000 1"};
    start_engine();
    for (int file = 0; file < 3; file++) {
        begin(&child);
        child.spawn.clone_flags = CLONE_NEWUSER;
        *(file == 0 ? &child.spawn.setgroups : file == 1 ? &child.spawn.uid_map : &child.spawn.gid_map) = wrong[file];
        step(&child, 0, SYS_getpid, 0, 0, 0);
        step(&child, PSX_CHILD_MAPPED, 0, 0, 0, 0);
        program(&child, SELF, stays);
        EQUAL(-EINVAL, psx_spawn(&child.spawn));
        EQUAL(PSX_SPAWN_SETGROUPS + file, child.spawn.phase);
        no_child_is_left();
    }
}

static void namespaces_are_made(void)
{
    char own[64], its[64], path[64];
    start_engine();
    begin(&child);
    child.spawn.clone_flags = CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWNS;
    program(&child, SELF, stays);
    spawn_well(&child);
    static const char *const names[] = {"uts", "pid", "mnt", "net"};
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "/proc/%d/ns/%s", child.spawn.pid, names[i]);
        ssize_t length = readlink(path, its, sizeof its);
        snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
        EQUAL(length, readlink(path, own, sizeof own));
        EQUAL(i == 3, memcmp(own, its, (size_t)length) == 0);
    }
    kill_and_reap(&child);
}

/* Any process of its new user may do that to it. */
static void a_child_that_stops_is_given_up(void)
{
    start_engine();
    int before = open_files("self");
    begin(&child);
    child.spawn.give_up_ns = SECOND / 2;
    step(&child, 0, SYS_setresuid, NOBODY, NOBODY, NOBODY);
    uint32_t own = step(&child, 0, SYS_getpid, 0, 0, 0);
    uint32_t stops = step(&child, PSX_CHILD_ARG0, SYS_kill, own, SIGSTOP, 0);
    program(&child, SELF, stays);
    EQUAL(-ETIMEDOUT, psx_spawn(&child.spawn));
    EQUAL(PSX_SPAWN_TIMED_OUT, child.spawn.phase);
    EQUAL(stops, child.spawn.failed_call);
    EQUAL(before, open_files("self"));
    EQUAL(1, prctl(PR_GET_DUMPABLE));
    no_child_is_left();
}

static void a_child_that_is_killed_is_told(void)
{
    every_signal_is_default();
    start_engine();
    for (int at = 0; at < 3; at++) {
        for (int signo = 1; signo <= 64; signo++) {
            if (signo == SIGSTOP || signo == SIGTSTP || signo == SIGTTIN || signo == SIGTTOU || signo == SIGCHLD || signo == SIGCONT ||
                signo == SIGURG || signo == SIGWINCH) {
                continue;
            }
            begin(&child);
            program(&child, SELF, stays);
            child.spawn.calls = 1;
            while (child.spawn.calls < 1u + (uint32_t)at) {
                step(&child, 0, SYS_getuid, 0, 0, 0);
            }
            uint32_t own = step(&child, 0, SYS_getpid, 0, 0, 0);
            uint32_t kills = step(&child, PSX_CHILD_ARG0, SYS_kill, own, (uint64_t)signo, 0);
            step(&child, 0, SYS_getuid, 0, 0, 0);
            program(&child, SELF, stays);
            EQUAL(-ECANCELED, psx_spawn(&child.spawn));
            EQUAL(PSX_SPAWN_KILLED, child.spawn.phase);
            EQUAL(signo, child.spawn.error);
            EQUAL(kills, child.spawn.failed_call);
            no_child_is_left();
        }
    }
}

static void refused(int64_t expected)
{
    EQUAL(expected, psx_spawn(&child.spawn));
    EQUAL(PSX_SPAWN_REQUEST, child.spawn.phase);
    no_child_is_left();
}

static void bad_requests_are_refused(void)
{
    begin(&child);
    program(&child, SELF, stays);
    EQUAL(-ENOSYS, psx_spawn(&child.spawn));
    start_engine();
    EQUAL(-EINVAL, psx_spawn(NULL));
    child.spawn.clone_flags = CLONE_FILES;
    refused(-EINVAL);
    child.spawn.clone_flags = 0;
    child.spawn.stack_size = PSX_CHILD_STACK;
    refused(-EINVAL);
    child.spawn.stack_size = sizeof child.stack;
    child.spawn.give_up_ns = 0;
    refused(-EINVAL);
    child.spawn.give_up_ns = SECOND;
    child.spawn.uid_map = "0 0 1";
    refused(-EINVAL);
    child.spawn.uid_map = NULL;
    child.steps[0].flags = PSX_CHILD_ARG0; /* its own result */
    refused(-EINVAL);
    child.steps[0].flags = 0;
    child.spawn.calls = 1; /* no program */
    refused(-EINVAL);
    child.spawn.calls = 0;
    refused(-EINVAL);
    child.spawn.calls = 2;
    child.spawn.clone_flags = CLONE_INTO_CGROUP;
    child.spawn.cgroup_fd = 999;
    EQUAL(-EBADF, psx_spawn(&child.spawn));
    EQUAL(PSX_SPAWN_CLONE, child.spawn.phase);
    pid_t pid = fork();
    if (pid == 0) {
        _exit(psx_spawn(&child.spawn) == -ECHILD ? 0 : 1);
    }
    int status;
    EQUAL(pid, waitpid(pid, &status, 0));
    EQUAL(0, status);
}

int main(int argc, char **argv)
{
    be_the_program(argv);
    CHECK(argc == 1);
    TEST(the_program_runs);
    TEST(its_end_is_an_ordinary_child_s);
    TEST(the_step_that_fails_is_told);
    TEST(results_are_expected_ignored_and_passed_on);
    TEST(ids_change_in_the_child_only);
    TEST(maps_are_written_for_the_child);
    TEST(maps_that_are_refused_are_told_by_name);
    TEST(namespaces_are_made);
    TEST(a_child_that_stops_is_given_up);
    TEST(a_child_that_is_killed_is_told);
    TEST(bad_requests_are_refused);
    return 0;
}
