package dev.psx.check;

import java.util.ArrayList;
import java.util.List;

/**
 * Descriptors that let the process do what its user could not do without them. The kernel looks at credentials when something is
 * opened, connected or made, and not again when it is used.
 *
 * <p>Nothing is asked of the engine where there is nothing but files, and anonymous kinds without any power.
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
            if (descriptor.number <= LAST_STANDARD_STREAM) {
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
        new FilePower(context, kept).addAll(paths);
        if (!sockets.isEmpty()) {
            SocketPower.addAll(context, sockets, kept);
        }
        kept.report(context.findings);
    }
}
