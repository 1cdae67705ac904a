/*
 * spawn ENGINE MEGABYTES THREADS MILLISECONDS: how long it takes to start /bin/true and to wait for its end, in a process with so much memory
 * in use, by so many threads at the same time: the nanoseconds of each, a line each. ENGINE: psx (this library), posix_spawn, vfork (with
 * exec), psx-user (with a change of ids, which the two others cannot do). Run by spawn.sh, which interleaves them.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "psx.h"

#define MOST_THREADS 64
#define MOST 100000 /* spawns of one thread */
#define NOBODY 65534

extern char **environ;
static char *arguments[] = {"true", NULL};

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static void fail(const char *what)
{
    fprintf(stderr, "spawn: %s\n", what);
    exit(1);
}

static void wait_for(pid_t pid)
{
    int status;
    if (waitpid(pid, &status, 0) != pid || status != 0) {
        fail("/bin/true did not end well");
    }
}

static void psx_with(const struct psx_child_call *calls, uint32_t count)
{
    static __thread char stack[PSX_CHILD_STACK + 128] __attribute__((aligned(16)));
    struct psx_spawn spawn = {.calls = count, .call = calls, .stack = stack, .stack_size = sizeof stack, .give_up_ns = 10000000000ull};
    if (psx_spawn(&spawn) != 0) {
        fail("psx_spawn failed");
    }
    wait_for(spawn.pid);
    close(spawn.pidfd);
}

static const uint64_t no_signals;
#define OPEN_SIGNALS {SYS_rt_sigprocmask, {2 /* SIG_SETMASK */, (uint64_t)&no_signals, 0, 8}, 0, 0, 0}
#define PROGRAM {SYS_execve, {(uint64_t)"/bin/true", (uint64_t)arguments, (uint64_t)environ}, 0, 0, 0}

static void once_psx(void)
{
    const struct psx_child_call calls[] = {OPEN_SIGNALS, PROGRAM};
    psx_with(calls, 2);
}

static void once_psx_user(void)
{
    const struct psx_child_call calls[] = {
        {SYS_setgroups, {0}, 0, 0, 0}, {SYS_setresgid, {NOBODY, NOBODY, NOBODY}, 0, 0, 0}, {SYS_setresuid, {NOBODY, NOBODY, NOBODY}, 0, 0, 0},
        OPEN_SIGNALS, PROGRAM,
    };
    psx_with(calls, 5);
}

static void once_posix_spawn(void)
{
    pid_t pid;
    if (posix_spawn(&pid, "/bin/true", NULL, NULL, arguments, environ) != 0) {
        fail("posix_spawn failed");
    }
    wait_for(pid);
}

static void once_vfork(void)
{
    pid_t pid = vfork();
    if (pid == 0) {
        execve("/bin/true", arguments, environ);
        _exit(127);
    }
    wait_for(pid);
}

static struct {
    const char *name;
    void (*once)(void);
} engines[] = {{"psx", once_psx}, {"psx-user", once_psx_user}, {"posix_spawn", once_posix_spawn}, {"vfork", once_vfork}};

static void (*once)(void);
static uint64_t end;

struct worker {
    uint64_t took[MOST];
    int count;
};

static void *work(void *context)
{
    struct worker *worker = context;
    once();
    for (uint64_t start, now = now_ns(); now < end && worker->count < MOST; worker->took[worker->count++] = now - start) {
        start = now;
        once();
        now = now_ns();
    }
    return context;
}

static void use_memory(uint64_t megabytes)
{
    char *memory = mmap(NULL, megabytes << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        fail("no memory");
    }
    madvise(memory, megabytes << 20, MADV_NOHUGEPAGE); /* the usual state of a heap that has grown */
    for (uint64_t i = 0; i < megabytes << 20; i += 4096) {
        memory[i] = 1;
    }
}

int main(int count, char **argument)
{
    pthread_t id[MOST_THREADS];
    int threads = count == 5 ? atoi(argument[3]) : 0;
    if (threads < 1 || threads > MOST_THREADS || atoi(argument[2]) < 1) {
        fail("usage: spawn psx|psx-user|posix_spawn|vfork MEGABYTES THREADS MILLISECONDS");
    }
    for (size_t i = 0; i < sizeof engines / sizeof *engines; i++) {
        once = strcmp(argument[1], engines[i].name) == 0 ? engines[i].once : once;
    }
    struct psx_start_options options = {32, 0};
    if (once == NULL || psx_start(&options) != 0) {
        fail("no such engine, or psx_start failed");
    }
    use_memory((uint64_t)atoi(argument[2]));
    struct worker *workers = mmap(NULL, (size_t)threads * sizeof *workers, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (workers == MAP_FAILED) {
        fail("no memory");
    }
    end = now_ns() + (uint64_t)atoi(argument[4]) * 1000000;
    for (int i = 0; i < threads; i++) {
        if (pthread_create(&id[i], NULL, work, &workers[i]) != 0) {
            fail("pthread_create failed");
        }
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(id[i], NULL);
        for (int k = 0; k < workers[i].count; k++) {
            printf("%llu\n", (unsigned long long)workers[i].took[k]);
        }
    }
    return 0;
}
