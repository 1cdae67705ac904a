/*
 * psx.h: the only public header of libpsx-engine.
 *
 * The library is freestanding: it uses no libc, no malloc, no thread-local storage and no errno, so one binary serves
 * glibc and musl and its signal handler may interrupt any code. Every function returns a value >= 0, or -errno.
 *
 * Who may call what, when:
 *   psx_start      once per process, from any task, while the process is still privileged enough to read its own /proc.
 *   psx_broadcast  any task but a signal handler; one call at a time (a second caller gets -EBUSY: serialise above).
 *   psx_trial, psx_probe, psx_exec   as psx_broadcast.
 *   the rest       any task, any time after psx_start.
 * After fork without exec every function but psx_abi and psx_syscall gives -ECHILD in the child: it has one task and its own ids.
 */
#ifndef PSX_H
#define PSX_H

#include <stdint.h>

#define PSX_ABI 1
#define PSX_MAX_CALLS 128 /* calls in one program */

/* Which tasks run a call of a program. */
enum psx_mark {
    PSX_PER_TASK = 0, /* every task, the caller first */
    PSX_BEFORE = 1,   /* the caller only, in its place in the order */
    PSX_PER_FS = 2,   /* the caller, and each task whose fs_struct is not the caller's (chroot, chdir, umask) */
    PSX_AFTER = 3,    /* the caller only, when every other task has run its part */
    PSX_MARK = 0x0f,
    PSX_ANY_RESULT = 0x10, /* beside a mark: success is enough, the results may differ (umask gives the old one) */
};

struct psx_call {
    int64_t nr; /* system call number of this architecture */
    uint64_t arg[6];
    uint32_t mark; /* enum psx_mark, possibly with PSX_ANY_RESULT */
    uint32_t reserved;
};

struct psx_options {
    uint32_t max_pause_us; /* longest time one task is held in one attempt */
    uint32_t give_up_us;   /* how long gathering all tasks is tried; while the process itself is stopped, it does not count */
    uint32_t halt;         /* != 0: on a divergence end the process with this exit code before any task is let go */
    uint32_t reserved;
};

/* How a broadcast ended. */
enum psx_status {
    PSX_DONE = 0,        /* every task ran the program, every result was the caller's */
    PSX_CALL_FAILED = 1, /* the caller's call failed; no other task ran anything */
    PSX_UNREACHABLE = 2, /* not all tasks could be gathered; nothing ran anywhere */
    PSX_DIVERGED = 3,    /* some task had another result, or a call marked PSX_AFTER failed (`call`, `result`) */
};

/* What became of one task. */
enum psx_outcome {
    PSX_RAN = 0,        /* ran the program; result is that of its last call */
    PSX_DIFFERED = 1,   /* ran it; call `call` gave `result`, which is not what the caller got */
    PSX_PENDING = 2,    /* asleep in the kernel: it runs the program before it returns to user code */
    PSX_DIED = 3,       /* ended while it ran the program (a seccomp filter may do that) */
    PSX_MISSING = 4,    /* was not gathered; `reason` says why */
    PSX_UNTOUCHED = 5,  /* was gathered and let go: nothing ran */
};

/* Why a task was not gathered. */
enum psx_reason {
    PSX_WHY_UNKNOWN = 0,
    PSX_WHY_BLOCKED = 1,  /* it blocks the signal by a raw system call */
    PSX_WHY_STOPPED = 2,  /* stopped by job control */
    PSX_WHY_TRACED = 3,   /* stopped by a tracer; `detail` is the tracer's pid */
    PSX_WHY_CREATING = 4, /* inside clone, fork, vfork or execve; `detail` is the call's number */
    PSX_WHY_BUSY = 5,     /* ready to run but did not get a processor in time */
    PSX_WHY_REFUSED = 6,  /* the kernel refused the signal; `detail` is the errno */
    PSX_WHY_OWES = 7,     /* still owes the program of an earlier broadcast */
    PSX_WHY_HANDLER = 8,  /* the signal's handler is not the engine's, and comes back after it is set */
    PSX_WHY_BORN = 9,     /* tasks are created faster than they can be gathered */
    PSX_WHY_TAKEN = 10,   /* it takes the signal itself, by sigwait: glibc's thread for timers with SIGEV_THREAD does */
};

struct psx_entry {
    int32_t tid;
    int32_t outcome; /* enum psx_outcome */
    int32_t call;    /* index in the program of the call that `result` belongs to */
    int32_t reason;  /* enum psx_reason */
    int64_t result;
    int64_t detail;
};

struct psx_report {
    int32_t status;    /* enum psx_status */
    int32_t call;      /* PSX_CALL_FAILED: index of the call */
    int64_t result;    /* the caller's result of its last call, or of the failed one */
    uint32_t tasks;    /* tasks that took part, the caller included */
    uint32_t attempts; /* gatherings tried */
    uint64_t pause_ns; /* from the first signal of the last attempt until the last task had run the program */
    uint32_t capacity; /* in: entries that fit behind this header */
    uint32_t entries;  /* out: entries written, one per task but the caller */
    struct psx_entry entry[];
};

