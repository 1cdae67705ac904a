/* Very many tasks; and one that cannot do what the others do. */
#include "fault.h"

#include <linux/filter.h>
#include <linux/seccomp.h>

#define MANY 5000

static void many_tasks(void)
{
    for (int i = 1; i < MANY; i++) {
        pthread_t id;
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        pthread_attr_setstacksize(&attributes, 64 * 1024);
        if (pthread_create(&id, &attributes, idle, NULL) != 0) {
            skip("may not make 5,000 threads");
        }
    }
    EQUAL(MANY, status_field(getpid(), "Threads", 10));
    proven("status says Threads: %d", MANY);
    broadcast_now();
}

static volatile int tid;

static void *may_not_change(void *unused)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), /* the call's number */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_setresuid, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {4, code};
    CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0);
    CHECK(syscall(SYS_setresuid, -1, -1, -1) == -1 && errno == EPERM);
    tid = (int)gettid();
    return idle(unused);
}

static void differing(void)
{
    thread(idle, NULL);
    thread(may_not_change, NULL);
    wait_for(&tid);
    culprit(tid);
    proven("a filter gives that task EPERM");
    broadcast_now();
}

static void differing_halt(void)
{
    stage->halt = 70;
    differing();
}

const struct fault result_faults[] = {
    {"many", "5,000 tasks", many_tasks, ALL_CHANGED, 0, 0},
    {"differs", "another result on one task (a seccomp filter), policy: report", differing, DIVERGED, 0, NEEDS_ROOT},
    {"differs-halt", "another result on one task, policy: halt", differing_halt, HALTED, 0, NEEDS_ROOT},
    {NULL, NULL, NULL, 0, 0, 0},
};
