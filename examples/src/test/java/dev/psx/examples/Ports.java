package dev.psx.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

final class Ports {

    private Ports() {}

    /** Returns a port below 1024 that is free together with the next one: only root may bind it. */
    static int privilegedPair() {
        for (int port = 700; port < 1000; port += 2) {
            if (isFree(port) && isFree(port + 1)) {
                return port;
            }
        }
        throw new IllegalStateException("no two free ports from 700 to 1000");
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
