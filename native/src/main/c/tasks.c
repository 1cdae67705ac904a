/* The tasks of this process, read through one directory descriptor that was opened while that was certainly possible. */
#include "engine.h"

#if defined(__x86_64__)
struct kernel_stat {
    uint64_t dev, ino, nlink;
    uint8_t rest[144 - 24];
};
#define STAT_NLINK(s) ((int64_t)(s).nlink)
#else
struct kernel_stat {
    uint64_t dev, ino;
    uint32_t mode, nlink;
    uint8_t rest[128 - 24];
};
#define STAT_NLINK(s) ((int64_t)(s).nlink)
#endif

struct dirent64 {
    uint64_t ino;
    int64_t off;
    uint16_t size;
    uint8_t type;
    char name[];
};

/* Under a foreign pid namespace's /proc every listed tid is a stranger's or nobody's: compare with our own. */
static int64_t proc_is_ours(void)
{
    char link[64], own[64];
    int64_t length = SYS4(__NR_readlinkat, AT_FDCWD, "/proc/thread-self", link, sizeof link - 1);
    if (length < 0) {
        return length;
    }
    link[length] = 0;
    uint32_t at = text_number(own, (uint64_t)E.tgid);
    memcpy(own + at, "/task/", 6);
    at += 6;
    at += text_number(own + at, (uint64_t)SYS0(__NR_gettid));
    for (uint32_t i = 0; i <= at; i++) {
        if (own[i] != link[i]) {
            return -EXDEV;
        }
    }
    return 0;
}

int64_t tasks_open(void)
{
    int64_t fd = SYS4(__NR_openat, AT_FDCWD, "/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (fd < 0) {
        return fd;
    }
    int64_t error = proc_is_ours();
    struct kernel_stat s;
    if (error == 0) {
        error = SYS2(__NR_fstat, fd, &s);
    }
    if (error < 0) {
        SYS1(__NR_close, fd);
        return error;
    }
    E.directory = (int32_t)fd;
    E.directory_dev = s.dev;
    E.directory_ino = s.ino;
    return 0;
}

/* Foreign code may have closed our descriptor, and the number may be another file by now: open it again, or say so. */
int64_t tasks_directory_ok(void)
{
    struct kernel_stat s;
    if (SYS2(__NR_fstat, E.directory, &s) == 0 && s.dev == E.directory_dev && s.ino == E.directory_ino) {
        return 0;
    }
    return tasks_open();
}

/* How many tasks the kernel counts in our thread group: zombie leader and kernel workers included. */
int64_t tasks_count(void)
{
    struct kernel_stat s;
    int64_t error = SYS2(__NR_fstat, E.directory, &s);
    if (error == 0 && (s.dev != E.directory_dev || s.ino != E.directory_ino)) {
        error = -EBADF; /* closed by others since it was looked at, and the number used again: its count proves nothing */
    }
    return error < 0 ? error : STAT_NLINK(s) - 2;
}

static int32_t parse_tid(const char *name, const char *end)
{
    uint32_t tid = 0;
    for (; name < end && *name >= '0' && *name <= '9'; name++) {
        tid = tid * 10 + (uint32_t)(*name - '0');
    }
    return name < end && *name == 0 ? (int32_t)tid : 0;
}

/* The record at that place, if it is whole. */
static const struct dirent64 *record(int64_t at, int64_t size)
{
    const struct dirent64 *entry = (const struct dirent64 *)(E.buffer + at);
    int64_t head = offsetof(struct dirent64, name);
    return size - at < head || entry->size < head || entry->size > size - at || entry->size % 8 != 0 ? 0 : entry;
}

/* Calls visit for each listed task until it returns non-zero; returns how many were listed, or -errno. */
int64_t tasks_each(int (*visit)(int32_t tid, void *context), void *context)
{
    int64_t listed = 0;
    int64_t error = SYS3(__NR_lseek, E.directory, 0, 0);
    if (error < 0) {
        return error;
    }
    for (;;) {
        int64_t size = SYS3(__NR_getdents64, E.directory, E.buffer, BUFFER_SIZE);
        if (size <= 0) {
            return size < 0 ? size : listed;
        }
        for (int64_t at = 0; at < size;) {
            const struct dirent64 *entry = record(at, size);
            if (entry == 0) {
                return -EIO; /* no Linux answers so; going on would leave the buffer, or never end */
            }
            int32_t tid = parse_tid(entry->name, (const char *)entry + entry->size);
            if (tid > 0) {
                listed++;
                if (visit(tid, context) != 0) {
                    return listed;
                }
            }
            at += entry->size;
        }
    }
}

/* Reads TID/NAME below the directory into buffer, zero-terminated; returns its length or -errno. */
int64_t tasks_read(int32_t tid, const char *name, char *buffer, uint64_t size)
{
    char path[64];
    uint32_t length = text_length(name);
    if (tid <= 0 || length > 32 || size < 2) {
        return -EINVAL;
    }
    for (uint32_t i = 0; i < length; i++) {
        if (name[i] == '/') {
            return -EINVAL;
        }
    }
    uint32_t at = text_number(path, (uint64_t)tid);
    path[at++] = '/';
    memcpy(path + at, name, length + 1);
    int64_t fd = SYS4(__NR_openat, E.directory, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) {
        return fd;
    }
    uint64_t total = 0;
    int64_t got;
    while ((got = SYS3(__NR_read, fd, buffer + total, size - 1 - total)) > 0) {
        total += (uint64_t)got;
    }
    SYS1(__NR_close, fd);
    buffer[total] = 0;
    return got < 0 ? got : (int64_t)total;
}

/* A descriptor that others have closed, or that is another directory by now, proves nothing: then it may still be there. */
int tasks_listed(int32_t tid)
{
    char path[24];
    text_number(path, (uint64_t)tid);
    return SYS3(__NR_faccessat, E.directory, path, 0) != -ENOENT || tasks_count() < 0;
}

int64_t tasks_file(int32_t tid, const char *name, uint64_t *id)
{
    char path[64];
    struct kernel_stat s;
    uint32_t length = text_length(name);
    if (tid <= 0 || length > 32) {
        return -EINVAL;
    }
    uint32_t at = text_number(path, (uint64_t)tid);
    path[at++] = '/';
    memcpy(path + at, name, length + 1);
    int64_t error = SYS4(__NR_newfstatat, E.directory, path, &s, 0);
    if (error == 0) {
        id[0] = s.dev;
        id[1] = s.ino;
    }
    return error;
}
