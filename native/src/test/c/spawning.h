/* For the tests of psx_spawn: building a child's steps, and looking at the child from outside. The program is the test itself. */
#ifndef SPAWNING_H
#define SPAWNING_H

#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>

#define SELF "/proc/self/exe"
#define SECOND 1000000000ull

struct child {
    struct psx_spawn spawn;
    struct psx_child_call steps[128];
    char stack[PSX_CHILD_STACK + 1024] __attribute__((aligned(16)));
    uint64_t no_signals;
};

static char *stays[] = {"stay", "stay", NULL}, *no_environment[] = {NULL};
static char *ends[] __attribute__((unused)) = {"end", "end", NULL};

static inline void begin(struct child *child)
{
    memset(&child->spawn, 0, sizeof child->spawn);
    child->no_signals = 0;
    child->spawn.call = child->steps;
    child->spawn.stack = child->stack;
    child->spawn.stack_size = sizeof child->stack;
    child->spawn.give_up_ns = 20 * SECOND;
}

static inline uint32_t step(struct child *child, uint32_t flags, long nr, uint64_t a, uint64_t b, uint64_t c)
{
    uint32_t index = child->spawn.calls++;
    struct psx_child_call call = {nr, {a, b, c, 0, 0, 0}, flags, index, 0};
    child->steps[index] = call;
    return index;
}

/* The last steps of every child: signals open, and the program. */
static inline void program(struct child *child, const char *path, char **argv)
{
    uint32_t mask = step(child, 0, SYS_rt_sigprocmask, SIG_SETMASK, (uint64_t)&child->no_signals, 0);
    child->steps[mask].arg[3] = 8;
    step(child, 0, SYS_execve, (uint64_t)path, (uint64_t)argv, (uint64_t)no_environment);
}

/* A file of its own in /proc, with a zero at the end. */
static inline const char *proc_text(int pid, const char *name)
{
    static char text[16384];
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    int fd = open(path, O_RDONLY);
    ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    close(fd);
    text[size < 0 ? 0 : size] = 0;
    return text;
}

/*
 * exec tells the parent as soon as it cannot fail any more, and has then yet to load the program. The test's deadline ends this.
 */
static inline void await_program(int pid, const char *name)
{
    while (strcmp(proc_text(pid, "cmdline"), name) != 0) {
        sched_yield();
    }
}

static inline void spawn_well(struct child *child)
{
    int64_t error = psx_spawn(&child->spawn);
    if (error != 0) {
        fprintf(stderr, "phase %d, step %d: %lld\n", child->spawn.phase, child->spawn.failed_call, (long long)error);
    }
    EQUAL(0, error);
    EQUAL(PSX_SPAWN_RUNS, child->spawn.phase);
    CHECK(child->spawn.pid > 0);
    if (child->steps[child->spawn.calls - 1].arg[1] == (uint64_t)stays) {
        await_program(child->spawn.pid, stays[0]);
    }
}

/* Reaps it: its status. */
static inline int end_of(struct child *child)
{
    int status = -1;
    EQUAL(child->spawn.pid, waitpid(child->spawn.pid, &status, 0));
    if (child->spawn.pidfd >= 0) {
        close(child->spawn.pidfd);
    }
    return status;
}

static inline void kill_and_reap(struct child *child)
{
    EQUAL(0, kill(child->spawn.pid, SIGKILL));
    EQUAL(SIGKILL, end_of(child));
}

static inline int has_line(int pid, const char *line)
{
    char wanted[256];
    snprintf(wanted, sizeof wanted, "\n%s\n", line);
    const char *text = proc_text(pid, "status");
    int has = strstr(text, wanted) != NULL;
    if (!has) {
        fprintf(stderr, "not in the status of %d: %s\n%s", pid, line, text);
    }
    return has;
}

/* Whoever started the test may ignore some, also those two that libc keeps for itself. */
static inline void every_signal_is_default(void)
{
    uint64_t action[4] = {0};
    for (int signo = 1; signo <= SIGRTMAX; signo++) {
        syscall(SYS_rt_sigaction, signo, action, NULL, 8);
    }
}

static inline int open_files(const char *of)
{
    char path[64];
    int files = 0;
    snprintf(path, sizeof path, "/proc/%s/fd", of);
    DIR *directory = opendir(path);
    CHECK(directory != NULL);
    while (readdir(directory) != NULL) {
        files++;
    }
    closedir(directory);
    return files;
}

/* Nobody is left: neither a child nor a zombie, of any kind. */
static inline void no_child_is_left(void)
{
    int status;
    EQUAL(-1, waitpid(-1, &status, WNOHANG | __WALL));
    EQUAL(ECHILD, errno);
}

/* From now on this call gives `error`, if its first argument has one of these bits; 0: whatever its arguments. */
static inline void forbid(int nr, uint32_t bits, int error)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), /* the call's number */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)nr, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16), /* the low half of its first argument */
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, bits == 0 ? 0 : 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {sizeof code / sizeof *code, code};
    EQUAL(0, syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter));
}

/* What the test does when it is the program; called first in main. */
static inline void be_the_program(char **argv)
{
    if (strcmp(argv[0], "end") == 0) {
        exit(0);
    }
    if (strcmp(argv[0], "stay") == 0) {
        alarm(100);
        pause();
        exit(1);
    }
}

#endif
