/*
 * The parent of a spawn is killed while its child is on its way. Afterwards the child is gone, or runs its program with exactly what was asked
 * for: never something in between. The child is stopped before and after each of its calls, or stands in a call that does not end.
 */
#include "spawning.h"

#include <linux/capability.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define NOBODY 65534
#define TRACED (PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC)
#define EVENT(status) ((status) >> 16)

static struct child child;
static char fifo[64];

/* --- children of several kinds */

static void drops_capabilities(void)
{
    static struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    static struct __user_cap_data_struct none[2];
    step(&child, 0, SYS_capset, (uint64_t)&header, (uint64_t)none, 0);
}

static void becomes_nobody(void)
{
    step(&child, 0, SYS_prctl, PR_SET_KEEPCAPS, 1, 0);
    step(&child, 0, SYS_setgroups, 0, 0, 0);
    step(&child, 0, SYS_setresgid, NOBODY, NOBODY, NOBODY);
    step(&child, 0, SYS_setresuid, NOBODY, NOBODY, NOBODY);
    drops_capabilities();
}

static void is_limited(void)
{
    static struct rlimit limit = {100, 100};
    for (int i = 0; i < 3; i++) {
        uint32_t set = step(&child, 0, SYS_prlimit64, 0, RLIMIT_NOFILE, (uint64_t)&limit);
        child.steps[set].arg[3] = 0;
    }
}

static void another_user(void)
{
    step(&child, 0, SYS_setsid, 0, 0, 0);
    is_limited();
    becomes_nobody();
    step(&child, 0, SYS_chdir, (uint64_t)"/", 0, 0);
    step(&child, 0, SYS_dup3, 2, 50, 0);
    step(&child, 0, SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0);
}

static void in_a_user_namespace(void)
{
    child.spawn.clone_flags = CLONE_NEWUSER;
    child.spawn.uid_map = child.spawn.gid_map = "0 65534 1";
    child.spawn.setgroups = "deny";
    is_limited();
    step(&child, PSX_CHILD_MAPPED, 0, 0, 0, 0);
    step(&child, 0, SYS_setresgid, 0, 0, 0);
    step(&child, 0, SYS_setresuid, 0, 0, 0);
    drops_capabilities();
    step(&child, 0, SYS_chdir, (uint64_t)"/", 0, 0);
    step(&child, 0, SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0);
}

static void in_a_pid_namespace(void)
{
    child.spawn.clone_flags = CLONE_NEWPID | CLONE_NEWNS;
    another_user();
}

static void by_clone(void)
{
    forbid(SYS_clone3, 0, ENOSYS);
    another_user();
}

static int runs(int pid)
{
    return strcmp(proc_text(pid, "cmdline"), "stay") == 0;
}

static void check_asked(int pid)
{
    CHECK(has_line(pid, "Uid:\t65534\t65534\t65534\t65534"));
    CHECK(has_line(pid, "Gid:\t65534\t65534\t65534\t65534"));
    CHECK(has_line(pid, "CapPrm:\t0000000000000000"));
    CHECK(has_line(pid, "CapEff:\t0000000000000000"));
    CHECK(has_line(pid, "CapInh:\t0000000000000000"));
    CHECK(has_line(pid, "NoNewPrivs:\t1"));
    CHECK(has_line(pid, "SigBlk:\t0000000000000000"));
    CHECK(strstr(proc_text(pid, "limits"), "Max open files            100                  100 ") != NULL);
}

/* --- the parent */

static void *spawns_it(void *unused)
{
    psx_spawn(&child.spawn);
    return idle(unused);
}

/* A process that starts its engine, and spawns when it is told so. */
static pid_t parent_of(void (*kind)(void), int go)
{
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        uint64_t word;
        start_engine();
        begin(&child);
        kind();
        program(&child, SELF, stays);
        EQUAL(sizeof word, read(go, &word, sizeof word));
        spawns_it(NULL);
    }
    return pid;
}

static void tell(int go)
{
    uint64_t one = 1;
    EQUAL(sizeof one, write(go, &one, sizeof one));
}

static void end_parent(pid_t parent)
{
    int status;
    EQUAL(0, kill(parent, SIGKILL));
    do {
        EQUAL(parent, waitpid(parent, &status, __WALL));
    } while (!WIFSIGNALED(status));
}

