/* Other broadcasters, and other libraries' handlers, at the same time. glibc's loop and libpsx's never together: they hang each other. */
#include "fault.h"

#include <dlfcn.h>

#define TASKS 8
#define ROUNDS 300

static volatile uint64_t calls;

static void idle_tasks(void)
{
    for (int i = 0; i < TASKS; i++) {
        thread(idle, NULL);
    }
}

/* The loop must go on after the change, too. */
static void still_goes_on(const char *what)
{
    uint64_t before = calls;
    while (calls == before) {
        sched_yield();
    }
    proven("%llu %s during %u counted changes, and more after them", (unsigned long long)before, what, stage->counted);
}

static void *sets_ids(void *unused)
{
    for (;;) {
        CHECK(setresuid(-1, -1, -1) == 0);
        __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    }
    return unused;
}

static void glibc_loop(void)
{
    if (peer_is("libpsx")) {
        skip("never glibc's loop beside libpsx's: they hang each other");
    }
    idle_tasks();
    thread(sets_ids, NULL);
    thread(sets_ids, NULL);
    exactly_once(ROUNDS, TASKS + 3);
    still_goes_on("setresuid of libc's");
    broadcast_now();
    still_goes_on("setresuid of libc's");
}

static long (*libpsx_call)(long, long, long, long);

static void load_libpsx(void)
{
    void *library = dlopen("libpsx.so.2", RTLD_NOW);
    if (library == NULL) {
        lacks("libpsx.so.2 (Debian: libcap2)");
    }
    libpsx_call = (long (*)(long, long, long, long))dlsym(library, "psx_syscall3");
    CHECK(libpsx_call != NULL);
}

static void *libpsx_calls(void *unused)
{
    for (;;) {
        CHECK(libpsx_call(SYS_setresuid, -1, -1, -1) == 0);
        __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    }
    return unused;
}

static void libpsx_loop(void)
{
    idle_tasks();
    thread(libpsx_calls, NULL);
    thread(libpsx_calls, NULL);
    while (calls == 0) {
        sched_yield();
    }
    exactly_once(ROUNDS, TASKS + 3);
    still_goes_on("calls of libpsx");
    broadcast_now();
    still_goes_on("calls of libpsx");
}

static void no_glibc_here(void)
{
    if (peer_is("glibc")) {
        skip("never glibc's loop beside libpsx's: they hang each other");
    }
}

static void libpsx_before(void)
{
    no_glibc_here();
    load_libpsx();
    CHECK(libpsx_call(SYS_setresuid, -1, -1, -1) == 0); /* now its handler is there */
    start_peer();
    libpsx_loop();
}

static void libpsx_after(void)
{
    no_glibc_here();
    start_peer();
    load_libpsx();
    libpsx_loop();
}

static volatile int answered, caller, blocks;

static void answers(int signo)
{
    (void)signo;
    answered = 1;
}

/* As libc's set*id does: signals every thread and waits until the handler has run there, with its own signals blocked or not. */
static void *waits_for_a_handler_on_the_caller(void *unused)
{
    uint64_t all = ~0ull, none = 0;
    for (;;) {
        if (blocks) {
            syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
        }
        answered = 0;
        syscall(SYS_tgkill, getpid(), caller, SIGUSR1);
        while (!answered) {
            sched_yield();
        }
        syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
        __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    }
    return unused;
}

static void handler_on_the_caller(void)
{
    struct sigaction action = {0};
    action.sa_handler = answers;
    sigaction(SIGUSR1, &action, NULL);
    caller = (int)gettid();
    idle_tasks();
    thread(waits_for_a_handler_on_the_caller, NULL);
    while (calls == 0) {
        sched_yield();
    }
    exactly_once(100, TASKS + 2);
    still_goes_on("handlers on the caller");
    broadcast_now();
    still_goes_on("handlers on the caller");
}

static void handler_on_the_caller_awaited_with_signals_blocked(void)
{
    blocks = 1;
    handler_on_the_caller();
}

const struct fault beside_faults[] = {
    {"glibc-loop", "libc's `setresuid(-1, -1, -1)` in a loop on two threads", glibc_loop, ALL_CHANGED, 0, 0},
    {"libpsx-before", "libpsx calls in a loop on two threads, libpsx loaded first", libpsx_before, ALL_CHANGED, 0, STARTS_LATE},
    {"libpsx-after", "libpsx calls in a loop on two threads, libpsx loaded later", libpsx_after, ALL_CHANGED, 0, STARTS_LATE},
    {"handler-on-caller", "a thread waits for its handler to run on the caller", handler_on_the_caller, ALL_CHANGED, 0, 0},
    {"handler-on-caller-blocked", "the same, with all signals blocked while it waits", handler_on_the_caller_awaited_with_signals_blocked,
     ALL_CHANGED, 0, 0},
    {NULL, NULL, NULL, 0, 0, 0},
};
