/* The disposable process: a program is tried for real where nothing is lost if it fails, and questions are asked with what it leaves. */
#include "engine.h"

/* Asked after the program; of the trial under way. */
static struct {
    const struct psx_call *call;
    uint32_t count;
    int64_t *result;
    uint32_t shared; /* the process has our descriptors as long as it does not get rid of them */
    uint32_t asked;
} probes;

#define CLOSE_RANGE_UNSHARE 2
#define CLONE_FILES 0x400ul

/*
 * What is opened here must be gone with the process, and closing it must not release the record locks that the JVM has on the same
 * file: so the descriptors must be its own. To close all of them at the same time spares copying them and, at the end, flushing them.
 */
static int64_t own_descriptors(void)
{
    int64_t error = SYS3(__NR_close_range, 0, ~0u, CLOSE_RANGE_UNSHARE);
    return error < 0 ? SYS1(__NR_unshare, CLONE_FILES) : error;
}

static void ask(void)
{
    if (probes.shared && own_descriptors() < 0) {
        return;
    }
    STORE(&probes.asked, 1); /* seen by who made the process: the compiler must not take it for unchanged */
    for (uint32_t i = 0; i < probes.count; i++) {
        probes.result[i] = program_call(&probes.call[i]);
    }
}

/* In the disposable process. */
static int64_t trial_entry(void *report_pointer)
{
    struct psx_report *report = report_pointer;
    report->call = (int32_t)E.calls - 1;
    for (uint32_t after = 0; after <= 1; after++) {
        int64_t failed = program_run_caller(after);
        if (failed < E.calls) {
            report->status = PSX_CALL_FAILED;
            report->call = (int32_t)failed;
            break;
        }
    }
    report->result = E.expected[report->call];
    report->attempts = 1;
    if (report->status == PSX_DONE && probes.count != 0) {
        ask();
    }
    return 0;
}

#define WALL 0x40000000u
#define WNOHANG 1u
#define TRIAL_NS 5000000000ull /* calls of credentials take microseconds; a loaded machine may take longer */
#define PR_SET_DUMPABLE 4
#define KILLED_NS 2000000000ull
#define LONGEST_NAP_NS 2000000

/* The number of one that was killed and is not gone yet; the dumpable flag is to be put back when it is. */
static int64_t left;

static void nap(int64_t ns)
{
    struct timespec t = {0, ns};
    SYS2(__NR_nanosleep, &t, 0);
}

/* The number of the process if it has ended, 0 if it has not for so long, or -errno. */
static int64_t ended_within(int64_t pid, uint64_t ns)
{
    int64_t result;
    patience_begin(ns);
    for (int64_t next = 20000; (result = SYS4(__NR_wait4, pid, 0, WALL | WNOHANG, 0)) == 0 && !patience_over(0);) {
        nap(next);
        next = next * 2 < LONGEST_NAP_NS ? next * 2 : LONGEST_NAP_NS;
    }
    return result;
}

/*
 * Waits for its end. While it runs the program it becomes the user's, and whoever runs as that user already may stop it for ever: so it is
 * not waited for as a vfork is. Nor when it has been killed: a file system that does not answer may keep it, or a debugger its remains. It
 * runs none of our code any more then. Returns 0, -ETIMEDOUT if it had to be killed, or -errno.
 */
static int64_t await_end(int64_t pid)
{
    int64_t result = ended_within(pid, TRIAL_NS);
    if (result != 0) {
        return result < 0 ? result : 0;
    }
    SYS2(__NR_kill, pid, SIGKILL);
    result = ended_within(pid, KILLED_NS);
    left = result == 0 ? pid : 0;
    return result < 0 ? result : -ETIMEDOUT;
}

#define UNMADE INT64_MIN /* no call gives that */

/* The call it was in when it was killed: the first, in the order in which they are made, that has not given a result. */
static int32_t killed_in(void)
{
    for (uint32_t after = 0; after <= 1; after++) {
        for (uint32_t i = 0; i < E.calls; i++) {
            if (((E.program[i].mark & PSX_MARK) == PSX_AFTER) == after && E.expected[i] == UNMADE) {
                return (int32_t)i;
            }
        }
    }
    return (int32_t)E.calls - 1;
}

