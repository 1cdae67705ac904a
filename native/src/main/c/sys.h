/* Raw system calls and the few kernel structures the engine needs. No libc header is used: libc's structures differ. */
#ifndef PSX_SYS_H
#define PSX_SYS_H

#include <asm/unistd.h>
#include <stddef.h>
#include <stdint.h>

enum {
    EPERM = 1,
    ENOENT = 2,
    ESRCH = 3,
    EINTR = 4,
    EIO = 5,
    EBADF = 9,
    ECHILD = 10,
    EAGAIN = 11,
    ENOMEM = 12,
    EACCES = 13,
    EBUSY = 16,
    EXDEV = 18,
    EINVAL = 22,
    ENOSYS = 38,
    ETIMEDOUT = 110,
    EALREADY = 114,
    ECANCELED = 125,
};

#if defined(__x86_64__)
#include "arch/x86_64.h"
#elif defined(__aarch64__)
#include "arch/aarch64.h"
#else
#error "psx-agent knows x86-64 and aarch64"
#endif

#define SYS0(nr) raw6(nr, 0, 0, 0, 0, 0, 0)
#define SYS1(nr, a) raw6(nr, (uint64_t)(a), 0, 0, 0, 0, 0)
#define SYS2(nr, a, b) raw6(nr, (uint64_t)(a), (uint64_t)(b), 0, 0, 0, 0)
#define SYS3(nr, a, b, c) raw6(nr, (uint64_t)(a), (uint64_t)(b), (uint64_t)(c), 0, 0, 0)
#define SYS4(nr, a, b, c, d) raw6(nr, (uint64_t)(a), (uint64_t)(b), (uint64_t)(c), (uint64_t)(d), 0, 0)
#define SYS6(nr, a, b, c, d, e, f) \
    raw6(nr, (uint64_t)(a), (uint64_t)(b), (uint64_t)(c), (uint64_t)(d), (uint64_t)(e), (uint64_t)(f))

/* Open flags that differ between architectures. */
#if defined(__aarch64__)
#define O_DIRECTORY 040000
#else
#define O_DIRECTORY 0200000
#endif
#define O_RDONLY 0
#define O_CLOEXEC 02000000
#define AT_FDCWD (-100)
#define AT_EMPTY_PATH 0x1000

#define SA_SIGINFO 4ul
#define SA_ONSTACK 0x08000000ul
#define SA_RESTART 0x10000000ul
#define SI_QUEUE (-1)
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2
#define ALL_SIGNALS (~0ull)

struct kernel_sigaction {
    void (*handler)(int, void *, void *);
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
};

struct siginfo {
    int32_t signo;
    int32_t error;
    int32_t code;
    int32_t pad;
    uint64_t tag; /* si_pid and si_uid: ours to fill in a queued signal */
    void *value;
    uint8_t rest[128 - 40];
    uint64_t passed; /* the kernel says 0 and reads it nowhere: how often we have passed this delivery on */
};

struct timespec {
    int64_t sec;
    int64_t nsec;
};

#define SIGKILL 9
#define SIGCONT 18
#define CLONE_VM 0x100ull

#define CLOCK_MONOTONIC 1
#define FUTEX_NAP_NS 50000

static inline uint64_t now_ns(void)
{
    struct timespec t = {0, 0};
    SYS2(__NR_clock_gettime, CLOCK_MONOTONIC, &t);
    return (uint64_t)t.sec * 1000000000ull + (uint64_t)t.nsec;
}

/*
 * Sleeps while *word == value, until the absolute monotonic time (then -ETIMEDOUT), or until woken. Where a seccomp filter forbids futex, by
 * short sleeps: whoever waits for -ETIMEDOUT must see it.
 */
static inline int64_t futex_wait_as(uint32_t private, const uint32_t *word, uint32_t value, uint64_t deadline_ns)
{
    struct timespec t = {(int64_t)(deadline_ns / 1000000000ull), (int64_t)(deadline_ns % 1000000000ull)}, nap = {0, FUTEX_NAP_NS};
    int64_t result = SYS6(__NR_futex, word, 9 | private /* FUTEX_WAIT_BITSET */, value, &t, 0, 0xffffffffu);
    if (result == 0 || result == -EAGAIN || result == -EINTR || result == -ETIMEDOUT) {
        return result;
    }
    SYS2(__NR_nanosleep, &nap, 0);
    return now_ns() >= deadline_ns ? -ETIMEDOUT : 0;
}

#define FUTEX_PRIVATE 128u

static inline int64_t futex_wait_until(const uint32_t *word, uint32_t value, uint64_t deadline_ns)
{
    return futex_wait_as(FUTEX_PRIVATE, word, value, deadline_ns);
}

/* For a word that the kernel clears when a task leaves the memory: its wake-up is not a private one. */
static inline int64_t futex_wait_shared(const uint32_t *word, uint32_t value, uint64_t deadline_ns)
{
    return futex_wait_as(0, word, value, deadline_ns);
}

static inline void futex_wake(const uint32_t *word, uint32_t tasks)
{
    SYS3(__NR_futex, word, 1 | FUTEX_PRIVATE /* FUTEX_WAKE */, tasks);
}

static inline void futex_wake_shared(const uint32_t *word)
{
    SYS3(__NR_futex, word, 1 /* FUTEX_WAKE */, 1);
}

#define LOAD(p) __atomic_load_n(p, __ATOMIC_SEQ_CST)
#define STORE(p, v) __atomic_store_n(p, v, __ATOMIC_SEQ_CST)
#define ADD(p, v) __atomic_add_fetch(p, v, __ATOMIC_SEQ_CST)
#define SWAP(p, v) __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST)

static inline int cas(uint32_t *p, uint32_t from, uint32_t to)
{
    return __atomic_compare_exchange_n(p, &from, to, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

#endif
