/* What a child and its parent tell each other while the child still shares the parent's memory. */
#ifndef PSX_CHILD_H
#define PSX_CHILD_H

#include "engine.h"

/* Lies, with the results of the steps, at the low end of the child's stack: all that the child touches is in memory that the caller keeps. */
struct start {
    uint32_t here;    /* enum here; cleared and woken by the kernel when the child leaves the memory, by exec or by its end */
    uint32_t cleared; /* clone3 has cleared the signal handlers */
    int32_t parent;
    uint32_t calls;
    const struct psx_child_call *call;
    uint64_t give_up; /* monotonic time */
    uint32_t at;      /* the step it is in */
    int32_t failed;   /* the step that failed, or -1 */
    int64_t error;
    uint32_t traced;  /* its parent traces it */
    uint32_t abandoned; /* make no further step */
    uint32_t remains;   /* it has ended, but cannot be reaped */
    uint32_t closes;    /* in front of this step it makes the memory undumpable; none: not at all */
    int32_t pid;      /* of a child that a helper makes: written by the kernel */
    int32_t helper;   /* its pid, or 0 */
    uint32_t helps;   /* cleared by the kernel when the helper has left the memory */
    uint32_t born;    /* the child runs, or there will be none: `made` */
    int64_t made;
    struct psx_spawn *spawn; /* the helper's */
    int64_t result[]; /* of each step */
};

enum here { LEFT = 0, STARTS = 1, ASKS = 2 /* for its id maps */ };

#define LOOK_NS 100000000ull /* so often it is looked whether the child has ended without a word */

#define CLONE_NEWTIME 0x80ull
#define CLONE_VFORK 0x4000ull
#define CLONE_INTO_CGROUP 0x200000000ull

#pragma GCC visibility push(hidden)

/* birth.c */
int64_t birth(struct psx_spawn *spawn, struct start *start);
void birth_told(struct start *start);
int birth_over(struct start *start);

/* child.c */
int64_t child_run(void *start);
void child_guard(const struct start *start);

/* reap.c */
int64_t reap_killed(int32_t pid, int32_t pidfd, const struct start *start, uint64_t patience_ns);
int reap_ended(int32_t pid, int32_t *signal);
int reap_was_in_exec(int32_t pid);
int reap_has_ended(int32_t pid);

/* idmap.c */
int64_t idmap_write(const struct psx_spawn *spawn, int32_t pid, int32_t *phase);

/* credentials.c */
uint32_t credentials_changed_at(const struct psx_spawn *spawn);
int credentials_more_than_user(void);
void credentials_await_exec(int32_t pid);

#pragma GCC visibility pop
#endif
