/* Why a task does not come, read from its own /proc files. Kernel flags decide, never a name: any thread may call itself iou-wrk-1. */
#include "engine.h"

#define PF_EXITING 0x4u
#define PF_IO_WORKER 0x10u
#define PF_USER_WORKER 0x4000u
#define PF_KTHREAD 0x200000u

#define NO_FIELD (~0ull) /* nor can a task block every signal */

struct look {
    char state;
    uint32_t flags;
    uint64_t pending, blocked;
    int64_t tracer;
};

static int read_stat(int32_t tid, struct look *look)
{
    char text[1024];
    return tasks_read(tid, "stat", text, sizeof text) > 0 && text_stat(text, &look->state, &look->flags);
}

static int read_status(int32_t tid, struct look *look)
{
    static char text[16384]; /* one caller at a time; the groups of a task can be long */
    if (tasks_read(tid, "status", text, sizeof text) <= 0) {
        return 0;
    }
    look->pending = (uint64_t)text_field(text, "SigPnd", 16);
    look->blocked = (uint64_t)text_field(text, "SigBlk", 16);
    look->tracer = text_field(text, "TracerPid", 10);
    return look->pending != NO_FIELD && look->blocked != NO_FIELD; /* cut off behind thousands of groups, say: then nothing is known */
}

#define RUNS (-1)    /* or it cannot be read */
#define NO_CALL (-2) /* asleep, but not by a call: in a page fault of user code, or frozen when it was about to go on there */

/* The system call it is in. */
static int64_t read_call(int32_t tid)
{
    char text[256];
    if (tasks_read(tid, "syscall", text, sizeof text) <= 0) {
        return RUNS;
    }
    if (text[0] < '0' || text[0] > '9') {
        return text[0] == '-' && text[1] == '1' && text[2] == ' ' ? NO_CALL : RUNS;
    }
    uint32_t number = 0;
    for (const char *p = text; *p >= '0' && *p <= '9'; p++) {
        number = number * 10 + (uint32_t)(*p - '0');
    }
    return number;
}

/* As long as a task is in one of these, a pending signal that it does not block proves nothing: it may still block or lose it, or end. */
static int escapes_the_signal(int64_t nr)
{
    switch (nr) {
    case __NR_rt_sigprocmask: /* a page fault on its argument can wait for a disk */
    case __NR_rt_sigaction:
    case __NR_rt_sigreturn:
    case __NR_rt_sigsuspend: /* and those with a mask of their own put the old one back unless the signal ends them */
    case __NR_rt_sigtimedwait:
    case __NR_ppoll:
    case __NR_pselect6:
    case __NR_epoll_pwait:
    case 441: /* epoll_pwait2, on every architecture; older headers lack it */
    case __NR_io_pgetevents:
    case __NR_io_uring_enter:
    case __NR_exit:
        return 1;
    default:
        return 0;
    }
}

static int creates_task_or_program(int64_t nr)
{
    switch (nr) {
    case __NR_clone:
    case __NR_clone3:
    case __NR_execve:
    case __NR_execveat:
    case __NR_io_uring_setup: /* its poller keeps the credentials that it is made with */
    case __NR_io_uring_register: /* and so does a personality */
#ifdef __NR_fork
    case __NR_fork:
    case __NR_vfork:
#endif
        return 1;
    default:
        return 0;
    }
}

static void missing(struct slot *slot, enum psx_reason reason, int64_t detail)
{
    slot->kind = KIND_MISSING;
    slot->reason = (uint8_t)reason;
    slot->detail = detail;
}

/*
 * The order of the reads matters. Once status shows the signal pending and not blocked, the task runs no user code before our
 * handler; so the call read afterwards is the one it will return from. It counts as gathered only if that call can make neither
 * a task nor a program (a thread stalled inside clone gave birth to a task that never saw the signal), and if the signal is one that
 * the handler will accept, and cannot be lost on the way.
 */
static void classify_sleeper(struct slot *slot, const struct look *look)
{
    int64_t nr = read_call(slot->tid);
    if (nr == RUNS) {
        missing(slot, look->state == 'D' ? PSX_WHY_UNKNOWN : PSX_WHY_BUSY, 0);
    } else if (creates_task_or_program(nr)) {
        missing(slot, PSX_WHY_CREATING, nr);
    } else if (look->state == 'D' && escapes_the_signal(nr)) {
        missing(slot, PSX_WHY_BLOCKED, nr);
    } else if (look->state == 'D' && look->tracer > 0) {
        missing(slot, PSX_WHY_TRACED, look->tracer); /* which may keep the signal for itself */
    } else if (look->state == 'D' && LOAD(&slot->consumed)) {
        missing(slot, PSX_WHY_UNKNOWN, 0); /* ours could not be sent: the pending one is an older broadcast's or somebody else's */
    } else if (look->state == 'D') {
        slot->kind = KIND_ASLEEP;
    } else {
        missing(slot, PSX_WHY_BUSY, 0); /* interruptible: the signal has woken it, it needs a processor */
    }
}

/* Whether it will run no user code any more. A dead leader stays listed, and so does what a tracer has yet to reap. */
int absent_ended(int32_t tid)
{
    struct look look = {0, 0, 0, 0, 0};
    if (!read_stat(tid, &look)) {
        return !tasks_listed(tid);
    }
    return look.state == 'Z' || look.state == 'X' || (look.flags & PF_EXITING) != 0;
}

/* Sets the slot's kind: not ours, gone, asleep, or missing for a reason. */
void absent_classify(struct slot *slot)
{
    struct look look = {0, 0, 0, 0, 0};
    uint64_t bit = 1ull << (E.signo - 1);
    if (slot->kind == KIND_MISSING && slot->reason == PSX_WHY_REFUSED) {
        return;
    }
    if (!read_status(slot->tid, &look) || !read_stat(slot->tid, &look)) {
        if (tasks_listed(slot->tid)) {
            missing(slot, PSX_WHY_UNKNOWN, 0);
        } else {
            slot->kind = KIND_GONE;
        }
        return;
    }
    if (look.state == 'Z' || look.state == 'X' || (look.flags & (PF_EXITING | PF_IO_WORKER | PF_USER_WORKER | PF_KTHREAD)) != 0) {
        slot->kind = KIND_NOT_OURS;
    } else if (look.state == 'T') {
        missing(slot, PSX_WHY_STOPPED, 0);
    } else if (look.state == 't') {
        missing(slot, PSX_WHY_TRACED, look.tracer);
    } else if ((look.blocked & bit) != 0 && LOAD(&slot->inside)) {
        missing(slot, PSX_WHY_BUSY, 0); /* on its way out of the handler, from the last attempt, and short of a processor */
    } else if ((look.blocked & bit) != 0) {
        int64_t nr = read_call(slot->tid);
        missing(slot, creates_task_or_program(nr) ? PSX_WHY_CREATING : PSX_WHY_BLOCKED, nr);
    } else if (slot->reason == PSX_WHY_REFUSED && LOAD(&slot->consumed)) {
        missing(slot, PSX_WHY_REFUSED, slot->detail); /* EAGAIN: ours has not been queued */
    } else if ((look.pending & bit) == 0) {
        /* Taken in between, or lost (a full queue, a tid used again): the next attempt must send anew. */
        STORE(&slot->consumed, 1);
        missing(slot, read_call(slot->tid) == __NR_rt_sigtimedwait ? PSX_WHY_TAKEN : PSX_WHY_UNKNOWN, 0);
    } else if (look.state == 'D' || look.state == 'S') {
        classify_sleeper(slot, &look);
    } else {
        missing(slot, PSX_WHY_BUSY, 0);
    }
}
