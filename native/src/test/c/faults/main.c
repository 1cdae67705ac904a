/*
 * faults-PEER [--table] [ROW…]: runs each row in a process of its own, with a deadline, and says what the peer did. Without --table the
 * engine must do what the row says. With PSX_FAULT_PROGRAM=FILE the scenarios are those of that program (Go), started with the row's name.
 */
#include "fault.h"

#include <linux/futex.h>

#define DEADLINE_S 8        /* for a peer: then it hangs */
#define ENGINE_DEADLINE_S 60 /* on a machine with other work to do, too */

static int table, failed, skipped, passed;

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

static int is_engine(void)
{
    return strcmp(peer_name, "engine") == 0 && getenv("PSX_FAULT_PROGRAM") == NULL;
}

static void perform(const struct fault *fault)
{
    const char *program = getenv("PSX_FAULT_PROGRAM");
    setpgid(0, 0);
    stage->pid = getpid();
    if (program != NULL) {
        execl(program, program, fault->name, NULL);
        _exit(127);
    }
    if ((fault->flags & STARTS_LATE) != 0 || start_peer() == 0) {
        fault->make();
    }
    _exit(0);
}

/* How far a scenario has come within its step. */
static uint32_t progress(void)
{
    return __atomic_load_n(&stage->counted, __ATOMIC_SEQ_CST) + __atomic_load_n(&stage->calls, __ATOMIC_SEQ_CST);
}

/* Waits for the scenario's next step, or its end (then *status), or the deadline: 1, 0, -1. Each call that returns begins it anew. */
static int wait_for_scenario(pid_t pid, int64_t allowed_ms, int *status)
{
    int64_t until = now_ms() + allowed_ms;
    uint32_t before = progress();
    for (;;) {
        uint32_t now = progress();
        if (now != before) {
            before = now;
            until = now_ms() + allowed_ms;
        }
        uint32_t step = __atomic_load_n(&stage->step, __ATOMIC_SEQ_CST);
        if (step == RETURNED) {
            return 1;
        }
        pid_t ended;
        while ((ended = waitpid(-1, status, WNOHANG)) > 0) { /* others are orphans of a scenario: this process adopts them */
            if (ended == pid) {
                return 0;
            }
        }
        if (now_ms() >= until) {
            return -1;
        }
        struct timespec moment = {0, 10000000};
        syscall(SYS_futex, &stage->step, FUTEX_WAIT, step, &moment, NULL, 0);
    }
}

/* Ends the scenario and every helper that it has started. */
static void end(pid_t pid)
{
    kill(-pid, SIGKILL);
    kill(-pid, SIGCONT);
    fuse_abort();
    cgroup_end(); /* a frozen task does not die */
    int64_t until = now_ms() + 10000;
    pid_t reaped;
    while ((reaped = waitpid(-1, NULL, WNOHANG)) >= 0) {
        if (reaped == 0 && now_ms() >= until) {
            fprintf(stderr, "a process of the scenario %d does not die\n", pid);
            exit(1);
        }
        usleep(reaped == 0 ? 1000 : 0);
    }
    cgroup_remove();
}

static enum verdict ended(int status, char *cell, size_t size)
{
    if (WIFSIGNALED(status)) {
        snprintf(cell, size, "crashes (%s)", strsignal(WTERMSIG(status)));
        return CRASHED;
    }
    if (stage->step == ASKING && WEXITSTATUS(status) != 0) {
        snprintf(cell, size, "ends the process (code %d)", WEXITSTATUS(status));
        return stage->halt != 0 && (uint32_t)WEXITSTATUS(status) != stage->halt ? BROKEN : HALTED;
    }
    snprintf(cell, size, "the scenario failed (code %d)", WEXITSTATUS(status));
    return BROKEN;
}

