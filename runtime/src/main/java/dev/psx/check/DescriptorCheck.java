package dev.psx.check;

import java.util.ArrayList;
import java.util.List;

/**
 * Descriptors that let the process do what its user could not do without them. The kernel looks at credentials when something is
 * opened, connected or made, and not again when it is used.
 *
 * <p>Nothing is asked of the engine, and little of {@code /proc}, where there is nothing but files, and anonymous kinds without any
 * power: that is so at the start of nearly every JVM.
 */
final class DescriptorCheck implements Check {

    /** Given by who has started the JVM. */
    private static final int LAST_STANDARD_STREAM = 2;

    @Override
    public void run(Context context) {
        List<OpenDescriptor> sockets = new ArrayList<>();
        List<OpenDescriptor> paths = new ArrayList<>();
        KeptPowers kept = new KeptPowers();
        for (OpenDescriptor descriptor : context.subject.descriptors()) {
            if (descriptor.number <= LAST_STANDARD_STREAM || isOrdinary(context, descriptor)) {
                continue;
            }
            if (descriptor.target.startsWith("socket:")) {
                sockets.add(descriptor);
            } else if (descriptor.target.startsWith("/")) {
                paths.add(descriptor);
            } else {
                AnonymousPower.add(context, descriptor, kept);
            }
        }
        if (!paths.isEmpty()) {
            new FilePower(context, kept).addAll(paths);
        }
        if (!sockets.isEmpty()) {
            SocketPower.addAll(context, sockets, kept);
        }
        kept.report(context.findings);
    }

    /** Files, and what the process may look at or change of itself, which is no power over others. */
    private static boolean isOrdinary(Context context, OpenDescriptor descriptor) {
        String path = descriptor.target;
        if (path.startsWith("/proc/")) {
            return context.subject.isOfItself(path);
        }
        return path.startsWith("/") && !path.startsWith("/sys/") && descriptor.isRegularFile();
    }
}
