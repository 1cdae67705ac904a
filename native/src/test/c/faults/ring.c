/* io_uring: tasks of the kernel in our thread group, which no signal reaches, and which may be born while all of ours are held. */
#include "fault.h"

#include <dirent.h>
#include <linux/io_uring.h>
#include <sys/uio.h>

struct ring {
    int fd;
    struct io_uring_params params;
    char *queue; /* both rings in one mapping */
    struct io_uring_sqe *entries;
};

static struct ring make_ring(unsigned flags)
{
    struct ring ring;
    memset(&ring, 0, sizeof ring);
    ring.params.flags = flags;
    ring.params.sq_thread_idle = 100000;
    ring.fd = (int)syscall(SYS_io_uring_setup, 64, &ring.params);
    if (ring.fd < 0 && errno == ENOSYS) {
        lacks("no io_uring");
    } else if (ring.fd < 0) {
        skip("io_uring is forbidden here");
    }
    CHECK((ring.params.features & IORING_FEAT_SINGLE_MMAP) != 0);
    ring.queue = mmap(NULL, ring.params.cq_off.cqes + ring.params.cq_entries * sizeof(struct io_uring_cqe) + ring.params.sq_off.array,
                      PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd, IORING_OFF_SQ_RING);
    ring.entries = mmap(NULL, ring.params.sq_entries * sizeof *ring.entries, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd,
                        IORING_OFF_SQES);
    CHECK(ring.queue != MAP_FAILED && ring.entries != MAP_FAILED);
    return ring;
}

/* Queues a read of one byte; the caller submits. */
static void queue_read(struct ring *ring, int fd, unsigned flags)
{
    static char sink;
    unsigned *tail = (unsigned *)(void *)(ring->queue + ring->params.sq_off.tail);
    unsigned at = *tail & (ring->params.sq_entries - 1);
    struct io_uring_sqe *entry = &ring->entries[at];
    memset(entry, 0, sizeof *entry);
    entry->opcode = IORING_OP_READ;
    entry->fd = fd;
    entry->addr = (uint64_t)(uintptr_t)&sink;
    entry->len = 1;
    entry->flags = (uint8_t)flags;
    ((unsigned *)(void *)(ring->queue + ring->params.sq_off.array))[at] = at;
    __atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
}

static void submit(struct ring *ring, unsigned count)
{
    EQUAL(count, syscall(SYS_io_uring_enter, ring->fd, count, 0, 0, NULL, 0));
}

static int kernel_tasks(void)
{
    return look_at(stage->pid).others;
}

static void poller(void)
{
    make_ring(IORING_SETUP_SQPOLL);
    thread(idle, NULL);
    while (kernel_tasks() != 1) {
        usleep(1000);
    }
    proven("one task is the kernel's, by its flags");
    broadcast_now();
}

static void live_worker(void)
{
    int ends[2];
    struct ring ring = make_ring(0);
    CHECK(pipe(ends) == 0);
    queue_read(&ring, ends[0], IOSQE_ASYNC);
    submit(&ring, 1);
    thread(idle, NULL);
    while (kernel_tasks() == 0) {
        usleep(1000);
    }
    proven("one task is the kernel's, by its flags, and waits in a read of ours");
    broadcast_now();
}

/*
 * A read, and linked to it one that needs a worker: when the first is done, the task that asked, although it is held, makes the worker on
 * its way through the kernel. The other process writes what is awaited while the caller sleeps in the middle of its call.
 */
static int first[2], second[2];
static volatile int ready;

static void *asks(void *unused)
{
    struct ring ring = make_ring(0);
    queue_read(&ring, first[0], IOSQE_IO_LINK);
    queue_read(&ring, second[0], IOSQE_ASYNC);
    submit(&ring, 2);
    ready = 1;
    return idle(unused);
}

static int call_is(int pid, int nr)
{
    char path[64], text[64] = "";
    snprintf(path, sizeof path, "/proc/%d/syscall", pid);
    FILE *file = fopen(path, "r");
    int is = file != NULL && fgets(text, sizeof text, file) != NULL && atoi(text) == nr;
    if (file != NULL) {
        fclose(file);
    }
    return is;
}

static void worker_born(void)
{
    volatile int *workers = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(workers != MAP_FAILED && pipe(first) == 0 && pipe(second) == 0);
    int caller = getpid();
    pid_t helper = fork();
    if (helper == 0) {
        while (!call_is(caller, SYS_nanosleep) && stage->step != RETURNED) {
            usleep(200);
        }
        CHECK(kernel_tasks() == 0);
        CHECK(write(first[1], "x", 1) == 1);
        while (call_is(caller, SYS_nanosleep)) {
            workers[0] |= kernel_tasks();
        }
        _exit(0);
    }
    thread(idle, NULL);
    thread(asks, NULL);
    wait_for(&ready);
    stage->linger_ns = 100000000; /* less than the longest hold */
    broadcast_now();
    int status;
    CHECK(waitpid(helper, &status, 0) == helper);
    if (stage->linger_ns != 0 && strcmp(peer_name, "engine") == 0) {
        EQUAL(0, status);
        CHECK(workers[0] != 0);
    }
    proven("the worker was there while the caller still slept in the middle of its call");
}

const struct fault ring_faults[] = {
    {"sqpoll", "io_uring with a poller (SQPOLL)", poller, ALL_CHANGED, 0, 0},
    {"worker", "live io_uring worker (`iou-wrk`)", live_worker, ALL_CHANGED, 0, 0},
    {"worker-born", "io_uring worker born while tasks are held", worker_born, ALL_CHANGED, 0, 0},
    {NULL, NULL, NULL, 0, 0, 0},
};
