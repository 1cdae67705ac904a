/* ring.c: io_uring with the few calls that the tests need. JNI functions of dev.psx.agent.apps.UserRing. */
#define _GNU_SOURCE
#include <errno.h>
#include <jni.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define JNI(name) JNIEXPORT JNICALL Java_dev_psx_agent_apps_UserRing_##name

enum { ENTRIES = 4 };

static struct {
    int fd;
    uint32_t *sq_tail, *sq_mask, *sq_array, *sq_flags, *cq_head, *cq_tail, *cq_mask;
    struct io_uring_sqe *sqes;
    struct io_uring_cqe *cqes;
    uint32_t flags;
    struct {
        void *at;
        size_t size;
    } mapped[3];
    int maps;
    int foreign; /* polled by a thread of another process, in its memory and with its descriptors */
} ring;

static char path[4096];

static char *map(int64_t offset, size_t size) {
    char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd, offset);
    ring.mapped[ring.maps].at = at;
    ring.mapped[ring.maps++].size = size;
    return at;
}

static void mapAll(const struct io_uring_params *p) {
    ring.flags = p->flags;
    char *sq = map(IORING_OFF_SQ_RING, p->sq_off.array + p->sq_entries * sizeof(uint32_t));
    char *cq = map(IORING_OFF_CQ_RING, p->cq_off.cqes + p->cq_entries * sizeof(struct io_uring_cqe));
    ring.sqes = (struct io_uring_sqe *)map(IORING_OFF_SQES, p->sq_entries * sizeof(struct io_uring_sqe));
    ring.sq_tail = (uint32_t *)(sq + p->sq_off.tail);
    ring.sq_mask = (uint32_t *)(sq + p->sq_off.ring_mask);
    ring.sq_array = (uint32_t *)(sq + p->sq_off.array);
    ring.sq_flags = (uint32_t *)(sq + p->sq_off.flags);
    ring.cq_head = (uint32_t *)(cq + p->cq_off.head);
    ring.cq_tail = (uint32_t *)(cq + p->cq_off.tail);
    ring.cq_mask = (uint32_t *)(cq + p->cq_off.ring_mask);
    ring.cqes = (struct io_uring_cqe *)(cq + p->cq_off.cqes);
}

/* Returns the descriptor. */
jlong JNI(open)(JNIEnv *env, jclass type, jint flags) {
    (void)env, (void)type;
    struct io_uring_params p = {.flags = (uint32_t)flags, .sq_thread_idle = 600000};
    ring.fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &p);
    if (ring.fd < 0) {
        return -errno;
    }
    ring.foreign = 0;
    mapAll(&p);
    return ring.fd;
}

struct offer {
    struct io_uring_params p;
    int fd, personality;
};

/* What a fork of this process does: makes a ring, registers its credentials, says so, and stays until its parent ends. */
static void serve(int channel, struct offer *offer) {
    struct pollfd parent = {(int)syscall(SYS_pidfd_open, getppid(), 0), POLLIN, 0};
    offer->fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &offer->p);
    offer->personality = (int)syscall(SYS_io_uring_register, offer->fd, IORING_REGISTER_PERSONALITY, NULL, 0);
    if (write(channel, offer, sizeof *offer) == sizeof *offer) {
        syscall(SYS_ppoll, &parent, 1, NULL, NULL, 0); /* one that has dropped could not signal it at its end */
    }
    syscall(SYS_exit_group, 0);
}

/* A ring of another process, a child with a copy of this one's memory. Returns the number of its credentials. */
jlong JNI(adopt)(JNIEnv *env, jclass type, jint flags, jstring name) {
    (void)type;
    const char *text = (*env)->GetStringUTFChars(env, name, NULL);
    snprintf(path, sizeof path, "%s", text);
    (*env)->ReleaseStringUTFChars(env, name, text);
    struct offer offer = {.p = {.flags = (uint32_t)flags, .sq_thread_idle = 600000}};
    int channel[2];
    if (pipe2(channel, O_CLOEXEC) < 0) {
        return -errno;
    }
    pid_t child = fork();
    if (child == 0) {
        serve(channel[1], &offer);
    }
    close(channel[1]);
    long got = read(channel[0], &offer, sizeof offer);
    close(channel[0]);
    if (got != sizeof offer || offer.fd < 0 || offer.personality < 0) {
        return -EIO;
    }
    int process = (int)syscall(SYS_pidfd_open, child, 0); /* newer kernels send no ring through a socket */
    ring.fd = (int)syscall(SYS_pidfd_getfd, process, offer.fd, 0);
    close(process);
    if (ring.fd < 0) {
        return -errno;
    }
    ring.foreign = (flags & IORING_SETUP_SQPOLL) != 0;
    mapAll(&offer.p);
    return offer.personality;
}

/* Keeps the credentials of this moment. Returns their number. */
jlong JNI(registerPersonality)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    long number = syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_PERSONALITY, NULL, 0);
    return number < 0 ? -errno : number;
}

/* Opens a file through the ring, with registered credentials if `personality` is not 0; returns 0 or -errno. */
jlong JNI(tryOpen)(JNIEnv *env, jclass type, jstring name, jint personality) {
    (void)type;
    const char *text = (*env)->GetStringUTFChars(env, name, NULL);
    snprintf(path, sizeof path, "%s", text);
    (*env)->ReleaseStringUTFChars(env, name, text);
    uint32_t tail = *ring.sq_tail, index = tail & *ring.sq_mask;
    struct io_uring_sqe *sqe = &ring.sqes[index];
    memset(sqe, 0, sizeof *sqe);
    sqe->opcode = IORING_OP_OPENAT;
    sqe->fd = AT_FDCWD;
    sqe->addr = (uintptr_t)path;
    sqe->open_flags = O_RDONLY | O_CLOEXEC;
    sqe->personality = (uint16_t)personality;
    ring.sq_array[index] = index;
    __atomic_store_n(ring.sq_tail, tail + 1, __ATOMIC_RELEASE);
    unsigned enter = IORING_ENTER_GETEVENTS;
    if ((ring.flags & IORING_SETUP_SQPOLL) && (__atomic_load_n(ring.sq_flags, __ATOMIC_ACQUIRE) & IORING_SQ_NEED_WAKEUP)) {
        enter |= IORING_ENTER_SQ_WAKEUP;
    }
    long entered;
    while ((entered = syscall(SYS_io_uring_enter, ring.fd, 1, 1, enter, NULL, 0)) < 0 && errno == EINTR) {
    }
    if (entered < 0) {
        return -errno;
    }
    uint32_t head = *ring.cq_head;
    while (head == __atomic_load_n(ring.cq_tail, __ATOMIC_ACQUIRE)) {
    }
    int result = ring.cqes[head & *ring.cq_mask].res;
    __atomic_store_n(ring.cq_head, head + 1, __ATOMIC_RELEASE);
    if (result >= 0 && !ring.foreign) {
        close(result);
    }
    return result < 0 ? result : 0;
}

/* The ring is gone when nobody has it mapped either. */
jlong JNI(close)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    while (ring.maps > 0) {
        ring.maps--;
        munmap(ring.mapped[ring.maps].at, ring.mapped[ring.maps].size);
    }
    return close(ring.fd) < 0 ? -errno : 0;
}
