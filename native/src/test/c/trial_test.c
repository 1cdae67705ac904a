/* What others may do to the disposable process: it is the user's already, and its memory is that of a process which still has everything. */
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/ptrace.h>

#define NAME "psx-trial"
#define USER 65534

static struct full_report report;

/* The trial says when it has got to the end of its program, and goes on when it is told to. */
static int said[2], told[2];
static char byte;

static void pipes(void)
{
    CHECK(pipe2(said, O_CLOEXEC) == 0 && pipe2(told, O_CLOEXEC) == 0);
}

static uint32_t say_and_wait(struct psx_call *program, uint32_t calls)
{
    struct psx_call last[2] = {
        {SYS_write, {(uint64_t)said[1], (uint64_t)(uintptr_t) "", 1}, PSX_AFTER, 0},
        {SYS_read, {(uint64_t)told[0], (uint64_t)(uintptr_t)&byte, 1}, PSX_AFTER, 0},
    };
    memcpy(program + calls, last, sizeof last);
    return calls + 2;
}

static pid_t found(void)
{
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    pid_t pid = 0;
    while (pid == 0 && (entry = readdir(proc)) != NULL) {
        char path[300], name[32] = "";
        snprintf(path, sizeof path, "/proc/%s/comm", entry->d_name);
        FILE *file = fopen(path, "r");
        if (file != NULL && fgets(name, sizeof name, file) != NULL && strcmp(name, NAME "\n") == 0) {
            pid = atoi(entry->d_name);
        }
        if (file != NULL) {
            fclose(file);
        }
    }
    closedir(proc);
    return pid;
}

/* Bit by bit: what a process that has nothing but the user's id can do to the trial. */
static int tries_of_a_stranger(void)
{
    CHECK(setgroups(0, NULL) == 0 && setresgid(USER, USER, USER) == 0 && setresuid(USER, USER, USER) == 0);
    CHECK(read(said[0], &byte, 1) == 1);
    pid_t trial = found();
    CHECK(trial > 0);
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", trial);
    int tries = open(path, O_RDWR) >= 0;
    snprintf(path, sizeof path, "/proc/%d/oom_score_adj", trial); /* holds for all that share the memory */
    tries |= open(path, O_RDWR) >= 0 ? 2 : 0;
    tries |= ptrace(PTRACE_SEIZE, trial, NULL, NULL) == 0 ? 4 : 0;
    CHECK(write(told[1], &byte, 1) == 1);
    return tries;
}

static void expect_memory_out_of_reach(struct psx_call *program, uint32_t calls)
{
    calls = say_and_wait(program, calls);
    EQUAL(0, psx_trial(program, calls, &report.head));
    EQUAL(PSX_DONE, report.head.status);
    EQUAL(1, prctl(PR_GET_DUMPABLE));
}

static pid_t stranger(void)
{
    pipes();
    pid_t pid = fork();
    if (pid == 0) {
        _exit(tries_of_a_stranger());
    }
    return pid;
}

static void expect_no_success(pid_t pid)
{
    int status;
    EQUAL(pid, waitpid(pid, &status, 0));
    EQUAL(0, status);
}

/* The flag that is wanted afterwards would open the memory while this process is still root. */
static void the_users_processes_do_not_reach_the_memory(void)
{
    if (geteuid() != 0) {
        return;
    }
    start_engine();
    pid_t pid = stranger();
    struct psx_call program[8] = {
        {SYS_prctl, {PR_SET_NAME, (uint64_t)(uintptr_t)NAME}, PSX_PER_TASK, 0},
        {SYS_setresgid, {USER, USER, USER}, PSX_PER_TASK, 0},
        {SYS_setresuid, {USER, USER, USER}, PSX_PER_TASK, 0},
        {SYS_prctl, {PR_SET_DUMPABLE, 1}, PSX_AFTER, 0},
    };
    expect_memory_out_of_reach(program, 4);
    expect_no_success(pid);
}

/* A process with capabilities is out of the reach of those that lack them. The trial, which has given them up, must not be a way in. */
static void nor_where_only_capabilities_are_given_up(void)
{
    if (geteuid() != 0) {
        return;
    }
    start_engine();
    pid_t pid = stranger();
    CHECK(prctl(PR_SET_KEEPCAPS, 1) == 0 && setresgid(USER, USER, USER) == 0 && setresuid(USER, USER, USER) == 0);
    CHECK(prctl(PR_SET_DUMPABLE, 1) == 0);
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
    struct psx_call program[8] = {
        {SYS_prctl, {PR_SET_NAME, (uint64_t)(uintptr_t)NAME}, PSX_PER_TASK, 0},
        {SYS_capset, {(uint64_t)(uintptr_t)&header, (uint64_t)(uintptr_t)none}, PSX_PER_TASK, 0},
    };
    expect_memory_out_of_reach(program, 2);
    expect_no_success(pid);
}

/* Its end is then the tracer's to see first; and until it has, nobody else sees it. */
static int holds_the_dead(void)
{
    CHECK(read(said[0], &byte, 1) == 1);
    CHECK(ptrace(PTRACE_SEIZE, found(), NULL, NULL) == 0);
    CHECK(write(told[1], &byte, 1) == 1);
    pause();
    return 1;
}

static void who_cannot_be_seen_to_end_is_not_waited_for(void)
{
    if (geteuid() != 0) {
        return;
    }
    start_engine();
    pipes();
    pid_t tracer = fork();
    if (tracer == 0) {
        _exit(holds_the_dead());
    }
    struct psx_call program[8] = {{SYS_prctl, {PR_SET_NAME, (uint64_t)(uintptr_t)NAME}, PSX_PER_TASK, 0}};
    uint32_t calls = say_and_wait(program, 1);
    EQUAL(-ETIMEDOUT, psx_trial(program, calls, &report.head));
    EQUAL(0, prctl(PR_GET_DUMPABLE));
    EQUAL(-EBUSY, psx_trial(program, 1, &report.head)); /* it is still there */
    EQUAL(0, run(&report, &OPTIONS, SYS_getpid, 0, 0, 0));
    CHECK(kill(tracer, SIGKILL) == 0);
    EQUAL(tracer, waitpid(tracer, NULL, 0));
    EQUAL(0, psx_trial(program, 1, &report.head));
    EQUAL(1, prctl(PR_GET_DUMPABLE));
    EQUAL(-1, waitpid(-1, NULL, __WALL));
}

static void the_call_in_which_it_is_killed_is_named(void)
{
    start_engine();
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {4, code};
    EQUAL(0, prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    EQUAL(0, prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter));
    struct psx_call program[3] = {
        {SYS_getpid, {0}, PSX_AFTER, 0},
        {SYS_getppid, {0}, PSX_PER_TASK, 0},
        {SYS_getpid, {0}, PSX_PER_TASK, 0},
    };
    for (int32_t call = 1; call >= 0; call--) {
        EQUAL(0, psx_trial(program, 3, &report.head));
        EQUAL(PSX_CALL_FAILED, report.head.status);
        EQUAL(call, report.head.call);
        EQUAL(-EPERM, report.head.result);
        program[0].nr = SYS_getppid;
        program[1].nr = SYS_getpid;
    }
}

int main(void)
{
    TEST(the_users_processes_do_not_reach_the_memory);
    TEST(nor_where_only_capabilities_are_given_up);
    TEST(who_cannot_be_seen_to_end_is_not_waited_for);
    TEST(the_call_in_which_it_is_killed_is_named);
    return 0;
}
