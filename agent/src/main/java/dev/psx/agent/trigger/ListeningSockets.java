package dev.psx.agent.trigger;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.TreeSet;

/**
 * The TCP ports on which this process listens, judged on its own descriptors: inherited ones count, and those of a parent or a
 * child do not, whatever network namespace {@code /proc/net} may show.
 *
 * <p>To be used after the engine has started, which initialises JNA in a way that is safe for root.
 */
public final class ListeningSockets {

    /** Not of "self": when the first thread of a process has ended, that one has none. */
    private static final File DESCRIPTORS = new File("/proc/thread-self/fd");

    private static final int SOL_SOCKET = 1;
    private static final int SO_ACCEPTCONN = 30;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    /** struct sockaddr_storage; the families read here have the port behind the family, in network order. */
    private static final int ADDRESS_SIZE = 128;

    private static final int PORT_OFFSET = 2;

    private static final Function GETSOCKOPT = NativeLibrary.getProcess().getFunction("getsockopt");
    private static final Function GETSOCKNAME = NativeLibrary.getProcess().getFunction("getsockname");

    private ListeningSockets() {}

    /**
     * Returns the ports, over IPv4 and IPv6.
     *
     * @throws IllegalStateException if the descriptors cannot be listed
     */
    public static Set<Integer> ports() {
        String[] descriptors = DESCRIPTORS.list();
        if (descriptors == null) {
            throw new IllegalStateException(DESCRIPTORS + " cannot be listed; is /proc mounted and readable?");
        }
        Set<Integer> ports = new TreeSet<>();
        for (String name : descriptors) {
            int descriptor = Integer.parseInt(name);
            if (listens(descriptor)) {
                addPort(descriptor, ports);
            }
        }
        return ports;
    }

    /** The kernel answers with an error, and touches nothing, if it is no socket or has been closed meanwhile. */
    private static boolean listens(int descriptor) {
        int[] value = {0};
        int[] size = {Integer.BYTES};
        int result = GETSOCKOPT.invokeInt(new Object[] {descriptor, SOL_SOCKET, SO_ACCEPTCONN, value, size});
        return result == 0 && value[0] != 0;
    }

    private static void addPort(int descriptor, Set<Integer> ports) {
        byte[] address = new byte[ADDRESS_SIZE];
        int[] size = {ADDRESS_SIZE};
        if (GETSOCKNAME.invokeInt(new Object[] {descriptor, address, size}) != 0) {
            return;
        }
        ByteBuffer fields = ByteBuffer.wrap(address);
        int family = fields.order(ByteOrder.nativeOrder()).getShort(0);
        if (family == AF_INET || family == AF_INET6) {
            ports.add(fields.order(ByteOrder.BIG_ENDIAN).getShort(PORT_OFFSET) & 0xffff);
        }
    }
}
