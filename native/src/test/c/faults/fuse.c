/* A file system served by a thread of the same process: readers sleep uninterruptibly until it answers, and it may be held. */
#include "fault.h"

#include <fcntl.h>
#include <linux/fuse.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define FILE_NODE 2

static int device;
static volatile int tid, withhold, withheld, awake;
static volatile unsigned answered;
static volatile int over, readers_gone;
static const char directory[] = "/tmp", file[] = "/tmp/file";

static void answer(const struct fuse_in_header *asked, int error, const void *body, size_t size)
{
    struct {
        struct fuse_out_header head;
        char body[512];
    } reply = {{(uint32_t)(sizeof(struct fuse_out_header) + size), error, asked->unique}, ""};
    if (size > 0) {
        memcpy(reply.body, body, size);
    }
    CHECK(write(device, &reply, reply.head.len) == (ssize_t)reply.head.len || errno == ENOENT); /* ENOENT: not waited for any more */
}

static struct fuse_attr attributes(uint64_t node)
{
    struct fuse_attr a;
    memset(&a, 0, sizeof a);
    a.ino = node;
    a.mode = node == FILE_NODE ? S_IFREG | 0644 : S_IFDIR | 0755;
    a.size = node == FILE_NODE ? 1 << 20 : 0;
    a.nlink = 1;
    return a;
}

static void answer_init(const struct fuse_in_header *asked)
{
    struct fuse_init_out out;
    memset(&out, 0, sizeof out);
    out.major = FUSE_KERNEL_VERSION;
    out.minor = 31; /* enough for what is used here */
    out.max_write = 4096;
    answer(asked, 0, &out, sizeof out);
}

static void answer_read(const struct fuse_in_header *asked)
{
    while (withhold) {
        withheld = 1;
        usleep(1000);
    }
    answer(asked, 0, "x", 1);
    __atomic_add_fetch(&answered, 1, __ATOMIC_RELAXED);
}

static void answer_one(const struct fuse_in_header *asked)
{
    struct fuse_entry_out entry;
    struct fuse_attr_out attr;
    struct fuse_open_out open;
    memset(&entry, 0, sizeof entry);
    memset(&attr, 0, sizeof attr);
    memset(&open, 0, sizeof open);
    switch (asked->opcode) {
    case FUSE_INIT:
        answer_init(asked);
        break;
    case FUSE_LOOKUP:
        entry.nodeid = FILE_NODE;
        entry.entry_valid = entry.attr_valid = 3600;
        entry.attr = attributes(FILE_NODE);
        answer(asked, 0, &entry, sizeof entry);
        break;
    case FUSE_GETATTR:
        attr.attr_valid = 3600;
        attr.attr = attributes(asked->nodeid);
        answer(asked, 0, &attr, sizeof attr);
        break;
    case FUSE_OPEN:
        open.open_flags = FOPEN_DIRECT_IO; /* every read comes here */
        answer(asked, 0, &open, sizeof open);
        break;
    case FUSE_READ:
        answer_read(asked);
        break;
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT:
        break; /* want no answer */
    case FUSE_RELEASE:
        answer(asked, 0, NULL, 0);
        break;
    default:
        answer(asked, -ENOSYS, NULL, 0);
    }
}

static void *serves(void *unused)
{
    static char request[FUSE_MIN_READ_BUFFER + 4096];
    for (;;) {
        ssize_t size = read(device, request, sizeof request);
        CHECK(size > 0 || errno == EINTR || errno == ENOENT || errno == EAGAIN);
        if (size >= (ssize_t)sizeof(struct fuse_in_header)) {
            answer_one((const struct fuse_in_header *)(void *)request);
        }
    }
    return unused;
}

/* Mounted where only this process sees it. */
static void mount_it(void)
{
    char options[100];
    device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    if (device < 0) {
        lacks("no /dev/fuse");
    }
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
        skip("may not make a mount namespace");
    }
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", device);
    if (mount("fault", directory, "fuse", MS_NODEV | MS_NOSUID, options) != 0) {
        skip("may not mount");
    }
    thread(serves, NULL);
    struct stat s;
    CHECK(stat(file, &s) == 0);
    stage->fuse = minor(s.st_dev);
    close(open(file, O_RDONLY | O_CLOEXEC)); /* its flush gets ENOSYS: no later close waits for an answer, at the process's end least of all */
}

/* A killed reader waits for its answer, and keeps the device of the dead server open: only an abort ends that. */
void fuse_abort(void)
{
    pid_t pid = stage->fuse == 0 ? -1 : fork();
    if (pid == 0) {
        char path[64];
        snprintf(path, sizeof path, "/tmp/%u/abort", stage->fuse);
        CHECK(unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
        CHECK(mount("fusectl", "/tmp", "fusectl", 0, NULL) == 0);
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        _exit(fd >= 0 && write(fd, "1", 1) == 1 ? 0 : 1); /* no such file: it has come to its end by itself */
    }
    if (pid > 0) {
        waitpid(pid, NULL, 0);
    }
}

static void read_once(int fd)
{
    char c;
    ssize_t got = pread(fd, &c, 1, 0);
    CHECK((got == 1 && c == 'x') || (got < 0 && (errno == EINTR || errno == ECONNABORTED)));
}

static void *reads_always(void *unused)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    CHECK(fd >= 0);
    while (!over) {
        read_once(fd);
    }
    __atomic_add_fetch(&readers_gone, 1, __ATOMIC_SEQ_CST);
    return idle(unused);
}

static void served(void)
{
    mount_it();
    thread(idle, NULL);
    for (int i = 0; i < 3; i++) {
        thread(reads_always, NULL);
    }
    while (answered < 100) {
        usleep(1000);
    }
    unsigned before = answered;
    broadcast_often(100);
    CHECK(answered - before > 100);
    proven("%u reads were answered in the time of the calls", answered - before);
    over = 1; /* a process with a reader that waits for its own dead server does not end */
    while (readers_gone < 3) {
        usleep(1000);
    }
}

static void *reads_once(void *unused)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    CHECK(fd >= 0);
    withhold = 1;
    tid = (int)gettid();
    read_once(fd);
    awake = 1;
    return idle(unused);
}

static void unanswered(void)
{
    mount_it();
    thread(idle, NULL);
    thread(reads_once, NULL);
    wait_for(&withheld);
    culprit(tid);
    proven("it waits for an answer, in state %c", state_of(tid));
    stage->give_up_us = 500000;
    broadcast_now();
    withhold = 0;
    wait_for(&awake);
    look_again();
}

const struct fault fuse_faults[] = {
    {"fuse-served", "reads of a FUSE file that another thread serves", served, ALL_CHANGED, 0, NEEDS_ROOT},
    {"fuse-unanswered", "read of a FUSE file that is not answered", unanswered, CHANGES_ASLEEP, 0, NEEDS_ROOT},
    {NULL, NULL, NULL, 0, 0, 0},
};
