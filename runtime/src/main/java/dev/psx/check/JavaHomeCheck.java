package dev.psx.check;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The runtime's own files, which it opens when they are first needed: libraries, security and time zone data. */
final class JavaHomeCheck implements Check {

    private static final String NAME = "java-home";

    /** What every runtime with modules has, even the smallest. */
    private static final List<String> INDISPENSABLE = Arrays.asList(
            "lib/modules",
            "lib/tzdb.dat",
            "lib/libjava.so",
            "lib/libnio.so",
            "lib/libnet.so",
            "lib/jspawnhelper",
            "conf/security/java.security");

    /** For those who compile; and passwords that only the owner may read, as they should be. */
    private static final Set<String> UNUSED =
            new LinkedHashSet<>(Arrays.asList("src.zip", "ct.sym", "jmxremote.password", "snmp.acl", "tools.jar"));

    private static final int DEPTH = 6;
    private static final int MOST_FILES = 20_000;

    @Override
    public void run(Context context) {
        String home = context.subject.javaHome();
        List<String> files = files(context.subject, home);
        for (String file : files) {
            context.findings.speakFor(file);
        }
        boolean unreadable = report(context, home, files);
        // Where everything is out of reach it has been said.
        if (!unreadable) {
            checkHelper(context, home + "/lib/jspawnhelper");
        }
    }

    private static boolean report(Context context, String home, List<String> files) {
        Map<Obstacle, List<String>> unusable =
                Unusable.among(context, files, DroppedProcess.READ).byObstacle();
        for (Map.Entry<Obstacle, List<String>> each : unusable.entrySet()) {
            List<String> names = new ArrayList<>();
            for (String file : each.getValue()) {
                names.add(file.substring(home.length() + 1));
            }
            String what = names.size() + " of " + files.size() + " files of the Java runtime " + home
                    + " cannot be read (" + Unusable.some(names) + "): " + each.getKey().reason;
            context.findings.breaks(
                    NAME,
                    what,
                    "a library, time zone, security or configuration file is first used: UnsatisfiedLinkError,"
                            + " ExceptionInInitializerError, \"Error loading java.security file\"; and a child is started",
                    each.getKey().remedy(each.getValue().size()));
        }
        return !unusable.isEmpty();
    }

    private static void checkHelper(Context context, String helper) {
        if (!Files.exists(context.subject.outside(helper))) {
            return; // JDK 8 may do without, and elsewhere its lack has been reported
        }
        Obstacle obstacle = context.obstacle(helper, DroppedProcess.SEARCH);
        if (obstacle != null) {
            context.findings.breaks(
                    NAME,
                    "no process can be started: " + obstacle.reason,
                    "ProcessBuilder.start: IOException, error=13",
                    obstacle.remedy());
        }
    }

    private static List<String> files(Subject subject, String home) {
        Set<String> files = new LinkedHashSet<>();
        if (Files.exists(subject.outside(home + "/conf"))) {
            for (String file : INDISPENSABLE) {
                files.add(home + "/" + file);
            }
        }
        for (String directory : new String[] {"/conf", "/lib"}) {
            FileTree tree = new FileTree(DEPTH, MOST_FILES, true);
            for (String file : tree.below(subject.outside(home + directory).toFile())) {
                if (!UNUSED.contains(file.substring(file.lastIndexOf('/') + 1))) {
                    files.add(home + directory + "/" + file);
                }
            }
        }
        return new ArrayList<>(files);
    }
}
