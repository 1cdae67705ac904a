/*
 * holder.c: holds something until its standard input ends, as others may. Says "holds" when it does.
 *
 *   holder task TID    stops a task, as a debugger does
 *   holder file PATH   has a lease on a file: who opens or executes it waits, for at most /proc/sys/fs/lease-break-time
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void hold_task(pid_t tid) {
    int status;
    if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) || ptrace(PTRACE_INTERRUPT, tid, NULL, NULL)) {
        fail("ptrace");
    }
    if (waitpid(tid, &status, __WALL) != tid || !WIFSTOPPED(status)) {
        fail("waitpid");
    }
}

static void hold_file(const char *path) {
    int fd = open(path, O_RDWR | O_CLOEXEC);
    signal(SIGIO, SIG_IGN);
    if (fd < 0 || fcntl(fd, F_SETLEASE, F_WRLCK)) {
        fail(path);
    }
}

int main(int argc, char **argv) {
    char byte;
    if (argc != 3) {
        return 2;
    }
    if (strcmp(argv[1], "task") == 0) {
        hold_task(atoi(argv[2]));
    } else {
        hold_file(argv[2]);
    }
    printf("holds\n");
    fflush(stdout);
    while (read(0, &byte, 1) > 0) {
    }
    return 0; /* which lets go */
}
