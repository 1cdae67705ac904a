package dev.psx.agent.apps;

import dev.psx.ErrnoException;
import dev.psx.process.ChildProcess;
import dev.psx.process.LaunchException;
import dev.psx.process.Launcher;
import dev.psx.process.PidFd;
import dev.psx.process.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The lives of some children, where the kernel may lack something: {@code name = what}. */
public final class HiddenLifeApp {

    private static final int SOME = 20;
    private static final String LOOK =
            "f=3; while [ $f -lt 64 ]; do [ -e /proc/$$/fd/$f ] && echo open $f; f=$((f+1)); done; echo looked";

    private HiddenLifeApp() {}

    public static void main(String[] arguments) throws Exception {
        try {
            live();
        } catch (LaunchException e) {
            System.out.println("not started = " + e.step() + " " + e.call() + " " + e.errnoName());
        }
        System.out.println("done");
        System.exit(0);
    }

    private static void live() throws Exception {
        say("exit", exit());
        int files = LaunchLook.openFiles();
        say(
                "streams",
                LaunchApp.output(LaunchApp.shell("echo out; echo err >&2").start()));
        say("signal", signal());
        say("handle", handle());
        say("fetch", fetch());
        say("some", some());
        say("descriptors of a child", LaunchApp.output(LaunchApp.shell(LOOK).start()));
        say(
                "left",
                LaunchLook.moreOpenFiles(files) + " "
                        + ProcessHandle.current().children().count());
    }

    private static void say(String name, Object what) {
        System.out.println(name + " = " + what);
    }

    private static String exit() throws InterruptedException {
        ChildProcess child = LaunchApp.shell("exit 3").start();
        return child.waitFor(60, TimeUnit.SECONDS) + " " + child.exitStatus();
    }

    private static String signal() throws InterruptedException {
        ChildProcess child = LaunchApp.sleep().start();
        boolean sent = child.signal(Signal.USR1);
        boolean ended = child.waitFor(60, TimeUnit.SECONDS);
        return sent + " " + ended + " " + child.terminationSignal() + " " + child.signal(Signal.USR1);
    }

    private static String handle() throws Exception {
        ChildProcess child = LaunchApp.sleep().start();
        try (PidFd handle = PidFd.open(child.pid())) {
            boolean sent = handle.sendSignal(Signal.TERM);
            boolean ended = handle.waitFor(60, TimeUnit.SECONDS);
            return sent + " " + ended + " "
                    + child.onExit().get(60, TimeUnit.SECONDS).exitValue() + " " + handle.isAlive();
        }
    }

    private static String fetch() {
        ChildProcess child = LaunchApp.sleep().start();
        try (PidFd handle = child.pidFd()) {
            int descriptor = handle.getFd(0);
            LaunchKernel.close(descriptor);
            return "done";
        } catch (ErrnoException e) {
            return e.call() + " " + e.errnoName();
        } finally {
            child.destroyForcibly();
        }
    }

    private static int some() throws Exception {
        List<ChildProcess> children = new ArrayList<>();
        for (int i = 0; i < SOME; i++) {
            children.add(Launcher.builder("/bin/cat").start());
        }
        int ended = 0;
        for (ChildProcess child : children) {
            child.getOutputStream().close();
            ended += child.waitFor(60, TimeUnit.SECONDS) && child.exitValue() == 0 ? 1 : 0;
        }
        return ended;
    }
}
