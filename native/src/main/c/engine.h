/* State shared by the parts of the engine. One process, one engine. */
#ifndef PSX_ENGINE_H
#define PSX_ENGINE_H

#include "include/psx.h"
#include "sys.h"

#define EXPORT __attribute__((visibility("default")))

/* Two words in front of the handler, by which another copy of the engine recognises it. */
#define PSX_MARK_1 "0x69676e652d787370" /* "psx-engi" */
#define PSX_MARK_2 "0x31656c646e61682d" /* "-handle1" */

/* What a gathered task is told: generation << 3 | step, in engine.phase. */
enum step { GATHER = 0, CALLING = 1, COMMIT = 2, LET_GO = 3, END = 4 };
#define PHASE(generation, step) ((generation) << 3 | (step))

/* How far one task is: generation << 2 | progress, in slot.state. The generation makes a late write of an old one fail. */
enum progress { ARMED = 0, HELD = 1, RAN = 2 };
#define STATE(generation, progress) ((generation) << 2 | (progress))

/* What the caller knows about a task that has not come. */
enum kind { KIND_TASK = 0, KIND_ASLEEP, KIND_NOT_OURS, KIND_GONE, KIND_MISSING };

struct slot {
    uint32_t go;       /* futex the held task sleeps on; every wake-up adds one */
    uint32_t state;    /* STATE(generation, progress) */
    uint32_t consumed; /* no signal of this broadcast for this slot is under way: the next arming must send one */
    uint32_t inside; /* its task is in the handler, with all signals blocked */
    int32_t tid;
    uint32_t running; /* was interrupted in user code: held until the last has run */
    int32_t differed; /* first call whose result was not the caller's, or -1 */
    uint32_t listed;  /* last generation in which the directory listed it */
    int64_t result;
    int64_t detail;
    uint8_t kind;   /* enum kind, the caller's */
    uint8_t reason; /* enum psx_reason, the caller's */
    uint8_t pad[6];
} __attribute__((aligned(64)));

struct hash_entry {
    uint32_t epoch; /* broadcast number: entries of older ones are empty */
    uint32_t index;
};
#define HASH_SIZE (1u << 18)

#define BUFFER_SIZE 65536u  /* for reading the directory */
#define TRIAL_STACK 65536u  /* of the disposable process; behind the buffer */

struct engine {
    /* Set once by psx_start. */
    uint32_t started;
    int32_t tgid;
    int32_t signo;
    int32_t directory; /* /proc/self/task */
    uint64_t directory_dev, directory_ino;
    uint32_t capacity;
    struct slot *slots;
    struct hash_entry *hash;
    uint32_t *order; /* slots of the held tasks, in the order of their wake-up */
    char *buffer;
    struct kernel_sigaction first_foreign, last_foreign;

    /* Of the broadcast under way; written by the caller before the first signal. */
    uint32_t busy;
    uint32_t epoch;
    uint64_t cookie;
    const struct psx_options *options;
    uint32_t calls;
    struct psx_call program[PSX_MAX_CALLS];
    int64_t expected[PSX_MAX_CALLS];
    int64_t (*act)(void *); /* what the caller does when all are held: the number of the call that failed, `calls`, or < 0: gather again */
    void *act_context;
    int32_t caller_tid;
    uint64_t caller_mask; /* the signals that the caller itself blocks */
    uint32_t halt;
    uint32_t spare;  /* waiting tasks may keep ready instead of sleeping: spare.c */
    uint32_t used;   /* slots in use */
    uint32_t backed; /* slots whose memory is known to be there */
    uint32_t owing;  /* an asleep task has not yet run the last program */

