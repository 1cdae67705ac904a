/* Control groups, version 1 or 2, whatever is mounted: a quota of processor time, and the freezer. */
#include "cgroup.h"

#include <fcntl.h>
#include <sys/stat.h>

static int put(const char *directory, const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    int good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

static int has(const char *directory, const char *name)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return access(path, W_OK) == 0;
}

/* A new group of one of the roots that has the file; its directory is noted on the stage for the judge. NULL: there is none. */
static const char *make_group(const char *const *roots, const char *file)
{
    for (; *roots != NULL; roots++) {
        char *at = stage->cgroup[stage->cgroup[0][0] == 0 ? 0 : 1];
        snprintf(at, sizeof stage->cgroup[0], "%s/psx-fault-%d-%d", *roots, stage->pid, (int)(at - stage->cgroup[0]));
        if (mkdir(at, 0755) == 0 && has(at, file)) {
            return at;
        }
        rmdir(at);
        at[0] = 0;
    }
    return NULL;
}

static const char *const V1_CPU[] = {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct", NULL};
static const char *const V1_FREEZER[] = {"/sys/fs/cgroup/freezer", NULL};
static const char *const V2[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified", NULL};

void cgroup_join(const char *group)
{
    char pid[16];
    snprintf(pid, sizeof pid, "%d", stage->pid);
    CHECK(put(group, "cgroup.procs", pid));
}

const char *cgroup_quota(int percent)
{
    char quota[32];
    const char *group = make_group(V1_CPU, "cpu.cfs_quota_us");
    if (group != NULL) {
        snprintf(quota, sizeof quota, "%d", percent * 1000);
        CHECK(put(group, "cpu.cfs_period_us", "100000") && put(group, "cpu.cfs_quota_us", quota));
        return group;
    }
    put(V2[0], "cgroup.subtree_control", "+cpu");
    group = make_group(V2, "cpu.max");
    if (group != NULL) {
        snprintf(quota, sizeof quota, "%d 100000", percent * 1000);
        CHECK(put(group, "cpu.max", quota));
    }
    return group;
}

const char *cgroup_freezer(int of_single_tasks)
{
    const char *group = make_group(V1_FREEZER, "freezer.state");
    return group != NULL || of_single_tasks ? group : make_group(V2, "cgroup.freeze");
}

void cgroup_join_task(const char *group, int tid)
{
    char text[16];
    snprintf(text, sizeof text, "%d", tid);
    CHECK(put(group, "tasks", text));
}

/* Whether the kernel says that it has done so: it takes a moment. */
static int is_frozen(const char *group, int version_1)
{
    char path[300], text[300] = "";
    snprintf(path, sizeof path, "%s/%s", group, version_1 ? "freezer.state" : "cgroup.events");
    FILE *file = fopen(path, "r");
    size_t length = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
    if (file != NULL) {
        fclose(file);
    }
    text[length] = 0;
    return strstr(text, version_1 ? "FROZEN" : "frozen 1") != NULL;
}

void cgroup_freeze(const char *group, int freeze)
{
    int version_1 = has(group, "freezer.state");
    CHECK(version_1 ? put(group, "freezer.state", freeze ? "FROZEN" : "THAWED") : put(group, "cgroup.freeze", freeze ? "1" : "0"));
    while (is_frozen(group, version_1) != freeze) {
        usleep(200);
        if (freeze && version_1) {
            put(group, "freezer.state", "FROZEN"); /* a task born meanwhile */
        }
    }
}

/* For the judge, when the scenario is over: nothing of it stays. */
void cgroup_end(void)
{
    for (int i = 0; i < 2; i++) {
        if (stage->cgroup[i][0] != 0 && !put(stage->cgroup[i], "freezer.state", "THAWED")) {
            put(stage->cgroup[i], "cgroup.freeze", "0");
        }
    }
}

void cgroup_remove(void)
{
    for (int i = 0; i < 2; i++) {
        for (int tries = 0; stage->cgroup[i][0] != 0 && rmdir(stage->cgroup[i]) != 0 && errno == EBUSY && tries < 1000; tries++) {
            usleep(1000); /* the last task is still on its way out */
        }
    }
}
