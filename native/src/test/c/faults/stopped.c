/* Tasks that do not come because somebody or something stops them: inside clone, in vfork, under a debugger. */
#include "userfault.h"

#include <linux/sched.h>

static volatile int tid, awake;
static int ends[2];

static void *after_clone(void *unused)
{
    awake = 1;
    return idle(unused);
}

static struct clone_args *arguments;

/* As libc does it: all signals blocked around the call. */
static void *stalls_in_clone(void *unused)
{
    uint64_t all = ~0ull, none = 0;
    (void)unused;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
    tid = (int)gettid();
    long made = syscall(SYS_clone3, arguments, sizeof *arguments);
    if (made == 0) {
        for (;;) {
            syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
            syscall(SYS_ppoll, NULL, 0, NULL, NULL, 8);
        }
    }
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
    CHECK(made > 0);
    return after_clone(NULL);
}

static void stalled_clone(void)
{
    int fd;
    arguments = (struct clone_args *)(void *)stalling_page(&fd);
    thread(idle, NULL);
    thread(stalls_in_clone, NULL);
    CHECK(wait_for_page_fault(fd));
    wait_for_state(tid, 'S');
    EQUAL(SYS_clone3, call_of(tid));
    culprit(tid);
    proven("its state is S, its call clone3, and its argument's page is not there");
    broadcast_now();
    struct clone_args task = {0}; /* a process: what it does on its own copy of the stack harms nobody */
    task.exit_signal = SIGCHLD;
    fill(fd, (char *)arguments, &task, sizeof task);
    wait_for(&awake);
    broadcast_now();
}

static int is_born(void *unused)
{
    uint64_t none = 0;
    (void)unused;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
    for (;;) {
        syscall(SYS_ppoll, NULL, 0, NULL, NULL, 8);
    }
    return 0;
}

static int *number_of_child;

static void *stalls_at_birth(void *unused)
{
    static char stack[32768] __attribute__((aligned(16)));
    uint64_t all = ~0ull, none = 0;
    (void)unused;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
    tid = (int)gettid();
    CHECK(clone(is_born, stack + sizeof stack,
                CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_PARENT_SETTID, NULL,
                number_of_child) > 0);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
    return after_clone(NULL);
}

/* The kernel has made the new task, and waits for the page before it lets it run. */
static void stalled_birth(void)
{
    int fd, none = 0;
    number_of_child = (int *)(void *)stalling_page(&fd);
    thread(idle, NULL);
    thread(stalls_at_birth, NULL);
    CHECK(wait_for_page_fault(fd));
    wait_for_state(tid, 'S');
    EQUAL(SYS_clone, call_of(tid));
    culprit(tid);
    struct look look = look_at(getpid());
    EQUAL(4, look.old + look.changed);
    proven("4 tasks are listed, and the clone that makes the last waits for a page");
    broadcast_now();
    fill(fd, (char *)number_of_child, &none, sizeof none);
    wait_for(&awake);
    broadcast_now();
}

static void *waits_in_vfork(void *unused)
{
    char c;
    tid = (int)gettid();
    if (vfork() == 0) {
        _exit(read(ends[0], &c, 1) != 1);
    }
    return after_clone(unused);
}

static void in_vfork(void)
{
    CHECK(pipe(ends) == 0);
    thread(idle, NULL);
    thread(waits_in_vfork, NULL);
    wait_for(&tid);
    wait_for_state(tid, 'D');
    culprit(tid);
    proven("its state is D and its child has neither ended nor become a program");
    broadcast_now();
    CHECK(write(ends[1], "x", 1) == 1);
    wait_for(&awake);
    broadcast_now();
}

static void *waits_for_tracer(void *unused)
{
    tid = (int)gettid();
    return idle(unused);
}

static void traced(void)
{
    char c;
    thread(idle, NULL);
    thread(waits_for_tracer, NULL);
    wait_for(&tid);
    CHECK(pipe(ends) == 0);
    pid_t tracer = fork();
    if (tracer == 0) {
        CHECK(syscall(SYS_ptrace, 0x4206 /* PTRACE_SEIZE */, tid, 0, 0) == 0);
        CHECK(syscall(SYS_ptrace, 0x4207 /* PTRACE_INTERRUPT */, tid, 0, 0) == 0);
        CHECK(waitpid(tid, NULL, __WALL) == tid);
        CHECK(write(ends[1], "x", 1) == 1);
        pause();
    }
    CHECK(read(ends[0], &c, 1) == 1);
    EQUAL('t', state_of(tid));
    culprit(tid);
    proven("its state is t, its tracer process %d", tracer);
    broadcast_now();
    kill(tracer, SIGKILL);
    CHECK(waitpid(tracer, NULL, 0) == tracer);
    broadcast_now();
}

const struct fault stopped_faults[] = {
    {"stalled-clone", "thread stalled inside clone (page fault on its argument)", stalled_clone, REFUSED, PSX_WHY_CREATING, NEEDS_ROOT},
    {"stalled-birth", "thread stalled inside clone, its child already listed", stalled_birth, REFUSED, PSX_WHY_CREATING, NEEDS_ROOT},
    {"vfork", "task that waits for its vfork child", in_vfork, REFUSED, PSX_WHY_CREATING, 0},
    {"traced", "task stopped by a debugger", traced, REFUSED, PSX_WHY_TRACED, 0},
    {NULL, NULL, NULL, 0, 0, 0},
};
