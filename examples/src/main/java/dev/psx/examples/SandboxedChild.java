package dev.psx.examples;

import dev.psx.plan.Resource;
import dev.psx.process.ChildProcess;
import dev.psx.process.ExitStatus;
import dev.psx.process.LaunchException;
import dev.psx.process.Launcher;
import dev.psx.process.Namespace;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Runs a command that is not trusted: as another user, without a network, without a way to more rights, for no more than ten seconds. It
 * needs root and no agent.
 *
 * <pre>java -cp 'target/psx-examples.jar:target/lib/library/*' dev.psx.examples.SandboxedChild USER COMMAND [ARGUMENT…]</pre>
 */
public final class SandboxedChild {

    private static final int PATIENCE_SECONDS = 10;
    private static final int NOT_STARTED = 127;

    private SandboxedChild() {}

    /**
     * Starts the command, waits for it, and ends as it ends.
     *
     * @param arguments a user, and the command
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length < 2) {
            System.err.println("usage: SandboxedChild USER COMMAND [ARGUMENT…]");
            System.exit(2);
        }
        try {
            System.exit(run(sandbox(arguments[0], Arrays.copyOfRange(arguments, 1, arguments.length))));
        } catch (LaunchException e) {
            System.err.println(e.getMessage());
            System.exit(NOT_STARTED);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage()); // such as an unknown user
            System.exit(2);
        }
    }

    private static Launcher sandbox(String user, String... command) {
        return Launcher.builder(command)
                .user(user)
                .bounding()
                .noNewPrivileges(true)
                .namespaces(Namespace.NETWORK, Namespace.PID)
                .limit(Resource.CPU, PATIENCE_SECONDS, PATIENCE_SECONDS)
                .limit(Resource.CORE, 0, 0)
                .redirectErrorStream(true)
                .build();
    }

    private static int run(Launcher launcher) throws IOException, InterruptedException {
        ChildProcess child = launcher.start();
        System.out.println("process " + child.pid());
        child.getOutputStream().close();
        // With the first process of a pid namespace all others in it end, so nobody is left who could keep the pipe
        // open.
        child.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).exceptionally(late -> child.destroyForcibly());
        child.getInputStream().transferTo(System.out);
        int exitValue = child.waitFor();
        ExitStatus status = child.exitStatus();
        System.out.println(status + " after " + status.usage().userTime().toMillis() + " ms of processor time");
        return exitValue;
    }
}