    /* Where caller and tasks meet. Each on a line of its own: every arriving task writes one of them. */
    uint32_t generation __attribute__((aligned(64)));
    uint32_t phase;
    uint64_t deadline;    /* end of the longest hold of this attempt */
    uint32_t target;      /* arrivals, then runs, at which the caller is woken */
    uint32_t to_send;     /* slots from 0 that get a signal at the start of an attempt */
    uint32_t held;        /* tasks in `order` */
    uint32_t next_send __attribute__((aligned(64))); /* whoever has a processor takes the next slot and sends its signal */
    uint32_t next_wake __attribute__((aligned(64))); /* and, at the commit, wakes the next held task */
    uint32_t arrived __attribute__((aligned(64)));
    uint32_t done __attribute__((aligned(64)));
    uint32_t late; /* runs of tasks that were asleep at the commit */
    uint32_t caller_go __attribute__((aligned(64)));
    uint32_t end __attribute__((aligned(64))); /* generation whose runs are all over */
    uint32_t first_out; /* one of those that waited for that is to wake the others */
};

extern struct engine E __attribute__((visibility("hidden")));
#pragma GCC visibility push(hidden)

/* handler.c */
extern void psx_entry(int, void *, void *);
extern void psx_restorer(void);
extern const uint64_t psx_mark[2]; /* PSX_MARK_1 and _2, right in front of psx_entry */
void handler_obey(struct slot *slot, const char *ucontext);

/* chain.c */
void chain_pass_on(int signo, struct siginfo *info, const char *ucontext);
int chain_is_engine(const struct kernel_sigaction *action);
int64_t chain_confirm(void);

/* request.c */
int64_t request_own_process(void);
int64_t request_check(const struct psx_call *program, uint32_t calls, const struct psx_options *options,
                      const struct psx_report *report);
void request_clear(struct psx_report *report);

/* broadcast.c */
int64_t broadcast_act(int64_t (*act)(void *), void *context, const struct psx_call *program, uint32_t calls,
                      const struct psx_options *options, struct psx_report *report);
int debts_settled(uint64_t ns);

/* share.c */
void share_send(struct slot *slot);
void share_sends(uint32_t at_most);
void share_wakes(uint32_t at_most);
void share_wake(struct slot *slot);

/* patience.c */
void patience_begin(uint64_t ns);
void patience_look(void);
int patience_over(uint64_t ns);

/* spare.c */
void spare_wait(const uint32_t *word, uint32_t value);
int spare_soon(void);
void spare_decide(void);

/* schedule.c */
void schedule_enter(void);
void schedule_urgent(void);
void schedule_own(void);

/* program.c */
int64_t program_call(const struct psx_call *call);
int64_t program_run_caller(uint32_t after);
void program_run_task(struct slot *slot);

/* halt.c */
void halt_differed(const struct slot *slot);
void halt_died(const struct slot *slot);
void halt_half_done(void);
void halt_after_failed(uint32_t call);

/* tasks.c */
int64_t tasks_open(void);
int64_t tasks_directory_ok(void);
int64_t tasks_count(void);
int64_t tasks_each(int (*visit)(int32_t tid, void *context), void *context);
int64_t tasks_read(int32_t tid, const char *name, char *buffer, uint64_t size);
int tasks_listed(int32_t tid);
int64_t tasks_file(int32_t tid, const char *name, uint64_t *id);

/* dumpable.c */
void dumpable_save(void);
void dumpable_close(void);
void dumpable_put_back(void);
int dumpable_changed(void);
void dumpable_keep(void);

/* absent.c */
void absent_classify(struct slot *slot);
int absent_ended(int32_t tid);

/* table.c */
int64_t table_create(void);
void table_enter(int32_t tid, int64_t java_id, const char *name);
void table_leave(int32_t tid);
int64_t table_descriptor(void);

/* text.c: what libc would have given us */
void *memset(void *to, int byte, size_t size);
void *memcpy(void *to, const void *from, size_t size);
uint32_t text_number(char *to, uint64_t number);
int text_stat(const char *text, char *state, uint32_t *flags);
int64_t text_field(const char *text, const char *name, int base);
uint32_t text_length(const char *text);
int readable(const void *address);

#pragma GCC visibility pop
#endif