/* Whether the last one is gone. The memory is out of the user's reach until it is. */
static int alone(void)
{
    if (left != 0 && ended_within(left, 0) != 0) {
        left = 0;
        dumpable_put_back();
    }
    return left == 0;
}

/*
 * Not a thread: a thread's setresuid clears the JVM's dumpable flag for good and its prlimit sets the JVM's limits. The process shares
 * the memory, so the flag must be put back all the same; it has no exit signal, so no waitpid of the application's sees it.
 *
 * The flag is off as long as the process is there, whatever its program does: it has no more than the user, so with the flag any other
 * process of that user could write, through it, to the memory of this one, which has everything. And no file of the core is written.
 */
static int64_t trial(struct psx_report *report, uint64_t share)
{
    for (uint32_t i = 0; i < E.calls; i++) {
        E.expected[i] = UNMADE;
    }
    dumpable_save();
    dumpable_close();
    int64_t pid = arch_clone(CLONE_VM | share, E.buffer + BUFFER_SIZE + TRIAL_STACK, 0, 0, trial_entry, report);
    int64_t error = pid < 0 ? pid : await_end(pid);
    if (left == 0) {
        dumpable_put_back();
    }
    if (error < 0) {
        return error;
    }
    if (report->attempts == 0) { /* it was killed before it came to the end */
        report->status = PSX_CALL_FAILED;
        report->call = killed_in();
        report->result = -EPERM;
    }
    return 0;
}

/* What would open the memory closes it: the answer is the same. */
static void keep_closed(struct psx_call *call)
{
    if (call->nr == __NR_prctl && (int32_t)call->arg[0] == PR_SET_DUMPABLE && call->arg[1] == 1) {
        call->arg[1] = 0;
    }
}

/* Where a filter (of a container, say) forbids the process to get rid of our descriptors it has copies of them from the start. */
static int64_t trial_asking(const struct psx_call *asked, uint32_t count, int64_t *results, struct psx_report *report)
{
    for (uint32_t i = 0; i < count; i++) {
        results[i] = -ECANCELED;
    }
    probes.call = asked;
    probes.count = count;
    probes.result = results;
    probes.shared = 1;
    STORE(&probes.asked, 0);
    int64_t error = trial(report, CLONE_FILES);
    if (error == 0 && count != 0 && report->status == PSX_DONE && !LOAD(&probes.asked)) {
        request_clear(report);
        probes.shared = 0;
        error = trial(report, 0);
    }
    return error;
}

EXPORT int64_t psx_probe(const struct psx_call *program, uint32_t calls, const struct psx_call *asked, uint32_t count, int64_t *results,
                         struct psx_report *report)
{
    int64_t error = request_check(program, calls, 0, report);
    if (error < 0) {
        return error;
    }
    if (!cas(&E.busy, 0, 1)) {
        return -EBUSY;
    }
    uint64_t all = ALL_SIGNALS, mask;
    SYS4(__NR_rt_sigprocmask, SIG_SETMASK, &all, &mask, 8);
    request_clear(report);
    if (!debts_settled(0) || !alone()) {
        error = -EBUSY; /* a sleeping task still needs the program that is in place */
    } else {
        E.calls = calls;
        E.caller_tid = (int32_t)SYS0(__NR_gettid);
        memcpy(E.program, program, calls * sizeof *program);
        for (uint32_t i = 0; i < calls; i++) {
            keep_closed(&E.program[i]);
        }
        error = trial_asking(asked, count, results, report);
    }
    SYS4(__NR_rt_sigprocmask, SIG_SETMASK, &mask, 0, 8);
    STORE(&E.busy, 0);
    return error;
}

EXPORT int64_t psx_trial(const struct psx_call *program, uint32_t calls, struct psx_report *report)
{
    return psx_probe(program, calls, 0, 0, 0, report);
}
