/*
 * Thread registration by JVMTI's thread start and end events. They run on the new task itself, before its first line of Java code,
 * also for threads that native code attaches, and can be switched on in a live JVM without any capability. Function tables only:
 * nothing is linked against the JVM.
 */
#include "engine.h"
#include <jvmti.h>

static jvmtiEnv *jvmti;
static jfieldID field_id, field_name, field_eetop;

static int32_t own_tid(void)
{
    return (int32_t)SYS0(__NR_gettid);
}

/* The thread's name in (modified) UTF-8, cut at a whole character to what the table holds. */
static void read_name(JNIEnv *jni, jthread thread, char *name)
{
    name[0] = 0;
    jobject text = field_name == 0 ? 0 : (*jni)->GetObjectField(jni, thread, field_name);
    if (text == 0) {
        return;
    }
    jsize units = (*jni)->GetStringLength(jni, text);
    if ((*jni)->GetStringUTFLength(jni, text) >= PSX_TABLE_NAME) {
        jsize whole = (PSX_TABLE_NAME - 1) / 3; /* a UTF-16 unit takes at most three bytes */
        units = units < whole ? units : whole;
    }
    (*jni)->GetStringUTFRegion(jni, text, 0, units, name);
    (*jni)->DeleteLocalRef(jni, text);
}

static void enter(JNIEnv *jni, jthread thread, int32_t tid)
{
    char name[PSX_TABLE_NAME];
    read_name(jni, thread, name);
    table_enter(tid, field_id == 0 ? 0 : (*jni)->GetLongField(jni, thread, field_id), name);
}

static void JNICALL thread_started(jvmtiEnv *env, JNIEnv *jni, jthread thread)
{
    (void)env;
    table_leave(own_tid()); /* an entry left by a task whose number is now ours */
    enter(jni, thread, own_tid());
}

static void JNICALL thread_ended(jvmtiEnv *env, JNIEnv *jni, jthread thread)
{
    (void)env;
    (void)jni;
    (void)thread;
    table_leave(own_tid());
}

static void field(JNIEnv *jni, jclass type, const char *name, const char *signature, jfieldID *id)
{
    *id = (*jni)->GetFieldID(jni, type, name, signature);
    if ((*jni)->ExceptionCheck(jni)) {
        (*jni)->ExceptionClear(jni);
        *id = 0;
    }
}

/* java.lang.Thread.eetop points to HotSpot's thread, that to its OSThread, and there stands the tid; 0 where a link is missing. */
static int32_t tid_of(JNIEnv *jni, jthread thread, int64_t osthread_offset, int64_t tid_offset)
{
    const char *hotspot = (const char *)(uintptr_t)(*jni)->GetLongField(jni, thread, field_eetop);
    if (hotspot == 0 || !readable(hotspot + osthread_offset)) {
        return 0;
    }
    const char *osthread = *(const char *const *)(hotspot + osthread_offset);
    if (osthread == 0 || !readable(osthread + tid_offset)) {
        return 0;
    }
    return *(const int32_t *)(osthread + tid_offset);
}

/* Threads older than the events. One that ends meanwhile must not stay: look again after it was entered. */
static int64_t enter_existing(JNIEnv *jni, int64_t osthread_offset, int64_t tid_offset)
{
    jint count = 0;
    jthread *threads = 0;
    int64_t entered = 0;
    if ((*jvmti)->GetAllThreads(jvmti, &count, &threads) != JVMTI_ERROR_NONE) {
        return 0;
    }
    for (jint i = 0; i < count; i++) {
        int32_t tid = tid_of(jni, threads[i], osthread_offset, tid_offset);
        if (tid > 0 && tasks_listed(tid)) {
            enter(jni, threads[i], tid);
            entered++;
            if (tid_of(jni, threads[i], osthread_offset, tid_offset) != tid) {
                table_leave(tid);
                entered--;
            }
        }
        (*jni)->DeleteLocalRef(jni, threads[i]);
    }
    (*jvmti)->Deallocate(jvmti, (unsigned char *)threads);
    return entered;
}

static int64_t find_fields(JNIEnv *jni)
{
    jclass type = (*jni)->FindClass(jni, "java/lang/Thread");
    if (type == 0) {
        (*jni)->ExceptionClear(jni);
        return -ENOENT;
    }
    field(jni, type, "tid", "J", &field_id);
    field(jni, type, "name", "Ljava/lang/String;", &field_name);
    field(jni, type, "eetop", "J", &field_eetop);
    (*jni)->DeleteLocalRef(jni, type);
    return 0;
}

static int64_t switch_on(JavaVM *vm)
{
    jvmtiEventCallbacks callbacks;
    jvmtiEnv *env = 0;
    if ((*vm)->GetEnv(vm, (void **)&env, JVMTI_VERSION_1_2) != JNI_OK || env == 0) {
        return -ENOENT;
    }
    memset(&callbacks, 0, sizeof callbacks);
    callbacks.ThreadStart = thread_started;
    callbacks.ThreadEnd = thread_ended;
    jvmti = env;
    if ((*env)->SetEventCallbacks(env, &callbacks, sizeof callbacks) != JVMTI_ERROR_NONE
        || (*env)->SetEventNotificationMode(env, JVMTI_ENABLE, JVMTI_EVENT_THREAD_START, (jthread)0) != JVMTI_ERROR_NONE
        || (*env)->SetEventNotificationMode(env, JVMTI_ENABLE, JVMTI_EVENT_THREAD_END, (jthread)0) != JVMTI_ERROR_NONE) {
        return -ENOENT;
    }
    return 0;
}

EXPORT int64_t psx_register_threads(void *jni_pointer, int64_t osthread_offset, int64_t tid_offset)
{
    JNIEnv *jni = jni_pointer;
    JavaVM *vm = 0;
    int64_t error = request_own_process();
    if (error < 0 || jni == 0) {
        return error < 0 ? error : -EINVAL;
    }
    if (jvmti != 0) {
        return -EALREADY;
    }
    if ((*jni)->GetJavaVM(jni, &vm) != JNI_OK) {
        return -ENOENT;
    }
    error = find_fields(jni);
    if (error == 0) {
        error = switch_on(vm); /* first the events, then the walk: no thread falls between */
    }
    if (error < 0 || osthread_offset < 0 || tid_offset < 0 || field_eetop == 0) {
        return error;
    }
    return enter_existing(jni, osthread_offset, tid_offset);
}

EXPORT int64_t psx_table_fd(void)
{
    int64_t error = request_own_process();
    return error < 0 ? error : table_descriptor();
}
