/* The thread table: a sealed memfd that `status` reads from outside. Each task writes its own entry; nobody waits. */
#include "engine.h"

#define CAPACITY 65536u
#define PROBES 512u

#define MFD_CLOEXEC 1u
#define MFD_ALLOW_SEALING 2u
#define F_ADD_SEALS 1033
#define F_SEAL_SEAL 1
#define F_SEAL_SHRINK 2
#define F_SEAL_GROW 4
#define F_SEAL_FUTURE_WRITE 16

static struct psx_table_header *table;
static int32_t descriptor = -1;

/* How far from its own place an entry was ever put, and one more: nothing has to be looked for beyond. Almost always 1 or 2. */
static uint32_t reach;

static struct psx_table_entry *entries(void)
{
    return (struct psx_table_entry *)(table + 1);
}

/* No one else can write through the descriptor, nor change the size under our mapping. */
static void seal(int64_t fd)
{
    int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    if (SYS3(__NR_fcntl, fd, F_ADD_SEALS, seals | F_SEAL_FUTURE_WRITE) == -EINVAL) {
        SYS3(__NR_fcntl, fd, F_ADD_SEALS, seals); /* before Linux 5.1 */
    }
}

/* Whether another copy of the engine is at work here. Its handler may have been replaced, its mapping stays. */
static int another_copy(void)
{
    static const char name[] = "/memfd:psx-table"; /* '/' stands only in front, so a failed match starts anew at the character that failed */
    int64_t fd = SYS4(__NR_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC, 0), size;
    uint32_t matched = 0;
    while (fd >= 0 && name[matched] != 0 && (size = SYS3(__NR_read, fd, E.buffer, BUFFER_SIZE)) > 0) {
        for (int64_t i = 0; i < size && name[matched] != 0; i++) {
            matched = E.buffer[i] == name[matched] ? matched + 1 : E.buffer[i] == name[0];
        }
    }
    if (fd >= 0) {
        SYS1(__NR_close, fd);
    }
    return name[matched] == 0;
}

int64_t table_create(void)
{
    uint64_t size = sizeof *table + (uint64_t)CAPACITY * sizeof(struct psx_table_entry);
    if (table != 0) {
        return 0;
    }
    if (another_copy()) {
        return -EALREADY;
    }
    int64_t fd = SYS2(__NR_memfd_create, "psx-table", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) {
        return fd;
    }
    int64_t at = SYS2(__NR_ftruncate, fd, size);
    if (at == 0) {
        at = SYS6(__NR_mmap, 0, size, 3 /* read, write */, 1 /* shared */, fd, 0);
    }
    if (at < 0 && at >= -4095) {
        SYS1(__NR_close, fd);
        return at;
    }
    seal(fd);
    table = (struct psx_table_header *)at;
    table->header_size = sizeof *table;
    table->entry_size = sizeof(struct psx_table_entry);
    table->capacity = CAPACITY;
    table->tgid = E.tgid;
    __atomic_store_n(&table->magic, PSX_TABLE_MAGIC, __ATOMIC_RELEASE);
    descriptor = (int32_t)fd;
    return 0;
}

static struct psx_table_entry *probe(int32_t tid, uint32_t n)
{
    return &entries()[((uint32_t)tid + n) % CAPACITY];
}

static struct psx_table_entry *find(int32_t tid)
{
    uint32_t end = LOAD(&reach);
    for (uint32_t n = 0; n < end; n++) {
        if (LOAD(&probe(tid, n)->tid) == tid) {
            return probe(tid, n);
        }
    }
    return 0;
}

/* Before the entry is written, so that nobody misses one that is there. */
static void reach_at_least(uint32_t end)
{
    uint32_t now = LOAD(&reach);
    while (now < end && !cas(&reach, now, end)) {
        now = LOAD(&reach);
    }
}

/* Enters the task; its name is cut to what fits. A task that is in the table already stays as it is. */
void table_enter(int32_t tid, int64_t java_id, const char *name)
{
    if (table == 0 || find(tid) != 0) {
        return;
    }
    for (uint32_t n = 0; n < PROBES; n++) {
        struct psx_table_entry *entry = probe(tid, n);
        uint32_t sequence = LOAD(&entry->sequence);
        if (LOAD(&entry->tid) != 0 || (sequence & 1) != 0 || !cas(&entry->sequence, sequence, sequence + 1)) {
            continue;
        }
        if (LOAD(&entry->tid) != 0) { /* taken and written between the two looks */
            STORE(&entry->sequence, sequence + 2);
            continue;
        }
        reach_at_least(n + 1);
        uint32_t length = 0;
        for (; name[length] != 0 && length < PSX_TABLE_NAME - 1; length++) {
            entry->name[length] = name[length];
        }
        entry->name[length] = 0;
        entry->java_id = java_id;
        STORE(&entry->tid, tid);
        STORE(&entry->sequence, sequence + 2);
        return;
    }
    __atomic_add_fetch(&table->overflow, 1, __ATOMIC_RELAXED);
}

/*
 * A task and whoever registers the existing ones may both have entered it, and may both be here: an entry is changed only by who has
 * claimed it, and all of the task's are.
 */
void table_leave(int32_t tid)
{
    struct psx_table_entry *entry;
    while (table != 0 && (entry = find(tid)) != 0) {
        uint32_t sequence = LOAD(&entry->sequence);
        if ((sequence & 1) != 0 || !cas(&entry->sequence, sequence, sequence + 1)) {
            SYS0(__NR_sched_yield);
            continue;
        }
        if (LOAD(&entry->tid) == tid) {
            STORE(&entry->tid, 0);
        }
        STORE(&entry->sequence, sequence + 2);
    }
}

int64_t table_descriptor(void)
{
    return descriptor;
}
