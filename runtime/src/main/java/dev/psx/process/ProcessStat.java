package dev.psx.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;

/** What the stat file of a process says that tells it from a later one with its id. */
final class ProcessStat {

    private static final int STATE = 0;
    private static final int START_TIME = 19;

    private final String[] fields;

    private ProcessStat(String[] fields) {
        this.fields = fields;
    }

    /** Returns null if there is no such process. The name in front of the fields may hold anything. */
    static ProcessStat of(int pid) {
        String text = read(pid, "stat");
        return text == null
                ? null
                : new ProcessStat(text.substring(text.lastIndexOf(')') + 2).split(" "));
    }

    /** Whether the id is that of a thread which is not its process's first one. */
    static boolean isThread(int pid) {
        String status = read(pid, "status");
        return status != null && !status.contains("\nTgid:\t" + pid + "\n");
    }

    private static String read(int pid, String name) {
        try {
            byte[] text = Files.readAllBytes(Paths.get("/proc", Integer.toString(pid), name));
            return new String(text, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return null;
        }
    }

    /** In clock ticks since the system's start. */
    String startTime() {
        return fields[START_TIME];
    }

    boolean hasEnded() {
        return fields[STATE].equals("Z") || fields[STATE].equals("X");
    }
}
