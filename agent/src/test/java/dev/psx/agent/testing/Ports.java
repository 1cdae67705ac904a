package dev.psx.agent.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** Free ports below 1024, which only root may bind: a server that got one was still root when it asked. */
public final class Ports {

    private static final AtomicInteger NEXT = new AtomicInteger(600);

    private Ports() {}

    public static int privileged() {
        while (true) {
            int port = NEXT.getAndIncrement();
            if (port > 1023) {
                throw new IllegalStateException("no free port below 1024");
            }
            if (isFree(port)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
