package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jdks;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.LoadedJvm;
import dev.psx.agent.testing.RootOnly;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Broadcasts beside each collector at work on a small heap: its threads are tasks too, and it stops those that broadcast. */
@RootOnly
class CollectorsIT {

    private static final int BROADCASTS = 40;
    private static final int COLLECTIONS = 40;

    private static final List<String> ALWAYS = List.of("-XX:+UseSerialGC", "-XX:+UseParallelGC", "-XX:+UseG1GC");

    static Stream<Arguments> collectors() {
        return Jdks.all().stream().flatMap(jdk -> collectorsOf(jdk).map(options -> Arguments.of(jdk, options)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("collectors")
    @Timeout(150)
    void everyBroadcastReachesItsThreadsToo(Jdk jdk, String options) {
        assumeTrue(ALWAYS.contains(options) || has(jdk, options), () -> jdk + " has no " + options);
        Jvm jvm = Jvm.of(jdk)
                .fixture()
                .option(options.split(" "))
                .option("-Xmx64m")
                .agent(LoadedJvm.PATIENT);
        try (LoadedJvm loaded = LoadedJvm.start(jvm, "full-gc")) {
            loaded.await(BROADCASTS, COLLECTIONS);
            loaded.end();
        }
    }

    /** Whether the kernel honours it or not, the JVM asks for huge pages also below the stacks of its threads. */
    @EachJdk
    void transparentHugePages(Jdk jdk) throws Exception {
        Path setting = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
        assumeTrue(
                Files.exists(setting) && !Files.readString(setting).contains("[never]"),
                "the kernel has no transparent huge pages");
        Jvm jvm = Jvm.of(jdk)
                .fixture()
                .option("-XX:+UseTransparentHugePages", "-Xmx64m")
                .agent(LoadedJvm.PATIENT);
        try (LoadedJvm loaded = LoadedJvm.start(jvm)) {
            Child flags = loaded.during(List.of(jdk.tool("jcmd").toString(), loaded.pid(), "VM.flags"));
            assertThat(flags.stdout()).anySatisfy(line -> assertThat(line).contains("+UseTransparentHugePages"));
            loaded.await(BROADCASTS, 0);
            loaded.end();
        }
    }

    private static Stream<String> collectorsOf(Jdk jdk) {
        List<String> all = new ArrayList<>(ALWAYS);
        all.addAll(List.of("-XX:+UseZGC", "-XX:+UseShenandoahGC"));
        if (jdk.version() >= 21 && jdk.version() < 23) {
            all.add("-XX:+UseZGC -XX:+ZGenerational");
        }
        if (jdk.version() >= 25) {
            all.add("-XX:+UseShenandoahGC -XX:ShenandoahGCMode=generational");
        }
        return all.stream();
    }

    /** Vendors leave some out. */
    private static boolean has(Jdk jdk, String options) {
        try (Child version =
                Jvm.of(jdk).option(options.split(" ")).program("-version").start()) {
            return version.exitCode() == 0;
        }
    }
}
