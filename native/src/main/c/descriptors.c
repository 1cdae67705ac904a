/*
 * Which descriptors an exec closes. close_range could set the flags with one call, but nothing would then tell how they were; and
 * /proc/self/fd cannot be read after a drop.
 */
#include "descriptors.h"

#define F_GETFD 1
#define F_SETFD 2
#define FIRST_OF_OTHERS 3
#define BITS(size) ((uint64_t)(size) / 8 + 1)

static int get(const uint8_t *bits, uint32_t fd)
{
    return bits[fd / 8] >> fd % 8 & 1;
}

static void set(uint8_t *bits, uint32_t fd)
{
    bits[fd / 8] |= (uint8_t)(1u << fd % 8);
}

/* How long the kernel's table of descriptors is: none is higher. FDSize stands in front of the groups, however many these are. */
static int64_t table_size(int32_t status)
{
    char text[1024];
    int64_t size = SYS4(__NR_pread64, status, text, sizeof text - 1, 0);
    if (size < 0) {
        return size;
    }
    text[size] = 0;
    size = text_field(text, "FDSize", 10);
    return size < 0 ? -EIO : size;
}

/* By the directory of our tasks, since there may be no /proc in a chroot; but others may have closed that. */
static int64_t open_status(void)
{
    char path[32];
    uint32_t at = text_number(path, (uint64_t)SYS0(__NR_gettid));
    memcpy(path + at, "/status", 8);
    int64_t fd = tasks_count() < 0 ? -EBADF : SYS4(__NR_openat, E.directory, path, O_RDONLY | O_CLOEXEC, 0);
    return fd < 0 ? SYS4(__NR_openat, AT_FDCWD, "/proc/thread-self/status", O_RDONLY | O_CLOEXEC, 0) : fd;
}

static int64_t map_bits(struct descriptors *all, uint64_t size)
{
    int64_t at = SYS6(__NR_mmap, 0, 2 * BITS(size), 3 /* read, write */, 0x8022 /* private, anonymous, populated */, -1, 0);
    if (at < 0 && at >= -4095) {
        return at;
    }
    all->size = (uint32_t)size;
    all->kept = (uint8_t *)at;
    all->changed = all->kept + BITS(size);
    return 0;
}

/* Opens and reserves what `mark` needs, with room for a table that has doubled by then. Not while tasks are held. */
int64_t descriptors_reserve(struct descriptors *all, const int32_t *kept, uint32_t count)
{
    memset(all, 0, sizeof *all);
    int64_t fd = open_status();
    if (fd < 0) {
        return fd;
    }
    all->status = (int32_t)fd;
    int64_t size = table_size(all->status);
    int64_t error = size < 0 ? size : map_bits(all, (uint64_t)size * 2);
    if (error < 0) {
        SYS1(__NR_close, all->status);
        return error;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (kept[i] < 0 || (uint32_t)kept[i] >= all->size) {
            all->keep++; /* it will be found missing */
        } else if (!get(all->kept, (uint32_t)kept[i])) {
            set(all->kept, (uint32_t)kept[i]);
            all->keep++;
        }
    }
    return 0;
}

static void change(struct descriptors *all, uint32_t fd, int64_t flags)
{
    if (SYS3(__NR_fcntl, fd, F_SETFD, flags) == 0) {
        set(all->changed, fd);
    }
}

/* All but 0, 1, 2 and the kept are closed on exec. -EAGAIN: there are more than there is room for. -EBADF: one to be kept is not open. */
int64_t descriptors_mark(struct descriptors *all)
{
    int64_t size = table_size(all->status);
    if (size < 0 || size > all->size) {
        return size < 0 ? size : -EAGAIN;
    }
    uint32_t found = 0;
    for (uint32_t fd = 0; fd < (uint64_t)size; fd++) {
        int64_t flags = SYS2(__NR_fcntl, fd, F_GETFD);
        if (flags < 0) {
            continue;
        }
        int keep = get(all->kept, fd);
        found += (uint32_t)keep;
        if (keep ? flags != 0 : flags == 0 && fd >= FIRST_OF_OTHERS) {
            change(all, fd, !keep);
        }
    }
    return found == all->keep ? 0 : -EBADF;
}

void descriptors_put_back(struct descriptors *all)
{
    for (uint32_t fd = 0; fd < all->size; fd++) {
        if (get(all->changed, fd)) {
            SYS3(__NR_fcntl, fd, F_SETFD, get(all->kept, fd));
        }
    }
    memset(all->changed, 0, BITS(all->size));
}

void descriptors_free(struct descriptors *all)
{
    SYS1(__NR_close, all->status);
    SYS2(__NR_munmap, all->kept, 2 * BITS(all->size));
}
