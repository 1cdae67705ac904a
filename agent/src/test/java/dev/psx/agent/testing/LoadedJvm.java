package dev.psx.agent.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.ToolApp;
import java.util.List;
import java.util.stream.Stream;

/**
 * A JVM under load that broadcasts without a pause and ends at the first broadcast that misses a task, runs on one twice, or
 * fails. Tools are used on it.
 */
public final class LoadedJvm implements AutoCloseable {

    /** What is judged is not the time, and the machine may be short of processors. */
    public static final String PATIENT = "give-up=20s";

    public static final int SLEEPERS = 80;
    private static final int NATIVE_SLEEPERS = 20;

    private final Child child;

    private LoadedJvm(Child child) {
        this.child = child;
        child.await("ready");
    }

    /** Starts it with the application's further arguments; the agent is an option of {@code jvm} already. */
    public static LoadedJvm start(Jvm jvm, String... more) {
        List<String> arguments = Stream.concat(
                        Stream.of(Integer.toString(SLEEPERS), Integer.toString(NATIVE_SLEEPERS)), Stream.of(more))
                .toList();
        return new LoadedJvm(jvm.start(ToolApp.class, arguments.toArray(new String[0])));
    }

    public Child child() {
        return child;
    }

    public String pid() {
        return Long.toString(child.pid());
    }

    public long rounds() {
        return number(ask("rounds", "rounds "));
    }

    /** Waits until this many more broadcasts and collections have been made, and returns how many broadcasts there were. */
    public long await(int broadcasts, int collections) {
        return number(ask("await " + broadcasts + " " + collections, "rounds "));
    }

    /** Sends a line and returns the answer; what tools print into the application's output is passed over. */
    public String ask(String line, String prefix) {
        child.send(line);
        return child.await(prefix);
    }

    /** Runs a tool on it, and fails if the tool does or if the broadcasts do not go on. */
    public Child during(List<String> tool) {
        await(1, 0);
        Child run = Child.run(tool);
        assertThat(run.exitCode()).as("%s%s", tool, run.transcript()).isZero();
        await(1, 0);
        return run;
    }

    /** Ends the broadcasts and then the JVM; fails unless the last broadcast has reached every task that is left. */
    public void end() {
        int saved = (int) (number(ask("stop", "stopped ")) & 1);
        List<TaskView> tasks = OutsideView.tasks(child.pid());
        assertThat(tasks).hasSizeGreaterThan(SLEEPERS + NATIVE_SLEEPERS);
        assertThat(tasks).extracting(TaskView::uid).containsOnly(List.of(0, 0, saved, 0));
        assertThat(child.finish()).as(child.transcript()).isZero();
    }

    @Override
    public void close() {
        child.close();
    }

    private static long number(String line) {
        return Long.parseLong(line.split(" ")[1]);
    }
}
