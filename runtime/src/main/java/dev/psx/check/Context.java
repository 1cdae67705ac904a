package dev.psx.check;

import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What a check works with: the JVM as it is, a process as it will be, and where to put what is found. */
final class Context {

    final Subject subject;
    final DroppedProcess after;
    final Findings findings = new Findings();

    /** Whether the drop itself will mend what is safe to mend. */
    final boolean fixUps;

    /** The soft limits that the drop itself sets, by their names in options. */
    final Map<String, Long> newLimits;

    private final Function<Object[], Object> port;
    private final Account account;
    private final Map<String, Boolean> searchable = new HashMap<>();

    Context(Function<Object[], Object> port, Program program, Subject subject, boolean fixUps) {
        this.port = port;
        this.subject = subject;
        this.after = new DroppedProcess(port, program);
        this.fixUps = fixUps;
        this.newLimits = Limits.setBy(program);
        this.account = account(after.uid());
    }

    /** Returns the soft limit that the drop sets; infinity if it sets none. */
    long newLimit(String name) {
        Long soft = newLimits.get(name);
        return soft == null ? Limits.INFINITY : soft;
    }

    /** Makes a call here and now, with what we still have. */
    OwnCall own(Program call) {
        return OwnCall.make(port, call);
    }

    Account account(int uid) {
        return Account.of(port, uid);
    }

    /** Returns the new user's name as messages and commands give it. */
    String user() {
        return account.name;
    }

    /** Whether the user becomes another one at all. */
    boolean userChanges() {
        return after.uid() != subject.uid();
    }

    /** Returns the path with its mode and owner, as they are now. */
    String describe(String path) {
        try {
            Map<String, Object> attributes = Files.readAttributes(subject.outside(path), "unix:mode,uid,gid");
            int mode = (Integer) attributes.get("mode") & 07777;
            return path + " (mode " + Integer.toOctalString(mode) + ", owner " + id(attributes, "uid") + ":"
                    + id(attributes, "gid") + ")";
        } catch (IOException e) {
            return path;
        }
    }

    private static String id(Map<String, Object> attributes, String name) {
        return Integer.toUnsignedString((Integer) attributes.get(name));
    }

    /** Returns the first of the directories that may not be searched, or null. Each is asked for once: many files share them. */
    String firstClosed(List<String> directories) {
        List<String> unknown = new ArrayList<>(directories);
        unknown.removeAll(searchable.keySet());
        int[] errors = after.access(unknown, DroppedProcess.SEARCH);
        for (int i = 0; i < errors.length; i++) {
            searchable.put(unknown.get(i), errors[i] == 0);
        }
        for (String directory : directories) {
            if (!searchable.get(directory)) {
                return directory;
            }
        }
        return null;
    }

    /** Returns why the dropped process cannot use the path in this way, or null if it can. */
    Obstacle obstacle(String path, int mode) {
        int error = after.access(path, mode);
        return error == 0 ? null : Obstacle.of(this, path, mode, error);
    }

    /** Returns why the dropped process cannot make files in the directory, or null if it can. */
    Obstacle obstacleToCreating(String directory) {
        int error = after.createIn(directory);
        return error == 0 ? null : Obstacle.of(this, directory, DroppedProcess.WRITE, error);
    }
}
