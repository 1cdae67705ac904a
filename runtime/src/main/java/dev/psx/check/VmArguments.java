package dev.psx.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What a JVM was started with, out of its command line and environment. What comes later wins, as in the JVM. */
final class VmArguments {

    /** Options of the launcher whose value is the next word. */
    private static final Set<String> WITH_VALUE = new HashSet<>(Arrays.asList(
            ("-cp -classpath --class-path -p --module-path --add-modules --add-exports --add-opens --add-reads"
                            + " --limit-modules --upgrade-module-path --patch-module --enable-native-access"
                            + " --illegal-native-access --source -d --describe-module")
                    .split(" ")));

    private static final int MOST_FILES = 64;

    private final List<String> options = new ArrayList<>();
    private final Function<String, String> files;
    private int filesRead;
    private boolean atProgram;
    private String classPath;
    private String modulePath;
    private String jar;
    private boolean module;

    private VmArguments(Function<String, String> files) {
        this.files = files;
    }

    /**
     * Reads a command line.
     *
     * @param command the program's name and its arguments
     * @param files gives the text of an argument file, null if there is none
     */
    static VmArguments parse(List<String> command, Map<String, String> environment, Function<String, String> files) {
        VmArguments arguments = new VmArguments(files);
        arguments.classPath = environment.get("CLASSPATH");
        arguments.addAll(Words.split(of(environment, "JAVA_TOOL_OPTIONS")));
        arguments.addAll(Words.ofArgumentFile(of(environment, "JDK_JAVA_OPTIONS")));
        arguments.addAll(command.subList(Math.min(1, command.size()), command.size()));
        arguments.atProgram = false;
        arguments.addAll(Words.split(of(environment, "_JAVA_OPTIONS")));
        return arguments;
    }

    private static String of(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value == null ? "" : value;
    }

    /** Stops where the application's own arguments begin. */
    private void addAll(List<String> words) {
        for (int i = 0; i < words.size() && !atProgram; i++) {
            String word = words.get(i);
            if (word.startsWith("@") && word.length() > 1) {
                addFile(word.substring(1));
            } else if (WITH_VALUE.contains(word) && i + 1 < words.size()) {
                addPair(word, words.get(++i));
            } else if (word.equals("-jar") && i + 1 < words.size()) {
                jar = words.get(i + 1);
                atProgram = true;
            } else if (word.equals("-m") || word.equals("--module")) {
                module = true;
                atProgram = true;
            } else if (word.startsWith("-")) {
                add(word);
            } else {
                atProgram = true;
            }
        }
    }

    private void addFile(String name) {
        String text = filesRead++ < MOST_FILES ? files.apply(name) : null;
        if (text != null) {
            addAll(Words.ofArgumentFile(text));
        }
    }

    private void addPair(String option, String value) {
        switch (option) {
            case "-cp":
            case "-classpath":
            case "--class-path":
                classPath = value;
                break;
            case "-p":
            case "--module-path":
                modulePath = value;
                break;
            default:
                break; // none of the others names a file that is looked at
        }
    }

    private void add(String option) {
        if (option.startsWith("--class-path=")) {
            classPath = option.substring("--class-path=".length());
        } else if (option.startsWith("--module-path=")) {
            modulePath = option.substring("--module-path=".length());
        } else if (option.startsWith("-XX:VMOptionsFile=")) {
            addFile(option.substring("-XX:VMOptionsFile=".length()));
        } else {
            options.add(option);
        }
    }

    /** Returns the class path that the JVM makes of it. */
    String classPath() {
        if (jar != null) {
            return jar;
        }
        if (classPath != null && !classPath.isEmpty()) {
            return classPath;
        }
        return module ? "" : ".";
    }

    String modulePath() {
        return modulePath;
    }

    /** Returns the rest of each option that starts so, in the order of the options. */
    List<String> all(String prefix) {
        List<String> rests = new ArrayList<>();
        for (String option : options) {
            if (option.startsWith(prefix)) {
                rests.add(option.substring(prefix.length()));
            }
        }
        return rests;
    }

    /** Returns the rest of the last option that starts so, or null. */
    String last(String prefix) {
        List<String> rests = all(prefix);
        return rests.isEmpty() ? null : rests.get(rests.size() - 1);
    }

    /** Tells whether a flag of {@code -XX:} is switched on, last. */
    boolean flag(String name) {
        return flag(name, false);
    }

    boolean flag(String name, boolean otherwise) {
        boolean on = otherwise;
        for (String option : options) {
            if (option.equals("-XX:+" + name)) {
                on = true;
            } else if (option.equals("-XX:-" + name)) {
                on = false;
            }
        }
        return on;
    }
}
