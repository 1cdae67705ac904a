/*
 * storm.c: tasks that look at their own effective uid all the time, and raw tasks that are born, look and end. JNI functions of
 * dev.psx.agent.apps.Storm.
 *
 * Broadcast number n makes the effective uid 0 if n is even and OTHER if it is odd. `seen` is the last number whose result somebody has seen in
 * user code. A task that finds the uid before that is one that was missed, or the broadcast was not atomic.
 */
#define _GNU_SOURCE
#include "storm.h"

#include <errno.h>
#include <jni.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define JNI(name) JNIEXPORT JNICALL Java_dev_psx_agent_apps_Storm_##name

enum { OTHER = 65534, STACKS = 16, STACK_SIZE = 64 * 1024 };

struct raw_task {
    char *stack;
    _Atomic int alive; /* cleared by the kernel when the task has ended */
};

static atomic_long started, seen, faults, probes, born;
static atomic_int pause_us = 1000;

/* No libc below: raw tasks share their creator's thread-local storage, so they must not touch errno. */
#if defined(__x86_64__)
static inline long raw_syscall(long nr, long a1) {
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(nr), "D"(a1) : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
static inline long raw_syscall(long nr, long a1) {
    register long x8 __asm__("x8") = nr;
    register long x0 __asm__("x0") = a1;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8) : "memory");
    return x0;
}
#endif

static inline void advance_seen(long number) {
    long before = atomic_load(&seen);
    while (before < number && !atomic_compare_exchange_weak(&seen, &before, number)) {
    }
}

/*
 * If the last broadcast begun at the end of the look had been seen before the look began, its result is the only right one. If the look lies
 * within one broadcast and finds its result, then it has been seen.
 */
void storm_probe(void) {
    long begun = atomic_load(&started);
    long known = atomic_load(&seen);
    long euid = raw_syscall(SYS_geteuid, 0);
    long last = atomic_load(&started);
    if (euid == (last % 2 == 0 ? 0 : OTHER)) {
        if (begun == last) {
            advance_seen(last);
        }
    } else if (known == last) {
        atomic_fetch_add(&faults, 1);
    }
    atomic_fetch_add_explicit(&probes, 1, memory_order_relaxed);
}

static void raw_body(void) {
    storm_probe();
    storm_probe();
    for (;;) {
        raw_syscall(SYS_exit, 0);
    }
}

/* A task of this thread group that libc never hears of, which calls `body` on its own stack. */
static long raw_clone(unsigned long flags, void *top, _Atomic int *alive, void (*body)(void)) {
    void **stack = (void **)top - 2;
    stack[0] = (void *)body;
#if defined(__x86_64__)
    long result;
    register long child_tid __asm__("r10") = (long)alive;
    register long tls __asm__("r8") = 0;
    __asm__ volatile("syscall\n\t"
                     "test %%rax, %%rax\n\t"
                     "jnz 1f\n\t"
                     "xor %%ebp, %%ebp\n\t"
                     "pop %%rax\n\t"
                     "pop %%rcx\n\t"
                     "call *%%rax\n\t"
                     "ud2\n"
                     "1:"
                     : "=a"(result)
                     : "a"(SYS_clone), "D"(flags), "S"(stack), "d"(0L), "r"(child_tid), "r"(tls)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = SYS_clone;
    register long x0 __asm__("x0") = (long)flags;
    register void *x1 __asm__("x1") = stack;
    register long x2 __asm__("x2") = 0;
    register long x3 __asm__("x3") = 0;
    register long x4 __asm__("x4") = (long)alive;
    __asm__ volatile("svc 0\n\t"
                     "cbnz x0, 1f\n\t"
                     "mov x29, xzr\n\t"
                     "ldr x1, [sp], #16\n\t"
                     "blr x1\n\t"
                     "brk 0\n"
                     "1:"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4)
                     : "memory");
    return x0;
#endif
}

static void pause_between(void) {
    int micros = atomic_load(&pause_us);
    struct timespec time = {0, micros * 1000L};
    if (micros > 0) {
        nanosleep(&time, NULL);
    }
}

static void *make_raw_tasks(void *unused) {
    const unsigned long flags =
        CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_CHILD_CLEARTID;
    struct raw_task *tasks = calloc(STACKS, sizeof *tasks);
    (void)unused;
    for (int i = 0; i < STACKS; i++) {
        tasks[i].stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    }
    prctl(PR_SET_NAME, "raw-maker");
    for (unsigned turn = 0;; turn++) {
        struct raw_task *task = &tasks[turn % STACKS];
        if (atomic_load(&task->alive)) {
            sched_yield();
            continue;
        }
        atomic_store(&task->alive, 1);
        if (raw_clone(flags, task->stack + STACK_SIZE, &task->alive, raw_body) < 0) {
            atomic_store(&task->alive, 0);
        } else {
            atomic_fetch_add(&born, 1);
        }
        pause_between();
    }
    return NULL;
}

/* Half of its time in the kernel; every look is a test. */
static void *look_on(void *unused) {
    (void)unused;
    prctl(PR_SET_NAME, "looker");
    for (;;) {
        for (int i = 0; i < 50; i++) {
            storm_probe();
        }
        pause_between();
    }
    return NULL;
}

static int start(int count, void *(*body)(void *)) {
    for (int i = 0; i < count; i++) {
        pthread_t thread;
        int error = pthread_create(&thread, NULL, body, NULL);
        if (error) {
            return error;
        }
        pthread_detach(thread);
    }
    return 0;
}

/* Starts threads that make raw tasks, and threads that look at their own uid. */
jint JNI(start)(JNIEnv *env, jclass type, jint makers, jint lookers) {
    (void)env, (void)type;
    int error = start(makers, make_raw_tasks);
    return error ? error : start(lookers, look_on);
}

/* How long those threads rest after each turn. */
void JNI(setPause)(JNIEnv *env, jclass type, jint micros) {
    (void)env, (void)type;
    atomic_store(&pause_us, micros);
}

void JNI(begin)(JNIEnv *env, jclass type, jlong number) {
    (void)env, (void)type;
    atomic_store(&started, number);
}

/* The broadcast has returned: from here on nobody may see what was before. */
void JNI(end)(JNIEnv *env, jclass type, jlong number) {
    (void)env, (void)type;
    advance_seen(number);
}

void JNI(probe)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    storm_probe();
}

jlong JNI(probes)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    return atomic_load(&probes);
}

jlong JNI(faults)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    return atomic_load(&faults);
}

jlong JNI(rawBorn)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    return atomic_load(&born);
}
