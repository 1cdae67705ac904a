package dev.psx.agent.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ListeningSocketsTest {

    /** Listens, says on which port, and waits for the end of its standard input. */
    public static final class Listener {

        private Listener() {}

        public static void main(String[] arguments) throws Exception {
            try (ServerSocket socket = new ServerSocket(0)) {
                System.out.println(socket.getLocalPort());
                while (System.in.read() >= 0) {}
            }
        }
    }

    @Test
    void ipv4Only() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            channel.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
            assertThat(ListeningSockets.ports()).contains(port(channel));
        }
    }

    @Test
    void ipv6Only() throws Exception {
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET6)) {
            try {
                channel.bind(new InetSocketAddress(InetAddress.getByAddress(loopback), 0));
            } catch (java.io.IOException e) {
                Assumptions.abort("no IPv6 here: " + e.getMessage());
            }
            assertThat(ListeningSockets.ports()).contains(port(channel));
        }
    }

    @Test
    void dualStack() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            assertThat(ListeningSockets.ports()).contains(socket.getLocalPort());
        }
    }

    @Test
    void aClosedOneIsGone() throws Exception {
        ServerSocket socket = new ServerSocket(0);
        socket.close();
        assertThat(ListeningSockets.ports()).doesNotContain(socket.getLocalPort());
    }

    @Test
    void boundIsNotListening() throws Exception {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(0));
            assertThat(ListeningSockets.ports()).doesNotContain(socket.getLocalPort());
        }
    }

    @Test
    void connectionsAndDatagramsDoNotCount() throws Exception {
        try (ServerSocket server = new ServerSocket(0);
                Socket client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
                DatagramChannel datagrams = DatagramChannel.open().bind(new InetSocketAddress(0))) {
            int datagramPort = ((InetSocketAddress) datagrams.getLocalAddress()).getPort();
            Assumptions.assumeTrue(datagramPort != server.getLocalPort());
            assertThat(ListeningSockets.ports()).doesNotContain(client.getLocalPort(), datagramPort);
        }
    }

    @Test
    void unixSocketsAreIgnored(@TempDir Path directory) throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            java.util.Set<Integer> before = ListeningSockets.ports();
            channel.bind(UnixDomainSocketAddress.of(directory.resolve("socket")));
            assertThat(ListeningSockets.ports()).isEqualTo(before);
        }
    }

    @Test
    void thoseOfAChildDoNotCount() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = Path.of(Listener.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        Process child = new ProcessBuilder(java, "-cp", classes, Listener.class.getName()).start();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(child.getInputStream()))) {
            int port = Integer.parseInt(out.readLine());
            assertThat(ListeningSockets.ports()).doesNotContain(port);
        } finally {
            child.destroy();
        }
    }

    private static int port(ServerSocketChannel channel) throws java.io.IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }
}
