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

void start_peer(void)
{
    int error = peer_start();
    stage->started = (uint32_t)error;
    if (error != 0) {
        step(RETURNED);
        wait_until_judged();
        _exit(0);
    }
}

void broadcast_now(void)
{
    struct timespec from, to;
    stage->named = 0;
    step(ASKING);
    clock_gettime(CLOCK_MONOTONIC, &from);
    stage->result = peer_change();
    clock_gettime(CLOCK_MONOTONIC, &to);
    stage->took_ns = (to.tv_sec - from.tv_sec) * 1000000000ll + to.tv_nsec - from.tv_nsec;
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
