/*
 * fixture.c: the tasks that make a JVM difficult: native threads of every sort, tasks that libc does not know, and threads
 * that come and go. JNI functions of dev.psx.agent.apps.Fixture.
 */
#define _GNU_SOURCE
#include "storm.h"

#include <errno.h>
#include <jni.h>
#include <linux/filter.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define JNI(name) JNIEXPORT JNICALL Java_dev_psx_agent_apps_Fixture_##name

enum { BUSY = 1, DETACHED = 2, AFFINITY = 4, ATTACHED = 8 };

static JavaVM *vm;
static atomic_long ready;
static volatile atomic_int churning;
static atomic_long born;
static atomic_long alive;
static atomic_int churn_pause;

jint JNI_OnLoad(JavaVM *loaded, void *reserved) {
    (void)reserved;
    vm = loaded;
    return JNI_VERSION_1_8;
}

/* glibc starts a thread with an affinity attribute with every signal blocked until its creator has set the affinity. */
static int create(pthread_t *thread, int kind, void *(*body)(void *)) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 * 1024);
    if (kind & DETACHED) {
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    }
    if (kind & AFFINITY) {
        cpu_set_t cpus;
        sched_getaffinity(0, sizeof cpus, &cpus);
        pthread_attr_setaffinity_np(&attributes, sizeof cpus, &cpus);
    }
    int error = pthread_create(thread, &attributes, body, (void *)(intptr_t)kind);
    pthread_attr_destroy(&attributes);
    return error;
}

static void *stay(void *argument) {
    int kind = (int)(intptr_t)argument;
    JNIEnv *env;
    if (kind & ATTACHED) {
        JavaVMAttachArgs attach = {JNI_VERSION_1_8, "native-attached", NULL};
        (*vm)->AttachCurrentThreadAsDaemon(vm, (void **)&env, &attach);
    }
    prctl(PR_SET_NAME, kind & BUSY ? "fixture-busy" : "fixture-idle");
    atomic_fetch_add(&ready, 1);
    for (volatile unsigned long turns = 0;;) {
        if (kind & BUSY) {
            turns++;
        } else {
            pause();
        }
    }
    return NULL;
}

/* Starts `count` native threads that stay, and returns when all run. */
jint JNI(startNative)(JNIEnv *env, jclass type, jint count, jint kind) {
    (void)env, (void)type;
    long wanted = atomic_load(&ready) + count;
    for (int i = 0; i < count; i++) {
        pthread_t thread;
        int error = create(&thread, kind, stay);
        if (error) {
            return -error;
        }
    }
    while (atomic_load(&ready) < wanted) {
        sched_yield();
    }
    return count;
}

/*
 * A task of this thread group that libc never hears of. All of it is assembler: on return from clone it has nothing but its
 * own stack, so it must not run compiled C, which may use the creator's thread-local storage.
 */
static long raw_clone(unsigned long flags, void *stack) {
#if defined(__x86_64__)
    long result;
    register long child_tid __asm__("r10") = 0;
    register long tls __asm__("r8") = 0;
    __asm__ volatile("syscall\n\t"
                     "test %%rax, %%rax\n\t"
                     "jnz 2f\n"
                     "1:\txor %%edi, %%edi\n\t"
                     "xor %%esi, %%esi\n\t"
                     "xor %%edx, %%edx\n\t"
                     "xor %%r10d, %%r10d\n\t"
                     "mov %[ppoll], %%eax\n\t"
                     "syscall\n\t"
                     "jmp 1b\n"
                     "2:"
                     : "=a"(result)
                     : "a"(SYS_clone), "D"(flags), "S"(stack), "d"(0L), "r"(child_tid), "r"(tls), [ppoll] "i"(SYS_ppoll)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = SYS_clone;
    register long x0 __asm__("x0") = (long)flags;
    register void *x1 __asm__("x1") = stack;
    register long x2 __asm__("x2") = 0;
    register long x3 __asm__("x3") = 0;
    register long x4 __asm__("x4") = 0;
    __asm__ volatile("svc 0\n\t"
                     "cbnz x0, 2f\n"
                     "1:\tmov x0, xzr\n\t"
                     "mov x1, xzr\n\t"
                     "mov x2, xzr\n\t"
                     "mov x3, xzr\n\t"
                     "mov x8, %[ppoll]\n\t"
                     "svc 0\n\t"
                     "b 1b\n"
                     "2:"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), [ppoll] "i"(SYS_ppoll)
                     : "memory");
    return x0;
#endif
}

