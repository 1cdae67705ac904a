package dev.psx.agent.cli;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import javax.tools.ToolProvider;

/** Asks another JVM by the attach API, which is not part of every Java runtime and is hence called by reflection. */
final class AttachedJvm {

    /** What is asked of a {@code VirtualMachine}. */
    interface Question<T> {
        T ask(Object machine) throws ReflectiveOperationException, IOException;
    }

    private static final int SIGQUIT_BIT = 2;

    private AttachedJvm() {}

    static <T> T ask(ProcessFiles files, Question<T> question) throws CommandFailure {
        checkIsJvm(files);
        Object machine = null;
        try {
            Class<?> type = Class.forName("com.sun.tools.attach.VirtualMachine", true, toolLoader());
            machine = type.getMethod("attach", String.class).invoke(null, Integer.toString(files.pid()));
            return question.ask(machine);
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
