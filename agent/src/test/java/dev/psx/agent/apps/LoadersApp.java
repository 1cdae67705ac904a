package dev.psx.agent.apps;

import java.io.File;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Several copies of the library, each in a class loader of its own as web applications have them, that start at the same moment
 * and broadcast at the same time. Arguments: the number of copies, that of broadcasts of each, the library's jars.
 */
public final class LoadersApp {

    private static final int COLLECTIONS = 50;

    private LoadersApp() {}

    public static void main(String[] arguments) throws Exception {
        int copies = Integer.parseInt(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        List<Copy> all = new ArrayList<>();
        for (int i = 0; i < copies; i++) {
            all.add(new Copy(arguments[2].split(File.pathSeparator)));
        }
        List<Callable<Void>> work = new ArrayList<>();
        all.forEach(copy -> work.add(() -> copy.broadcast(rounds)));
        ExecutorService threads = Executors.newFixedThreadPool(copies);
        for (Future<Void> result : threads.invokeAll(work)) {
            result.get();
        }
        threads.shutdown();
        work.clear();
        Copy last = all.get(copies - 1);
        last.setegid(1);
        System.out.println("done " + copies * rounds + " broadcasts of " + distinctClasses(all) + " copies");
        System.in.read();
        List<WeakReference<Copy>> gone = new ArrayList<>();
        all.forEach(copy -> gone.add(new WeakReference<>(copy)));
        all.clear();
        System.out.println("unloaded " + collected(gone) + " of " + copies);
        last.setegid(2);
        System.out.println("still works");
        System.in.readAllBytes();
    }

    private static long distinctClasses(List<Copy> copies) {
        return copies.stream()
                .map(copy -> copy.setegid.getDeclaringClass())
                .distinct()
                .count();
    }

    private static long collected(List<WeakReference<Copy>> copies) {
        long gone = 0;
        for (int i = 0; i < COLLECTIONS && gone < copies.size() - 2; i++) {
            System.gc();
            gone = copies.stream().filter(copy -> copy.get() == null).count();
        }
        return gone;
    }

    /** Finds the library's classes in itself first. */
    private static final class Copy extends URLClassLoader {

        private final Method setegid;

        Copy(String[] jars) throws ReflectiveOperationException {
            super(urls(jars), ClassLoader.getPlatformClassLoader());
            setegid = loadClass("dev.psx.Posix").getMethod("setegid", int.class);
        }

        Void broadcast(int rounds) throws ReflectiveOperationException {
            for (int round = 0; round < rounds; round++) {
                setegid(round % 2);
            }
            return null;
        }

        void setegid(int gid) throws ReflectiveOperationException {
            setegid.invoke(null, gid);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> found = findLoadedClass(name);
                if (found == null && name.startsWith("dev.psx.")) {
                    found = findClass(name);
                }
                return found == null ? super.loadClass(name, resolve) : found;
            }
        }

        private static URL[] urls(String[] jars) {
            URL[] urls = new URL[jars.length];
            try {
                for (int i = 0; i < jars.length; i++) {
                    urls[i] = new File(jars[i]).toURI().toURL();
                }
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e);
            }
            return urls;
        }
    }
}
