package dev.psx.agent.apps;

import dev.psx.ErrnoException;
import dev.psx.process.ChildProcess;
import dev.psx.process.LaunchException;
import dev.psx.process.Launcher;
import dev.psx.process.LauncherBuilder;
import java.io.IOException;
import java.util.Map;

/**
 * Starts one child for each row of a table and says what was to be seen of it: {@code name = what}. A child that cannot be started
 * is {@code name = STEP call ERRNO}.
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

    public static void main(String[] arguments) {
        Map<String, Row> rows = switch (arguments[0]) {
            case "seen" -> LaunchRows.seen();
            case "cgroup" -> LaunchRows.cgroup();
            case "refused" -> LaunchRefusals.rows();
            default -> LaunchRefusals.unprivileged();
        };
        rows.forEach((name, row) -> System.out.println(name + " = " + run(row)));
        System.out.println("done");
        System.exit(0);
    }

    private static String run(Row row) {
        ChildProcess child;
        try {
            child = row.builder.start();
        } catch (LaunchException e) {
            return e.step() + " " + e.call() + " " + e.errnoName();
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
