package dev.psx.agent.testing;

import java.nio.file.Path;
import java.util.List;

/** Another process that holds a task, as a debugger does, or a file, so that whoever executes it waits. */
public final class Holder implements AutoCloseable {

    private final Child process;

    private Holder(String what, String which) {
        process = Child.start(List.of(Fixtures.holder().toString(), what, which));
        process.await("holds");
    }

    public static Holder ofTask(long tid) {
        return new Holder("task", Long.toString(tid));
    }

    /** Nobody may have it open. */
    public static Holder ofFile(Path file) {
        return new Holder("file", file.toString());
    }

    public void letGo() {
        process.finish();
    }

    @Override
    public void close() {
        process.close();
    }
}
