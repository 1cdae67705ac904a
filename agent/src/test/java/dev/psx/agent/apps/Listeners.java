package dev.psx.agent.apps;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

/** The JDK's ways to listen. Each answers connections, so that tests see that it still serves after a drop. */
final class Listeners {

    private static final List<Object> OPEN = new ArrayList<>();

    private Listeners() {}

    static String open(String kind, int port) throws IOException {
        InetSocketAddress address = new InetSocketAddress(port);
        Object socket = switch (kind) {
            case "socket" -> serving(new ServerSocket(port));
            case "unbound-socket" -> {
                ServerSocket later = new ServerSocket();
                later.bind(address);
                yield serving(later);
            }
            case "channel" -> ServerSocketChannel.open().bind(address);
            case "channel-socket" -> {
                ServerSocketChannel channel = ServerSocketChannel.open();
                channel.configureBlocking(false);
                channel.socket().bind(address);
                channel.register(Selector.open(), SelectionKey.OP_ACCEPT);
                yield channel;
            }
            case "async" -> AsynchronousServerSocketChannel.open().bind(address);
            default -> throw new IllegalArgumentException(kind);
        };
        OPEN.add(socket);
        return kind;
    }

    /** Opens a socket where the stack has room for this many more calls, and returns how many calls had been made. */
    static int openDeep(int room, int port) throws IOException {
        int[] deepest = {0};
        try {
            descend(deepest);
        } catch (StackOverflowError e) {
            deepest[0] -= room;
        }
        open("socket", 0); // what has to be loaded for it is loaded
        openBelow(deepest[0], port);
        return deepest[0];
    }

    private static int descend(int[] depth) {
        depth[0]++;
        return descend(depth) + 1;
    }

    private static void openBelow(int calls, int port) throws IOException {
        if (calls > 0) {
            openBelow(calls - 1, port);
        } else {
            OPEN.add(new ServerSocket(port));
        }
    }

    private static ServerSocket serving(ServerSocket socket) {
        Thread thread = new Thread(() -> serve(socket), "server");
        thread.setDaemon(true);
        thread.start();
        return socket;
    }

    private static void serve(ServerSocket socket) {
        while (true) {
            try (var connection = socket.accept()) {
                connection.getOutputStream().write("hello\n".getBytes());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
