package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.ThreadReference;
import dev.psx.agent.apps.ToolApp;
import dev.psx.agent.testing.Account;
import dev.psx.agent.testing.AsyncProfiler;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.Debugger;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.LoadedJvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.Ports;
import dev.psx.agent.testing.Recording;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The drop itself, before main and under load, in a JVM that a tool looks at from its start; then what the tool says. */
@RootOnly
class ToolDropIT {

    private static final int AT_START = 0;
    private static final String ENOUGH_TO_BE_SAMPLED = "turns 1000";
    private static final String COMPUTE = "dev/psx/agent/apps/Load.compute";

    private final Account nobody = Account.named("nobody");

    @TempDir
    Path directory;

    /** What a tool writes after the drop it writes as nobody. */
    @BeforeEach
    void letEverybodyWrite() throws IOException {
        letEverybodyWrite(directory);
    }

    /** The recorder makes files below its repository when it starts, after the agents, and goes on writing there. */
    @EachJdk
    void besideAFlightRecording(Jdk jdk) throws IOException {
        for (int port : new int[] {AT_START, Ports.privileged()}) {
            Path repository = Files.createDirectory(directory.resolve("repository-" + port));
            letEverybodyWrite(repository);
            Path file = directory.resolve(port + ".jfr");
            Jvm jvm = Jvm.of(jdk)
                    .option("-XX:FlightRecorderOptions=repository=" + repository)
                    .option("-XX:StartFlightRecording=dumponexit=true,settings=profile,filename=" + file);
            try (Child child = start(jvm, port)) {
                giveToNobody(repository);
                giveToNobody(file);
                drop(child, port);
                work(child);
                assertThat(child.finish()).as(child.transcript()).isZero();
            }
            Map<String, Integer> samples = Recording.samplesByThread(file, "jdk.ExecutionSample");
            assertThat(samples).containsKeys("load-computer-0", "load-computer-1");
        }
    }

    @EachJdk
    void besideAsyncProfiler(Jdk jdk) {
        AsyncProfiler profiler = AsyncProfiler.in(directory);
        for (int port : new int[] {AT_START, Ports.privileged()}) {
            Path profile = directory.resolve(port + ".collapsed");
            String option = profiler.option("start,event=wall,interval=1ms,collapsed,file=" + profile);
            try (Child child = start(Jvm.of(jdk).option(option), port)) {
                drop(child, port);
                work(child);
                assertThat(child.finish()).as(child.transcript()).isZero();
            }
            assertThat(AsyncProfiler.samples(profile, COMPUTE)).isPositive();
        }
    }

    /** While the debugger suspends all threads but the one that listens. */
    @EachJdk
    void besideADebugger(Jdk jdk) throws IncompatibleThreadStateException {
        for (int port : new int[] {AT_START, Ports.privileged()}) {
            try (Child child = start(Jvm.of(jdk).option(Debugger.OPTION), port);
                    Debugger debugger = Debugger.attach(child)) {
                debugger.vm().suspend();
                long turns = debugger.counter(ToolApp.LOAD, "TURNS");
                debugger.thread("main").resume();
                drop(child, port);
                for (ThreadReference thread : debugger.vm().allThreads()) {
                    assertThat(thread.name().equals("main") || thread.frameCount() >= 0)
                            .isTrue();
                }
                assertThat(debugger.counter(ToolApp.LOAD, "TURNS")).isEqualTo(turns);
                debugger.vm().resume();
                work(child);
                nobody.assertDropped(child);
            }
        }
    }

    /** A JVM under load that is dropped before main, or when it listens on that port. */
    private static Child start(Jvm jvm, int port) {
        String when = port == AT_START ? "" : ",when=listening:" + port;
        Child child = jvm.fixture()
                .agent("user=nobody" + when)
                .start(ToolApp.class, Integer.toString(LoadedJvm.SLEEPERS), "20", "quiet");
        child.await("ready");
        return child;
    }

    private void drop(Child child, int port) {
        if (port != AT_START) {
            assertThat(OutsideView.tasks(child.pid()))
                    .allSatisfy(task -> assertThat(task.uid()).containsOnly(0));
            child.send("listen " + port);
            child.await("listening");
        }
        assertThat(nobody.assertDropped(child)).hasSizeGreaterThan(LoadedJvm.SLEEPERS + 20);
    }

    private static void work(Child child) {
        child.send(ENOUGH_TO_BE_SAMPLED);
        child.await("turned");
    }

    private static void letEverybodyWrite(Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private static void giveToNobody(Path top) throws IOException {
        UserPrincipal owner =
                top.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : files.toList()) {
                Files.setOwner(file, owner);
            }
        }
    }
}
