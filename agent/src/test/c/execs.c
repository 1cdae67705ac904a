/*
 * execs.c: an execve of the calling task's alone, as native code makes it. JNI functions of dev.psx.agent.apps.SetUidExecApp.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <jni.h>
#include <unistd.h>

#define JNI(name) JNIEXPORT JNICALL Java_dev_psx_agent_apps_SetUidExecApp_##name

/* Returns -errno, or not. */
jint JNI(execve)(JNIEnv *env, jclass type, jstring program) {
    (void)type;
    char *none[] = {NULL};
    const char *path = (*env)->GetStringUTFChars(env, program, NULL);
    char *words[] = {(char *)path, NULL};
    execve(path, words, none);
    int error = errno;
    (*env)->ReleaseStringUTFChars(env, program, path);
    return -error;
}
