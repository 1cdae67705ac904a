package dev.psx.agent.apps;

import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** The JDK's ways to wait for an event, without a limit; {@link #release} then makes all the events happen. */
final class EventWaits {

    private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();

    private final Path lockedFile;
    private final ServerSocket acceptor = new ServerSocket(0, 1, LOCAL);
    private final ServerSocketChannel channelAcceptor =
            ServerSocketChannel.open().bind(new InetSocketAddress(LOCAL, 0));
    private final ServerSocket peer = new ServerSocket(0, 4, LOCAL);
    private final Socket reader = new Socket(LOCAL, peer.getLocalPort());
    private final Socket readerPeer = peer.accept();
    private final SocketChannel channelReader = SocketChannel.open(peer.getLocalSocketAddress());
    private final Socket channelReaderPeer = peer.accept();
    private final Pipe pipe = Pipe.open();
    private final Pipe selected = Pipe.open();
    private final Selector selector = Selector.open();
    private final DatagramSocket datagrams = new DatagramSocket(0, LOCAL);
    private final DatagramChannel datagramChannel = DatagramChannel.open().bind(new InetSocketAddress(LOCAL, 0));
    private final Process child = new ProcessBuilder("cat").start();
    private final Process silent = new ProcessBuilder("cat").start();
    private final CountDownLatch latch = new CountDownLatch(1);
    private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(1);
    private final Object monitor = new Object();

    private volatile boolean unparked;
    private volatile boolean notified;
    private volatile Thread parked;
    private volatile Thread parkedVirtual;

    EventWaits(String lockedFile) throws IOException {
        this.lockedFile = Path.of(lockedFile);
        selected.source().configureBlocking(false);
        selected.source().register(selector, SelectionKey.OP_READ);
    }

    void start() {
        BlockingApp.forEvent("accept", () -> acceptor.accept() != null);
        BlockingApp.forEvent("channel-accept", () -> channelAcceptor.accept() != null);
        BlockingApp.forEvent("read", () -> reader.getInputStream().read() == 'x');
        BlockingApp.forEvent("channel-read", () -> channelReader.read(ByteBuffer.allocate(1)) == 1);
        BlockingApp.forEvent("pipe-read", () -> pipe.source().read(ByteBuffer.allocate(1)) == 1);
        BlockingApp.forEvent("select", () -> selector.select() == 1);
        BlockingApp.forEvent("receive", this::receive);
        BlockingApp.forEvent("channel-receive", () -> datagramChannel.receive(ByteBuffer.allocate(1)) != null);
        BlockingApp.forEvent("lock", this::lock);
        BlockingApp.forEvent("waitFor", () -> child.waitFor() == 0);
        BlockingApp.forEvent("child-output", () -> silent.getInputStream().read() == 'x');
        BlockingApp.forEvent("latch", this::awaitLatch);
        BlockingApp.forEvent("queue", () -> queue.take().equals("x"));
        BlockingApp.forEvent("wait", this::waitOnce);
        BlockingApp.forEvent("park", this::parkOnce);
        if (Runtime.version().feature() >= 21) {
            BlockingApp.forEvent("virtual-park", this::parkVirtualOnce);
        }
    }

    void release() throws IOException {
        new Socket(LOCAL, acceptor.getLocalPort()).close();
        SocketChannel.open(channelAcceptor.getLocalAddress()).close();
        write(readerPeer.getOutputStream());
        write(channelReaderPeer.getOutputStream());
        pipe.sink().write(ByteBuffer.wrap(new byte[] {'x'}));
        selected.sink().write(ByteBuffer.wrap(new byte[] {'x'}));
        try (DatagramSocket sender = new DatagramSocket()) {
            sender.send(new DatagramPacket(new byte[1], 1, datagrams.getLocalSocketAddress()));
            sender.send(new DatagramPacket(new byte[1], 1, datagramChannel.getLocalAddress()));
        }
        child.getOutputStream().close();
        write(silent.getOutputStream());
        latch.countDown();
        queue.add("x");
        synchronized (monitor) {
            notified = true;
            monitor.notifyAll();
        }
        unparked = true;
        LockSupport.unpark(parked);
        LockSupport.unpark(parkedVirtual);
    }

    private static void write(OutputStream stream) throws IOException {
        stream.write('x');
        stream.flush();
    }

    private boolean receive() throws IOException {
        datagrams.receive(new DatagramPacket(new byte[1], 1));
        return true;
    }

    private boolean lock() throws IOException {
        try (FileChannel channel = FileChannel.open(lockedFile, StandardOpenOption.WRITE)) {
            return channel.lock().isValid();
        }
    }

    private boolean awaitLatch() throws InterruptedException {
        latch.await();
        return true;
    }

    /** One wake-up, and it must be the right one. */
    private boolean waitOnce() throws InterruptedException {
        synchronized (monitor) {
            monitor.wait();
            return notified;
        }
    }

    private boolean parkOnce() {
        parked = Thread.currentThread();
        LockSupport.park();
        return unparked;
    }

    private boolean parkVirtualOnce() throws Exception {
        boolean[] right = {false};
        parkedVirtual = CallersApp.startVirtual(() -> {
            LockSupport.park();
            right[0] = unparked;
        });
        parkedVirtual.join();
        return right[0];
    }
}
