/*
 * Children whose steps may change their credentials. They still share our memory: so they make it undumpable first, or somebody who may trace
 * them, and not us, could write it. The kernel does that itself only where ids change: it does not where capabilities go, nor in a user
 * namespace, over which each process of the user outside has all rights.
 */
#include "child.h"

#define PF_FORKNOEXEC 0x40u
#define KCMP_VM 1
#define LONG_NS 1000000000ull
#define NAP_NS 20000
#define PR_SET_PDEATHSIG 1
#define PR_SET_NO_NEW_PRIVS 38
#define CAPABILITY_VERSION_3 0x20080522u
#define CLONE_NEWUSER 0x10000000ull

/* Steps that certainly leave the credentials alone: those of nearly every child. */
static int leaves_credentials(const struct psx_child_call *call)
{
    if (call->flags & PSX_CHILD_MAPPED) {
        return 1;
    }
    switch (call->nr) {
    case __NR_execve:
    case __NR_execveat:
    case __NR_rt_sigprocmask:
    case __NR_rt_sigaction:
    case __NR_close:
#ifdef __NR_close_range
    case __NR_close_range:
#endif
    case __NR_dup:
    case __NR_dup3:
    case __NR_fcntl:
    case __NR_openat:
    case __NR_read:
    case __NR_write:
    case __NR_ioctl:
    case __NR_chdir:
    case __NR_fchdir:
    case __NR_chroot:
    case __NR_umask:
    case __NR_setsid:
    case __NR_setpgid:
    case __NR_getpgid:
    case __NR_getppid:
    case __NR_getpid:
    case __NR_setpriority:
    case __NR_sched_setscheduler:
    case __NR_sched_setaffinity:
    case __NR_prlimit64:
#ifdef __NR_landlock_restrict_self
    case __NR_landlock_restrict_self:
#endif
        return 1;
    case __NR_prctl:
        return (call->arg[0] == PR_SET_PDEATHSIG || call->arg[0] == PR_SET_NO_NEW_PRIVS) && !(call->flags & PSX_CHILD_ARG0);
    default:
        return 0;
    }
}

/* The first step that may change them; `calls`: none. */
uint32_t credentials_changed_at(const struct psx_spawn *spawn)
{
    uint32_t i = 0;
    while (i < spawn->calls && !(spawn->clone_flags & CLONE_NEWUSER) && leaves_credentials(&spawn->call[i])) {
        i++;
    }
    return i;
}

/*
 * Without capabilities we are dumpable for the other processes of our user anyway. And in a user namespace of its own the child's files below
 * /proc must then remain ours: its id maps are written to them.
 */
int credentials_more_than_user(void)
{
    struct {
        uint32_t version;
        int32_t pid;
    } header = {CAPABILITY_VERSION_3, 0};
    struct {
        uint32_t effective, permitted, inheritable;
    } data[2] = {{0, 0, 0}, {0, 0, 0}};
    return SYS2(__NR_capget, &header, data) < 0 || (data[0].permitted | data[1].permitted) != 0;
}

/* 1: it still shares our memory. 0: it does not. -errno: who knows. */
static int64_t shares_memory(int32_t pid)
{
    char path[64] = "/proc/", text[1024], state = 0;
    uint32_t at = 6 + text_number(path + 6, (uint64_t)pid), flags = 0;
    memcpy(path + at, "/stat", 6);
    int64_t fd = SYS4(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    int64_t size = fd < 0 ? fd : SYS3(__NR_read, fd, text, sizeof text - 1);
    if (fd >= 0) {
        SYS1(__NR_close, fd);
    }
    if (size > 0) {
        text[size] = 0;
        if (text_stat(text, &state, &flags)) {
            return (flags & PF_FORKNOEXEC) != 0 && state != 'Z' && state != 'X';
        }
    }
    if (size == -ESRCH || SYS2(__NR_kill, pid, 0) == -ESRCH) {
        return 0;
    }
    int64_t same = SYS6(__NR_kcmp, pid, E.tgid, KCMP_VM, 0, 0, 0);
    return same < 0 ? same == -ESRCH ? 0 : same : same == 0;
}

/*
 * The kernel clears the word of a child that is in exec shortly before it takes our memory from it. Somebody of its new user must not find
 * the flag put back in between (process_vm_writev asks for no more than that).
 */
void credentials_await_exec(int32_t pid)
{
    uint64_t until = 0;
    int64_t shares;
    while ((shares = shares_memory(pid)) == 1) {
        struct timespec nap = {0, NAP_NS};
        uint64_t now = now_ns();
        until = until == 0 ? now + LONG_NS : until;
        if (now >= until) {
            break;
        }
        SYS2(__NR_nanosleep, &nap, 0);
    }
    if (shares != 0) {
        dumpable_keep();
    }
}
