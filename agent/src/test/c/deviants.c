/*
 * deviants.c: tasks on which a broadcast must fail or differ, and tasks that tell when they last ran. JNI functions of
 * dev.psx.agent.apps.Deviants.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define JNI(name) JNIEXPORT JNICALL Java_dev_psx_agent_apps_Deviants_##name

/* What one thread is started with, and what it says when it is ready: its tid or a negative errno. */
struct start {
    const char *name;
    uint32_t nr, action;
    atomic_long answer;
};

enum { PARTS = 1024, PART = 2 << 20 };

static atomic_long kernel_calls;

static long start(struct start *argument, void *(*body)(void *)) {
    pthread_t thread;
    int error = pthread_create(&thread, NULL, body, argument);
    if (error) {
        return -error;
    }
    while (atomic_load(&argument->answer) == 0) {
        sched_yield();
    }
    return atomic_load(&argument->answer);
}

static void ready(struct start *argument, long result) {
    prctl(PR_SET_NAME, argument->name);
    atomic_store(&argument->answer, result < 0 ? -errno : syscall(SYS_gettid));
}

static void *stay(void) {
    for (;;) {
        pause();
    }
    return NULL;
}

static void *filtered(void *argument) {
    struct start *mine = argument;
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, mine->nr, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, mine->action),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof code[0], code};
    ready(mine, syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
    return stay();
}

/* A thread with a filter of its own: `action` is what becomes of it when it makes the call `nr`. Returns its tid. */
jlong JNI(startFiltered)(JNIEnv *env, jclass type, jint nr, jint action) {
    (void)env, (void)type;
    struct start argument = {.name = "fixture-filter", .nr = (uint32_t)nr, .action = (uint32_t)action};
    return start(&argument, filtered);
}

static long block_all(void) {
    uint64_t all = ~(uint64_t)0; /* raw: libc would leave out the signals it needs itself */
    return syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all);
}

static void *deaf(void *argument) {
    ready(argument, block_all());
    return stay();
}

/* A native thread that blocks every signal. Returns its tid. */
jlong JNI(startDeaf)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    struct start argument = {.name = "fixture-deaf"};
    return start(&argument, deaf);
}

/* The calling thread blocks every signal from now on. Returns its tid. */
jlong JNI(becomeDeaf)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    return block_all() < 0 ? -errno : syscall(SYS_gettid);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/*
 * Reads its own memory through /proc again and again, always into the same place: as long as one call may be, and only a signal that kills
 * ends it. No lock that other tasks need is held for long, and no memory is taken: what is read is the zero page.
 */
static long read_for_long(int fd, const char *from, struct iovec *into) {
    atomic_fetch_add(&kernel_calls, 1);
    return preadv(fd, into, PARTS, (off_t)(uintptr_t)from);
}

static void *kernel_bound(void *argument) {
    static char buffer[PART];
    static struct iovec into[PARTS];
    char *from =
        mmap(NULL, (size_t)PARTS * PART, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    madvise(from, (size_t)PARTS * PART, MADV_NOHUGEPAGE);
    for (int i = 0; i < PARTS; i++) {
        into[i] = (struct iovec){buffer, PART};
    }
    ready(argument, fd < 0 || from == MAP_FAILED ? -1 : read_for_long(fd, from, into));
    for (;;) {
        read_for_long(fd, from, into);
    }
    return NULL;
}

/* A thread that is in the kernel for some tenths of a second at a time, and looks at no signal there. Returns its tid. */
jlong JNI(startKernelBound)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    struct start argument = {.name = "fixture-kernel"};
    return start(&argument, kernel_bound);
}

/* Waits until it begins the next one. Returns how many it has begun. */
jlong JNI(awaitKernelCall)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    long seen = atomic_load(&kernel_calls);
    while (atomic_load(&kernel_calls) == seen) {
        sched_yield();
    }
    return atomic_load(&kernel_calls);
}

/* A file's memory, which outlives the process. */
jlong JNI(map)(JNIEnv *env, jclass type, jstring path, jint bytes) {
    (void)type;
    const char *name = (*env)->GetStringUTFChars(env, path, NULL);
    int fd = open(name, O_RDWR | O_CLOEXEC);
    (*env)->ReleaseStringUTFChars(env, path, name);
    void *at = fd < 0 ? MAP_FAILED : mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return at == MAP_FAILED ? -errno : (jlong)(uintptr_t)at;
}

/* One cell of the memory: when its task last ran, how often, and as whom. */
struct beat {
    volatile int64_t time, count, euid;
};

struct heart {
    struct beat *cell;
    struct timespec sleep;
};

static void *beat(void *argument) {
    struct heart mine = *(struct heart *)argument;
    free(argument);
    for (;;) {
        int64_t euid = syscall(SYS_geteuid), time = now();
        mine.cell->euid = euid;
        mine.cell->time = time;
        mine.cell->count = mine.cell->count + 1;
        if (mine.sleep.tv_nsec > 0) {
            syscall(SYS_nanosleep, &mine.sleep, NULL);
        }
    }
    return NULL;
}

/* `count` native threads that do nothing but write to their cells from this address on, and sleep in between. */
jint JNI(startBeats)(JNIEnv *env, jclass type, jlong address, jint count, jint sleep_micros) {
    (void)env, (void)type;
    for (int i = 0; i < count; i++) {
        struct heart *heart = malloc(sizeof *heart);
        heart->cell = (struct beat *)(uintptr_t)address + i;
        heart->sleep = (struct timespec){0, sleep_micros * 1000L};
        pthread_t thread;
        int error = pthread_create(&thread, NULL, beat, heart);
        if (error) {
            return -error;
        }
    }
    return count;
}

/* One raw sleep, which Linux never restarts: 0, or -EINTR if a signal came. */
jint JNI(rawSleep)(JNIEnv *env, jclass type, jint millis) {
    (void)env, (void)type;
    struct timespec time = {millis / 1000, millis % 1000 * 1000000L};
    return syscall(SYS_nanosleep, &time, NULL) ? -errno : 0;
}
