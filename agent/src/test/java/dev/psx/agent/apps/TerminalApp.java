package dev.psx.agent.apps;

import dev.psx.process.ChildProcess;
import dev.psx.process.Launcher;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Starts itself as the leader of a session on a new terminal, and there children in its foreground and away from it. */
public final class TerminalApp {

    private static final int GROUP = 5;
    private static final int TERMINAL = 7;
    private static final int FOREGROUND = 8;

    private TerminalApp() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            onTerminal();
        } else {
            foreground();
            detached();
            System.out.println("done");
        }
        System.exit(0);
    }

    private static void onTerminal() throws InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TerminalApp.class.getName(), "inside"));
        Launcher.builder(command)
                .inheritIO()
                .redirectInput(LaunchKernel.terminal()[1])
                .setsid()
                .setctty(0)
                .start()
                .waitFor();
    }

    /** Neither the child nor this process may be stopped by SIGTTOU. */
    private static void foreground() throws Exception {
        ChildProcess own = Launcher.builder("/bin/sleep", "1000").foreground(0).start();
        say(
                "foreground: new group",
                LaunchLook.stat(own.pid(), FOREGROUND) == own.pid() && LaunchLook.stat(own.pid(), GROUP) == own.pid());
        ChildProcess other = Launcher.builder("/bin/sleep", "1000").setpgid().start();
        say("setpgid: behind", LaunchLook.stat(other.pid(), FOREGROUND) == own.pid());
        ChildProcess member = Launcher.builder("/bin/sleep", "1000")
                .setpgid((int) other.pid())
                .foreground(0)
                .start();
        say("foreground: given group", LaunchLook.stat(member.pid(), FOREGROUND) == other.pid());
        own.destroyForcibly();
        other.destroyForcibly();
        member.destroyForcibly();
    }

    private static void detached() throws Exception {
        ChildProcess child =
                Launcher.builder("/bin/sleep", "1000").redirectInput(0).noctty().start();
        say(
                "noctty: detached",
                LaunchLook.stat(ProcessHandle.current().pid(), TERMINAL) != 0
                        && LaunchLook.stat(child.pid(), TERMINAL) == 0);
        child.destroyForcibly();
    }

    private static void say(String name, Object what) {
        System.out.println(name + " = " + what);
    }
}
