package dev.psx.agent.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsolatedLoaderTest {

    private static final String PROVIDER = Provider.class.getName();
    private static final String SERVICE = "META-INF/services/java.util.function.Supplier";

    @TempDir
    Path directory;

    private Path jar;
    private IsolatedLoader loader;

    /** The class that the jar holds; the test's class path, which is the loader's parent, has it as well. */
    public static final class Provider implements Supplier<String> {
        @Override
        public String get() {
            return "isolated";
        }
    }

    @BeforeEach
    void openJar() throws IOException {
        jar = directory.resolve("psx agent.jar");
        String provider = PROVIDER.replace('.', '/') + ".class";
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar));
                InputStream in = IsolatedLoaderTest.class.getClassLoader().getResourceAsStream(provider)) {
            add(out, "inst/" + provider, in.readAllBytes());
            add(out, "inst/" + SERVICE, PROVIDER.getBytes(UTF_8));
            add(out, "inst/empty/", new byte[0]);
            add(out, "root.txt", "not isolated".getBytes(UTF_8));
            add(out, "inst/broken/Broken.class", new byte[] {1, 2, 3});
        }
        loader = new IsolatedLoader(jar.toFile(), IsolatedLoaderTest.class.getClassLoader());
    }

    private static void add(ZipOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new ZipEntry(name));
        out.write(content);
        out.closeEntry();
    }

    @Test
    void loadsItsOwnCopyOfWhatTheParentHasToo() throws Exception {
        Class<?> type = loader.loadClass(PROVIDER);

        assertThat(type).isNotSameAs(Provider.class);
        assertThat(type.getClassLoader()).isSameAs(loader);
        assertThat(loader.loadClass(PROVIDER)).isSameAs(type);
    }

    @Test
    void leavesTheRestToTheParent() throws Exception {
        assertThat(loader.loadClass("java.lang.String")).isSameAs(String.class);
        assertThat(loader.loadClass(IsolatedLoaderTest.class.getName())).isSameAs(IsolatedLoaderTest.class);
        assertThat(loader.getResource(IsolatedLoaderTest.class.getName().replace('.', '/') + ".class"))
                .isNotNull();
    }

    @Test
    void seesOnlyTheJdkWhenTheParentIsTheBootstrapLoader() throws Exception {
        IsolatedLoader alone = new IsolatedLoader(jar.toFile(), null);

        assertThat(alone.loadClass(PROVIDER).getClassLoader()).isSameAs(alone);
        assertThatThrownBy(() -> alone.loadClass(IsolatedLoaderTest.class.getName()))
                .isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void reportsWhatNobodyHas() {
        assertThatThrownBy(() -> loader.loadClass("no.such.Type"))
                .isInstanceOf(ClassNotFoundException.class)
                .hasMessage("no.such.Type");
        assertThat(loader.getResource("no/such/file")).isNull();
        assertThat(loader.getResourceAsStream("no/such/file")).isNull();
        assertThat(loader.findResources("no/such/file").hasMoreElements()).isFalse();
    }

    @Test
    void refusesWhatIsNoClass() {
        assertThatThrownBy(() -> loader.loadClass("broken.Broken")).isInstanceOf(ClassFormatError.class);
    }

    @Test
    void givesClassesTheJarAsOriginAndAPackage() throws Exception {
        Class<?> type = loader.loadClass(PROVIDER);

        assertThat(type.getProtectionDomain().getCodeSource().getLocation())
                .isEqualTo(jar.toUri().toURL());
        assertThat(type.getPackage().getName()).isEqualTo("dev.psx.agent.bootstrap");
    }

    @Test
    void servesResourcesInEveryWayThereIs() throws Exception {
        URL url = loader.getResource(SERVICE);

        assertThat(url).hasProtocol("psx-agent").hasPath("/" + SERVICE);
        assertThat(text(url.openStream())).isEqualTo(PROVIDER);
        assertThat(url.openConnection().getContentLength()).isEqualTo(PROVIDER.length());
        assertThat(text(loader.getResourceAsStream(SERVICE))).isEqualTo(PROVIDER);
        assertThat(Collections.list(loader.getResources(SERVICE))).containsExactly(url);
        assertThat(Collections.list(loader.findResources(SERVICE))).containsExactly(url);
    }

    @Test
    void servesNothingFromOutsideItsPrefix() throws Exception {
        assertThat(loader.getResource("root.txt")).isNull();
        assertThat(loader.getResource("empty")).isNull();
        assertThat(loader.getResource("../root.txt")).isNull();
        assertThatThrownBy(() -> new URL(loader.getResource(SERVICE), "/root.txt").openStream())
                .isInstanceOf(IOException.class);
    }

    @Test
    void findsServices() {
        List<String> found = new ArrayList<>();
        for (Supplier<?> service : ServiceLoader.load(Supplier.class, loader)) {
            assertThat(service.getClass().getClassLoader()).isSameAs(loader);
            found.add(String.valueOf(service.get()));
        }
        assertThat(found).containsExactly("isolated");
    }

    @Test
    void goesOnWhenTheFileIsGone() throws Exception {
        Files.delete(jar);

        assertThat(loader.loadClass(PROVIDER).getClassLoader()).isSameAs(loader);
        assertThat(text(loader.getResource(SERVICE).openStream())).isEqualTo(PROVIDER);
    }

    @Test
    void givesAllThreadsTheSameClass() throws Exception {
        int threads = 8;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            Callable<Class<?>> load = () -> {
                start.await();
                return loader.loadClass(PROVIDER);
            };
            List<Future<Class<?>>> loaded = executor.invokeAll(Collections.nCopies(threads, load));
            for (Future<Class<?>> type : loaded) {
                assertThat(type.get()).isSameAs(loader.loadClass(PROVIDER));
            }
        } finally {
            executor.shutdown();
        }
    }

    private static String text(InputStream in) throws IOException {
        try (InputStream closed = in) {
            return new String(closed.readAllBytes(), UTF_8);
        }
    }
}
