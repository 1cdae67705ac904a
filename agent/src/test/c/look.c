/*
 * look.c: all tasks of this process as the kernel shows them. It shares no code with the engine, so that a fault in the engine's own
 * listing cannot hide a task. JNI functions of dev.psx.agent.apps.Look; one caller at a time.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <jni.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define JNI(name) JNIEXPORT JNICALL Java_dev_psx_agent_apps_Look_##name

enum { WORDS = 11, MOST = 8192 };
enum { PF_EXITING = 4 };

struct entry {
    uint64_t inode;
    int64_t offset;
    uint16_t length;
    uint8_t type;
    char name[];
};

static int directory = -1;
static jint tids[MOST];
static jlong rows[MOST * WORDS];

/* It was opened by the first look, as root: what has been dropped since plays no part. */
static int list_tasks(void) {
    static char buffer[1 << 16];
    int count = 0;
    if (directory < 0) {
        directory = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    lseek(directory, 0, SEEK_SET);
    for (long size; (size = syscall(SYS_getdents64, directory, buffer, sizeof buffer)) > 0;) {
        for (long at = 0; at < size; at += ((struct entry *)(buffer + at))->length) {
            const char *name = ((struct entry *)(buffer + at))->name;
            if (name[0] != '.' && count < MOST) {
                tids[count++] = atoi(name);
            }
        }
    }
    return count;
}

static int read_file(int tid, const char *file, char *text, size_t size) {
    char path[32];
    snprintf(path, sizeof path, "%d/%s", tid, file);
    int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, text, size - 1);
    if (fd >= 0) {
        close(fd);
    }
    text[got > 0 ? got : 0] = 0;
    return got > 0;
}

/* How many groups, and their sum: they are compared as a set. */
static jlong groups(const char *line) {
    jlong count = 0, sum = 0;
    for (char *end; *line != 0 && *line != '\n'; line = end) {
        long gid = strtol(line, &end, 10);
        if (end == line) {
            break;
        }
        count++;
        sum += gid;
    }
    return count << 32 | sum;
}

static const char *line_of(const char *status, const char *name) {
    const char *line = strstr(status, name);
    return line == NULL ? "" : line + strlen(name);
}

/* The flags and the time of birth (in ticks since the boot) stand behind the name, which may hold anything. */
static int read_stat(int tid, char *text, size_t size, unsigned long *flags, long *born) {
    if (!read_file(tid, "stat", text, size)) {
        return 0;
    }
    const char *behind = strrchr(text, ')');
    char state;
    return behind != NULL
           && sscanf(behind, ") %c %*d %*d %*d %*d %*d %lu %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %ld", &state, flags, born) == 3;
}

static int read_ids(int tid, jlong *row) {
    char text[8192];
    long uid[4], gid[4];
    if (!read_file(tid, "status", text, sizeof text)
        || sscanf(line_of(text, "\nUid:"), "%ld %ld %ld %ld", &uid[0], &uid[1], &uid[2], &uid[3]) != 4
        || sscanf(line_of(text, "\nGid:"), "%ld %ld %ld %ld", &gid[0], &gid[1], &gid[2], &gid[3]) != 4) {
        return 0; /* gone */
    }
    row[0] = tid;
    for (int i = 0; i < 4; i++) {
        row[1 + i] = uid[i];
        row[5 + i] = gid[i];
    }
    row[9] = groups(line_of(text, "\nGroups:"));
    row[10] = atol(line_of(text, "\nSeccomp_filters:"));
    return 1;
}

/* The tids of all tasks. Returns how many there are. */
jint JNI(list)(JNIEnv *env, jclass type, jintArray into) {
    (void)type;
    int count = list_tasks();
    if (count > (*env)->GetArrayLength(env, into)) {
        return -1;
    }
    (*env)->SetIntArrayRegion(env, into, 0, count, tids);
    return count;
}

/* One row per task; see Look. Returns how many. */
jint JNI(rows)(JNIEnv *env, jclass type, jlongArray into) {
    (void)type;
    int listed = list_tasks(), count = 0;
    for (int i = 0; i < listed; i++) {
        count += read_ids(tids[i], rows + (size_t)count * WORDS);
    }
    if (count * WORDS > (*env)->GetArrayLength(env, into)) {
        return -1;
    }
    (*env)->SetLongArrayRegion(env, into, 0, count * WORDS, rows);
    return count;
}

/* The time of birth of a task that runs user code; -1 if it is gone or in exit: it was perhaps in exit already at the broadcast. */
jlong JNI(born)(JNIEnv *env, jclass type, jint tid) {
    char text[1024];
    unsigned long flags;
    long born;
    (void)env, (void)type;
    return read_stat(tid, text, sizeof text, &flags, &born) && (flags & PF_EXITING) == 0 ? born : -1;
}

/* Now, in the ticks of the times of birth. */
jlong JNI(ticks)(JNIEnv *env, jclass type) {
    struct timespec now;
    (void)env, (void)type;
    clock_gettime(CLOCK_BOOTTIME, &now);
    long hertz = sysconf(_SC_CLK_TCK);
    return now.tv_sec * hertz + now.tv_nsec / (1000000000 / hertz);
}
