package dev.psx.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Internal: mends what a drop breaks and what is safe to mend, in this process. The files must change hands while the process is
 * still privileged; the properties may follow when it no longer is.
 */
public final class FixUps {

    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000;

    private FixUps() {}

    /**
     * Gives the new user what tools find and attach to this JVM by.
     *
     * @return what could not be mended, one line each
     */
    public static List<String> giveFiles(int uid, int gid) {
        List<String> failures = new ArrayList<>();
        try {
            Subject self = Subject.own(Collections.<String, String>emptyMap());
            List<String> files = new ArrayList<>(PerfDataCheck.files(self));
            files.add(AttachSocketCheck.path(self));
            for (String file : files) {
                give(self, file, uid, gid, failures);
            }
        } catch (IOException e) {
            failures.add("hsperfdata and the attach socket keep their owner: " + e.getMessage());
        }
        return failures;
    }

    /** Only what is this process's own, in a place where nobody else could have put another file under that name. */
    private static void give(Subject self, String name, int uid, int gid, List<String> failures) {
        Path file = self.outside(name);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            int owner = attribute(file, "uid");
            int mode = attribute(file.getParent(), "mode");
            boolean closed = (mode & WRITABLE_BY_OTHERS) == 0 || (mode & STICKY) != 0;
            if (owner == uid) {
                return;
            }
            if (owner != self.uid() || !closed) {
                failures.add(name + " keeps its owner: it is not this user's, or others may replace it");
                return;
            }
            Files.setAttribute(file, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            failures.add(name + " keeps its owner: " + e.getMessage());
        }
    }

    private static int attribute(Path file, String name) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(file, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
        return (Integer) attributes.get(name);
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
