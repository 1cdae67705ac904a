/*
 * actor.c: actor ACTION…: does the actions in their order, says "ready", and stays until its standard input ends.
 *
 *   name           takes a native name full of control characters
 *   threads N      starts N threads that sleep
 *   stray          starts a thread that alone becomes uid 1 2 3, by a raw call
 *   churn          keeps starting threads that end at once
 *   worker         makes io_uring start a worker that takes part in no request any more
 *   poller         makes io_uring poll a submission queue
 *   disguise       gives all other tasks the name of an io_uring worker
 *   uid N          the first task alone becomes uid N, by a raw call
 *   table          opens a thread table that names the first task
 *   junk           opens files that look like a thread table but are none
 *   end            the first task ends, the others stay
 *
 * With "end" it is not the first task that reads standard input.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../../../native/src/main/c/include/psx.h"

static void fail(const char *what) {
    printf("failed: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void say(const char *line) {
    puts(line);
    fflush(stdout);
}

static void *sleeping(void *nothing) {
    for (;;) {
        pause();
    }
    return nothing;
}

static void *stray(void *done) {
    prctl(PR_SET_NAME, "stray");
    if (syscall(SYS_setresuid, 1, 2, 3)) {
        fail("setresuid");
    }
    *(volatile int *)done = 1;
    return sleeping(NULL);
}

static void *nothing(void *result) {
    return result;
}

static void *churn(void *result) {
    for (;;) {
        pthread_t thread;
        if (!pthread_create(&thread, NULL, nothing, NULL)) {
            pthread_join(thread, NULL);
        }
    }
    return result;
}

static void *linger(void *unused) {
    while (getchar() != EOF) {
    }
    _exit(0);
    return unused;
}

static void start(void *(*run)(void *), void *argument) {
    pthread_t thread;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    if (pthread_create(&thread, &small, run, argument)) {
        fail("pthread_create");
    }
}

static int tasks(void) {
    int count = 0;
    DIR *all = opendir("/proc/self/task");
    for (struct dirent *task = readdir(all); task; task = readdir(all)) {
        count += task->d_name[0] != '.';
    }
    closedir(all);
    return count;
}

static int ring(struct io_uring_params *parameters) {
    int fd = (int)syscall(SYS_io_uring_setup, 4, parameters);
    if (fd < 0) {
        fail("io_uring_setup");
    }
    return fd;
}

/* A poll request that is forced upon a worker: there it is armed, and the worker is idle again but stays. */
static void worker(void) {
    struct io_uring_params parameters = {0};
    int fd = ring(&parameters);
    char *queue = mmap(NULL, parameters.sq_off.array + 4 * sizeof(uint32_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQ_RING);
    struct io_uring_sqe *entries = mmap(NULL, 4 * sizeof *entries, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQES);
    int ends[2];
    if (queue == MAP_FAILED || entries == MAP_FAILED || pipe(ends)) {
        fail("mmap");
    }
    static char byte;
    int before = tasks();
    entries[0] = (struct io_uring_sqe){.opcode = IORING_OP_READ, .flags = IOSQE_ASYNC, .fd = ends[0], .addr = (uintptr_t)&byte, .len = 1};
    ((uint32_t *)(queue + parameters.sq_off.array))[0] = 0;
    __atomic_store_n((uint32_t *)(queue + parameters.sq_off.tail), 1, __ATOMIC_RELEASE);
    if (syscall(SYS_io_uring_enter, fd, 1, 0, 0, NULL, 0) != 1) {
        fail("io_uring_enter");
    }
    while (tasks() == before) {
    }
}

/* Whether the kernel has named its poller, which the poller itself does when it begins to run. */
static int polled(void) {
    DIR *all = opendir("/proc/self/task");
    int found = 0;
    for (struct dirent *task = readdir(all); task; task = readdir(all)) {
        char path[300], name[16] = "";
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", task->d_name);
        int fd = open(path, O_RDONLY);
        if (fd >= 0) {
            found |= read(fd, name, sizeof name) > 0 && !strncmp(name, "iou-sqp-", 8);
            close(fd);
        }
    }
    closedir(all);
    return found;
}

static void poller(void) {
    struct io_uring_params parameters = {.flags = IORING_SETUP_SQPOLL, .sq_thread_idle = 3600000};
    ring(&parameters);
    while (!polled()) {
    }
}

static void disguise(void) {
    DIR *all = opendir("/proc/self/task");
    for (struct dirent *task = readdir(all); task; task = readdir(all)) {
        char path[300];
        if (task->d_name[0] == '.' || atoi(task->d_name) == getpid()) {
            continue;
        }
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", task->d_name);
        int fd = open(path, O_WRONLY);
        if (fd < 0 || write(fd, "iou-wrk-1", 9) != 9) {
            fail(path);
        }
        close(fd);
    }
    closedir(all);
}

static int memfd(const void *content, size_t size) {
    int fd = memfd_create("psx-table", 0);
    if (fd < 0 || write(fd, content, size) != (ssize_t)size) {
        fail("memfd_create");
    }
    return fd;
}

static void table(void) {
    struct {
        struct psx_table_header header;
        struct psx_table_entry entries[3];
    } all = {.header = {PSX_TABLE_MAGIC, sizeof all.header, sizeof all.entries[0], 3, getpid(), 0, {0}}};
    all.entries[1] = (struct psx_table_entry){.tid = getpid(), .sequence = 2, .java_id = 1, .name = "m\303\244in\033[2J\nx"};
    all.entries[2] = (struct psx_table_entry){.tid = getppid(), .sequence = 2, .java_id = 2, .name = "not of this process"};
    memfd(&all, sizeof all);
}

static void junk(void) {
    struct psx_table_header header = {PSX_TABLE_MAGIC, sizeof header, 128, 1u << 30, getpid(), 0, {0}};
    memfd("", 0);
    memfd("short", 5);
    memfd(&header, sizeof header);
    header.capacity = 1;
    header.entry_size = 0xffffffff;
    memfd(&header, sizeof header);
    header.entry_size = 0;
    memfd(&header, sizeof header);
    header.magic++;
    memfd(&header, sizeof header);
    /* The child of a JVM: the table is its parent's. */
    struct {
        struct psx_table_header header;
        struct psx_table_entry entry;
    } other = {{PSX_TABLE_MAGIC, sizeof other.header, sizeof other.entry, 1, getppid(), 0, {0}}, {.tid = getpid(), .name = "no"}};
    memfd(&other, sizeof other);
}

int main(int count, char **words) {
    for (int i = 1; i < count; i++) {
        const char *action = words[i];
        volatile int done = 0;
        if (!strcmp(action, "name")) {
            prctl(PR_SET_NAME, "e\033[2J\nTgid:\t1\\");
        } else if (!strcmp(action, "threads")) {
            for (int number = atoi(words[++i]); number > 0; number--) {
                start(sleeping, NULL);
            }
        } else if (!strcmp(action, "stray")) {
            start(stray, (void *)&done);
            while (!done) {
            }
        } else if (!strcmp(action, "churn")) {
            start(churn, NULL);
        } else if (!strcmp(action, "worker")) {
            worker();
        } else if (!strcmp(action, "poller")) {
            poller();
        } else if (!strcmp(action, "disguise")) {
            disguise();
        } else if (!strcmp(action, "uid")) {
            int uid = atoi(words[++i]);
            if (syscall(SYS_setresuid, uid, uid, uid)) {
                fail("setresuid");
            }
        } else if (!strcmp(action, "table")) {
            table();
        } else if (!strcmp(action, "junk")) {
            junk();
        } else if (!strcmp(action, "end")) {
            start(linger, NULL);
            say("ready");
            syscall(SYS_exit, 0);
        } else {
            fail(action);
        }
    }
    say("ready");
    linger(NULL);
}
