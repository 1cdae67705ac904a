/* Page faults that another thread of the same process serves: while that one is held, nobody comes back from them. */
#include "userfault.h"

static volatile int tid, awake;
static char *page;
static int fault_fd, ends[2];
static volatile unsigned served;

static void *serves(void *unused)
{
    while (wait_for_page_fault(fault_fd)) {
        __atomic_add_fetch(&served, 1, __ATOMIC_RELAXED);
        fill(fault_fd, page, "x", 1);
    }
    return unused;
}

static void *uses_page(void *unused)
{
    (void)unused;
    for (;;) {
        CHECK(*(volatile char *)page == 'x');
        CHECK(madvise(page, 4096, MADV_DONTNEED) == 0);
    }
    return NULL;
}

static void *writes_page_to_pipe(void *unused)
{
    (void)unused;
    for (char c;;) {
        CHECK(write(ends[1], page, 1) == 1 && read(ends[0], &c, 1) == 1 && c == 'x');
        CHECK(madvise(page, 4096, MADV_DONTNEED) == 0);
    }
    return NULL;
}

static void served_by_thread(void *(*user)(void *), const char *where, int calls)
{
    CHECK(pipe(ends) == 0);
    page = stalling_page(&fault_fd);
    thread(idle, NULL);
    thread(serves, NULL);
    thread(user, NULL);
    while (served < 100) {
        usleep(1000);
    }
    unsigned before = served;
    broadcast_often(calls);
    CHECK(served > before);
    proven("%u page faults %s in the time of the calls", served - before, where);
}

static void fault_in_user_code(void)
{
    served_by_thread(uses_page, "in user code", 100);
}

static void fault_in_kernel(void)
{
    served_by_thread(writes_page_to_pipe, "inside write", 20);
}

static void *stalls_in_write(void *unused)
{
    tid = (int)gettid();
    CHECK(write(ends[1], page, 1) == 1);
    awake = 1;
    return idle(unused);
}

/* On this kernel the pending signal keeps such a task awake: it tries again and again, and cannot be told from one that runs. */
static void fault_unserved(void)
{
    CHECK(pipe(ends) == 0);
    page = stalling_page(&fault_fd);
    thread(idle, NULL);
    thread(stalls_in_write, NULL);
    CHECK(wait_for_page_fault(fault_fd));
    wait_for_state(tid, 'S');
    EQUAL(SYS_write, call_of(tid));
    culprit(tid);
    proven("it waits inside write for its argument's page");
    broadcast_now();
    fill(fault_fd, page, "x", 1);
    wait_for(&awake);
    broadcast_now();
}

const struct fault asleep_faults[] = {
    {"fault-served", "page faults in user code, served by another thread (userfaultfd)", fault_in_user_code, ALL_CHANGED, 0, NEEDS_ROOT},
    {"kernel-fault-served", "page faults inside write, served by another thread (userfaultfd)", fault_in_kernel, ALL_CHANGED, 0, NEEDS_ROOT},
    {"fault-unserved", "page fault inside write that nobody serves", fault_unserved, REFUSED, PSX_WHY_BUSY, NEEDS_ROOT},
    {NULL, NULL, NULL, 0, 0, 0},
};
