package dev.psx.agent.apps;

import dev.psx.process.ChildProcess;
import dev.psx.process.ExitStatus;
import dev.psx.process.Launcher;
import dev.psx.process.LauncherBuilder;
import dev.psx.process.Signal;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Children as {@link Process} has them: each method says what it has seen, as {@code name = what}. */
public final class ProcessApp {

    private static final int MANY = 300;

    private ProcessApp() {}

    private static LauncherBuilder shell(String script) {
        return Launcher.builder("/bin/sh", "-c", script);
    }

    private static ChildProcess sleep() {
        return Launcher.builder("/bin/sleep", "1000").start();
    }

    public static void main(String[] arguments) throws Exception {
        say("exit", exit());
        say("killed", ended(shell("kill -TERM $$")));
        say("aborted", ended(shell("kill -ABRT $$")));
        say("timed wait", timedWait());
        say("interrupted wait", interruptedWait());
        say("several waits", severalWaits());
        say("on exit", onExit());
        say("destroy", destroyed(false));
        say("destroy forcibly", destroyed(true));
        say("signal", signal());
        say("handle", handle());
        say("descendants", descendants());
        say("streams", streams());
        say("late streams", lateStreams());
        say("much output", muchOutput());
        say("grandchild keeps the pipe", grandchild());
        say("closed while reading", closedWhileReading());
        say("broken pipe", brokenPipe());
        say("files", files());
        say(
                "inherit",
                shell("echo inherited = yes")
                        .redirectOutput(Redirect.INHERIT)
                        .start()
                        .waitFor());
        say("usage", usage());
        int descriptors = LaunchLook.openFiles();
        say("threads", threads());
        say("descriptors left", LaunchLook.moreOpenFiles(descriptors));
        say(
                "children left",
                LaunchLook.text(
                                ProcessHandle.current().pid(),
                                "task/" + ProcessHandle.current().pid() + "/children")
                        .isBlank());
        System.out.println("done");
        System.exit(0);
    }

    private static void say(String name, Object what) {
        System.out.println(name + " = " + what);
    }

    private static String exit() throws InterruptedException {
        ChildProcess child = shell("read x; exit 7").start();
        String before;
        try {
            before = "exited " + child.exitValue();
        } catch (IllegalThreadStateException e) {
            before = "running";
        }
        boolean alive = child.isAlive();
        child.destroy();
        child = shell("exit 7").start();
        return before + " " + alive + " " + child.waitFor() + " " + child.exitValue() + " " + child.isAlive() + " "
                + child.exitStatus();
    }

    private static String ended(LauncherBuilder builder) throws InterruptedException {
        ChildProcess child = builder.start();
        int code = child.waitFor();
        ExitStatus status = child.exitStatus();
        return code + " " + status.exited() + " " + status.exitCode() + " " + child.terminationSignal() + " "
                + Signal.name(status.signal());
    }

    private static String timedWait() throws InterruptedException {
        ChildProcess child = sleep();
        boolean early = child.waitFor(1, TimeUnit.MILLISECONDS);
        child.destroyForcibly();
        return early + " " + child.waitFor(60, TimeUnit.SECONDS);
    }

