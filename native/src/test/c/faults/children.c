/* Processes that share something with this one: forked without exec, or with the same memory. And a second copy of the engine. */
#include "fault.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#define TASKS 8

#pragma weak psx_start
#pragma weak psx_broadcast
#pragma weak psx_trial
#pragma weak psx_probe
#pragma weak psx_tasks
#pragma weak psx_task_read
#pragma weak psx_register_threads
#pragma weak psx_table_fd

static void idle_tasks(void)
{
    for (int i = 0; i < TASKS; i++) {
        thread(idle, NULL);
    }
}

/* In the child: its exit code says which function did what it must not. */
static int every_function_refuses(void)
{
    static struct psx_report report;
    static const struct psx_options options = {100000, 300000, 0, 0};
    struct psx_start_options start = {SIGNO, 0};
    struct psx_call call = {SYS_getpid, {0}, PSX_PER_TASK, 0};
    int32_t tids[4];
    char text[64];
    int64_t answer;
    const int64_t results[] = {psx_start(&start), psx_broadcast(&call, 1, &options, &report), psx_trial(&call, 1, &report),
                               psx_probe(&call, 1, &call, 1, &answer, &report), psx_tasks(tids, 4), psx_task_read(getpid(), "comm", text, sizeof text),
                               psx_register_threads(&call, -1, -1), psx_table_fd()};
    for (int i = 0; i < (int)(sizeof results / sizeof *results); i++) {
        if (results[i] != -ECHILD) {
            return i + 1;
        }
    }
    return 0;
}

static volatile int children, stop, stopped;

static void *forks_over_and_over(void *unused)
{
    while (!stop) {
        int status;
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (pid == 0) {
            _exit(every_function_refuses());
        }
        CHECK(waitpid(pid, &status, 0) == pid);
        EQUAL(0, status);
        children++;
    }
    stopped = 1;
    return idle(unused);
}

static void forked_children(void)
{
    idle_tasks();
    exactly_once(1, TASKS + 1);
    thread(forks_over_and_over, NULL);
    wait_for(&children);
    exactly_once(200, TASKS + 2);
    int before = children;
    while (children == before) {
        sched_yield();
    }
    stop = 1;
    wait_for(&stopped);
    proven("each of %d children got ECHILD from every function, during %u counted changes", children, stage->counted);
    broadcast_now();
}

static volatile uint64_t steps;
static volatile int leave;

static int lives_in_our_memory(void *unused)
{
    (void)unused;
    while (!leave) {
        steps++;
        sched_yield();
    }
    return 42;
}

static void child_in_our_memory(void)
{
    static char stack[65536] __attribute__((aligned(16)));
    idle_tasks();
    pid_t pid = clone(lives_in_our_memory, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL);
    CHECK(pid > 0);
    while (steps == 0) {
        sched_yield();
    }
    exactly_once(100, TASKS + 1);
    uint64_t before = steps;
    while (steps == before) {
        sched_yield();
    }
    proven("process %d runs in the same memory during %u counted changes, which are none of its own", pid, stage->counted);
    broadcast_now();
    int status;
    leave = 1;
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(WIFEXITED(status));
    EQUAL(42, WEXITSTATUS(status));
}

/* The same file under another name: a library of its own for the dynamic linker. */
static void *load_a_copy(void)
{
    Dl_info info;
    struct stat file;
    char name[64];
    CHECK(dladdr((void *)(uintptr_t)psx_start, &info) != 0);
    int from = open(info.dli_fname, O_RDONLY), to = memfd_create("copy", 0);
    CHECK(from >= 0 && to >= 0 && fstat(from, &file) == 0);
    CHECK(sendfile(to, from, NULL, (size_t)file.st_size) == file.st_size);
    snprintf(name, sizeof name, "/proc/self/fd/%d", to);
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    CHECK(library != NULL);
    close(from);
    return library;
}

static void second_copy(void)
{
    struct psx_start_options options = {SIGNO, 0};
    uint64_t ignored[4] = {(uint64_t)SIG_IGN, 0, 0, 0};
    void *library = load_a_copy();
    int64_t (*start)(const struct psx_start_options *) = (int64_t(*)(const struct psx_start_options *))dlsym(library, "psx_start");
    CHECK(start != NULL && start != psx_start);
    idle_tasks();
    EQUAL(-EALREADY, start(&options));
    exactly_once(10, TASKS + 1);
    CHECK(syscall(SYS_rt_sigaction, SIGNO, ignored, NULL, 8) == 0); /* as libc's late installation: the handler tells nothing now */
    EQUAL(-EALREADY, start(&options));
    exactly_once(10, TASKS + 1);
    proven("two psx_start at %p and %p; the second gives EALREADY, also when the handler has been replaced", (void *)(uintptr_t)psx_start,
           (void *)(uintptr_t)start);
    broadcast_now();
}

const struct fault children_faults[] = {
    {"fork-child", "children of fork without exec call the library", forked_children, ALL_CHANGED, 0, ENGINE_ONLY},
    {"vm-child", "a process of clone(CLONE_VM) in the same memory", child_in_our_memory, ALL_CHANGED, 0, 0},
    {"two-copies", "a second copy of the engine in the process", second_copy, ALL_CHANGED, 0, ENGINE_ONLY},
    {NULL, NULL, NULL, 0, 0, 0},
};
