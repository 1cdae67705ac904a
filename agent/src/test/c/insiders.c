/*
 * insiders.c: what native code inside the process may try: ways out of a new root directory, keys, rings, and tasks that share less or more
 * with the others than a thread does. JNI functions of dev.psx.agent.apps.Insiders.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define JNI(name) JNIEXPORT JNICALL Java_dev_psx_agent_apps_Insiders_##name

enum { DESCRIPTORS = 1024, STACK = 65536, KEYS = 100000 };

static atomic_long answer;

static long of(long result) { return result < 0 ? -errno : result; }

/* From each open directory, up and up again, and then to `name`. Returns the first descriptor that leads there, or -1. */
jint JNI(wayOut)(JNIEnv *env, jclass type, jstring name) {
    (void)type;
    const char *path = (*env)->GetStringUTFChars(env, name, NULL);
    char way[4096];
    snprintf(way, sizeof way, "../../../../../../../..%s", path);
    (*env)->ReleaseStringUTFChars(env, name, path);
    for (int fd = 0; fd < DESCRIPTORS; fd++) {
        struct stat status;
        if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
            int out = openat(fd, way, O_RDONLY | O_CLOEXEC);
            if (out >= 0) {
                close(out);
                return fd;
            }
        }
    }
    return -1;
}

/* How many directories are open. */
jint JNI(directories)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    int count = 0;
    for (int fd = 0; fd < DESCRIPTORS; fd++) {
        struct stat status;
        count += fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
    }
    return count;
}

jlong JNI(open)(JNIEnv *env, jclass type, jstring name, jint flags) {
    (void)type;
    const char *path = (*env)->GetStringUTFChars(env, name, NULL);
    long fd = of(open(path, flags | O_CLOEXEC));
    (*env)->ReleaseStringUTFChars(env, name, path);
    return fd;
}

static void *alone(void *argument) {
    const char *root = argument;
    prctl(PR_SET_NAME, "own-fs");
    int failed = unshare(CLONE_FS) < 0 || (root != NULL && chroot(root) < 0);
    atomic_store(&answer, failed ? -errno : syscall(SYS_gettid));
    for (;;) {
        pause();
    }
    return NULL;
}

static void *idle(void *unused) {
    for (;;) {
        pause();
    }
    return unused;
}

static void *alone_with_another(void *unused) {
    pthread_t other;
    int failed = unshare(CLONE_FS) < 0 || pthread_create(&other, NULL, idle, NULL) != 0;
    atomic_store(&answer, failed ? -EAGAIN : syscall(SYS_gettid));
    return idle(unused);
}

static void *with_other_mounts(void *path) {
    int failed = unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
                 mount("none", path, "tmpfs", 0, NULL) < 0;
    atomic_store(&answer, failed ? -errno : syscall(SYS_gettid));
    return idle(NULL);
}

static jlong started(void *(*body)(void *), void *argument) {
    pthread_t thread;
    atomic_store(&answer, 0);
    if (pthread_create(&thread, NULL, body, argument) != 0) {
        return -EAGAIN;
    }
    while (atomic_load(&answer) == 0) {
        sched_yield();
    }
    return atomic_load(&answer);
}

/* A thread with an fs_struct of its own, and possibly another root. Returns its tid. */
jlong JNI(ownFs)(JNIEnv *env, jclass type, jstring root) {
    (void)type;
    const char *path = root == NULL ? NULL : (*env)->GetStringUTFChars(env, root, NULL);
    jlong tid = started(alone, (void *)path);
    if (path != NULL) {
        (*env)->ReleaseStringUTFChars(env, root, path);
    }
    return tid;
}

/* Two threads that share an fs_struct of their own. Returns the tid of the first. */
jlong JNI(ownFsPair)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    return started(alone_with_another, NULL);
}

/* The calling thread gets one of its own. */
jlong JNI(unshareFs)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    return of(unshare(CLONE_FS));
}

/* A thread with mounts of its own, where something else is at the path. Returns its tid. */
jlong JNI(ownMounts)(JNIEnv *env, jclass type, jstring path) {
    (void)type;
    const char *text = (*env)->GetStringUTFChars(env, path, NULL);
    jlong tid = started(with_other_mounts, (void *)text);
    (*env)->ReleaseStringUTFChars(env, path, text);
    return tid;
}

static int sharer(void *argument) {
    (void)argument;
    syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
    }
    return 0;
}

/* A process in this one's memory. Returns its pid. */
jlong JNI(sharer)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return stack == MAP_FAILED ? -errno : of(clone(sharer, stack + STACK, CLONE_VM, NULL));
}

/* A key in the session keyring that only its possessor may read, whoever he is. */
jlong JNI(addKey)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    long key = of(syscall(SYS_add_key, "user", "psx-test", "secret", 6, -3 /* KEY_SPEC_SESSION_KEYRING */));
    return key < 0 ? key : of(syscall(SYS_keyctl, 5 /* KEYCTL_SETPERM */, key, 0x3f000000)) < 0 ? -errno : key;
}

/* What reading the key gives: its size, or -errno. */
jlong JNI(readKey)(JNIEnv *env, jclass type, jlong key) {
    (void)env, (void)type;
    char buffer[64];
    return of(syscall(SYS_keyctl, 11 /* KEYCTL_READ */, key, buffer, sizeof buffer));
}

/* A session keyring of this process, so that keys of the system's own are left alone. */
jlong JNI(newSession)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    return of(syscall(SYS_keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, "psx-test-session"));
}

/* A process that uses up a user's quota of keys. Returns its pid when none is left; it ends with the calling thread. */
jlong JNI(fillKeys)(JNIEnv *env, jclass type, jint uid) {
    (void)env, (void)type;
    int ready[2];
    char name[32], answer = 0;
    if (pipe2(ready, O_CLOEXEC) < 0) {
        return -errno;
    }
    pid_t pid = fork();
    if (pid == 0) {
        int full = syscall(SYS_setresuid, uid, uid, uid) == 0 && syscall(SYS_keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, NULL) >= 0;
        for (int i = 0; full && i < KEYS; i++) {
            snprintf(name, sizeof name, "psx-fill-%d", i);
            if (syscall(SYS_add_key, "user", name, "x", 1, -3 /* KEY_SPEC_SESSION_KEYRING */) < 0) {
                break;
            }
        }
        answer = (char)(full && errno == EDQUOT);
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a change of user would clear it */
        if (write(ready[1], &answer, 1) != 1) {
            _exit(1);
        }
        for (int fd = 0; fd < 3; fd++) {
            close(fd);
        }
        for (;;) {
            pause();
        }
    }
    int error = errno;
    close(ready[1]);
    int full = read(ready[0], &answer, 1) == 1 && answer;
    close(ready[0]);
    return pid < 0 ? -error : full ? pid : -EDQUOT;
}
