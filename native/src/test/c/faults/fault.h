/*
 * The fault suite. A *scenario* makes one fault for real in a process of its own, proves that it is there, and asks a *peer* (this engine,
 * glibc, libpsx, Go) for a change on all tasks. The *judge*, another process, looks at /proc/PID/task itself and says what happened.
 */
#ifndef FAULT_H
#define FAULT_H

#include "../check.h"

enum change { BECOMES_NOBODY = 0 /* setresuid(65534, 65534, 65534) */, NO_NEW_PRIVS = 1, NO_CHANGE = 2 /* setresuid(-1, -1, -1) */ };
#define NOBODY 65534

enum verdict {
    ALL_CHANGED,    /* every user task */
    CHANGES_ASLEEP, /* every user task but those asleep in the kernel, which change before they run user code */
    REFUSED,        /* nothing changed */
    NOT_STARTED,    /* the peer refused to start at all */
    DIVERGED,       /* the peer says that one task had another result */
    HALTED,         /* the peer ended the process */
    ENDING_MISSED,  /* tasks with the old state that were about to end, and a moment later had */
    MISSED,         /* it returned and a live user task has the old state: never right */
    HANGS,
    CRASHED,
    SKIPPED,
    BROKEN,         /* the scenario itself failed */
};

struct fault {
    const char *name;  /* for the command line */
    const char *title; /* for the table */
    void (*make)(void);
    enum verdict engine; /* what the engine must do */
    int reason; /* REFUSED: enum psx_reason of the culprit; NOT_STARTED: the errno */
    unsigned flags;
};

#define NEEDS_ROOT 1u
#define STARTS_LATE 2u  /* the scenario calls start_peer itself */
#define ENGINE_ONLY 4u  /* a promise that no peer makes: not in the table */
#define MAY_CHANGE 8u   /* a race: all may also have changed */

/* One array for each subject, listed in rows.c; ends with a fault without a name. */
extern const struct fault *const subjects[];

enum step { MAKING, ASKING, RETURNED, JUDGED };
#define NAMED 32

/* What scenario and judge share. Only plain numbers at fixed places: the Go peer writes it too. */
struct stage {
    uint32_t step;      /*  0: enum step, a futex */
    uint32_t round;     /*  4: how often the peer has returned; from the second on the fault is gone and all must change */
    int32_t pid;        /*  8: whose tasks are judged, as the judge sees it */
    int32_t culprit;    /* 12: the task with the fault, as the peer sees it; 0: none in particular */
    int32_t change;     /* 16: enum change */
    int32_t result;     /* 20: the peer's: 0 or -errno */
    int64_t took_ns;    /* 24 */
    int32_t status;     /* 32: enum psx_status, the engine's only */
    uint32_t named;     /* 36: entries in `entry` */
    int32_t started;    /* 40: 0, or the -errno of a peer that did not start */
    uint32_t lacking;   /* 44: skipped because the kernel has no such thing */
    uint32_t halt;      /* 48: exit code for a divergence, 0: report it */
    uint32_t calls;     /* 52: how many calls in a row; took_ns is the longest */
    uint32_t max_pause_us, give_up_us; /* 56: the engine's */
    char proof[200];    /* 64: why the fault was certainly there */
    char skipped[200];  /* 264 */
    char cgroup[2][120];  /* 464: of the scenario, for the judge to thaw and remove */
    uint32_t fuse;        /* number of its FUSE connection, for the judge to abort */
    uint64_t linger_ns;  /* the engine's caller sleeps so long while it holds all tasks */
    struct psx_entry entry[NAMED]; /* tasks that did not simply run */
    uint32_t counted;    /* changes that count.c has asked for */
    uint32_t miscounted; /* of those: not run exactly once by each task */
    uint32_t failed;     /* of those: refused */
    uint32_t ending;     /* of those: left out tasks that ended a moment later */
    int32_t ruleset;     /* a Landlock ruleset's descriptor: the change begins with landlock_restrict_self */
};
extern struct stage *stage;

/* For scenarios: stage.c */
int start_peer(void);     /* 0, or -errno when the judge has seen that */
void broadcast_now(void); /* asks the peer, and returns when the judge has looked */
void broadcast_often(int calls); /* as many calls that change nothing, and then the change */
void look_again(void);    /* the fault is gone without another broadcast */
void culprit(int tid);
__attribute__((format(printf, 1, 2))) void proven(const char *format, ...);
__attribute__((noreturn)) void skip(const char *why);  /* not permitted here */
__attribute__((noreturn)) void lacks(const char *what); /* this kernel or machine has no such thing */
void wait_for(volatile int *flag);
void wait_for_state(int task, char state); /* a letter of /proc/PID/stat */
char state_of(int task);

/* count.c: changes that can be repeated. Each task that runs one adds one to an eventfd. */
void exactly_once(int rounds, uint64_t tasks); /* tasks: how many there are, the caller included; 0: as many as the peer says */
void once_more(int gid, uint64_t tasks);       /* gid: becomes every task's, if not negative */
int open_counter(void);                        /* before that would be impossible */

/* The peer: one peer_*.c for each executable. */
extern const char peer_name[];
extern const int peer_signal;
int peer_is(const char *name);
int peer_start(void);  /* 0 or -errno */
int peer_change(int change); /* enum change; 0 or -errno */
/* One more in the eventfd from every task. *tasks: how many the peer says took part, if it says so. 0; 1: not counted; -errno. */
int peer_count(int counter, int gid, uint64_t *tasks);

/* fuse.c: for the judge */
void fuse_abort(void);

/* cgroup.c: for the judge */
void cgroup_end(void);
void cgroup_remove(void);

/* judge.c */
struct look {
    int changed, old, asleep, others; /* user tasks; others: dead or of the kernel */
};
struct look look_at(int pid);
enum verdict judge(const struct fault *fault, char *cell, size_t size, char *wrong, size_t wrong_size);

#endif
