package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.PidFdUseApp;
import dev.psx.agent.apps.ReusedFdApp;
import dev.psx.agent.apps.StrangerApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Handles of processes in use by many, and how children end. */
@RootOnly
class PidFdIT {

    /** How often a handle is closed while it is in use: {@code -Dpsx.closes=100000}. */
    private static final String CLOSES = System.getProperty("psx.closes", "3000");

    private static final List<String> USES = """
            fetched = true 1 pidfd_getfd EBADF
            fetched from the dead = pidfd_getfd ESRCH
            core = 139 11 true SIGSEGV (core dumped)
            cores written = true
            no core = 139 11 false SIGSEGV
            signal without core = 143 15 false SIGTERM
            real-time signal = 168 40 false signal 40
            exit code as of a signal = 143 0 false exit code 143
            usage = true
            several wait = [code 9, status Optional[exit code 9], timed true]
            one is interrupted = interrupted true ended
            one gives up = Optional[SIGKILL] true true Optional[SIGKILL] 137
            many end at once = 1001 true 0 0
            done
            """.lines().toList();

    @TempDir
    Path directory;

    @EachJdk
    void handlesAndEnds(Jdk jdk) {
        try (Child child = jvm(jdk).start(PidFdUseApp.class, directory.toString())) {
            child.await("done");
            assertThat(child.stdout()).as(child.transcript()).isEqualTo(USES);
        }
    }

    @EachJdk
    void aStrangersDescriptorsAreItsOwn(Jdk jdk) {
        Jvm jvm = jvm(jdk).through("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        try (Child child = jvm.start(
                StrangerApp.class, Long.toString(ProcessHandle.current().pid()))) {
            child.await("done");
            assertThat(child.stdout())
                    .as(child.transcript())
                    .contains("fetch = pidfd_getfd EPERM", "signal = pidfd_send_signal EPERM", "alive = true");
        }
    }

    @EachJdk
    void aClosedDescriptorIsNeverSignalled(Jdk jdk) {
        assertThat(hits(jdk, "counted")).isEqualTo("hits 0 target true");
    }

    /** Negative control: a handle that only remembers that it is closed. */
    @EachJdk
    void withoutCountingStrangersAreHit(Jdk jdk) {
        assertThat(hits(jdk, "naive")).matches("hits [1-9][0-9]* target true");
    }

    private static String hits(Jdk jdk, String way) {
        try (Child child = jvm(jdk).start(ReusedFdApp.class, way, CLOSES)) {
            String hits = child.await("hits");
            System.out.println(jdk + " " + way + ": " + hits + " of " + CLOSES);
            return hits;
        }
    }

    private static Jvm jvm(Jdk jdk) {
        return Jvm.of(jdk).nativeAccess().agent("");
    }
}
