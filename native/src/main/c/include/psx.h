/*
 * psx.h: the only public header of libpsx-engine.
 *
 * The library is freestanding: it uses no libc, no malloc, no thread-local storage and no errno, so one binary serves
 * glibc and musl and its signal handler may interrupt any code. Every function returns a value >= 0, or -errno.
 *
 * Who may call what, when:
 *   psx_start      once per process, from any task, while the process is still privileged enough to read its own /proc.
 *   psx_broadcast  any task but a signal handler; one call at a time (a second caller gets -EBUSY: serialise above).
 *   psx_trial, psx_probe   as psx_broadcast.
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
