package dev.psx.agent.instrument;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.jar.JarFile;

/**
 * A small agent that does nothing but install the hooks, with the class loaders as in psx-agent.jar: what JDK code calls on the
 * bootstrap loader, the transformers on one of their own. Argument: the paths of both, the bootstrap one first.
 */
public final class HookingAgent {

    public static Instrumentation instrumentation;

    private static Class<?> instrumenter;

    private HookingAgent() {}

    public static void premain(String paths, Instrumentation inst) throws Exception {
        String[] parts = paths.split(File.pathSeparator);
        inst.appendToBootstrapClassLoaderSearch(new JarFile(parts[0]));
        instrumentation = inst;
        instrumenter = isolated(parts).loadClass("dev.psx.agent.instrument.Instrumenter");
        call("install");
    }

    static void call(String method) throws ReflectiveOperationException {
        instrumenter.getMethod(method, Instrumentation.class).invoke(null, instrumentation);
    }

    private static ClassLoader isolated(String[] paths) throws IOException {
        URL[] urls = new URL[paths.length - 1];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = new File(paths[i + 1]).toURI().toURL();
        }
        return new URLClassLoader(urls, null);
    }
}
