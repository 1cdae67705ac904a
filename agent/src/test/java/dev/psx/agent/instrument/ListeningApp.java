package dev.psx.agent.instrument;

import static dev.psx.agent.instrument.CreationApp.check;

import dev.psx.agent.bootstrap.AgentState;
import dev.psx.agent.instrument.relocated.channel.unix.Socket;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Listens in every way that has a hook. Run under {@link HookingAgent}. */
public final class ListeningApp {

    private static final SocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static int calls;
    private static boolean locked;

    private ListeningApp() {}

    public static void main(String[] arguments) throws Exception {
        HookingAgent.call("installListeningHooks");
        AgentState.onListening = ListeningApp::called;
        everyKindIsSeen();
        System.out.println("ok seen");
        aFailedBindIsNot();
        System.out.println("ok failed");
        whatTheHookThrowsStaysInside();
        System.out.println("ok thrown");
        hiddenHooksDoNoHarm();
        System.out.println("ok hidden");
        HookingAgent.call("removeListeningHooks");
        calls = 0;
        new ServerSocket(0).close();
        new Socket().listen(1);
        check(calls == 0, "called after removal");
        System.out.println("ok removed");
    }

    private static void called() {
        calls++;
        ThreadInfo self = ManagementFactory.getThreadMXBean()
                .getThreadInfo(new long[] {Thread.currentThread().getId()}, true, true)[0];
        locked |= self.getLockedMonitors().length + self.getLockedSynchronizers().length > 0;
    }

    private static void everyKindIsSeen() throws IOException {
        List<Closeable> open = new ArrayList<>();
        expectCall("ServerSocket(port)", () -> open.add(new ServerSocket(0)));
        expectCall("ServerSocket.bind", () -> {
            ServerSocket socket = new ServerSocket();
            open.add(socket);
            socket.bind(ANY);
        });
        expectCall(
                "ServerSocketChannel.bind",
                () -> open.add(ServerSocketChannel.open().bind(ANY)));
        expectCall("the channel's socket", () -> {
            ServerSocketChannel channel = ServerSocketChannel.open();
            open.add(channel);
            channel.socket().bind(ANY, 5);
        });
        expectCall(
                "AsynchronousServerSocketChannel.bind",
                () -> open.add(AsynchronousServerSocketChannel.open().bind(ANY)));
        expectCall("Netty's native listen", () -> new Socket().listen(1));
        check(!locked, "the hook ran inside a lock of the JDK");
        for (Closeable socket : open) {
            socket.close();
        }
    }

    private static void aFailedBindIsNot() throws IOException {
        try (ServerSocket taken = new ServerSocket(0);
                ServerSocket second = new ServerSocket()) {
            calls = 0;
            second.bind(taken.getLocalSocketAddress());
            throw new AssertionError("bound twice");
        } catch (BindException e) {
            check(calls == 0, "called for a failed bind");
        }
    }

    private static void whatTheHookThrowsStaysInside() throws IOException {
        AgentState.onListening = () -> {
            throw new IllegalStateException("not for the application");
        };
        new ServerSocket(0).close();
        AgentState.onListening = ListeningApp::called;
    }

    /** OSGi and the like do not let every class see the bootstrap loader: then there must be no hook at all. */
    private static void hiddenHooksDoNoHarm() throws Exception {
        String name = Socket.class.getName();
        ClassLoader blind = new ClassLoader(null) {
            @Override
            protected Class<?> loadClass(String wanted, boolean resolve) throws ClassNotFoundException {
                if (wanted.startsWith("dev.psx.agent.bootstrap.")) {
                    throw new ClassNotFoundException(wanted);
                }
                return super.loadClass(wanted, resolve);
            }

            @Override
            protected Class<?> findClass(String wanted) throws ClassNotFoundException {
                try (InputStream in = ClassLoader.getSystemResourceAsStream(wanted.replace('.', '/') + ".class")) {
                    byte[] file = in.readAllBytes();
                    return defineClass(wanted, file, 0, file.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(wanted, e);
                }
            }
        };
        calls = 0;
        Class<?> type = blind.loadClass(name);
        check(type != Socket.class, "not a second copy");
        type.getMethod("listen", int.class).invoke(type.getConstructor().newInstance(), 1);
        check(calls == 0, "hooked, though the hooks are hidden from it");
    }

    private static void expectCall(String what, Step step) throws IOException {
        int before = calls;
        step.run();
        check(calls > before, "not seen: " + what);
    }

    private interface Step {
        void run() throws IOException;
    }
}
