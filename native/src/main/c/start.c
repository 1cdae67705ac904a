/* Starting the engine, and the small requests. */
#include "engine.h"

struct engine E;

#define DEFAULT_CAPACITY 131072u

static void *reserve(uint64_t size, int populate)
{
    int64_t at = SYS6(__NR_mmap, 0, size, 3 /* read, write */, 0x22 /* private, anonymous */ | (populate ? 0x8000 : 0x4000), -1, 0);
    return at < 0 && at >= -4095 ? 0 : (void *)at;
}

/* Everything a broadcast needs is reserved here: it must not ask for memory while tasks are held. */
static int64_t reserve_all(uint32_t capacity)
{
    E.capacity = capacity;
    E.slots = reserve((uint64_t)capacity * sizeof *E.slots, 0);
    E.order = reserve((uint64_t)capacity * sizeof *E.order, 0);
    E.hash = reserve(sizeof *E.hash * HASH_SIZE, 1);
    E.buffer = reserve(BUFFER_SIZE + TRIAL_STACK, 1);
    return E.slots == 0 || E.order == 0 || E.hash == 0 || E.buffer == 0 ? -ENOMEM : 0;
}

EXPORT int64_t psx_abi(void)
{
    return PSX_ABI;
}

EXPORT int64_t psx_start(const struct psx_start_options *options)
{
    if (options == 0 || options->signo < 32 || options->signo > 64 || options->capacity > HASH_SIZE / 2) {
        return -EINVAL;
    }
    if (request_own_process() == -ECHILD) {
        return -ECHILD;
    }
    if (!cas(&E.busy, 0, 1)) {
        return -EALREADY;
    }
    if (E.started) {
        STORE(&E.busy, 0);
        return -EALREADY;
    }
    E.tgid = (int32_t)SYS0(__NR_getpid);
    E.signo = options->signo;
    E.epoch = 1; /* an untouched hash entry says 0 */
    int64_t error = E.slots != 0 ? 0 : reserve_all(options->capacity != 0 ? options->capacity : DEFAULT_CAPACITY);
    if (error == 0) {
        error = tasks_open();
    }
    if (error == 0) {
        error = table_create();
    }
    if (error == 0) {
        error = chain_confirm(); /* last: until here nothing of the process has changed */
    }
    if (error >= 0) {
        STORE(&E.started, 1);
        error = 0;
    }
    STORE(&E.busy, 0);
    return error;
}

EXPORT int64_t psx_syscall(int64_t nr, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5, uint64_t a6)
{
    return raw6(nr, a1, a2, a3, a4, a5, a6);
}

struct list {
    int32_t *tids;
    uint32_t max, count;
};

static int add(int32_t tid, void *context)
{
    struct list *list = context;
    if (list->count < list->max) {
        list->tids[list->count] = tid;
    }
    list->count++;
    return 0;
}

EXPORT int64_t psx_tasks(int32_t *tids, uint32_t max)
{
    struct list list = {tids, max, 0};
    int64_t error = request_own_process();
    if (error < 0) {
        return error;
    }
    if (!cas(&E.busy, 0, 1)) { /* the directory's position and buffer belong to the broadcast */
        return -EBUSY;
    }
    error = tasks_directory_ok();
    if (error == 0) {
        error = tasks_each(add, &list);
    }
    STORE(&E.busy, 0);
    return error < 0 ? error : list.count;
}

EXPORT int64_t psx_task_read(int32_t tid, const char *name, char *buffer, uint64_t size)
{
    int64_t error = request_own_process();
    if (error < 0 || name == 0 || buffer == 0) {
        return error < 0 ? error : -EINVAL;
    }
    return tasks_read(tid, name, buffer, size);
}

EXPORT int64_t psx_task_file(int32_t tid, const char *name, uint64_t *id)
{
    int64_t error = request_own_process();
    if (error < 0 || name == 0 || id == 0) {
        return error < 0 ? error : -EINVAL;
    }
    return tasks_file(tid, name, id);
}