struct psx_start_options {
    int32_t signo;     /* the real-time signal to take: 32 on glibc, 33 on musl */
    uint32_t capacity; /* most tasks the process may have; 0: 131072 */
};

int64_t psx_abi(void);

/*
 * Opens /proc/self/task, reserves all memory, installs the handler, creates the thread table.
 * -EXDEV: /proc is of another pid namespace. -EALREADY: this or another copy of the engine is at work in this process.
 */
int64_t psx_start(const struct psx_start_options *options);

/* Runs the program on every task of the process, as the protocol in native/README.md argues. 0, or -errno with nothing changed. */
int64_t psx_broadcast(const struct psx_call *program, uint32_t calls, const struct psx_options *options, struct psx_report *report);

/*
 * Runs the program in a disposable process that shares memory and descriptors but no credentials, limits or fs_struct.
 * report->status is PSX_DONE or PSX_CALL_FAILED. Calls of every mark are run. The process is not dumpable meanwhile: whoever else runs as
 * the user that the program makes of it would reach this memory. -ETIMEDOUT: it did not end and was killed. If not even that could be seen
 * to end it, the flag stays off, the calls' memory must stay, and until it is gone the answer is -EBUSY.
 */
int64_t psx_trial(const struct psx_call *program, uint32_t calls, struct psx_report *report);

/*
 * As psx_trial; if the program succeeds, that process then makes the calls of `probes`, whatever their marks, with what the program has
 * left it, and results[i] is what probe i gave. They may open files: the descriptors of that process are its own at that time, and go
 * with it. -ECANCELED: not asked, because the program failed or the process was killed.
 */
int64_t psx_probe(const struct psx_call *program, uint32_t calls, const struct psx_call *probes, uint32_t count, int64_t *results,
                  struct psx_report *report);

/* What the engine does with one step of a child, beside making the call. */
enum psx_child_flags {
    PSX_CHILD_IGNORE = 1, /* an error is no failure */
    PSX_CHILD_EXPECT = 2, /* the result must be `expect`, or the step has failed (with its own error, or ESRCH) */
    PSX_CHILD_MAPPED = 4, /* no call: wait until the parent has written the id maps */
    PSX_CHILD_STORE = 8,  /* the result is also stored to the int32_t at the address `expect`: for calls that take the address of a number */
    PSX_CHILD_ARG0 = 0x100, /* argument 0 is the result of the step with the number arg[0], an earlier one; */
    PSX_CHILD_ARG1 = 0x200, /* and so on */
    PSX_CHILD_ARG2 = 0x400,
    PSX_CHILD_ARG3 = 0x800,
    PSX_CHILD_ARG4 = 0x1000,
    PSX_CHILD_ARG5 = 0x2000,
};

#define PSX_MAX_CHILD_CALLS 1024
#define PSX_CHILD_STACK 16384 /* least size, beside 8 bytes for each step */

/* One step of a child, made in its place in the order. */
struct psx_child_call {
    int64_t nr;
    uint64_t arg[6];
    uint32_t flags; /* enum psx_child_flags */
    uint32_t step;  /* the caller's own mark: the engine does not look at it */
    int64_t expect;
};

/* How far a spawn came. */
enum psx_phase {
    PSX_SPAWN_REQUEST = 0,   /* the request itself is wrong; nothing was made */
    PSX_SPAWN_CLONE = 1,     /* the kernel made no child */
    PSX_SPAWN_SETGROUPS = 2, /* writing /proc/PID/setgroups, */
    PSX_SPAWN_UID_MAP = 3,   /* … uid_map, */
    PSX_SPAWN_GID_MAP = 4,   /* … gid_map failed */
    PSX_SPAWN_CALL = 5,      /* step `failed_call` failed */
    PSX_SPAWN_KILLED = 6,    /* the child was killed by signal `error`, in step `failed_call` */
    PSX_SPAWN_TIMED_OUT = 7, /* it did not come to its program in time, and was killed in step `failed_call` */
    PSX_SPAWN_LOST = 8,      /* as before, but it could not be killed: `pid` still uses stack, steps and what they point to. Never free them */
    PSX_SPAWN_RUNS = 9,      /* the program runs */
};

struct psx_spawn {
    uint64_t clone_flags; /* CLONE_NEW…, CLONE_INTO_CGROUP, CLONE_IO, CLONE_UNTRACED, CLONE_VFORK: see below; the rest is the engine's own affair */
    int32_t cgroup_fd;    /* with CLONE_INTO_CGROUP */
    uint32_t calls;
    const struct psx_child_call *call; /* the last one is execve or execveat */
    const char *setgroups, *uid_map, *gid_map; /* when not 0, written to /proc/PID/… at the step that is PSX_CHILD_MAPPED */
    void *stack; /* the child's, 16-byte aligned */
    uint64_t stack_size;
    uint64_t give_up_ns; /* from now: a child that has not come to its program by then (stopped by somebody, say) is killed */
    /* Out: */
    int32_t pid;
    int32_t pidfd; /* close-on-exec; -1 where the kernel has none */
    int32_t failed_call;
    int32_t phase; /* enum psx_phase */
    int64_t error; /* -errno of the phase, or the signal */
};