/* What becomes of it, with its parent dead and nobody holding it: it runs its program, or is gone. The test's deadline ends this. */
static int survives(pid_t pid)
{
    int status, result;
    while ((result = waitpid(pid, &status, __WALL | WNOHANG)) == 0 || (result == pid && WIFSTOPPED(status))) {
        if (runs(pid)) {
            check_asked(pid);
            EQUAL(0, kill(pid, SIGKILL));
            EQUAL(pid, waitpid(pid, &status, __WALL));
            return 1;
        }
        sched_yield();
    }
    return 0;
}

/* --- stopped at each call */

static pid_t awaits_birth(pid_t parent)
{
    int status;
    unsigned long born;
    EQUAL(parent, waitpid(parent, &status, __WALL));
    CHECK(WIFSTOPPED(status) && EVENT(status) != 0);
    EQUAL(0, ptrace(PTRACE_GETEVENTMSG, parent, NULL, &born));
    EQUAL(0, ptrace(PTRACE_CONT, parent, NULL, NULL));
    EQUAL(born, waitpid((pid_t)born, &status, __WALL));
    CHECK(WIFSTOPPED(status));
    return (pid_t)born;
}

enum end { GONE, RUNS, RUNS_TOO_EARLY, ALL_OVER };

/* It has taken off, or is about to, what kills it with its parent: on the way into exec. */
static int is_at_its_end(pid_t pid)
{
    const char *call = proc_text(pid, "syscall");
    char guard_off[32];
    snprintf(guard_off, sizeof guard_off, "%d 0x1 0x0 ", SYS_prctl);
    return atol(call) == SYS_execve || strncmp(call, guard_off, strlen(guard_off)) == 0;
}

/* Its parent is killed when it stands still for the given time: on the way into a call and out of it. */
static enum end killed_at(void (*kind)(void), int stop)
{
    int go = eventfd(0, EFD_CLOEXEC), status;
    pid_t parent = parent_of(kind, go);
    EQUAL(0, ptrace(PTRACE_SEIZE, parent, NULL, TRACED));
    tell(go);
    close(go);
    pid_t pid = awaits_birth(parent);
    int over = 0;
    for (int i = 0; i < stop && !over; i++) {
        EQUAL(0, ptrace(PTRACE_SYSCALL, pid, NULL, NULL));
        EQUAL(pid, waitpid(pid, &status, __WALL));
        CHECK(WIFSTOPPED(status));
        over = EVENT(status) == PTRACE_EVENT_EXEC;
    }
    int ends = is_at_its_end(pid);
    end_parent(parent);
    ptrace(PTRACE_DETACH, pid, NULL, NULL); /* if it has not been killed */
    int left = survives(pid);
    CHECK(!over || left);
    return over ? ALL_OVER : !left ? GONE : ends ? RUNS : RUNS_TOO_EARLY;
}

static void at_every_call(const char *name, void (*kind)(void), int asks_for_parent)
{
    enum end ends[400];
    int stop = 0;
    while ((ends[stop] = killed_at(kind, stop)) != ALL_OVER) {
        CHECK(++stop < 400);
    }
    CHECK(stop > 20);
    int gone = 0;
    for (int i = 0; i < stop; i++) {
        gone += ends[i] == GONE;
        if (asks_for_parent && ends[i] == RUNS_TOO_EARLY) {
            fprintf(stderr, "%s: it went on at stop %d of %d\n", name, i, stop);
            _exit(1);
        }
    }
    CHECK(gone > stop / 2);
    printf("      %s: %d stops, gone at %d, ran its program at %d\n", name, stop, gone, stop - gone);
    fflush(stdout);
    no_child_is_left();
}

static void a_stopped_child_is_gone_or_as_asked(void)
{
    EQUAL(0, prctl(PR_SET_CHILD_SUBREAPER, 1));
    at_every_call("another user", another_user, 1);
    at_every_call("user namespace", in_a_user_namespace, 1);
    at_every_call("without clone3", by_clone, 1);
    at_every_call("pid namespace", in_a_pid_namespace, 0); /* where its parent has no number */
}

/* --- in a call that does not end */

static void opens_the_fifo(void)
{
    step(&child, 0, SYS_openat, (uint64_t)AT_FDCWD, (uint64_t)fifo, O_RDONLY);
}

static void stands_before_all(void)
{
    opens_the_fifo();
    another_user();
}

static void stands_with_its_group_only(void)
{
    step(&child, 0, SYS_setresgid, NOBODY, NOBODY, NOBODY);
    opens_the_fifo();
    another_user();
}

