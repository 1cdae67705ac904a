package dev.psx.spi;

import java.util.HashMap;
import java.util.Map;

/** Internal: numbers and names of the system calls of the architecture this JVM runs on. */
public final class Syscalls {

    private static final String[] BY_NUMBER = byNumber(System.getProperty("os.arch"));
    private static final Map<String, Long> BY_NAME = byName(BY_NUMBER);

    private Syscalls() {}

    /**
     * Returns the number of a system call.
     *
     * @throws IllegalArgumentException if this architecture has no call of that name
     */
    public static long number(String name) {
        Long number = BY_NAME.get(name);
        if (number == null) {
            throw new IllegalArgumentException("no system call " + name + " on " + System.getProperty("os.arch"));
        }
        return number;
    }

    /** Returns the name of a system call, or {@code syscall 4711} for a number without one. */
    public static String name(long nr) {
        boolean known = nr >= 0 && nr < BY_NUMBER.length && BY_NUMBER[(int) nr] != null;
        return known ? BY_NUMBER[(int) nr] : "syscall " + nr;
    }

    /** Whether no argument makes this call fit for a broadcast. */
    public static boolean refused(long nr) {
        return RefusedCalls.reason(nr, name(nr)) != null;
    }

    /**
     * Returns why a call must not be broadcast, or null if it may be.
     *
     * @param a1 the call's first argument: prctl, seccomp and arch_prctl are many calls under one number
     * @param a2 the call's second argument
     */
    public static String refusal(long nr, long a1, long a2) {
        String name = name(nr);
        String reason = RefusedCalls.reason(nr, name);
        return reason != null ? reason : RefusedCalls.reason(name, a1, a2);
    }

    static String[] byNumber(String architecture) {
        String own = "aarch64".equals(architecture) ? SyscallNames.AARCH64 : SyscallNames.X86_64;
        String[] first = own.split(" ");
        String[] common = SyscallNames.COMMON.split(" ");
        String[] all = new String[SyscallNames.FIRST_COMMON + common.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(common, 0, all, SyscallNames.FIRST_COMMON, common.length);
        for (int i = 0; i < all.length; i++) {
            all[i] = "-".equals(all[i]) ? null : all[i];
        }
        return all;
    }

    private static Map<String, Long> byName(String[] names) {
        Map<String, Long> numbers = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            if (names[i] != null) {
                numbers.put(names[i], (long) i);
            }
        }
        return numbers;
    }
}
