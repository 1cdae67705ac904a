/* Tasks with hardly any stack, and with a small alternative one. */
#include "fault.h"

#include <alloca.h>
#include <sys/auxv.h>

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51
#endif

#define TASKS 8
#define STACK 16384
#define ROOM_FOR_HANDLER 1024 /* beside the kernel's signal frame */
#define HARDLY_ANY 700        /* less than any signal frame */
#define FILL 0x5a

static volatile int ready;

/* The processor's registers decide: with AVX-512 more than MINSIGSTKSZ says. */
static size_t frame_size(void)
{
    size_t size = getauxval(AT_MINSIGSTKSZ);
    return size != 0 ? size : MINSIGSTKSZ;
}

static char *map_with_guard(size_t size)
{
    size_t pages = (size + 4095) / 4096 * 4096;
    char *at = mmap(NULL, pages + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(at != MAP_FAILED && mprotect(at, 4096, PROT_NONE) == 0);
    return at + 4096;
}

/* Ends deep down on the stack, with so much left, asleep or in a loop. */
static void __attribute__((noinline)) go_down(char *bottom, size_t left, int spins)
{
    char here;
    syscall(SYS_gettid); /* the dynamic linker finds it now: that takes stack */
    char *lowest = alloca((size_t)(&here - bottom) - left);
    *(volatile char *)lowest = 1;
    __atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
    for (volatile uint64_t i = 0; spins; i++) {
    }
    for (;;) {
        syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
    }
}

static char *stacks[TASKS], *alternatives[TASKS];

static void *with_little_left(void *number)
{
    long i = (long)number;
    go_down(stacks[i], frame_size() + ROOM_FOR_HANDLER, i % 4 == 3);
    return NULL;
}

static void thread_on(char *stack, void *(*body)(void *), long number)
{
    pthread_attr_t attributes;
    pthread_t id;
    pthread_attr_init(&attributes);
    EQUAL(0, pthread_attr_setstack(&attributes, stack, STACK));
    EQUAL(0, pthread_create(&id, &attributes, body, (void *)number));
}

static void wait_until_ready(void)
{
    while (ready != TASKS) {
        sched_yield();
    }
}

static void small_stacks(void)
{
    for (long i = 0; i < TASKS; i++) {
        stacks[i] = map_with_guard(STACK);
        thread_on(stacks[i], with_little_left, i);
    }
    wait_until_ready();
    proven("%d threads with 16 KiB, of which %zu bytes are left; a signal frame takes %zu", TASKS, frame_size() + ROOM_FOR_HANDLER,
           frame_size());
    exactly_once(50, TASKS + 1);
    broadcast_now();
}

static void *with_an_alternative(void *number)
{
    long i = (long)number;
    stack_t alternative = {alternatives[i], 0, frame_size() + ROOM_FOR_HANDLER};
    EQUAL(0, sigaltstack(&alternative, NULL));
    go_down(stacks[i], HARDLY_ANY, i % 4 == 3);
    return NULL;
}

static uint32_t used_of(const char *stack, size_t size)
{
    size_t untouched = 0;
    while (untouched < size && stack[untouched] == FILL) {
        untouched++;
    }
    return (uint32_t)(size - untouched);
}

/* The frame does not fit on the threads' stacks, so the handler must run on the alternative one; and must leave its end alone. */
static void alternative_stacks(void)
{
    size_t size = frame_size() + ROOM_FOR_HANDLER;
    uint32_t least = UINT32_MAX, most = 0;
    for (long i = 0; i < TASKS; i++) {
        stacks[i] = map_with_guard(STACK);
        alternatives[i] = map_with_guard(size);
        memset(alternatives[i], FILL, size);
        thread_on(stacks[i], with_an_alternative, i);
    }
    wait_until_ready();
    exactly_once(50, TASKS + 1);
    for (int i = 0; i < TASKS; i++) {
        uint32_t used = used_of(alternatives[i], size);
        least = used < least ? used : least;
        most = used > most ? used : most;
    }
    CHECK(least > 0);
    proven("%d bytes left on each stack; %u to %u of %zu bytes used on the alternative ones", HARDLY_ANY, least, most, size);
    broadcast_now();
}

const struct fault stacks_faults[] = {
    {"small-stacks", "16 KiB stacks with room for one signal frame", small_stacks, ALL_CHANGED, 0, 0},
    {"sigaltstack", "no room on the stack, small alternative stack", alternative_stacks, ALL_CHANGED, 0, 0},
    {NULL, NULL, NULL, 0, 0, 0},
};
