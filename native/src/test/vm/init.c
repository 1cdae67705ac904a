/* The first process of the virtual machine: mounts what the tests need, runs each program below /tests, switches the machine off. */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

static void mount_at(const char *type, const char *directory)
{
    mkdir(directory, 0755);
    if (mount(type, directory, type, 0, NULL) != 0) {
        printf("vm: no %s\n", type);
    }
}

static int runs(const char *path)
{
    int status = -1;
    printf("vm: == %s\n", path);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        execl(path, path, (char *)NULL);
        _exit(127);
    }
    for (pid_t ended = 0; ended != pid;) { /* the first process inherits what others leave behind */
        ended = waitpid(-1, &status, 0);
    }
    printf("vm: %s %s (status %x)\n", path, status == 0 ? "passed" : "failed", (unsigned)status);
    return status == 0;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(void)
{
    struct dirent **tests;
    struct utsname kernel;
    int all = 1;
    mount_at("proc", "/proc");
    mount_at("sysfs", "/sys");
    mount_at("devtmpfs", "/dev");
    mount_at("tmpfs", "/tmp");
    uname(&kernel);
    printf("vm: Linux %s %s, %ld processors\n", kernel.release, kernel.machine, sysconf(_SC_NPROCESSORS_ONLN));
    int count = scandir("/tests", &tests, is_visible, alphasort);
    for (int i = 0; i < count; i++) {
        char path[512];
        snprintf(path, sizeof path, "/tests/%s", tests[i]->d_name);
        all &= runs(path);
    }
    printf("vm: %s\n", count > 0 && all ? "all passed" : "FAILED");
    fflush(stdout);
    sync();
    reboot(RB_POWER_OFF);
    return 1;
}
