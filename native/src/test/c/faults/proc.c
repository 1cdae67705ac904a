/* Pid namespaces: another one's /proc, and one with so few numbers that they are soon used again. */
#include "fault.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/utsname.h>

/* Goes on in the first process of a new pid namespace; the old process waits for its end. */
static void enter_namespace(void)
{
    if (unshare(CLONE_NEWPID | CLONE_NEWNS) != 0) {
        skip("may not make namespaces");
    }
    CHECK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
    int start[2];
    char c;
    CHECK(pipe(start) == 0);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid > 0) {
        int status;
        stage->pid = pid;
        CHECK(write(start[1], "x", 1) == 1);
        CHECK(waitpid(pid, &status, 0) == pid);
        _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
    }
    CHECK(read(start[0], &c, 1) == 1);
    EQUAL(1, getpid());
}

static void foreign_proc(void)
{
    char self[32] = "";
    enter_namespace();
    CHECK(readlink("/proc/self", self, sizeof self - 1) > 0);
    CHECK(atoi(self) != getpid());
    proven("/proc calls this process %s, getpid says 1", self);
    thread(idle, NULL);
    if (start_peer() == 0) {
        broadcast_now();
        return;
    }
    CHECK(mount("proc", "/proc", "proc", 0, NULL) == 0);
    EQUAL(0, start_peer());
    broadcast_now();
}

static int has_own_pid_max(void)
{
    struct utsname name;
    int major = 0, minor = 0;
    CHECK(uname(&name) == 0 && sscanf(name.release, "%d.%d", &major, &minor) == 2);
    return major > 6 || (major == 6 && minor >= 14); /* before that it would be the whole machine's */
}

static volatile unsigned again;

static void *notes_its_number(void *unused)
{
    static char seen[1024];
    int tid = (int)gettid();
    if (tid < (int)sizeof seen && __atomic_exchange_n(&seen[tid], 1, __ATOMIC_RELAXED)) {
        __atomic_add_fetch(&again, 1, __ATOMIC_RELAXED);
    }
    return unused;
}

static void *makes_threads(void *unused)
{
    for (;;) {
        pthread_t id;
        if (pthread_create(&id, NULL, notes_its_number, NULL) == 0) {
            pthread_join(id, NULL);
        }
    }
    return unused;
}

static void numbers_used_again(void)
{
    if (!has_own_pid_max()) {
        lacks("this kernel has one pid_max for all namespaces");
    }
    enter_namespace();
    CHECK(mount("proc", "/proc", "proc", 0, NULL) == 0);
    int fd = open("/proc/sys/kernel/pid_max", O_WRONLY | O_CLOEXEC);
    CHECK(fd >= 0);
    CHECK(write(fd, "400", 3) == 3);
    close(fd);
    CHECK(start_peer() == 0);
    for (int i = 0; i < 10; i++) {
        thread(idle, NULL);
    }
    for (int i = 0; i < 3; i++) {
        thread(makes_threads, NULL);
    }
    while (again < 1000) {
        usleep(1000);
    }
    unsigned before = again;
    broadcast_often(200);
    CHECK(again - before > 400);
    proven("of 400 numbers %u were used again in the time of the calls", again - before);
}

const struct fault proc_faults[] = {
    {"foreign-proc", "/proc of another pid namespace", foreign_proc, NOT_STARTED, EXDEV, NEEDS_ROOT | STARTS_LATE},
    {"tid-reuse", "numbers of tasks used again (`kernel.pid_max` 400)", numbers_used_again, ALL_CHANGED, 0, NEEDS_ROOT | STARTS_LATE},
    {NULL, NULL, NULL, 0, 0, 0},
};
