package dev.psx.agent;

import dev.psx.agent.bootstrap.AgentFailure;
import dev.psx.agent.bootstrap.AgentStarter;
import dev.psx.agent.bootstrap.AgentState;
import dev.psx.agent.bootstrap.IsolatedLoader;
import dev.psx.agent.bootstrap.OwnCommandLine;
import dev.psx.spi.ProcessEnd;
import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.util.jar.JarFile;

/**
 * Where the JVM enters the agent's jar. Does little: it sees to it that the bootstrap loader has the agent's API, and hands over
 * to the isolated part.
 *
 * <p>It runs before {@code main}: no logging, no lambdas, no class that is not needed. And as
 * long as this class is not the bootstrap loader's, nothing but {@code java.*} may be touched: a class of ours that the system
 * loader has defined would stay there, beside the one that the JDK's instrumented code calls.
 */
public final class AgentMain {

    private static final String INSTALLER = "dev.psx.agent.install.Installer";
    private static final String RESOURCE = "dev/psx/agent/AgentMain.class";
    private static final String JAR_URL = "jar:file:";
    private static final String COMMANDS = "dev.psx.agent.cli.Main";

    /** One for the life of the process: the engine behind it cannot be loaded twice. */
    private static AgentStarter starter;

    private AgentMain() {}

    /** Called by the JVM for {@code -javaagent}. Ends the process if the agent cannot do what it was asked to. */
    public static void premain(String options, Instrumentation instrumentation) throws Throwable {
        if (!onBootstrapLoader()) {
            handOver("premain", options, instrumentation);
            return;
        }
        try {
            if (!OwnCommandLine.isRunning(ownJar())) {
                start(options, instrumentation, false);
            }
        } catch (AgentFailure e) {
            end(e.exitCode(), e.getMessage());
        } catch (Throwable e) {
            // An exception would make the JVM print it and dump core.
            if (options != null && options.contains("log=debug")) {
                e.printStackTrace();
            }
            end(AgentFailure.NOT_CHANGED, bug(e));
        }
    }

    /** Called by the JVM for an agent that is loaded later. A failure that changed nothing is the attacher's to handle. */
    public static void agentmain(String options, Instrumentation instrumentation) throws Throwable {
        if (!onBootstrapLoader()) {
            handOver("agentmain", options, instrumentation);
            return;
        }
        try {
            start(options, instrumentation, true);
        } catch (AgentFailure e) {
            // The JVM prints what it is thrown, together with all causes; the message says it all.
            throw new AgentFailure(e.exitCode(), e.getMessage(), null);
        } catch (Throwable e) {
            throw new AgentFailure(AgentFailure.NOT_CHANGED, bug(e), e);
        }
    }

    /** Runs one command, see {@code java -jar psx-agent.jar help}. */
    public static void main(String[] arguments) throws Throwable {
        Class<?> commands = loader().loadClass(COMMANDS);
        try {
            commands.getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static synchronized void start(String options, Instrumentation instrumentation, boolean attached)
            throws IOException, ReflectiveOperationException {
        if (!claim(options)) {
            return;
        }
        boolean started = false;
        try {
            if (starter == null) {
                starter = (AgentStarter)
                        loader().loadClass(INSTALLER).getConstructor().newInstance();
            }
            starter.start(options, instrumentation, attached);
            started = true;
        } finally {
            if (!started) {
                AgentState.release();
            }
        }
    }

    private static boolean claim(String options) {
        try {
            return AgentState.claim(options);
        } catch (IllegalStateException e) {
            throw new AgentFailure(AgentFailure.CONFIGURATION, e.getMessage(), e);
        }
    }

    private static boolean onBootstrapLoader() {
        return AgentMain.class.getClassLoader() == null;
    }

    /** The manifest's Boot-Class-Path names the jar as it was built; a renamed one has to be put there by ourselves. */
    private static void handOver(String method, String options, Instrumentation instrumentation) throws Throwable {
        instrumentation.appendToBootstrapClassLoaderSearch(new JarFile(ownJar()));
        Class<?> bootstrap = Class.forName(AgentMain.class.getName(), true, null);
        try {
            bootstrap.getMethod(method, String.class, Instrumentation.class).invoke(null, options, instrumentation);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static IsolatedLoader loader() throws IOException {
        return new IsolatedLoader(ownJar(), AgentMain.class.getClassLoader());
    }

    /** The bootstrap loader does not say where its classes come from; the JVM has put the jar on the class path as well. */
    private static File ownJar() {
        String url = String.valueOf(ClassLoader.getSystemResource(RESOURCE));
        if (!url.startsWith(JAR_URL) || !url.endsWith("!/" + RESOURCE)) {
            throw new IllegalStateException("the agent is not in a jar but at " + url);
        }
        return new File(URI.create(url.substring("jar:".length(), url.length() - RESOURCE.length() - 2)));
    }

    private static String bug(Throwable e) {
        return "bug in psx-agent, please report it: " + e;
    }

    private static void end(int exitCode, String message) {
        ProcessEnd.now(exitCode, message);
    }
}
