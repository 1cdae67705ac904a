package dev.psx.agent.apps;

import dev.psx.ErrnoException;
import dev.psx.process.ChildProcess;
import dev.psx.process.IdMap;
import dev.psx.process.Launcher;
import dev.psx.process.LauncherBuilder;
import dev.psx.process.Namespace;
import dev.psx.process.PidFd;
import dev.psx.process.Signal;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Handles of children in all states, and of children in namespaces of their own: {@code name = what}. */
public final class ChildHandlesApp {

    private static final int F_GETFD = 1;
    private static final int DESCRIPTORS = 400;
    private static final int MANY = 300;

    private ChildHandlesApp() {}

    public static void main(String[] arguments) throws Exception {
        say("signal", signalled(LaunchApp.sleep()));
        say("signal in a user namespace", signalled(inUserNamespace(LaunchApp.sleep())));
        say("signal in a pid namespace", initProcess(LaunchApp.sleep().namespaces(Namespace.PID)));
        say(
                "signal in user and pid namespaces",
                initProcess(LaunchApp.sleep()
                        .namespaces(Namespace.USER, Namespace.PID)
                        .uidMap(IdMap.of(0, 1000, 1))
                        .gidMap(IdMap.of(0, 1000, 1))));
        say("as init of a pid namespace with children", descendants());
        say("ended and waited for", ended());
        say("waited for twice", twice());
        say("closed", closed());
        say("found when it is gone", gone());
        say("zombie", zombie());
        say("descriptors left", left());
        System.out.println("done");
        System.exit(0);
    }

    private static void say(String name, Object what) {
        System.out.println(name + " = " + what);
    }

    private static LauncherBuilder inUserNamespace(LauncherBuilder builder) {
        IdMap map = IdMap.of(0, 1000, 1);
        return builder.namespaces(Namespace.USER).uidMap(map).gidMap(map);
    }

    private static Object attempt(Callable<?> action) throws Exception {
        try {
            return action.call();
        } catch (ErrnoException e) {
            return e.errnoName();
        } catch (IllegalStateException e) {
            return e.getClass().getSimpleName();
        }
    }

    private static Object signalled(LauncherBuilder builder) throws Exception {
        ChildProcess child = builder.start();
        try (PidFd handle = child.pidFd()) {
            boolean sent = handle.sendSignal(Signal.USR1);
            return sent + " " + handle.waitFor() + " " + child.waitFor();
        }
    }

    /** Its first process takes from outside what it has a handler for, or what cannot be refused. */
    private static Object initProcess(LauncherBuilder builder) throws Exception {
        ChildProcess child = builder.start();
        LaunchLook.awaitSleep(child.pid());
        try (PidFd handle = child.pidFd()) {
            String ids = LaunchLook.status(child.pid(), "NSpid").replace(Long.toString(child.pid()), "PID");
            boolean sent = handle.sendSignal(Signal.TERM);
            boolean ended = handle.waitFor(50, TimeUnit.MILLISECONDS);
            handle.sendSignal(Signal.KILL);
            return ids + ", " + sent + " " + ended + " " + handle.waitFor();
        }
    }

    /** With it all that live in its namespace end. */
    private static Object descendants() throws Exception {
        ChildProcess child = Launcher.builder("/bin/sh", "-c", "sleep 1000 & echo; wait")
                .namespaces(Namespace.PID)
                .start();
        child.getInputStream().read();
        ProcessHandle inside = child.toHandle().descendants().findFirst().orElseThrow();
        try (PidFd handle = PidFd.open(inside.pid())) {
            boolean before = handle.isAlive();
            child.destroyForcibly().waitFor();
            handle.waitFor();
            return before + " " + handle.isAlive();
        }
    }

    private static Object ended() throws Exception {
        ChildProcess child = Launcher.builder("/bin/sh", "-c", "read x; exit 3").start();
        try (PidFd handle = child.pidFd()) {
            child.getOutputStream().close();
            int code = child.waitFor();
            return code + " " + handle.isAlive() + " " + handle.sendSignal(Signal.KILL) + " " + handle.sendSignal(0)
                    + " " + attempt(handle::reap) + " " + child.signal(Signal.KILL) + " "
                    + attempt(() -> child.pidFd().getClass().getSimpleName());
        }
    }

    private static Object twice() throws Exception {
        ChildProcess child = Launcher.builder("/bin/sh", "-c", "read x; exit 3").start();
        try (PidFd handle = child.pidFd()) {
            child.getOutputStream().close();
            return handle.waitFor() + " " + handle.waitFor() + " " + child.waitFor() + " " + child.waitFor();
        }
    }

    private static Object closed() throws Exception {
        ChildProcess child = LaunchApp.sleep().start();
        PidFd handle = child.pidFd();
        handle.close();
        Object refused = attempt(handle::waitFor) + " " + attempt(() -> handle.sendSignal(Signal.KILL)) + " "
                + attempt(handle::reap) + " " + attempt(handle::descriptor);
        return refused + ", " + child.isAlive() + " " + child.destroyForcibly().waitFor();
    }

    private static Object gone() throws Exception {
        ChildProcess child = Launcher.builder("/bin/true").start();
        child.waitFor();
        try (PidFd handle = PidFd.find(child.pid())) {
            return handle.isAlive() + " " + handle.sendSignal(Signal.KILL) + " " + handle.waitFor() + " "
                    + handle.waitFor(1, TimeUnit.MILLISECONDS) + " "
                    + handle.onExit().get() + " "
                    + attempt(handle::reap);
        }
    }

    /** Not a child of this process: its parent has not waited for it. */
    private static Object zombie() throws Exception {
        ChildProcess parent = Launcher.builder("/bin/sh", "-c", "exec 3<&0; (read x <&3) & echo $!; exec sleep 1000")
                .start();
        long pid = 0;
        for (int digit = parent.getInputStream().read();
                digit != '\n';
                digit = parent.getInputStream().read()) {
            pid = pid * 10 + digit - '0';
        }
        LaunchLook.awaitSleep(parent.pid());
        try (PidFd handle = PidFd.find(pid)) {
            parent.getOutputStream().close();
            Object status = handle.waitFor();
            return status + " " + handle.isAlive() + " " + LaunchLook.status(pid, "State");
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    private static Object left() throws Exception {
        int before = open();
        for (int i = 0; i < MANY; i++) {
            gone();
            PidFd.open(ProcessHandle.current().pid()).close();
            twice();
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (open() > before && System.nanoTime() < deadline) {
            System.gc(); // streams that nobody has closed
        }
        return Math.max(0, open() - before);
    }

    private static int open() {
        int count = 0;
        for (int i = 0; i < DESCRIPTORS + MANY * 10; i++) {
            count += LaunchKernel.attempt("fcntl", i, F_GETFD) >= 0 ? 1 : 0;
        }
        return count;
    }
}
