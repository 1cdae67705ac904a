/* The kernel that the fuzzer plays. */
#include "fuzz.h"

struct engine E;
struct fake fake;

static struct part *open_file;
static size_t position;

struct part next_part(struct part *rest)
{
    for (size_t i = 0; i + 4 <= rest->size; i++) {
        if (memcmp(rest->data + i, "\n--\n", 4) == 0) {
            struct part part = {rest->data, i + 1};
            rest->data += i + 4;
            rest->size -= i + 4;
            return part;
        }
    }
    struct part all = *rest;
    rest->data += rest->size;
    rest->size = 0;
    return all;
}

char *text_of(const struct part *part, size_t size)
{
    size_t length = part->size < size - 1 ? part->size : size - 1;
    char *text = malloc(length + 1);
    EXPECT(text != NULL);
    if (length != 0) {
        memcpy(text, part->data, length);
    }
    text[length] = 0;
    return text;
}

static int64_t opens(int directory_descriptor, const char *path)
{
    static const char directory[] = "4711/";
    struct part *files[] = {&fake.stat, &fake.status, &fake.syscall};
    static const char *const names[] = {"stat", "status", "syscall"};
    if (directory_descriptor == AT_FDCWD) {
        EXPECT(strcmp(path, "/proc/self/maps") == 0);
        open_file = &fake.maps;
        position = 0;
        return 4;
    }
    EXPECT(directory_descriptor == DIRECTORY && strncmp(path, directory, strlen(directory)) == 0);
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(path + strlen(directory), names[i]) == 0 && files[i]->size != 0) {
            open_file = files[i];
            position = 0;
            return 4;
        }
    }
    return -ENOENT;
}

/* From the open file or the directory: at most a chunk, and never beyond the reader's buffer. */
static int64_t gives(const struct part *part, char *to, uint64_t size)
{
    size_t left = part->size - position, count = size < left ? size : left;
    count = count < fake.chunk ? count : fake.chunk;
    if (count != 0) {
        memcpy(to, part->data + position, count);
    }
    position += count;
    return (int64_t)count;
}

/* The directory is the engine's own, of one task: device and number are 0 as in E, and the link count, wherever it stands, is not. */
static int64_t describes(uint32_t *stat)
{
    memset(stat, 0, 128);
    stat[4] = stat[5] = 3;
    return 0;
}

int64_t raw6(int64_t nr, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5, uint64_t a6)
{
    (void)a4, (void)a5, (void)a6;
    switch (nr) {
    case __NR_openat:
        return opens((int)a1, (const char *)(uintptr_t)a2);
    case __NR_read:
        return gives(open_file, (char *)(uintptr_t)a2, a3);
    case __NR_close:
        return 0;
    case __NR_lseek:
        position = 0;
        return 0;
    case __NR_getdents64:
        return gives(&fake.directory, (char *)(uintptr_t)a2, a3);
    case __NR_fstat:
        return describes((uint32_t *)(uintptr_t)a2);
    case __NR_faccessat:
        return fake.listed ? 0 : -ENOENT;
    case __NR_memfd_create:
        return fake.no_memory ? -ENOMEM : 5;
    case __NR_mmap:
        fake.table = calloc(1, a2);
        return (int64_t)(uintptr_t)fake.table;
    case __NR_ftruncate:
    case __NR_fcntl:
    case __NR_sched_yield:
        return 0;
    default:
        fprintf(stderr, "the parsers should not make the system call %lld\n", (long long)nr);
        abort();
    }
}
