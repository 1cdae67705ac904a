/* deny.c: the kernel refuses one system call on every task. JNI functions of dev.psx.agent.apps.Fixture. */
#define _GNU_SOURCE
#include <errno.h>
#include <jni.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOW_HALF(argument) (uint32_t)(offsetof(struct seccomp_data, args) + (argument) * sizeof(uint64_t))
#define SKIP(from, to) (uint8_t)((to) - (from)-1)
#define ALLOW 7

static jlong install(struct sock_filter *code, unsigned short length) {
    struct sock_fprog program = {length, code};
    long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
    return result < 0 ? -errno : result;
}

/* EPERM for the call. */
JNIEXPORT jlong JNICALL Java_dev_psx_agent_apps_Fixture_refuse(JNIEnv *env, jclass type, jlong nr) {
    (void)env, (void)type;
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)nr, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    return install(code, sizeof code / sizeof code[0]);
}

/* EIO for the call with these first arguments, of which the lower halves are compared; -1 stands for any. */
JNIEXPORT jlong JNICALL Java_dev_psx_agent_apps_Fixture_deny(JNIEnv *env, jclass type, jlong nr, jlong a1, jlong a2) {
    (void)env, (void)type;
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)nr, 0, SKIP(1, ALLOW)),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_HALF(0)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)a1, 0, a1 == -1 ? 0 : SKIP(3, ALLOW)),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_HALF(1)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)a2, 0, a2 == -1 ? 0 : SKIP(5, ALLOW)),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EIO),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    return install(code, sizeof code / sizeof code[0]);
}
