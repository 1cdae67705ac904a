/*
 * warden.c: the kernel asks another process about each call of a plan's program, so that exactly one of them can be made to fail: on trial, when
 * the task that applies the plan makes it, or when another one does. JNI functions of dev.psx.agent.apps.Warden.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <jni.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define JNI(name) JNIEXPORT JNICALL Java_dev_psx_agent_apps_Warden_##name

enum { CALLS = 256, NUMBERS = 64, ARGUMENTS = 6, ADDRESS_SHIFT = 8 };

/* Who makes the call that fails: disposable processes, the task that applies the plan, another one. */
enum { TRIAL, CALLER, OTHERS, PASSES };

/* As dev.psx.spi.Program encodes it: an address is not known before. */
struct call {
    int64_t nr, argument[ARGUMENTS], flags;
};

/* Who makes the calls, which is next, and whether nobody else begins anew. */
struct run {
    atomic_int tid, next, once;
};

/* Shared with the process that decides. */
static struct {
    atomic_int pass, call; /* what is to fail */
    atomic_int refused;
    struct run trial, caller;
    pid_t process;
    atomic_int listener, ready;
    int calls;
    struct call program[CALLS];
} *warden;

static int matches(const struct call *call, const struct seccomp_data *made) {
    if (made->nr != call->nr) {
        return 0;
    }
    for (int i = 0; i < ARGUMENTS; i++) {
        int address = call->flags >> (ADDRESS_SHIFT + i) & 1;
        if (address ? made->args[i] == 0 : made->args[i] != (uint64_t)call->argument[i]) {
            return 0;
        }
    }
    return 1;
}

/* Whoever makes the first call makes the others, in order. Returns the index of this one, or -1. */
static int next_of(struct run *run, int tid, const struct seccomp_data *made) {
    int call = tid == run->tid ? run->next : 0;
    if ((run->tid != 0 && tid != run->tid && run->once) || !matches(&warden->program[call], made)) {
        return -1;
    }
    run->tid = tid;
    run->next = (call + 1) % warden->calls;
    return call;
}

/* Disposable processes come one after another, and none is of the thread group; the task that applies the plan is the first of that. */
static int refuses(int tid, const struct seccomp_data *made) {
    if (syscall(SYS_tgkill, warden->process, tid, 0) != 0) {
        int call = next_of(&warden->trial, tid, made);
        return warden->pass == TRIAL && call == warden->call;
    }
    int call = next_of(&warden->caller, tid, made);
    if (call >= 0) {
        return warden->pass == CALLER && call == warden->call && warden->refused == 0;
    }
    int other = warden->caller.tid != 0 && tid != warden->caller.tid;
    return other && warden->pass == OTHERS && warden->refused == 0 && matches(&warden->program[warden->call], made);
}

static void decide(int listener) {
    union {
        struct seccomp_notif notice;
        char room[512]; /* a newer kernel may have more to say */
    } question;
    for (;;) {
        memset(&question, 0, sizeof question);
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &question) != 0) {
            if (errno != EINTR && errno != ENOENT) {
                _exit(1);
            }
            continue;
        }
        struct seccomp_notif_resp answer = {.id = question.notice.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
        if (refuses((int)question.notice.pid, &question.notice.data)) {
            warden->refused++;
            answer.flags = 0;
            answer.error = -EIO;
        }
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
}

/* Has the kernel ask about the program's calls, and all others with their numbers. */
static int listener(void) {
    struct sock_filter code[NUMBERS + 3] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
    uint32_t numbers[NUMBERS];
    int count = 0;
    for (int i = 0; i < warden->calls; i++) {
        int known = 0;
        while (known < count && numbers[known] != (uint32_t)warden->program[i].nr) {
            known++;
        }
        if (known == NUMBERS) {
            errno = E2BIG;
            return -1;
        }
        numbers[known] = (uint32_t)warden->program[i].nr;
        count += known == count;
    }
    for (int i = 0; i < count; i++) {
        code[i + 1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, numbers[i], (uint8_t)(count - i), 0);
    }
    code[count + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    code[count + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    struct sock_fprog program = {(unsigned short)(count + 3), code};
    unsigned flags = SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH | SECCOMP_FILTER_FLAG_NEW_LISTENER;
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

/* The process that decides must not make calls that it is asked about, so it is there before the filter is; but it has the descriptor. */
static void work(void) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (atomic_load(&warden->listener) == 0) {
        sched_yield();
    }
    int asked = atomic_load(&warden->listener);
    if (asked < 0 || unshare(CLONE_FILES) < 0) {
        _exit(1);
    }
    close(0);
    close(1);
    close(2);
    atomic_store(&warden->ready, 1);
    decide(asked);
}

/* Returns the pid of the process that decides, which ends with the calling thread, or a negative errno. */
jlong JNI(watch)(JNIEnv *env, jclass type, jlongArray words) {
    (void)type;
    jsize length = (*env)->GetArrayLength(env, words);
    if (length > (jsize)(CALLS * sizeof(struct call) / sizeof(jlong))) {
        return -E2BIG;
    }
    warden = mmap(NULL, sizeof *warden, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (warden == MAP_FAILED) {
        return -errno;
    }
    (*env)->GetLongArrayRegion(env, words, 0, length, (jlong *)warden->program);
    warden->calls = length / (jsize)(sizeof(struct call) / sizeof(jlong));
    warden->pass = PASSES;
    warden->process = getpid();
    pid_t pid = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, NULL, NULL, NULL, NULL);
    if (pid == 0) {
        work();
    }
    int asked = pid < 0 ? -1 : listener();
    int error = errno;
    atomic_store(&warden->listener, asked);
    while (asked >= 0 && !atomic_load(&warden->ready)) {
        sched_yield();
    }
    close(asked);
    return asked < 0 ? -error : pid;
}

/* Has one call fail the next time, and only then; on trial each time. PASSES stands for none. */
void JNI(arm)(JNIEnv *env, jclass type, jint pass, jint call) {
    (void)env, (void)type;
    warden->pass = pass;
    warden->call = call;
    warden->refused = 0;
    memset(&warden->trial, 0, sizeof warden->trial);
    memset(&warden->caller, 0, sizeof warden->caller);
    warden->caller.once = 1;
}

/* How many calls have been made to fail since then. */
jint JNI(refused)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    return warden->refused;
}
