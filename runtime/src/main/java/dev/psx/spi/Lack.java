package dev.psx.spi;

/**
 * Internal: why the kernel says EPERM, as far as the calling task can find out: a capability that it lacks, or something that refuses
 * the call although it has it.
 */
final class Lack {

    private Lack() {}

    /**
     * Returns a part of a message.
     *
     * @param number the capability that the call needs
     * @param remedy what to do if the task lacks it
     */
    static String of(int number, String name, String remedy) {
        if (isLacking(number)) {
            return "; the process lacks " + name + remedy;
        }
        return "; " + name
                + " is there, so a seccomp filter (a container's profile) or a security module refuses the call";
    }

    /** Whether the calling task has not the capability effective, or nobody can tell. */
    static boolean isLacking(int number) {
        String status = ProcText.read("/proc/thread-self/status");
        return status == null || (StatusFile.parse(status).capEffective() >>> number & 1) == 0;
    }

    /** Whether the user namespace forbids setgroups to everybody. */
    static boolean deniesGroups() {
        String word = ProcText.read("/proc/self/setgroups");
        return word != null && word.trim().equals("deny");
    }
}
