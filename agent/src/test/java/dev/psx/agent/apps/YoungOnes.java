package dev.psx.agent.apps;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Children that have, or have not, come to their own code. */
final class YoungOnes {

    private YoungOnes() {}

    /** Starts a program whose dynamic linker waits for somebody to write the library that it shall load first, a FIFO. */
    static long hanging(String fifo) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("/bin/true");
        builder.environment().put("LD_PRELOAD", fifo);
        Process child = builder.start();
        Path status = Path.of("/proc", Long.toString(child.pid()), "status");
        while (!SpawnApp.text(status).contains("State:\tS")) {
            if (!child.isAlive()) {
                throw new IOException("the dynamic linker did not wait");
            }
            Thread.yield();
        }
        return child.pid();
    }

    /**
     * Starts a program that is on a processor until this process has gone. Returns when it has begun.
     *
     * @param prefix a command that becomes it
     */
    static long busy(String... prefix) throws IOException {
        List<String> command = new ArrayList<>(Arrays.asList(prefix));
        command.addAll(List.of("sh", "-c", "echo begun; while kill -0 $PPID; do :; done 2>&-"));
        Process child = new ProcessBuilder(command).start();
        if (child.inputReader().readLine() == null) {
            throw new IOException("it has not begun");
        }
        return child.pid();
    }
}
