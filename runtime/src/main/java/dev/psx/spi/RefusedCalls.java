package dev.psx.spi;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Internal: the calls that cannot be broadcast, because the broadcast would not end, would not reach the task they create, or
 * would be undone, or turned into a crash, by the return from the signal handler in which every task runs its call.
 */
final class RefusedCalls {

    private static final int X32_BIT = 30;

    private static final Set<String> NOT_RETURNING = names("exit exit_group pause rt_sigsuspend");
    private static final Set<String> CREATING =
            names("clone clone3 fork vfork execve execveat io_uring_setup io_uring_enter");
    private static final Set<String> RESTORED =
            names("rt_sigreturn rt_sigprocmask sigaltstack restart_syscall uprobe uretprobe");
    private static final Set<String> DISTURBING = names("rt_sigaction rt_sigtimedwait");

    private static final Set<Long> ARCH_PRCTL_TLS = numbers(0x1001, 0x1002); // ARCH_SET_GS, ARCH_SET_FS
    private static final Set<Long> ARCH_PRCTL_SHADOW_STACK = numbers(0x5001, 0x5002); // ARCH_SHSTK_ENABLE, _DISABLE

    private static final int PR_SET_SECCOMP = 22;
    private static final int SECCOMP_MODE_STRICT = 1;
    private static final int SECCOMP_SET_MODE_STRICT = 0;
    private static final int PR_SET_SYSCALL_USER_DISPATCH = 59;

    private static final int PR_SVE_SET_VL = 50;
    private static final int PR_PAC_RESET_KEYS = 54;
    private static final int PR_PAC_SET_ENABLED_KEYS = 60;
    private static final int PR_SME_SET_VL = 63;
    private static final int PR_SET_SHADOW_STACK_STATUS = 75;

    /** Vector lengths and shadow stacks shape the signal frame; new pointer keys void the return addresses on every stack. */
    private static final Set<Long> PRCTL_RESTORED = numbers(
            PR_SVE_SET_VL, PR_PAC_RESET_KEYS, PR_PAC_SET_ENABLED_KEYS, PR_SME_SET_VL, PR_SET_SHADOW_STACK_STATUS);

    private RefusedCalls() {}

    /** Returns why the call is refused whatever its arguments are, or null. */
    static String reason(long nr, String name) {
        // The kernel looks at the lower 32 bits only: a larger number would be another call in disguise.
        if (nr < 0 || nr > Integer.MAX_VALUE) {
            return "is no system call number";
        }
        if ((nr >> X32_BIT & 1) != 0) {
            return "is a number of the x32 ABI; use the native one";
        }
        if (NOT_RETURNING.contains(name)) {
            return "does not return";
        }
        if (CREATING.contains(name)) {
            return "creates tasks or replaces the program";
        }
        if (RESTORED.contains(name)) {
            return "changes what the return from a signal restores";
        }
        if (DISTURBING.contains(name)) {
            return "may take the broadcast's own signal away";
        }
        return "set_thread_area".equals(name) ? "would give every thread the same thread-local storage" : null;
    }

    /** Returns why the call is refused with these arguments, or null. */
    static String reason(String name, long a1, long a2) {
        switch (name) {
            case "arch_prctl":
                return archPrctl(a1 & 0xffffffffL);
            case "prctl":
                return prctl(a1 & 0xffffffffL, a2);
            case "seccomp":
                return (int) a1 == SECCOMP_SET_MODE_STRICT ? strict() : null;
            default:
                return null;
        }
    }

    private static String archPrctl(long option) {
        if (ARCH_PRCTL_TLS.contains(option)) {
            return "would give every thread the same thread-local storage";
        }
        return ARCH_PRCTL_SHADOW_STACK.contains(option) ? "changes what the return from a signal restores" : null;
    }

    private static String prctl(long option, long a2) {
        if (PRCTL_RESTORED.contains(option)) {
            return "with option " + option + " changes what the return from a signal restores";
        }
        if (option == PR_SET_SECCOMP && a2 == SECCOMP_MODE_STRICT) {
            return strict();
        }
        return option == PR_SET_SYSCALL_USER_DISPATCH && a2 != 0
                ? "would divert the broadcast's own system calls"
                : null;
    }

    private static String strict() {
        return "in strict mode kills every task at its next system call";
    }

    private static Set<String> names(String list) {
        return new HashSet<>(Arrays.asList(list.split(" ")));
    }

    private static Set<Long> numbers(long... values) {
        Set<Long> set = new HashSet<>();
        for (long value : values) {
            set.add(value);
        }
        return set;
    }
}
