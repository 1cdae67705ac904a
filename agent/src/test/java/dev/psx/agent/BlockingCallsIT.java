package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.BlockingApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.Marked;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.io.TempDir;

/** Threads that wait in every way that Java has: no broadcast wakes one, shortens its time or throws at it. */
@RootOnly
class BlockingCallsIT {

    /** The control: the same signals end the kernel's own sleep, which nobody restarts. */
    private static final int INTERRUPTED = 100;

    @EachJdk
    void noticeNothingOfAThousandBroadcasts(Jdk jdk, @TempDir Path directory) throws IOException {
        Path file = directory.resolve("locked");
        try (FileChannel locked = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = locked.lock();
                Child child =
                        Jvm.of(jdk).fixture().agent("give-up=20s").start(BlockingApp.class, "1000", file.toString())) {
            assertThat(lock.isValid()).isTrue();
            assertThat(child.await("awake ")).startsWith("awake 0 of ");
            String said = Marked.await(child);
            assertThat(said).startsWith("done 1000 broadcasts");
            assertThat(Integer.parseInt(said.substring(said.lastIndexOf(' ') + 1)))
                    .isGreaterThan(INTERRUPTED);
            lock.release();
            child.send("release");
            assertThat(child.await("timed ")).matches("timed [1-9]\\d* early 0 failures");
            assertThat(child.finish()).as(child.transcript()).isZero();
            assertThat(child.stderr()).isEmpty();
        }
    }
}
