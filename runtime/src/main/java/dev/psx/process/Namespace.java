package dev.psx.process;

/** A kind of namespace, see namespaces(7). */
public enum Namespace {
    /** Mount points, see mount_namespaces(7). */
    MOUNT("CLONE_NEWNS", 0x0002_0000),
    /** The root of the cgroup hierarchies as the child sees them, see cgroup_namespaces(7). */
    CGROUP("CLONE_NEWCGROUP", 0x0200_0000),
    /** Host name and domain name, see uts_namespaces(7). */
    UTS("CLONE_NEWUTS", 0x0400_0000),
    /** System V IPC and POSIX message queues, see ipc_namespaces(7). */
    IPC("CLONE_NEWIPC", 0x0800_0000),
    /** User and group ids, capabilities and keys, see user_namespaces(7). */
    USER("CLONE_NEWUSER", 0x1000_0000),
    /** Process ids, see pid_namespaces(7). Made by unshare it holds the child's children, not the child. */
    PID("CLONE_NEWPID", 0x2000_0000),
    /** Network devices, addresses, ports, see network_namespaces(7). */
    NETWORK("CLONE_NEWNET", 0x4000_0000),
    /** The clocks since boot, see time_namespaces(7); Linux 5.6. */
    TIME("CLONE_NEWTIME", 0x0000_0080);

    private final String flag;
    private final long mask;

    Namespace(String flag, long mask) {
        this.flag = flag;
        this.mask = mask;
    }

    /**
     * Returns the flag of clone(2) and unshare(2).
     *
     * @return the bit, such as 0x20000 for {@link #MOUNT}
     */
    public long mask() {
        return mask;
    }

    /** Shows flags as C has them. */
    static String shown(long flags) {
        StringBuilder text = new StringBuilder();
        for (Namespace each : values()) {
            if ((flags & each.mask) != 0) {
                text.append(text.length() == 0 ? "" : " | ").append(each.flag);
            }
        }
        return text.length() == 0 ? "0" : text.toString();
    }
}
