package dev.psx.check;

/** What descriptors of anonymous inodes allow. The kinds that are not here ask for credentials at each use, or allow nothing. */
enum AnonymousPower {
    PERF(
            "perf_event",
            "perf event",
            "measures what it was opened for, be it the kernel or other users' processes",
            38,
            21),
    BPF_MAP("bpf-map", "BPF map", "reads and changes what BPF programs in the kernel work with", 39, 21),
    BPF_PROGRAM("bpf-prog", "BPF program", "attaches and runs a program in the kernel that only root may load", 39, 21),
    BPF_LINK("bpf_link", "BPF link", "replaces or takes away a BPF program in the kernel", 39, 21),
    SECCOMP("seccomp notify", "seccomp listener", "answers the system calls of other processes in the kernel's stead"),
    FANOTIFY("fanotify", "fanotify group", "gets the files that others open, whoever may read them", 21),
    KVM_MACHINE("kvm-vm", "virtual machine", "runs and changes a virtual machine", AnonymousPower.DEVICE),
    KVM_PROCESSOR("kvm-vcpu", "processor of a virtual machine", "runs it", AnonymousPower.DEVICE),
    VFIO("vfio-device", "VFIO device", "has the hardware, its registers, interrupts and memory");

    /** No capability: whoever may open {@code /dev/kvm} may make it. */
    private static final int DEVICE = -1;

    private static final String PREFIX = "anon_inode:";

    private final String name;
    private final String what;
    private final String allows;
    private final int[] capabilities;

    AnonymousPower(String name, String what, String allows, int... capabilities) {
        this.name = name;
        this.what = what;
        this.allows = allows;
        this.capabilities = capabilities;
    }

    /** Adds it unless it is of no such kind, or the dropped process could make its like. */
    static void add(Context context, OpenDescriptor descriptor, KeptPowers kept) {
        String name = name(descriptor.target);
        for (AnonymousPower power : values()) {
            if (name.equals(power.name) || name.startsWith(power.name + ":")) {
                if (!power.isLeft(context)) {
                    kept.add(descriptor, power.what, power.allows, KeptPowers.CLOSE);
                }
                return;
            }
        }
    }

    /** Some kinds have brackets around their name, some have not. */
    private static String name(String target) {
        if (!target.startsWith(PREFIX)) {
            return "";
        }
        String name = target.substring(PREFIX.length());
        return name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
    }

    private boolean isLeft(Context context) {
        for (int capability : capabilities) {
            boolean left = capability == DEVICE
                    ? context.after.access("/dev/kvm", DroppedProcess.READ | DroppedProcess.WRITE) == 0
                    : context.after.has(capability);
            if (left) {
                return true;
            }
        }
        return false;
    }
}
