package dev.psx.agent.apps;

import dev.psx.process.Launcher;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Runs another application in a JVM like this one, behind a filter that hides a system call: it gives ENOSYS. */
public final class HiddenCallsApp {

    private static final int ENOSYS = 38;
    private static final int EINVAL = 22;
    private static final int P_PIDFD = 3;

    private HiddenCallsApp() {}

    public static void main(String[] arguments) throws InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(arguments).subList(1, arguments.length));
        byte[] filter = switch (arguments[0]) {
            case "waitid of pidfds" ->
                new Filters().refuse("waitid", 0, P_PIDFD, EINVAL).end(); // as before Linux 5.4
            case "what containers forbid" -> LaunchPlaces.filter();
            default -> Filters.refusing(arguments[0], ENOSYS);
        };
        System.exit(Launcher.builder(command)
                .noNewPrivileges(true)
                .seccomp(filter)
                .inheritIO()
                .start()
                .waitFor());
    }
}
