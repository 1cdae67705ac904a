/* x86-64: system calls, return from a signal, and what a signal frame says about the interrupted code. */
#ifndef PSX_ARCH_X86_64_H
#define PSX_ARCH_X86_64_H

static inline int64_t raw6(int64_t nr, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5, uint64_t a6)
{
    int64_t result;
    register uint64_t r10 __asm__("r10") = a4;
    register uint64_t r8 __asm__("r8") = a5;
    register uint64_t r9 __asm__("r9") = a6;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(nr), "D"(a1), "S"(a2), "d"(a3), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

/* The bytes are the ones unwinders look for to recognise a signal frame: keep them as they are. */
#define ARCH_SIGRETURN "  mov $15, %rax\n  syscall\n"
#define ARCH_SA_RESTORER 0x04000000ul

#define ARCH_JUMP "jmp"

/* Offsets of rcx and rip in struct ucontext: five words, then r8..r15 rdi rsi rbp rbx rdx rax rcx rsp rip. */
#define ARCH_UC_RCX (40 + 14 * 8)
#define ARCH_UC_RIP (40 + 16 * 8)

/*
 * The syscall instruction leaves its return address in rcx; a call that will be restarted has rip set back by its two bytes.
 * Only a hint (who is held to the end), so a chance match does no harm.
 */
static inline int arch_in_syscall(const char *ucontext)
{
    uint64_t rcx = *(const uint64_t *)(ucontext + ARCH_UC_RCX);
    uint64_t rip = *(const uint64_t *)(ucontext + ARCH_UC_RIP);
    return rcx == rip || rcx == rip + 2;
}

/*
 * clone or clone3 with these arguments; the child runs entry(argument) on the stack that they name, and never returns. The calling task goes
 * on at once.
 */
static inline int64_t arch_clone_call(int64_t nr, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5,
                                      int64_t (*entry)(void *), void *argument)
{
    int64_t result;
    register uint64_t r10 __asm__("r10") = a4;
    register uint64_t r8 __asm__("r8") = a5;
    register void *r12 __asm__("r12") = argument;
    register int64_t (*r13)(void *) __asm__("r13") = entry;
    __asm__ volatile("syscall\n"
                     "test %%rax, %%rax\n"
                     "jnz 1f\n"
                     "xor %%ebp, %%ebp\n"
                     "mov %%r12, %%rdi\n"
                     "call *%%r13\n"
                     "mov %%eax, %%edi\n"
                     "mov $60, %%eax\n"
                     "syscall\n"
                     "1:\n"
                     : "=a"(result)
                     : "a"(nr), "D"(a1), "S"(a2), "d"(a3), "r"(r10), "r"(r8), "r"(r12), "r"(r13)
                     : "rcx", "r11", "memory");
    return result;
}

/* The order of clone's last arguments is the architecture's own. */
static inline int64_t arch_clone(uint64_t flags, void *stack_top, int32_t *pidfd, uint32_t *clear, int64_t (*entry)(void *), void *argument)
{
    return arch_clone_call(__NR_clone, flags, (uint64_t)stack_top, (uint64_t)pidfd, (uint64_t)clear, 0, entry, argument);
}

#endif