/*
 * Makes a child process that runs the steps and then its program: 0, or -errno (of the step; -ECANCELED: killed, -ETIMEDOUT) and no child is
 * left but where the phase says so. Several tasks may spawn at the same time. A child that has not come to its program is no one's whom
 * waitpid could find. A step that writes to oom_score_adj needs CLONE_VFORK: otherwise what it writes is this process's, too. (No vfork is waited
 * for here, either.) Wait for others with __WALL: after PTRACE_TRACEME one that was killed just before its program counts as running.
 */
int64_t psx_spawn(struct psx_spawn *spawn);

struct psx_exec {
    const char *path;
    const char *const *argv, *const *envp;
    const int32_t *kept; /* descriptors that the program shall have; of the others, it has 0, 1 and 2 as they are */
    uint32_t kept_count;
    uint32_t reserved;
};

/* Which call of a psx_exec failed: psx_report.call. */
enum psx_exec_call {
    PSX_EXEC_PROGRAM = 0, /* execve itself */
    PSX_EXEC_KEPT = 1,    /* a descriptor that shall be kept is not open */
};

/*
 * Replaces the program of this process, with all tasks held: while one of them makes another, the kernel would not give a set-uid program its
 * ids. The program starts with no signal blocked. Returns only if that failed, as psx_broadcast does (PSX_CALL_FAILED or PSX_UNREACHABLE, or
 * -errno); then all is as it was: close-on-exec flags, signal mask, handlers, tasks.
 */
int64_t psx_exec(const struct psx_exec *exec, const struct psx_options *options, struct psx_report *report);

/* One raw system call on the calling task only. */
int64_t psx_syscall(int64_t nr, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5, uint64_t a6);

/* Lists up to `max` tids of this process; returns how many there are. */
int64_t psx_tasks(int32_t *tids, uint32_t max);

/* Reads /proc/self/task/TID/NAME through the directory opened at the start; returns the bytes read. NAME has no slash. */
int64_t psx_task_read(int32_t tid, const char *name, char *buffer, uint64_t size);

/* Device and inode of what /proc/self/task/TID/NAME (root, cwd, fd/0 …) leads to, in id[0] and id[1]. */
int64_t psx_task_file(int32_t tid, const char *name, uint64_t *id);

/*
 * Before a chroot: makes the engine's descriptor of /proc/self/task one from which no path leads out of that directory. Needs Linux 5.2 and
 * CAP_SYS_ADMIN; -errno, and it is as it was. After a chroot, where that was refused: psx_reopen closes it and opens the one inside, if
 * /proc is mounted there; -errno, and broadcasts fail until it is.
 */
int64_t psx_confine(void);
int64_t psx_reopen(void);

/*
 * io_uring: whether the personalities of this ring could be unregistered: 0, or -errno (-EEXIST: only the task that made it may).
 * psx_ring_forget does so, and returns how many there were.
 */
int64_t psx_ring_forgettable(int32_t fd);
int64_t psx_ring_forget(int32_t fd);

/*
 * Thread registration. `jni` is the JNIEnv of the calling Java thread. Switches on the JVMTI thread start and end events and
 * enters the threads that exist already. `osthread_offset` and `tid_offset` are HotSpot's offsets of Thread::_osthread and
 * OSThread::_thread_id, or -1 where unknown: then existing threads stay unregistered.
 */
int64_t psx_register_threads(void *jni, int64_t osthread_offset, int64_t tid_offset);

/* The descriptor of the thread table, a sealed memfd named psx-table. */
int64_t psx_table_fd(void);

/*
 * The thread table: a header, then `capacity` entries. Readers in other processes: an entry counts when tid != 0; it is
 * being written while `sequence` is odd and must be read again if `sequence` changed meanwhile.
 */
#define PSX_TABLE_MAGIC 0x31656c6261742d78ull /* "x-table1", little endian */
#define PSX_TABLE_NAME 96

struct psx_table_entry {
    int32_t tid;
    uint32_t sequence;
    int64_t java_id;           /* Thread.getId() */
    char name[PSX_TABLE_NAME]; /* UTF-8, cut at a character, zero-terminated */
    uint64_t reserved[2];
};

struct psx_table_header {
    uint64_t magic;
    uint32_t header_size;
    uint32_t entry_size;
    uint32_t capacity;
    int32_t tgid;
    uint64_t overflow; /* threads that found no entry */
    uint64_t reserved[12];
};

#endif
