/* The scenario's side of the stage. */
#include "fault.h"

#include <linux/futex.h>
#include <stdarg.h>

struct stage *stage;

static void step(enum step to)
{
    __atomic_store_n(&stage->step, to, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, &stage->step, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
}

static void wait_until_judged(void)
{
    uint32_t now;
    while ((now = __atomic_load_n(&stage->step, __ATOMIC_SEQ_CST)) != JUDGED) {
        syscall(SYS_futex, &stage->step, FUTEX_WAIT, now, NULL, NULL, 0);
    }
}

int start_peer(void)
{
    int error = peer_start();
    stage->started = error;
    if (error != 0) {
        stage->round++;
        step(RETURNED);
        wait_until_judged();
    }
    return error;
}

static int ask(int change)
{
    struct timespec from, to;
    stage->named = 0;
    clock_gettime(CLOCK_MONOTONIC, &from);
    stage->result = peer_change(change);
    clock_gettime(CLOCK_MONOTONIC, &to);
    int64_t took = (to.tv_sec - from.tv_sec) * 1000000000ll + to.tv_nsec - from.tv_nsec;
    stage->took_ns = took > stage->took_ns ? took : stage->took_ns;
    stage->calls++;
    return stage->result == 0 && stage->status == PSX_DONE;
}

void broadcast_now(void)
{
    broadcast_often(0);
}

void broadcast_often(int calls)
{
    stage->took_ns = 0;
    stage->calls = 0;
    step(ASKING);
    int good = 1;
    for (int i = 0; i < calls && good; i++) {
        good = ask(NO_CHANGE);
        usleep(200);
    }
    if (good) {
        ask(stage->change);
    }
    stage->round++;
    step(RETURNED);
    wait_until_judged();
}

void look_again(void)
{
    stage->round++;
    step(RETURNED);
    wait_until_judged();
}

void culprit(int tid)
{
    stage->culprit = tid;
}

void proven(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vsnprintf(stage->proof, sizeof stage->proof, format, values);
    va_end(values);
}

static void leave(const char *why)
{
    snprintf(stage->skipped, sizeof stage->skipped, "%s", why);
    step(RETURNED);
    wait_until_judged();
    _exit(0);
}

void skip(const char *why)
{
    leave(why);
    abort();
}

void lacks(const char *what)
{
    stage->lacking = 1;
    leave(what);
    abort();
}

void wait_for(volatile int *flag)
{
    while (!*flag) {
        sched_yield();
    }
}

int peer_is(const char *name)
{
    return strcmp(peer_name, name) == 0;
}

char state_of(int task)
{
    char path[64], text[512], state = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", task);
    FILE *file = fopen(path, "r");
    if (file != NULL && fgets(text, sizeof text, file) != NULL && strrchr(text, ')') != NULL) {
        state = strrchr(text, ')')[2];
    }
    if (file != NULL) {
        fclose(file);
    }
    return state;
}

void wait_for_state(int task, char state)
{
    while (state_of(task) != state) {
        usleep(1000);
    }
}
