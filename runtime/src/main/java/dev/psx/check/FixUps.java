package dev.psx.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Internal: mends what a drop breaks and what is safe to mend, in this process. The files must change hands while the process is
 * still privileged, and are taken back if the drop then fails; the properties may follow when it no longer is.
 */
public final class FixUps {

    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000;

    /** Null if nothing shall be mended. */
    private final Subject self;

    private final List<String> files = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final Map<Path, int[]> ownersBefore = new LinkedHashMap<>();

    private FixUps(Subject self) {
        this.self = self;
    }

    /** Mends nothing. */
    public static FixUps none() {
        return new FixUps(null);
    }

    /** Looks for what tools find this JVM by and attach to it with. */
    public static FixUps find() {
        try {
            FixUps fixUps = new FixUps(Subject.own(Collections.<String, String>emptyMap()));
            fixUps.files.addAll(PerfDataCheck.files(fixUps.self));
            fixUps.files.add(AttachSocketCheck.path(fixUps.self));
            return fixUps;
        } catch (IOException e) {
            FixUps fixUps = none();
            fixUps.failures.add("hsperfdata, the attach socket, user.name and user.home stay as they are: " + e);
            return fixUps;
        }
    }

    /** Gives the files to the new user. */
    public void giveFiles(int uid, int gid) {
        for (String file : files) {
            give(self.outside(file), self.uid(), uid, gid);
        }
    }

    /** Returns what could not be mended, one line each. */
    public List<String> failures() {
        return Collections.unmodifiableList(failures);
    }

    /** Undoes it: the drop has failed, and nothing shall have changed. */
    public void takeBack() {
        for (Map.Entry<Path, int[]> each : ownersBefore.entrySet()) {
            try {
                own(each.getKey(), each.getValue()[0], each.getValue()[1]);
            } catch (IOException e) {
                failures.add(each.getKey() + " does not get its owner back: " + e);
            }
        }
        ownersBefore.clear();
    }

    /** Only what is this process's own, in a place where nobody else could have put another file under that name. */
    private void give(Path file, int ownUid, int uid, int gid) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            int[] before = {attribute(file, "uid"), attribute(file, "gid")};
            int mode = attribute(file.getParent(), "mode");
            if (before[0] == uid) {
                return;
            }
            if (before[0] != ownUid || (mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0) {
                failures.add(file + " keeps its owner: it is not this user's, or others may replace it");
                return;
            }
            ownersBefore.put(file, before);
            own(file, uid, gid);
        } catch (IOException e) {
            failures.add(file + " keeps its owner: " + e);
        }
    }

    private static void own(Path file, int uid, int gid) throws IOException {
        Files.setAttribute(file, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    }

    private static int attribute(Path file, String name) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Sets user.name and user.home to those of the user, as the JVM would have set them had it been started so. Those that the
     * command line gives stay.
     */
    public void setProperties(Function<Object[], Object> port, int uid) {
        if (self == null) {
            return;
        }
        try {
            Account account = Account.of(port, uid);
            set("user.name", account.name);
            set("user.home", account.home);
        } catch (RuntimeException e) { // a security manager's, or the user database's
            failures.add("user.name and user.home stay as they are: " + e);
        }
    }

    private void set(String name, String value) {
        if (value != null && self.arguments().last("-D" + name + "=") == null) {
            System.setProperty(name, value);
        }
    }
}
