package dev.psx.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

final class Ports {

    private static final int FIRST = 512;
    private static final int PAIRS = 256;

    private Ports() {}

    /** Returns a port below 1024 that is free together with the next one: only root may bind it. */
    static int privilegedPair() {
        // Another run of the tests on this machine begins elsewhere.
        long start = ProcessHandle.current().pid() * 37;
        for (int tried = 0; tried < PAIRS; tried++) {
            int port = FIRST + 2 * (int) ((start + tried) % PAIRS);
            if (isFree(port) && isFree(port + 1)) {
                return port;
            }
        }
        throw new IllegalStateException("no two free ports below 1024");
    }

    static ServerSocket listenOn(int port) throws IOException {
        return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = listenOn(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
