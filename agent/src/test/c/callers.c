/*
 * callers.c: code of an application that runs on threads which Java did not make, and threads that are attached to the JVM and
 * detached again without a break. JNI functions of dev.psx.agent.apps.NativeCallers.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <jni.h>
#include <jvmti.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <unistd.h>

#define JNI(name) JNIEXPORT JNICALL Java_dev_psx_agent_apps_NativeCallers_##name

struct job {
    JavaVM *vm;
    jobject runnable;
    int daemon;
    int error;
};

static atomic_int looping;
static atomic_int loops_left;
static atomic_long attached;

static void call_run(JNIEnv *env, jobject runnable) {
    jclass type = (*env)->GetObjectClass(env, runnable);
    jmethodID run = (*env)->GetMethodID(env, type, "run", "()V");
    (*env)->CallVoidMethod(env, runnable, run);
}

static void *attach_and_run(void *argument) {
    struct job *job = argument;
    JNIEnv *env;
    JavaVMAttachArgs attach = {JNI_VERSION_1_8, "attached-caller", NULL};
    job->error = job->daemon ? (*job->vm)->AttachCurrentThreadAsDaemon(job->vm, (void **)&env, &attach)
                             : (*job->vm)->AttachCurrentThread(job->vm, (void **)&env, &attach);
    if (job->error == JNI_OK) {
        call_run(env, job->runnable);
        (*job->vm)->DetachCurrentThread(job->vm);
    }
    return NULL;
}

/* Runs it on a new native thread that attaches itself for this, and waits for its end. */
jint JNI(runAttached)(JNIEnv *env, jclass type, jobject runnable, jboolean daemon) {
    (void)type;
    struct job job = {NULL, (*env)->NewGlobalRef(env, runnable), daemon, 0};
    (*env)->GetJavaVM(env, &job.vm);
    pthread_t thread;
    int error = pthread_create(&thread, NULL, attach_and_run, &job);
    if (error == 0) {
        pthread_join(thread, NULL);
        error = job.error;
    }
    (*env)->DeleteGlobalRef(env, job.runnable);
    return error;
}

/* Runs it on the calling thread with this native frame below it: a virtual thread cannot leave its carrier then. */
void JNI(runBelowNativeFrame)(JNIEnv *env, jclass type, jobject runnable) {
    (void)type;
    call_run(env, runnable);
}

static void JNICALL agent_thread(jvmtiEnv *jvmti, JNIEnv *env, void *argument) {
    (void)jvmti;
    call_run(env, argument);
    (*env)->DeleteGlobalRef(env, argument);
}

/* Runs it on a daemon that a JVMTI agent registers: a thread that Thread.start never sees. */
jint JNI(startAgentThread)(JNIEnv *env, jclass type, jobject thread, jobject runnable) {
    (void)type;
    JavaVM *vm;
    jvmtiEnv *jvmti;
    (*env)->GetJavaVM(env, &vm);
    jint error = (*vm)->GetEnv(vm, (void **)&jvmti, JVMTI_VERSION_1_2);
    if (error != JNI_OK) {
        return error;
    }
    jobject kept = (*env)->NewGlobalRef(env, runnable);
    return (jint)(*jvmti)->RunAgentThread(jvmti, thread, agent_thread, kept, JVMTI_THREAD_NORM_PRIORITY);
}

static void *attach_in_a_loop(void *argument) {
    JavaVM *vm = argument;
    JNIEnv *env;
    prctl(PR_SET_NAME, "attach-loop");
    for (unsigned turn = 0; atomic_load(&looping); turn++) {
        jint error = turn % 2 ? (*vm)->AttachCurrentThread(vm, (void **)&env, NULL)
                              : (*vm)->AttachCurrentThreadAsDaemon(vm, (void **)&env, NULL);
        if (error == JNI_OK) {
            atomic_fetch_add(&attached, 1);
            (*vm)->DetachCurrentThread(vm);
        }
    }
    atomic_fetch_sub(&loops_left, 1);
    for (;;) {
        pause();
    }
    return NULL;
}

/* `count` native threads attach and detach themselves as fast as they can. */
jint JNI(startAttachLoops)(JNIEnv *env, jclass type, jint count) {
    (void)type;
    JavaVM *vm;
    (*env)->GetJavaVM(env, &vm);
    atomic_store(&looping, 1);
    for (int i = 0; i < count; i++) {
        pthread_t thread;
        int error = pthread_create(&thread, NULL, attach_in_a_loop, vm);
        if (error) {
            return -error;
        }
        atomic_fetch_add(&loops_left, 1);
    }
    return count;
}

jlong JNI(attachments)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    return atomic_load(&attached);
}

/* Ends the loops; the threads stay, detached. Returns when all are. */
void JNI(stopAttachLoops)(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    atomic_store(&looping, 0);
    while (atomic_load(&loops_left) > 0) {
        sched_yield();
    }
}
