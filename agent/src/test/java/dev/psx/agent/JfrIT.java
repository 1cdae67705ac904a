package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.LoadedJvm;
import dev.psx.agent.testing.Recording;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Flight recordings of a JVM that broadcasts: the sampler stops threads with a signal of its own. */
@RootOnly
class JfrIT {

    private static final int BROADCASTS = 60;

    @TempDir
    Path directory;

    /** Written by the JVM as it ends. On 25 the second sampler is on as well: it gives each thread a timer with SIGPROF. */
    @EachJdk
    void startedOnTheCommandLine(Jdk jdk) throws IOException {
        Path file = directory.resolve("flag.jfr");
        String events =
                ",jdk.ExecutionSample#period=1ms" + (jdk.version() < 25 ? "" : ",jdk.CPUTimeSample#enabled=true");
        Jvm jvm = Jvm.of(jdk)
                .fixture()
                .option("-XX:StartFlightRecording=dumponexit=true,filename=" + file + events)
                .agent(LoadedJvm.PATIENT);
        try (LoadedJvm loaded = LoadedJvm.start(jvm)) {
            loaded.await(BROADCASTS, 0);
            loaded.end();
        }
        assertSampled(Recording.samplesByThread(file, "jdk.ExecutionSample"));
        if (jdk.version() >= 25) {
            assertSampled(Recording.samplesByThread(file, "jdk.CPUTimeSample"));
        }
    }

    @EachJdk
    void startedAndStoppedByJcmd(Jdk jdk) throws IOException {
        Path file = directory.resolve("jcmd.jfr");
        try (LoadedJvm loaded = LoadedJvm.start(Jvm.of(jdk).fixture().agent(LoadedJvm.PATIENT))) {
            loaded.await(1, 0);
            jcmd(jdk, loaded, "JFR.start", "name=it", "settings=profile");
            loaded.await(BROADCASTS, 0);
            jcmd(jdk, loaded, "JFR.stop", "name=it", "filename=" + file);
            loaded.end();
        }
        assertSampled(Recording.samplesByThread(file, "jdk.ExecutionSample"));
    }

    private static void jcmd(Jdk jdk, LoadedJvm loaded, String... words) {
        List<String> command = new ArrayList<>(List.of(jdk.tool("jcmd").toString(), loaded.pid()));
        command.addAll(List.of(words));
        try (Child jcmd = loaded.during(command)) {
            assertThat(jcmd.stdout())
                    .as(jcmd.transcript())
                    .anySatisfy(line -> assertThat(line).containsIgnoringCase("recording"));
        }
    }

    private static void assertSampled(Map<String, Integer> samples) {
        assertThat(samples).containsKeys("load-computer-0", "load-computer-1");
        assertThat(samples.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThan(20);
    }
}
