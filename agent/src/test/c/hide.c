/*
 * hide.c: runs a command behind a filter that refuses one system call, as old kernels and the profiles of containers do.
 *
 *   hide CALL ERRNO COMMAND…    "waitid-pidfd": waitid of pidfds alone
 */
#define _GNU_SOURCE
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct call {
    const char *name;
    uint32_t nr;
} calls[] = {
    {"pidfd_open", 434},
    {"pidfd_send_signal", 424},
    {"pidfd_getfd", 438},
    {"clone3", 435},
    {"close_range", 436},
    {"waitid-pidfd", SYS_waitid},
    {"epoll_create1", SYS_epoll_create1},
    {"epoll_ctl", SYS_epoll_ctl},
    {"epoll_pwait", SYS_epoll_pwait},
    {"pipe2", SYS_pipe2},
};

static const struct call *find(const char *name) {
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        if (strcmp(calls[i].name, name) == 0) {
            return &calls[i];
        }
    }
    fprintf(stderr, "unknown: %s\n", name);
    exit(2);
}

int main(int argc, char **argv) {
    if (argc < 4) {
        return 2;
    }
    const struct call *hidden = find(argv[1]);
    int pidfds_only = strcmp(hidden->name, "waitid-pidfd") == 0;
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, hidden->nr, 0, pidfds_only ? 3 : 1),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 3 /* P_PIDFD */, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)atoi(argv[2])),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    if (!pidfds_only) { /* only the number is looked at */
        code[2] = code[4];
        code[3] = code[5];
    }
    struct sock_fprog program = {sizeof code / sizeof code[0], code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program)) {
        perror("seccomp");
        return 1;
    }
    execvp(argv[3], argv + 3);
    perror(argv[3]);
    return 1;
}