    /** Each short wait takes the child from the thread that waits for all, and gives it back. */
    private static String severalWaits() throws Exception {
        ChildProcess child = shell("read x; exit 9").start();
        CompletableFuture<Process> exit = child.onExit();
        CountDownLatch tried = new CountDownLatch(4);
        List<FutureTask<Integer>> waits = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            FutureTask<Integer> wait = new FutureTask<>(() -> {
                boolean ended = false;
                for (int k = 0; k < 30; k++) {
                    ended |= child.waitFor(1, TimeUnit.MILLISECONDS);
                }
                tried.countDown();
                return ended ? -1 : child.waitFor();
            });
            new Thread(wait).start();
            waits.add(wait);
        }
        tried.await();
        child.getOutputStream().close();
        StringBuilder codes = new StringBuilder();
        for (FutureTask<Integer> wait : waits) {
            codes.append(wait.get(60, TimeUnit.SECONDS)).append(' ');
        }
        return codes.append(exit.get(60, TimeUnit.SECONDS).exitValue()).toString();
    }

    private static String interruptedWait() throws InterruptedException {
        ChildProcess child = sleep();
        Thread.currentThread().interrupt();
        try {
            return "ended " + child.waitFor();
        } catch (InterruptedException e) {
            return "interrupted " + child.isAlive();
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private static String onExit() throws Exception {
        ChildProcess child = shell("read x").start();
        CompletableFuture<Process> future = child.onExit();
        boolean before = future.isDone();
        child.getOutputStream().close();
        return before + " " + (future.get(60, TimeUnit.SECONDS) == child) + " "
                + (child.toHandle().onExit().get().pid() == child.pid());
    }

    private static String destroyed(boolean forcibly) throws InterruptedException {
        ChildProcess child = sleep();
        if (forcibly) {
            child.destroyForcibly();
        } else {
            child.destroy();
        }
        int code = child.waitFor();
        child.destroy();
        return code + " " + child.supportsNormalTermination();
    }

    private static String signal() throws InterruptedException {
        ChildProcess child = sleep();
        boolean sent = child.signal(Signal.USR1);
        child.waitFor();
        return sent + " " + child.terminationSignal() + " " + child.signal(Signal.USR1) + " " + child;
    }

    private static String handle() throws Exception {
        ChildProcess child = sleep();
        ProcessHandle handle = child.toHandle();
        String seen = (handle.pid() == child.pid()) + " " + handle.isAlive() + " "
                + handle.info().command().orElse("?").endsWith("sleep") + " "
                + handle.parent()
                        .map(ProcessHandle::pid)
                        .equals(java.util.Optional.of(ProcessHandle.current().pid()))
                + " " + handle.destroy();
        child.waitFor();
        return seen + " " + handle.isAlive() + " " + handle.destroy() + " "
                + handle.info().command() + " " + handle.equals(child.toHandle()) + " "
                + handle.children().count();
    }

    private static String descendants() throws Exception {
        ChildProcess child = shell("sleep 1000 & sleep 1000 & echo ok; wait").start();
        new BufferedReader(new InputStreamReader(child.getInputStream())).readLine();
        List<ProcessHandle> found = child.descendants().toList();
        found.forEach(ProcessHandle::destroyForcibly);
        return found.size() + " " + child.waitFor();
    }

    private static String streams() throws Exception {
        ChildProcess child = shell("cat; echo error >&2").start();
        OutputStream in = child.getOutputStream();
        in.write("to and fro".getBytes());
        in.close();
        return new String(child.getInputStream().readAllBytes()) + " "
                + new String(child.getErrorStream().readAllBytes()).trim() + " " + child.waitFor();
    }

    private static String lateStreams() throws Exception {
        ChildProcess child = shell("echo out; echo err >&2").start();
        child.waitFor();
        return new String(child.getInputStream().readAllBytes()).trim() + " "
                + new String(child.getErrorStream().readAllBytes()).trim();
    }

    private static String muchOutput() throws Exception {
        ChildProcess child =
                Launcher.builder("/usr/bin/head", "-c", "3000000", "/dev/zero").start();
        return child.getInputStream().readAllBytes().length + " " + child.waitFor();
    }

    /** Its streams work on when the child has ended. */
    private static String grandchild() throws Exception {
        ChildProcess child =
                shell("exec 3<&0; (read x <&3; echo late) & echo early").start();
        child.waitFor();
        BufferedReader out = new BufferedReader(new InputStreamReader(child.getInputStream()));
        String early = out.readLine();
        child.getOutputStream().write('\n');
        child.getOutputStream().flush();
        return early + " " + out.readLine() + " " + out.readLine();
    }

    private static boolean closedWhileReading() throws Exception {
        ChildProcess child = sleep();
        CompletableFuture<String> reader = CompletableFuture.supplyAsync(() -> {
            try {
                return "read " + child.getInputStream().read();
            } catch (IOException e) {
                return e.getMessage();
            }
        });
        LaunchLook.awaitSleep(child.pid());
        child.getInputStream().close();
        child.destroyForcibly().waitFor();
        return List.of("read -1", "Stream closed").contains(reader.get(60, TimeUnit.SECONDS));
    }

    private static String brokenPipe() throws Exception {
        ChildProcess child = shell("exec <&-; echo closed; exec sleep 1000").start();
        child.getInputStream().read();
        try {
            child.getOutputStream().write(1);
            child.getOutputStream().flush();
            return "written";
        } catch (IOException e) {
            return e.getMessage();
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private static String files() throws Exception {
        File file = File.createTempFile("psx", null);
        shell("echo 1").redirectOutput(file).start().waitFor();
        shell("echo 2").redirectOutput(Redirect.appendTo(file)).start().waitFor();
        String text =
                LaunchApp.output(Launcher.builder("cat").redirectInput(file).start());
        file.delete();
        return text;
    }

    private static boolean usage() throws Exception {
        ChildProcess child =
                shell("i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done").start();
        child.waitFor();
        return child.resourceUsage().userTime().compareTo(Duration.ofMillis(1)) > 0
                && child.resourceUsage().maxResidentBytes() > 500_000;
    }

    /** Many children at a time need no more threads than one. */
    private static String threads() throws Exception {
        int before = new File("/proc/self/task").list().length;
        List<ChildProcess> children = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            children.add(Launcher.builder("/bin/cat").start());
        }
        int more = new File("/proc/self/task").list().length - before;
        children.forEach(child -> child.signal(Signal.KILL));
        int killed = 0;
        for (ChildProcess child : children) {
            killed += child.waitFor() == 137 ? 1 : 0;
        }
        return (more < 10) + " " + killed;
    }
}
