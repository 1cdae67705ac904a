package dev.psx.check;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Descriptors with a path that are no ordinary files: those of {@code /proc} and {@code /sys}, devices, named pipes, directories
 * outside a chroot.
 */
final class FilePower {

    private static final Pattern OF_PROCESS = Pattern.compile("/proc/(\\d+)/(?:task/\\d+/)?(.*)");
    private static final Pattern TERMINAL = Pattern.compile("/dev/(pts/.*|tty.*|console|ptmx)");

    /** Nobody without this opens them, whatever their mode says. */
    private static final Pattern RAW_IO = Pattern.compile("/dev/(mem|kmem|port|cpu/\\d+/msr)");

    private static final Pattern ATTACHED = Pattern.compile("^iff:\\s*(\\S+)", Pattern.MULTILINE);
    private static final String TUN = "/dev/net/tun";
    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_SYS_RAWIO = 17;

    private final Context context;
    private final KeptPowers kept;
    private final OutsideDirectories directories;

    FilePower(Context context, KeptPowers kept) {
        this.context = context;
        this.kept = kept;
        this.directories = new OutsideDirectories(context, kept);
    }

    void addAll(List<OpenDescriptor> descriptors) {
        for (OpenDescriptor descriptor : descriptors) {
            if (descriptor.isDirectory()) {
                directories.add(descriptor);
            } else if (isSpecial(descriptor)) {
                add(descriptor);
            }
        }
    }

    private static boolean isSpecial(OpenDescriptor descriptor) {
        String path = descriptor.target;
        return path.startsWith("/proc/")
                || path.startsWith("/sys/")
                || descriptor.isPipe()
                || (descriptor.isBlockDevice() || descriptor.isCharacterDevice())
                        && !TERMINAL.matcher(path).matches();
    }

    private void add(OpenDescriptor descriptor) {
        if (descriptor.target.equals(TUN)) {
            addTun(descriptor);
            return;
        }
        OpenFile opened = descriptor.opened();
        if (opened != null && !couldBeOpened(descriptor, opened)) {
            kept.add(descriptor, descriptor.target, verb(opened) + " " + object(descriptor), KeptPowers.CLOSE);
        }
    }

    /** Everybody may open it; the interface is what takes a privilege. */
    private void addTun(OpenDescriptor descriptor) {
        Matcher attached = ATTACHED.matcher(descriptor.info());
        if (attached.find() && !context.after.has(CAP_NET_ADMIN)) {
            String allows = "is the network interface " + attached.group(1) + ": it gets and sends any packet there";
            kept.add(descriptor, TUN, allows, KeptPowers.CLOSE);
        }
    }

    /** The mode comes first: in a new root directory the path leads to nothing, and that is no power. */
    private boolean couldBeOpened(OpenDescriptor descriptor, OpenFile opened) {
        if (RAW_IO.matcher(descriptor.target).matches() && !context.after.has(CAP_SYS_RAWIO)) {
            return false;
        }
        int mode = (opened.forReading() ? DroppedProcess.READ : 0) | (opened.forWriting() ? DroppedProcess.WRITE : 0);
        return descriptor.isEverybodys(opened) || context.after.access(descriptor.target, mode) == 0;
    }

    private static String verb(OpenFile opened) {
        List<String> verbs = new ArrayList<>();
        if (opened.forReading()) {
            verbs.add("reads");
        }
        if (opened.forWriting()) {
            verbs.add("writes");
        }
        return String.join(" and ", verbs);
    }

    private static String object(OpenDescriptor descriptor) {
        Matcher process = OF_PROCESS.matcher(descriptor.target);
        if (process.matches()) {
            return (process.group(2).equals("mem") ? "the memory" : "the state") + " of process " + process.group(1);
        }
        if (RAW_IO.matcher(descriptor.target).matches()) {
            return "the machine itself, below all permissions";
        }
        if (descriptor.isBlockDevice()) {
            return "the whole device, below the permissions of the files on it";
        }
        if (descriptor.isPipe()) {
            return "the named pipe";
        }
        return descriptor.isCharacterDevice() ? "the device" : "what the kernel tells or takes there";
    }
}
