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

    private final List<String> failures = new ArrayList<>();
    private final Map<Path, int[]> ownersBefore = new LinkedHashMap<>();

    private FixUps() {}

    /** Gives the new user what tools find this JVM by and attach to it with. */
    public static FixUps giveFiles(int uid, int gid) {
        FixUps fixUps = new FixUps();
        try {
            Subject self = Subject.own(Collections.<String, String>emptyMap());
            List<String> files = new ArrayList<>(PerfDataCheck.files(self));
            files.add(AttachSocketCheck.path(self));
            for (String file : files) {
                fixUps.give(self.outside(file), self.uid(), uid, gid);
            }
        } catch (IOException e) {
            fixUps.failures.add("hsperfdata and the attach socket keep their owner: " + e);
        }
        return fixUps;
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

    /** Sets user.name and user.home to those of the user, as the JVM would have set them had it been started so. */
    public static void setProperties(Function<Object[], Object> port, int uid) {
        Account account = Account.of(port, uid);
        System.setProperty("user.name", account.name);
        if (account.home != null) {
            System.setProperty("user.home", account.home);
        }
    }
}