/* Makes `count` raw tasks; with `blocked`, tasks that block every signal, so that none can ever be gathered. */
jint JNI(startRaw)(JNIEnv *env, jclass type, jint count, jboolean blocked) {
    (void)env, (void)type;
    const size_t size = 64 * 1024;
    const unsigned long flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
    uint64_t before = 0, all = ~(uint64_t)0;
    long made = 0;
    for (int i = 0; i < count && made >= 0; i++) {
        char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
        if (stack == MAP_FAILED) {
            return -errno;
        }
        if (blocked) { /* raw: libc would leave out the signals it needs itself */
            syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof all);
        }
        made = raw_clone(flags, stack + size);
        if (blocked) {
            syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, sizeof before);
        }
    }
    return made < 0 ? (jint)made : count;
}

static void *end_at_once(void *argument) {
    int kind = (int)(intptr_t)argument;
    storm_probe();
    if (kind & ATTACHED) {
        JNIEnv *env;
        (*vm)->AttachCurrentThread(vm, (void **)&env, NULL);
        (*vm)->DetachCurrentThread(vm);
    }
    atomic_fetch_add(&born, 1);
    atomic_fetch_sub(&alive, 1);
    return NULL;
}

static void *churn(void *unused) {
    static const int kinds[] = {0, DETACHED, AFFINITY, DETACHED | AFFINITY, ATTACHED, DETACHED};
    (void)unused;
    for (unsigned turn = 0; atomic_load(&churning); turn++) {
        int kind = kinds[turn % (sizeof kinds / sizeof kinds[0])];
        pthread_t thread;
        if (atomic_load(&alive) > 64) { /* detached threads end when they like */
            sched_yield();
            continue;
        }
        atomic_fetch_add(&alive, 1);
        if (create(&thread, kind, end_at_once)) {
            atomic_fetch_sub(&alive, 1);
        } else if (!(kind & DETACHED)) {
            pthread_join(thread, NULL);
        }
        struct timespec rest = {0, atomic_load(&churn_pause) * 1000L};
        if (rest.tv_nsec > 0) {
            nanosleep(&rest, NULL);
        }
    }
    return NULL;
}

/* How long those threads rest after each thread that they have made; 0 at first. */
void JNI(setChurnPause)(JNIEnv *env, jclass type, jint micros) {
    (void)env, (void)type;
    atomic_store(&churn_pause, micros);
}

/* `count` threads create and end native threads of all sorts as fast as they can. */
void JNI(startChurn)(JNIEnv *env, jclass type, jint count) {
    (void)env, (void)type;
    atomic_store(&churning, 1);
    for (int i = 0; i < count; i++) {
        pthread_t thread;
        create(&thread, DETACHED, churn);
    }
}

/* Ends the churn and returns how many threads it has made. */
jlong JNI(stopChurn)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    atomic_store(&churning, 0);
    return atomic_load(&born);
}

/* One system call on the calling thread only: what a program does that knows nothing of tasks. */
jlong JNI(syscall)(JNIEnv *env, jclass type, jlong number, jlong a1, jlong a2, jlong a3) {
    (void)env, (void)type;
    long result = syscall(number, a1, a2, a3);
    return result < 0 ? -errno : result;
}

/* glibc's own way: it changes every thread that glibc knows. */
jint JNI(seteuid)(JNIEnv *env, jclass type, jint uid) {
    (void)env, (void)type;
    return seteuid((uid_t)uid) ? -errno : 0;
}

jint JNI(eventfd)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

/* The sum of all writes since the last reading. */
jlong JNI(readCounter)(JNIEnv *env, jclass type, jint fd) {
    (void)env, (void)type;
    uint64_t sum = 0;
    return read(fd, &sum, sizeof sum) == sizeof sum ? (jlong)sum : -1;
}

/* The address of an 8-byte 1, to be written to an eventfd. */
jlong JNI(one)(JNIEnv *env, jclass type) {
    static const uint64_t value = 1;
    (void)env, (void)type;
    return (jlong)(uintptr_t)&value;
}

/* The address of a seccomp program that allows everything: it changes nothing but Seccomp_filters. */
jlong JNI(allowAll)(JNIEnv *env, jclass type) {
    static struct sock_filter filter = BPF_STMT(BPF_RET | BPF_K, 0x7fff0000u);
    static struct sock_fprog program = {1, &filter};
    (void)env, (void)type;
    return (jlong)(uintptr_t)&program;
}

static void leave(int signo) {
    (void)signo;
    syscall(SYS_exit, 0);
}

/* Ends the first task of the process; the others stay. */
void JNI(endFirstTask)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    struct sigaction action = {.sa_handler = leave};
    sigaction(SIGRTMAX, &action, NULL);
    syscall(SYS_tgkill, getpid(), getpid(), SIGRTMAX);
}
