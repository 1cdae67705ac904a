package dev.psx.check;

import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Class path, module path, agents, boot append: classes are read when they are first used, which may be long after the drop. */
final class CodeCheck implements Check {

    private static final int DEPTH = 20;
    private static final int MOST_FILES = 20_000;

    @Override
    public void run(Context context) {
        Map<String, String> roles = CodePath.of(context.subject);
        Set<String> open = open(context.subject);
        Map<String, List<String>> filesByRole = new LinkedHashMap<>();
        Map<String, List<String>> heldByRole = new LinkedHashMap<>();
        for (Map.Entry<String, String> each : roles.entrySet()) {
            String real = context.subject.realPath(each.getKey());
            boolean held = open.contains(real);
            context.findings.speakFor(real);
            Map<String, List<String>> files = held ? heldByRole : filesByRole;
            if (!files.containsKey(each.getValue())) {
                files.put(each.getValue(), new ArrayList<String>());
            }
            addWithContent(context.subject, each.getKey(), files.get(each.getValue()));
        }
        for (Map.Entry<String, List<String>> each : filesByRole.entrySet()) {
            report(context, each.getKey(), each.getValue(), false);
        }
        for (Map.Entry<String, List<String>> each : heldByRole.entrySet()) {
            report(context, each.getKey(), each.getValue(), true);
        }
    }

    /** What is open stays readable for the loader that has opened it. */
    private static Set<String> open(Subject subject) {
        Set<String> open = new LinkedHashSet<>();
        for (OpenFile file : subject.openFiles()) {
            open.add(file.path);
        }
        return open;
    }

    private static void addWithContent(Subject subject, String path, List<String> files) {
        files.add(path);
        File outside = subject.outside(path).toFile();
        if (outside.isDirectory()) {
            for (String file : new FileTree(DEPTH, MOST_FILES, false).below(outside)) {
                if (file.endsWith(".class")) {
                    files.add(path + "/" + file);
                }
            }
        }
    }

    private static void report(Context context, String role, List<String> files, boolean held) {
        Map<Obstacle, List<String>> unusable =
                Unusable.among(context, files, DroppedProcess.READ).byObstacle();
        for (Map.Entry<Obstacle, List<String>> each : unusable.entrySet()) {
            String what = Unusable.some(each.getValue()) + " cannot be read: " + each.getKey().reason;
            if (held) {
                context.findings.hinders(
                        role,
                        what + "; the JVM itself has it open",
                        "another class loader or a child JVM opens it: the classes are not found there",
                        each.getKey().remedy(each.getValue().size()));
            } else {
                context.findings.breaks(
                        role,
                        what,
                        "a class in it is used for the first time: NoClassDefFoundError, ClassNotFoundException",
                        each.getKey().remedy(each.getValue().size()));
            }
        }
    }
}
