package dev.psx.agent.apps;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** What an ordinary server has open, none of which is a power. */
final class Ordinary {

    private static final List<Closeable> OPEN = new ArrayList<>();

    private Ordinary() {}

    /** Returns how much it is. */
    static int open(Path directory) throws IOException {
        ServerSocketChannel server = keep(ServerSocketChannel.open());
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        keep(SocketChannel.open(server.getLocalAddress()));
        keep(server.accept());
        SocketChannel closed = SocketChannel.open(server.getLocalAddress());
        closed.close(); // the JDK keeps one end of a pair of sockets for that
        keep(DatagramChannel.open()).bind(null);
        local(directory.resolve("local"));
        keep(Selector.open());
        Pipe pipe = Pipe.open();
        keep(pipe.source());
        keep(pipe.sink());
        keep(FileSystems.getDefault().newWatchService());
        keep(new FileInputStream("/dev/null"));
        keep(new FileInputStream("/dev/urandom"));
        keep(new FileInputStream("/proc/self/status"));
        keep(new FileInputStream("/proc/stat"));
        keep(new FileInputStream("/sys/kernel/mm/transparent_hugepage/enabled"));
        keep(Files.newDirectoryStream(directory));
        new SecureRandom().nextInt();
        Process child = new ProcessBuilder("sleep", "1000").start();
        Runtime.getRuntime().addShutdownHook(new Thread(child::destroy));
        return OPEN.size();
    }

    /** A server that has accepted a connection, and that very connection: both ends are the process's own. */
    private static void local(Path path) throws IOException {
        ServerSocketChannel server = keep(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
        server.bind(UnixDomainSocketAddress.of(path));
        keep(SocketChannel.open(UnixDomainSocketAddress.of(path)));
        keep(server.accept());
    }

    private static <T extends Closeable> T keep(T resource) {
        OPEN.add(resource);
        return resource;
    }
}
