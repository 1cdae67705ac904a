package dev.psx.agent.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/**
 * The names of a JVM's Java threads, asked from that JVM by the attach API, which is not part of every Java runtime and is hence
 * called by reflection.
 */
final class AttachedThreads {

    /** A thread's first line in a thread dump. JDK 8 to 18 write nid in hexadecimal. */
    private static final Pattern THREAD =
            Pattern.compile("^\"(.*)\" #\\d+ .*\\bnid=(0x[0-9a-f]+|\\d+)(?: .*)?$", Pattern.MULTILINE);

    private static final int SIGQUIT_BIT = 2;

    private AttachedThreads() {}

    /** Returns the names by tids, as the threads know them. */
    static Map<Integer, String> names(ProcessFiles files) throws CommandFailure {
        checkIsJvm(files);
        Object machine = null;
        try {
            Class<?> type = Class.forName("com.sun.tools.attach.VirtualMachine", true, toolLoader());
            machine = type.getMethod("attach", String.class).invoke(null, Integer.toString(files.pid()));
            Object dump =
                    machine.getClass().getMethod("executeJCmd", String.class).invoke(machine, "Thread.print");
            return parse(text((InputStream) dump));
        } catch (InvocationTargetException e) {
            throw failure(files.pid(), e.getCause());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new CommandFailure(
                    "cannot attach: this Java runtime has no attach API (module jdk.attach); run this with the"
                            + " java of a JDK, or without --attach");
        } catch (IllegalAccessException e) {
            throw new CommandFailure(
                    "cannot attach: the attach API is closed to this program; run it as java -jar psx-agent.jar,"
                            + " or with --add-exports jdk.attach/sun.tools.attach=ALL-UNNAMED");
        } catch (ReflectiveOperationException | IOException e) {
            throw failure(files.pid(), e);
        } finally {
            detach(machine);
        }
    }

    static Map<Integer, String> parse(String dump) {
        Map<Integer, String> names = new HashMap<>();
        Matcher thread = THREAD.matcher(dump);
        while (thread.find()) {
            try {
                names.put(Integer.decode(thread.group(2)), thread.group(1));
            } catch (NumberFormatException e) {
                continue; // part of a name that looks like such a line
            }
        }
        return names;
    }

    /** Attaching begins with a SIGQUIT, which ends any process that does not expect it. */
    private static void checkIsJvm(ProcessFiles files) throws CommandFailure {
        try {
            boolean expects = (files.leader().signalsCaught() >>> SIGQUIT_BIT & 1) != 0;
            if (expects
                    && ProcessFiles.read(files.task(files.pid()).resolve("maps"))
                            .contains("/libjvm.so")) {
                return;
            }
        } catch (IOException e) {
            throw ProcessFiles.notAllowed(files.pid());
        }
        throw new CommandFailure("cannot attach to process " + files.pid()
                + ": not a HotSpot JVM that accepts it (one started with -Xrs does not); leave --attach out");
    }

    private static ClassLoader toolLoader() {
        ClassLoader tools = ToolProvider.getSystemToolClassLoader(); // JDK 8: lib/tools.jar
        return tools == null ? ClassLoader.getSystemClassLoader() : tools;
    }

    private static String text(InputStream in) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            char[] buffer = new char[8192];
            for (int count = reader.read(buffer); count >= 0; count = reader.read(buffer)) {
                all.append(buffer, 0, count);
            }
        }
        return all.toString();
    }

    private static CommandFailure failure(int pid, Throwable cause) {
        return new CommandFailure("cannot attach to process " + pid + ": " + cause
                + "; run this as root or as the user of that process, or leave --attach out");
    }

    private static void detach(Object machine) {
        if (machine != null) {
            try {
                machine.getClass().getMethod("detach").invoke(machine);
            } catch (ReflectiveOperationException e) {
                return; // the process has ended, or is left as it is
            }
        }
    }
}
