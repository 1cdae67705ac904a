/* aarch64: system calls, return from a signal, and what a signal frame says about the interrupted code. */
#ifndef PSX_ARCH_AARCH64_H
#define PSX_ARCH_AARCH64_H

static inline int64_t raw6(int64_t nr, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5, uint64_t a6)
{
    register int64_t x8 __asm__("x8") = nr;
    register uint64_t x0 __asm__("x0") = a1;
    register uint64_t x1 __asm__("x1") = a2;
    register uint64_t x2 __asm__("x2") = a3;
    register uint64_t x3 __asm__("x3") = a4;
    register uint64_t x4 __asm__("x4") = a5;
    register uint64_t x5 __asm__("x5") = a6;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return (int64_t)x0;
}

/* The two instructions are the ones unwinders look for to recognise a signal frame. */
#define ARCH_SIGRETURN "  mov x8, #139\n  svc #0\n"
#define ARCH_SA_RESTORER 0x04000000ul

#define ARCH_JUMP "b"

/* struct ucontext: flags, link, stack (40 bytes), sigmask padded to 128, aligned to 16; then fault address, x0..x30, sp, pc. */
#define ARCH_UC_X0 (176 + 8)
#define ARCH_UC_X8 (ARCH_UC_X0 + 8 * 8)
#define ARCH_UC_PC (176 + 8 + 32 * 8)
#define ARCH_SVC 0xd4000001u
#define ARCH_HIGHEST_CALL 1023

/*
 * The word there, compared by the kernel, which answers a bad address with EFAULT: text may be execute-only, or taken away while the task
 * sleeps in a call, and a load of ours would end the process. FUTEX_CMP_REQUEUE compares first and then moves, here, nobody.
 */
static inline int arch_word_is(uint64_t address, uint32_t word)
{
    return raw6(__NR_futex, address, 4 | 128 /* FUTEX_CMP_REQUEUE | PRIVATE */, 0, 0, address, word) == 0;
}

/*
 * A call that will be restarted has pc set back to its svc; one that ended with EINTR shows it in x0. The number is still in x8, which
 * spares most of the tasks that were running the question. Only a hint (who is held to the end), so a chance match does no harm.
 */
static inline int arch_in_syscall(const char *ucontext)
{
    uint64_t pc = *(const uint64_t *)(ucontext + ARCH_UC_PC);
    int64_t x0 = *(const int64_t *)(ucontext + ARCH_UC_X0);
    uint64_t x8 = *(const uint64_t *)(ucontext + ARCH_UC_X8);
    return x8 <= ARCH_HIGHEST_CALL && (x0 == -EINTR || arch_word_is(pc, ARCH_SVC));
}

/*
 * clone or clone3 with these arguments; the child runs entry(argument) on the stack that they name, and never returns. The calling task goes
 * on at once.
 */
static inline int64_t arch_clone_call(int64_t nr, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5,
                                      int64_t (*entry)(void *), void *argument)
{
    register int64_t x8 __asm__("x8") = nr;
    register uint64_t x0 __asm__("x0") = a1;
    register uint64_t x1 __asm__("x1") = a2;
    register uint64_t x2 __asm__("x2") = a3;
    register uint64_t x3 __asm__("x3") = a4;
    register uint64_t x4 __asm__("x4") = a5;
    register void *x19 __asm__("x19") = argument;
    register int64_t (*x20)(void *) __asm__("x20") = entry;
    __asm__ volatile("svc #0\n"
                     "cbnz x0, 1f\n"
                     "mov x29, #0\n"
                     "mov x0, x19\n"
                     "blr x20\n"
                     "mov x8, #93\n"
                     "svc #0\n"
                     "1:\n"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x19), "r"(x20)
                     : "x30", "memory");
    return (int64_t)x0;
}

/* The order of clone's last arguments is the architecture's own. */
static inline int64_t arch_clone(uint64_t flags, void *stack_top, int32_t *pidfd, uint32_t *clear, int64_t (*entry)(void *), void *argument)
{
    return arch_clone_call(__NR_clone, flags, (uint64_t)stack_top, (uint64_t)pidfd, 0, (uint64_t)clear, entry, argument);
}

#endif
