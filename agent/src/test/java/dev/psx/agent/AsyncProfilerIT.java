package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.testing.AsyncProfiler;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.LoadedJvm;
import dev.psx.agent.testing.RootOnly;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** async-profiler interrupts threads by signals of its own, sleeping ones too, and walks their stacks in the handler. */
@RootOnly
class AsyncProfilerIT {

    private static final String COMPUTE = "dev/psx/agent/apps/Load.compute";
    private static final String SLEEP = "dev/psx/agent/apps/Load.sleep";
    private static final int BROADCASTS = 25;

    @TempDir
    Path directory;

    /** {@code cpu} takes perf events where the kernel grants them, {@code ctimer} a timer for each thread. */
    @EachJdk
    void profilesTheProcessor(Jdk jdk) {
        AsyncProfiler profiler = AsyncProfiler.in(directory);
        try (LoadedJvm loaded = LoadedJvm.start(jvm(jdk).agent(LoadedJvm.PATIENT))) {
            for (String event : List.of("cpu", "ctimer", "itimer")) {
                Path profile = directory.resolve(event);
                tell(jdk, loaded, profiler, "start,interval=1ms,event=" + event);
                loaded.await(BROADCASTS, 0);
                tell(jdk, loaded, profiler, "stop,collapsed,file=" + profile);
                assertThat(AsyncProfiler.samples(profile, COMPUTE)).as(event).isGreaterThan(50);
            }
            loaded.end();
        }
    }

    /** With the JVM, before our agent and after it. {@code wall} interrupts all threads, in whatever call they sleep. */
    @EachJdk
    void profilesTheWallClockFromTheStart(Jdk jdk) {
        AsyncProfiler profiler = AsyncProfiler.in(directory);
        for (String place : List.of("before", "after")) {
            Path profile = directory.resolve(place);
            String option = profiler.option("start,event=wall,interval=2ms,collapsed,file=" + profile);
            Jvm jvm = place.equals("before")
                    ? jvm(jdk).option(option).agent(LoadedJvm.PATIENT)
                    : jvm(jdk).agent(LoadedJvm.PATIENT).option(option);
            try (LoadedJvm loaded = LoadedJvm.start(jvm)) {
                loaded.await(BROADCASTS, 0);
                loaded.end();
            }
            assertThat(AsyncProfiler.samples(profile, COMPUTE)).as(place).isPositive();
            assertThat(AsyncProfiler.samples(profile, SLEEP)).as(place).isGreaterThan(50);
        }
    }

    private static Jvm jvm(Jdk jdk) {
        return Jvm.of(jdk).fixture().option("-XX:+EnableDynamicAgentLoading");
    }

    private static void tell(Jdk jdk, LoadedJvm loaded, AsyncProfiler profiler, String command) {
        try (Child jcmd = loaded.during(profiler.command(jdk, loaded.child().pid(), command))) {
            assertThat(jcmd.stdout()).as(command + jcmd.transcript()).contains("return code: 0");
        }
    }
}
