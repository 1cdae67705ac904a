/*
 * box.c: box STEP… COMMAND…: a world such as containers are, made step by step; then the program becomes COMMAND, with the same pid.
 *
 *     refuse=EPERM:keyctl,kcmp   the kernel refuses these calls from then on (or ENOSYS)
 *     gids=MAP, setgroups=deny   for the next user namespace
 *     uids=MAP                   a user namespace, and in there uid and gid 0; a map is inside,outside,count
 *     proc=ro, proc=no-sys       /proc is read-only; /proc/sys is empty
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
    const char *name;
    unsigned number;
} calls[] = {
    {"add_key", SYS_add_key},
    {"bpf", SYS_bpf},
    {"capset", SYS_capset},
    {"clone3", 435},
    {"io_uring_enter", 426},
    {"io_uring_register", 427},
    {"io_uring_setup", 425},
    {"kcmp", SYS_kcmp},
    {"keyctl", SYS_keyctl},
    {"mount", SYS_mount},
    {"open_tree", 428},
    {"perf_event_open", SYS_perf_event_open},
    {"request_key", SYS_request_key},
    {"setgroups", SYS_setgroups},
    {"setns", SYS_setns},
    {"setresuid", SYS_setresuid},
    {"unshare", SYS_unshare},
    {"userfaultfd", SYS_userfaultfd},
};

static const char *gids = "0,0,4294967295", *groups = "allow";

static void check(int bad, const char *what) {
    if (bad) {
        perror(what);
        exit(1);
    }
}

static unsigned number(const char *name) {
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        if (strcmp(calls[i].name, name) == 0) {
            return calls[i].number;
        }
    }
    fprintf(stderr, "box: no call %s\n", name);
    exit(2);
}

static void refuse(char *text) {
    unsigned error = strncmp(text, "EPERM:", 6) == 0 ? EPERM : ENOSYS;
    for (char *call = strtok(strchr(text, ':') + 1, ","); call != NULL; call = strtok(NULL, ",")) {
        struct sock_filter code[] = {
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number(call), 0, 1),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        struct sock_fprog program = {sizeof code / sizeof code[0], code};
        check(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0, "seccomp");
    }
}

static void put(int pid, const char *file, const char *text) {
    char path[64], content[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
    snprintf(content, sizeof content, "%s", text);
    for (char *at = content; *at; at++) {
        *at = *at == ',' ? ' ' : *at;
    }
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    check(fd < 0 || write(fd, content, strlen(content)) < 0, path);
    close(fd);
}

/* The maps are written from outside, by a child that stays there. */
static void userNamespace(const char *uids) {
    int ready[2], status = 0, self = getpid();
    char word;
    check(pipe(ready) < 0, "pipe");
    pid_t child = fork();
    check(child < 0, "fork");
    if (child == 0) {
        close(ready[1]);
        check(read(ready[0], &word, 1) != 1, "read");
        if (strcmp(groups, "allow") != 0) {
            put(self, "setgroups", groups);
        }
        put(self, "gid_map", gids);
        put(self, "uid_map", uids);
        _exit(0);
    }
    check(unshare(CLONE_NEWUSER) < 0, "unshare");
    check(write(ready[1], "", 1) != 1, "write");
    check(waitpid(child, &status, 0) < 0, "wait");
    check(status != 0, "map");
    close(ready[0]);
    close(ready[1]);
    check(setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0, "setresuid");
    check(prctl(PR_SET_DUMPABLE, 1) < 0, "prctl"); /* otherwise its files belong to nobody in here, and it could not be mapped again */
}

static void proc(const char *how) {
    check(unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) < 0, "unshare");
    if (strcmp(how, "ro") == 0) {
        unsigned long kept = MS_NOSUID | MS_NODEV | MS_NOEXEC;
        check(mount("/proc", "/proc", NULL, MS_BIND | MS_REC, NULL) < 0, "bind");
        check(mount(NULL, "/proc", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | kept, NULL) < 0, "remount");
    } else {
        check(mount("none", "/proc/sys", "tmpfs", 0, NULL) < 0, how);
    }
}

static int step(char *word) {
    char *value = strchr(word, '=');
    if (value == NULL) {
        return 0;
    }
    *value++ = '\0';
    if (strcmp(word, "refuse") == 0) {
        refuse(value);
    } else if (strcmp(word, "gids") == 0) {
        gids = value;
    } else if (strcmp(word, "setgroups") == 0) {
        groups = value;
    } else if (strcmp(word, "uids") == 0) {
        userNamespace(value);
    } else {
        proc(value);
    }
    return 1;
}

int main(int count, char **words) {
    int at = 1;
    while (at < count && step(words[at])) {
        at++;
    }
    check(at == count, "box");
    execvp(words[at], words + at);
    perror(words[at]);
    return 1;
}
