package dev.psx.agent.apps;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.channels.Selector;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** The JDK's ways to wait for a time. Those that may be over early by their own contract are not, as long as nothing wakes them. */
final class TimedWaits {

    private static final long MILLIS = 40;

    private TimedWaits() {}

    static void start() throws Exception {
        BlockingApp.forTime("sleep", MILLIS, Thread::sleep);
        BlockingApp.forTime("wait", MILLIS, TimedWaits::monitor);
        BlockingApp.forTime("parkNanos", MILLIS, millis -> LockSupport.parkNanos(millis * 1_000_000));
        BlockingApp.forTime("queue-poll", MILLIS, TimedWaits::queue);
        BlockingApp.forTime("latch", MILLIS, millis -> new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS));
        BlockingApp.forTime("semaphore", MILLIS, millis -> new Semaphore(0).tryAcquire(millis, TimeUnit.MILLISECONDS));
        BlockingApp.forTime("condition", MILLIS, TimedWaits::condition);
        Thread endless = endless();
        BlockingApp.forTime("join", MILLIS, endless::join);
        Selector selector = Selector.open();
        BlockingApp.forTime("select", MILLIS, selector::select);
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        BlockingApp.forTime("accept-timeout", MILLIS, millis -> acceptFor(server, millis));
        DatagramSocket datagrams = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        BlockingApp.forTime("receive-timeout", MILLIS, millis -> receiveFor(datagrams, millis));
        Process child = new ProcessBuilder("cat").start();
        BlockingApp.forTime("waitFor", MILLIS, millis -> child.waitFor(millis, TimeUnit.MILLISECONDS));
        if (Runtime.version().feature() >= 21) {
            virtual();
        }
    }

    private static void virtual() {
        BlockingApp.forTime("virtual-sleep", MILLIS, millis -> onVirtual(() -> Thread.sleep(millis)));
        BlockingApp.forTime(
                "virtual-park", MILLIS, millis -> onVirtual(() -> LockSupport.parkNanos(millis * 1_000_000)));
        BlockingApp.forTime("virtual-wait", MILLIS, millis -> onVirtual(() -> monitor(millis)));
    }

    private static void onVirtual(BlockingApp.Work work) throws Exception {
        Throwable[] failure = {null};
        CallersApp.startVirtual(() -> {
                    try {
                        work.run();
                    } catch (Exception e) {
                        failure[0] = e;
                    }
                })
                .join();
        if (failure[0] != null) {
            throw new IllegalStateException(failure[0]);
        }
    }

    private static void monitor(long millis) throws InterruptedException {
        Object monitor = new Object();
        synchronized (monitor) {
            monitor.wait(millis);
        }
    }

    private static void queue(long millis) throws InterruptedException {
        new ArrayBlockingQueue<>(1).poll(millis, TimeUnit.MILLISECONDS);
    }

    private static void condition(long millis) throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        try {
            if (lock.newCondition().awaitNanos(millis * 1_000_000) > 0) {
                throw new IllegalStateException("woke up early");
            }
        } finally {
            lock.unlock();
        }
    }

    private static Thread endless() {
        Thread thread = new Thread(() -> {
            while (true) {
                LockSupport.park();
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void acceptFor(ServerSocket server, long millis) throws Exception {
        server.setSoTimeout((int) millis);
        try {
            server.accept();
            throw new IllegalStateException("nobody has connected");
        } catch (SocketTimeoutException e) {
            return;
        }
    }

    private static void receiveFor(DatagramSocket socket, long millis) throws Exception {
        socket.setSoTimeout((int) millis);
        try {
            socket.receive(new DatagramPacket(new byte[1], 1));
            throw new IllegalStateException("nobody has sent");
        } catch (SocketTimeoutException e) {
            return;
        }
    }
}