/* Runs one row; the first round's verdict counts, and in later ones, without the fault, all must change. */
static enum verdict watch(const struct fault *fault, pid_t pid, char *cell, size_t size, char *wrong, size_t wrong_size)
{
    enum verdict verdict = BROKEN;
    int status = 0;
    for (int round = 0;; round++) {
        int went = wait_for_scenario(pid, 1000 * (is_engine() && !table ? ENGINE_DEADLINE_S : DEADLINE_S), &status);
        if (went < 0) {
            if (round > 0 && !is_engine()) {
                return verdict;
            }
            snprintf(cell, size, stage->step == ASKING ? "hangs" : "the fault was not made");
            return stage->step == ASKING ? HANGS : BROKEN;
        }
        if (went == 0) {
            int good = round > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
            if (!good && (round == 0 || is_engine())) {
                verdict = ended(status, cell, size);
            }
            return verdict;
        }
        char again[200];
        if (round == 0) {
            verdict = judge(fault, cell, size, wrong, wrong_size);
        } else if (judge(fault, again, sizeof again, wrong, wrong_size) != ALL_CHANGED) {
            snprintf(wrong, wrong_size, "without the fault: %s", again);
        }
        __atomic_store_n(&stage->step, JUDGED, __ATOMIC_SEQ_CST);
        syscall(SYS_futex, &stage->step, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
    }
}

static void count(const struct fault *fault, enum verdict verdict, const char *cell, const char *wrong)
{
    const char *strict = getenv("PSX_REQUIRE_ROOT");
    if (verdict == SKIPPED) {
        skipped++;
        if (strict != NULL && strcmp(strict, "1") == 0 && !stage->lacking) {
            fprintf(stderr, "%s: PSX_REQUIRE_ROOT=1 forbids to skip: %s\n", fault->name, cell);
            failed++;
        }
    } else if ((verdict != fault->engine && !((fault->flags & MAY_CHANGE) != 0 && verdict == ALL_CHANGED)) || wrong[0] != 0 || stage->proof[0] == 0) {
        fprintf(stderr, "%s failed: %s. %s%s\n", fault->name, cell, wrong, stage->proof[0] == 0 ? " The fault is not proven." : "");
        failed++;
    } else {
        passed++;
    }
}

static void run_row(const struct fault *fault)
{
    char cell[400] = "", wrong[300] = "";
    enum verdict verdict = SKIPPED;
    memset(stage, 0, sizeof *stage);
    stage->change = geteuid() == 0 ? BECOMES_NOBODY : NO_NEW_PRIVS;
    stage->max_pause_us = 200000;
    stage->give_up_us = fault->engine == REFUSED ? 1000000 : table ? 3000000 : 20000000;
    if ((fault->flags & NEEDS_ROOT) != 0 && geteuid() != 0) {
        snprintf(cell, sizeof cell, "skipped: needs root");
    } else {
        fflush(stdout);
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (pid == 0) {
            perform(fault);
        }
        setpgid(pid, pid);
        verdict = watch(fault, pid, cell, sizeof cell, wrong, sizeof wrong);
        end(pid);
    }
    if (table) {
        printf("%s\t%s\t%s\n", fault->name, fault->title, cell);
        fprintf(stderr, "%s: %s\n", fault->name, stage->proof[0] != 0 ? stage->proof : "not proven");
    } else {
        printf("   %s: %s%s%s\n", fault->name, cell, stage->proof[0] != 0 ? "; " : "", stage->proof);
        count(fault, verdict, cell, wrong);
    }
    fflush(stdout);
}

static int wanted(const struct fault *fault, int count_of, char **names)
{
    int any = 0;
    for (int i = 1; i < count_of; i++) {
        if (strcmp(names[i], "--table") != 0) {
            any = 1;
            if (strcmp(names[i], fault->name) == 0) {
                return 1;
            }
        }
    }
    return !any && (is_engine() || (fault->flags & ENGINE_ONLY) == 0) && !(table && (fault->flags & ENGINE_ONLY) != 0);
}

int main(int count_of, char **names)
{
    int fd = memfd_create("fault-stage", 0);
    CHECK(fd >= 0 && ftruncate(fd, sizeof *stage) == 0 && dup2(fd, 3) == 3); /* a program in place of the scenario finds it there */
    stage = mmap(NULL, sizeof *stage, PROT_READ | PROT_WRITE, MAP_SHARED, 3, 0);
    CHECK(stage != MAP_FAILED);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (int i = 1; i < count_of; i++) {
        table |= strcmp(names[i], "--table") == 0;
    }
    table |= !is_engine();
    for (const struct fault *const *subject = subjects; *subject != NULL; subject++) {
        for (const struct fault *fault = *subject; fault->name != NULL; fault++) {
            if (wanted(fault, count_of, names)) {
                run_row(fault);
            }
        }
    }
    if (!table) {
        printf("   %d rows as promised, %d skipped, %d failed\n", passed, skipped, failed);
    }
    return failed != 0 || (!table && passed + skipped == 0);
}
