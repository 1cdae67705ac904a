package dev.psx.examples;

import dev.psx.plan.DropReport;
import dev.psx.plan.PrivilegePlan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * A server that drops its own privileges at the moment it chooses. It needs no agent, only psx-runtime as a dependency.
 *
 * <pre>java … dev.psx.examples.LibraryDrop PORT USER</pre>
 */
public final class LibraryDrop {

    private LibraryDrop() {}

    /**
     * Binds as root, drops, serves one client.
     *
     * @param arguments a port, and the user to become
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: LibraryDrop PORT USER");
            System.exit(2);
        }
        // Before anything is bound: an unknown user shall be noticed while it is still harmless.
        PrivilegePlan plan = PrivilegePlan.builder().user(arguments[1]).build();
        try (ServerSocket socket =
                new ServerSocket(Integer.parseInt(arguments[0]), 50, InetAddress.getLoopbackAddress())) {
            DropReport report = plan.apply();
            System.out.println(report);
            System.out.println("listening on " + socket.getLocalPort());
            socket.accept().close();
        }
    }
}