static void stands_with_its_capabilities(void)
{
    step(&child, 0, SYS_prctl, PR_SET_KEEPCAPS, 1, 0);
    step(&child, 0, SYS_setresuid, NOBODY, NOBODY, NOBODY);
    opens_the_fifo();
    another_user();
}

static void stands_before_its_restrictions(void)
{
    another_user();
    opens_the_fifo();
    step(&child, 0, SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0);
}

static void stands_in_its_namespace(void)
{
    in_a_user_namespace();
    opens_the_fifo();
}

/* Negative control: one that has taken the guard off. */
static void stands_unguarded(void)
{
    becomes_nobody();
    step(&child, 0, SYS_prctl, 1 /* PR_SET_PDEATHSIG */, 0, 0);
    opens_the_fifo();
}

static int only_child(pid_t of)
{
    char file[32];
    snprintf(file, sizeof file, "task/%d/children", of);
    return atoi(proc_text(of, file));
}

static int sleeps_in(int pid, long call)
{
    return atol(proc_text(pid, "syscall")) == call && strstr(proc_text(pid, "stat"), ") S ") != NULL;
}

static pid_t left_in_fifo(void (*kind)(void))
{
    int go = eventfd(0, EFD_CLOEXEC), pid;
    pid_t parent = parent_of(kind, go);
    tell(go);
    close(go);
    while ((pid = only_child(parent)) == 0 || !sleeps_in(pid, SYS_openat)) {
        sched_yield();
    }
    end_parent(parent);
    return pid;
}

static void a_child_that_stands_still_is_gone(void)
{
    static void (*const kinds[])(void) = {stands_before_all, stands_with_its_group_only, stands_with_its_capabilities,
                                          stands_before_its_restrictions, stands_in_its_namespace};
    int status;
    EQUAL(0, prctl(PR_SET_CHILD_SUBREAPER, 1));
    snprintf(fifo, sizeof fifo, "/tmp/psx-fifo-%d", getpid());
    EQUAL(0, mkfifo(fifo, 0));
    EQUAL(0, chmod(fifo, 0666));
    pid_t stays_behind = left_in_fifo(stands_unguarded);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        pid_t pid = left_in_fifo(kinds[i]);
        if (sleeps_in(pid, SYS_openat)) { /* the kernel has woken it before it told us of its parent's end */
            fprintf(stderr, "kind %zu: it still stands there\n", i);
            unlink(fifo);
            _exit(1);
        }
        EQUAL(pid, waitpid(pid, &status, __WALL));
        EQUAL(SIGKILL, status);
    }
    CHECK(sleeps_in(stays_behind, SYS_openat));
    EQUAL(0, kill(stays_behind, SIGKILL));
    EQUAL(stays_behind, waitpid(stays_behind, &status, __WALL));
    unlink(fifo);
    no_child_is_left();
}

/* --- the guard is not the program's */

static void *spawns_and_ends(void *tid)
{
    *(volatile int *)tid = (int)syscall(SYS_gettid);
    spawn_well(&child);
    return tid;
}

/* A filter that refuses prctl comes before the guard is taken off, unless that is seen to. */
static void the_guard_does_not_outlive_the_start(void)
{
    static struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    static struct sock_fprog filter = {sizeof code / sizeof *code, code};
    char task[64];
    int tid = 0;
    start_engine();
    for (int kind = 0; kind < 4; kind++) {
        begin(&child);
        if (kind & 1) {
            becomes_nobody();
        }
        step(&child, 0, SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0);
        if (kind & 2) {
            step(&child, 0, SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, (uint64_t)&filter);
        } else {
            step(&child, 0, SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, (uint64_t)&filter);
        }
        program(&child, SELF, stays);
        EQUAL(0, pthread_join(thread(spawns_and_ends, &tid), NULL));
        snprintf(task, sizeof task, "/proc/self/task/%d", tid);
        while (access(task, F_OK) == 0) { /* then the kernel has told the children */
            sched_yield();
        }
        EQUAL(0, kill(child.spawn.pid, SIGTERM));
        EQUAL(SIGTERM, end_of(&child));
    }
}

int main(int argc, char **argv)
{
    be_the_program(argv);
    CHECK(argc == 1);
    TEST(a_stopped_child_is_gone_or_as_asked);
    TEST(a_child_that_stands_still_is_gone);
    TEST(the_guard_does_not_outlive_the_start);
    return 0;
}
