package dev.psx.agent.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import jdk.net.ExtendedSocketOptions;

/** Answers each byte from a client with the first letter of the user that it takes the client for. */
public final class PeerServer implements AutoCloseable {

    private final ServerSocketChannel server;

    public PeerServer(Path path) {
        try {
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(path));
            Trees.mode(path, "rwxrwxrwx");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "peer-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                start(() -> serve(client));
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private static void serve(SocketChannel client) {
        try (client) {
            ByteBuffer question = ByteBuffer.allocate(1);
            while (client.read(question) > 0) {
                String user = client.getOption(ExtendedSocketOptions.SO_PEERCRED)
                        .user()
                        .getName();
                client.write(ByteBuffer.wrap(new byte[] {(byte) user.charAt(0)}));
                question.clear();
            }
        } catch (IOException e) {
            return; // the client has ended
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
