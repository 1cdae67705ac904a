package dev.psx.agent.apps;

import dev.psx.ErrnoException;
import dev.psx.process.ChildProcess;
import dev.psx.process.LaunchException;
import dev.psx.process.LaunchStep;
import dev.psx.process.Launcher;
import dev.psx.process.LauncherBuilder;
import java.io.IOException;
import java.util.Map;

/**
 * Starts one child for each row of a table and says what was to be seen of it: {@code name = what}. A child that cannot be started
 * is {@code name = STEP and what the message says}.
 */
public final class LaunchApp {

    static final String SLEEP = "/bin/sleep";

    /** What to look at in a running child. */
    interface Look {
        Object at(ChildProcess child) throws Exception;
    }

    /** How the child is started and what is looked at. */
    record Row(LauncherBuilder builder, Look look) {}

    private LaunchApp() {}

    static LauncherBuilder sleep() {
        return Launcher.builder(SLEEP, "1000");
    }

    static LauncherBuilder shell(String script) {
        return Launcher.builder("/bin/sh", "-c", script);
    }

    static String output(ChildProcess child) throws IOException, InterruptedException {
        String text = new String(child.getInputStream().readAllBytes()).trim();
        String error = new String(child.getErrorStream().readAllBytes()).trim();
        child.waitFor();
        return (text + " " + error).trim().replace('\n', '|');
    }

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "seen" -> seen(LaunchRows.seen());
            case "seen-in-a-cgroup" -> seen(LaunchRows.cgroup());
            case "seen-without-privileges" -> seen(LaunchNamespaces.unprivileged());
            case "refused" -> LaunchLeaks.refused(LaunchRefusals.rows());
            case "refused-in-a-cgroup" -> LaunchLeaks.refused(LaunchPlaces.cgroups());
            case "refused-in-a-user-namespace" -> LaunchLeaks.refused(LaunchPlaces.userNamespace());
            case "refused-by-a-filter" -> LaunchLeaks.refused(LaunchPlaces.filtered());
            case "refused-without-privileges" -> LaunchLeaks.refused(LaunchUnprivileged.rows());
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.println("done");
        System.exit(0);
    }

    private static void seen(Map<String, Row> rows) {
        rows.forEach((name, row) -> System.out.println(name + " = " + run(row)));
    }

    /** What the exception says, without what it says each time. */
    static String refusal(LaunchException e) {
        String message = e.getMessage();
        String start = "launching " + e.program() + " failed";
        String at = start + " at ";
        String end = "; nothing was started";
        if (message.startsWith(at) && message.endsWith(end)) {
            message = message.substring(at.length(), message.length() - end.length());
        } else if (message.startsWith(start)) {
            message = message.substring(start.length());
        }
        if (e.errnoName().equals("ETIMEDOUT") && e.step() != LaunchStep.PROGRAM) { // stopped anywhere
            return "SOMEWHERE " + message.replaceAll(" in .* the child ", " in a call the child ");
        }
        return e.step() + " "
                + message.replace(System.getProperty("directory"), "DIRECTORY").replaceAll("x{20,}", "xxx");
    }

    private static String run(Row row) {
        ChildProcess child;
        try {
            child = row.builder.start();
        } catch (LaunchException e) {
            return refusal(e);
        } catch (ErrnoException | IllegalStateException e) {
            return e.toString();
        }
        try {
            if (row.builder.build().command().get(0).equals(SLEEP)) {
                LaunchLook.awaitSleep(child.pid());
            }
            return String.valueOf(row.look.at(child));
        } catch (Exception e) {
            return e.toString();
        } finally {
            child.destroyForcibly();
        }
    }
}
