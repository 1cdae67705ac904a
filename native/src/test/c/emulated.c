/*
 * For qemu-user, which emulates one program and hands its system calls to the real kernel. There a broadcast cannot come to its commit: a
 * thread of the emulator itself, which blocks all signals, stands among the tasks. What goes before can be tested: the start, the
 * gathering through the handler, the refusal, and that all were let go unchanged.
 */
#include "check.h"

#define THREADS 20

static struct full_report report;
static const struct psx_options QUICK = {100000, 1000000, 0, 0};

static void the_start_reads_the_task_directory(void)
{
    int32_t tids[ENTRIES];
    char text[4096];
    start_engine();
    CHECK(psx_tasks(tids, ENTRIES) >= 1);
    EQUAL(getpid(), tids[0]);
    CHECK(psx_task_read(getpid(), "status", text, sizeof text) > 0);
    CHECK(strstr(text, "\nThreads:") != NULL);
}

/* Each attempt ends as soon as the emulator's thread is found to block the signal, so not all come in time: until some have. */
static void threads_are_held_and_let_go(void)
{
    uint32_t held = 0;
    start_engine();
    for (int i = 0; i < THREADS; i++) {
        thread(i % 8 == 0 ? busy : idle, NULL);
    }
    while (held == 0) {
        EQUAL(0, run(&report, &QUICK, SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0));
        EQUAL(PSX_UNREACHABLE, report.head.status);
        EQUAL(THREADS + 1, report.head.entries); /* and the emulator's */
        for (uint32_t i = 0; i < report.head.entries; i++) {
            held += report.entries[i].outcome == PSX_UNTOUCHED;
            EQUAL(0, status_field(report.entries[i].tid, "NoNewPrivs", 10));
        }
        CHECK(held < report.head.entries);
        EQUAL(0, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    }
    printf("      %u threads were held\n", held);
    fflush(stdout);
}

static void misuse_is_refused(void)
{
    struct psx_start_options options = {SIGNO, 0};
    EQUAL(-ENOSYS, run(&report, &QUICK, SYS_getpid, 0, 0, 0));
    start_engine();
    EQUAL(-EALREADY, psx_start(&options));
    EQUAL(-EINVAL, psx_broadcast(NULL, 1, &QUICK, &report.head));
}

int main(void)
{
    TEST(the_start_reads_the_task_directory);
    TEST(threads_are_held_and_let_go);
    TEST(misuse_is_refused);
    return 0;
}
