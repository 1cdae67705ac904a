/* kernel_powers.c: perf events, BPF, seccomp listeners and virtual machines for powers.c, with as little as shows that they work. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/kvm.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "powers.h"

static long result(long value) {
    return value < 0 ? -errno : value;
}

/* Everybody on one processor, which takes CAP_PERFMON. */
long open_perf(const char *unused) {
    (void)unused;
    struct perf_event_attr all = {.type = PERF_TYPE_SOFTWARE, .size = sizeof all, .config = PERF_COUNT_SW_CPU_CLOCK};
    return result(syscall(SYS_perf_event_open, &all, -1, 0, -1, PERF_FLAG_FD_CLOEXEC));
}

long use_perf(int fd) {
    uint64_t before = 0, now = 0;
    if (read(fd, &before, sizeof before) != sizeof before) {
        return -errno;
    }
    do {
        if (read(fd, &now, sizeof now) != sizeof now) {
            return -errno;
        }
    } while (now == before);
    return 1;
}

static long bpf(int command, union bpf_attr *attributes) {
    return result(syscall(SYS_bpf, command, attributes, sizeof *attributes));
}

long open_bpf_map(const char *unused) {
    (void)unused;
    union bpf_attr map = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 1};
    return bpf(BPF_MAP_CREATE, &map);
}

long use_bpf_map(int fd) {
    uint32_t key = 0;
    uint64_t value = 42, got = 0;
    union bpf_attr put = {.map_fd = (uint32_t)fd, .key = (uintptr_t)&key, .value = (uintptr_t)&value};
    union bpf_attr get = {.map_fd = (uint32_t)fd, .key = (uintptr_t)&key, .value = (uintptr_t)&got};
    long error = bpf(BPF_MAP_UPDATE_ELEM, &put);
    error = error < 0 ? error : bpf(BPF_MAP_LOOKUP_ELEM, &get);
    return error < 0 ? error : (long)got;
}

static long load(uint32_t type, int32_t returned) {
    struct bpf_insn program[] = {
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = returned},
        {.code = BPF_JMP | BPF_EXIT},
    };
    union bpf_attr attributes = {.prog_type = type, .insns = (uintptr_t)program, .insn_cnt = 2, .license = (uintptr_t)"GPL"};
    return bpf(BPF_PROG_LOAD, &attributes);
}

long open_bpf_program(const char *unused) {
    (void)unused;
    return load(BPF_PROG_TYPE_SOCKET_FILTER, 0);
}

long use_bpf_program(int fd) {
    int other = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    long done = result(setsockopt(other, SOL_SOCKET, SO_ATTACH_BPF, &fd, sizeof fd));
    close(other);
    return done;
}

enum { XDP_PASSED = 2 };

/* To the loopback interface. */
long open_bpf_link(const char *unused) {
    (void)unused;
    long program = load(BPF_PROG_TYPE_XDP, XDP_PASSED);
    if (program < 0) {
        return program;
    }
    union bpf_attr link = {.link_create = {.prog_fd = (uint32_t)program, .target_ifindex = if_nametoindex("lo"), .attach_type = BPF_XDP}};
    long fd = bpf(BPF_LINK_CREATE, &link);
    close((int)program);
    return fd;
}

long use_bpf_link(int fd) {
    union bpf_attr detach = {.link_detach = {.link_fd = (uint32_t)fd}};
    return bpf(BPF_LINK_DETACH, &detach);
}

enum { TOLD = 4711 };

/* Shared with the process that is listened to. */
static struct shared {
    _Atomic long listener, got;
} *shared;

static void be_listened_to(void) {
    struct sock_filter instructions[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {.len = 4, .filter = instructions};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    shared->listener = result(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter));
    do {
        shared->got = syscall(SYS_getppid);
    } while (shared->got >= 0);
    _exit(0); /* nobody listens any more */
}

/* Returns the listener of a new process, which asks for its parent again and again. */
long open_listener(const char *unused) {
    (void)unused;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
        be_listened_to();
    }
    while (shared->listener == 0) {
    }
    if (shared->listener < 0) {
        return shared->listener;
    }
    int process = (int)syscall(SYS_pidfd_open, child, 0);
    long fd = result(syscall(SYS_pidfd_getfd, process, shared->listener, 0));
    close(process);
    return fd;
}

long use_listener(int fd) {
    struct seccomp_notif asked;
    struct seccomp_notif_resp answer = {.val = TOLD};
    memset(&asked, 0, sizeof asked);
    shared->got = 0;
    if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &asked) < 0) {
        return -errno;
    }
    answer.id = asked.id;
    if (ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer) < 0) {
        return -errno;
    }
    while (shared->got == 0) {
    }
    return shared->got;
}

long use_kvm(int fd) {
    long machine = result(ioctl(fd, KVM_CREATE_VM, 0));
    if (machine >= 0) {
        close((int)machine);
    }
    return machine < 0 ? machine : 1;
}
