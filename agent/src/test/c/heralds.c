/*
 * heralds.c: starts a program as native code does, by vfork and execve, and hears what it says. JNI functions of dev.psx.agent.apps.Heralds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <sys/wait.h>
#include <unistd.h>

#define JNI(name) JNIEXPORT JNICALL Java_dev_psx_agent_apps_Heralds_##name

/* Returns, when exec is done, the pid and behind it the reading end of a pipe that is the program's standard output; or -errno. */
jlong JNI(fork)(JNIEnv *env, jclass type, jstring program) {
    (void)type;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC)) {
        return -errno;
    }
    const char *path = (*env)->GetStringUTFChars(env, program, NULL);
    char *words[] = {(char *)path, NULL};
    pid_t pid = vfork();
    if (pid == 0) {
        dup2(ends[1], 1);
        execv(path, words);
        _exit(127);
    }
    jlong result = pid < 0 ? -errno : ((jlong)pid << 32 | ends[0]);
    close(ends[1]);
    (*env)->ReleaseStringUTFChars(env, program, path);
    if (pid < 0) {
        close(ends[0]);
    }
    return result;
}

/* What the program has said; returns when it has ended. */
jbyteArray JNI(listen)(JNIEnv *env, jclass type, jlong child) {
    (void)type;
    jbyte said[24];
    ssize_t size;
    while ((size = read((int)(child & 0x7fffffff), said, sizeof said)) < 0 && errno == EINTR) {
    }
    close((int)(child & 0x7fffffff));
    while (waitpid((pid_t)(child >> 32), NULL, 0) < 0 && errno == EINTR) {
    }
    jsize length = size < 0 ? 0 : (jsize)size;
    jbyteArray answer = (*env)->NewByteArray(env, length);
    if (answer != NULL) {
        (*env)->SetByteArrayRegion(env, answer, 0, length, said);
    }
    return answer;
}
