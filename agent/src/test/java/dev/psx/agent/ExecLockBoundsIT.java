package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.ExecLockBoundsApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Holder;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** How long the exec lock can keep a change of credentials waiting: not at all, or until give-up, and who it was is told. */
@RootOnly
class ExecLockBoundsIT {

    private static final int GIVE_UP_MILLIS = 400;

    private static final List<String> LOCK = """
            free after nothing = done
            upgrade = IllegalStateException: thread "main" holds the exec lock shared
            broadcast below = IllegalStateException: thread "main" holds the exec lock shared
            another shared = done
            another exclusive = IllegalStateException: the exec lock was held by others all the time
            child below = done
            thread below = done
            free after nested = done
            broadcast within = done
            child within = done
            free after exclusive = done
            closed by another = IllegalMonitorStateException: the exec lock was taken by thread "main", not by
            and still held = IllegalStateException: the exec lock was held by others all the time
            free after closed twice = done
            free after exception = done
            free after launcher that fails = done
            free after builder that fails = done
            free after thread that fails = done
            done
            """.lines().toList();

    @TempDir
    Path directory;

    @EachJdk
    void theLockIsGivenBackOnEveryPath(Jdk jdk) {
        try (Child child = jvm(jdk).start(ExecLockBoundsApp.class, "lock")) {
            child.await("done");
            List<String> said = child.stdout();
            assertThat(said).as(child.transcript()).hasSameSizeAs(LOCK);
            for (int i = 0; i < LOCK.size(); i++) {
                assertThat(said.get(i)).startsWith(LOCK.get(i));
            }
        }
    }

    /** The redirect is opened before there is a child. */
    @EachJdk
    void whoWaitsForTheOtherSideOfAFifoHoldsNobodyUp(Jdk jdk) throws Exception {
        for (String way : new String[] {"builder", "launcher"}) {
            Path fifo = directory.resolve("fifo-" + way + jdk.version());
            assertThat(Child.run(List.of("mkfifo", fifo.toString())).exitCode()).isZero();
            try (Child child = jvm(jdk).start(ExecLockBoundsApp.class, way + " fifo", fifo.toString())) {
                child.await("ready");
                assertThat(child.ask("")).startsWith("done after");
                assertThat(child.stdout()).noneMatch(line -> line.startsWith("started"));
                Files.newOutputStream(fifo).close();
                assertThat(child.await("started")).isEqualTo("started: done");
            }
        }
    }

    @EachJdk
    void whoHangsInAStartIsNamedInTime(Jdk jdk) throws Exception {
        Path program = Files.copy(Path.of("/bin/true"), directory.resolve("true" + jdk.version()));
        for (String way : new String[] {"builder", "launcher"}) {
            try (Holder holder = Holder.ofFile(program);
                    Child child = jvm(jdk).start(ExecLockBoundsApp.class, way, program.toString())) {
                child.await("ready");
                child.awaitDescendant();
                String said = child.ask("");
                assertThat(said).startsWith("UnreachableException").contains("by threads [a hanging starter]");
                int millis = Integer.parseInt(said.replaceAll(".* after (\\d+) ms", "$1"));
                assertThat(millis).isBetween(GIVE_UP_MILLIS / 2, 30 * GIVE_UP_MILLIS);
                holder.letGo();
                assertThat(child.await("started")).isEqualTo("started: done");
                assertThat(child.ask("")).startsWith("done after");
            }
        }
    }

    private static Jvm jvm(Jdk jdk) {
        return Jvm.of(jdk).nativeAccess().agent("give-up=" + GIVE_UP_MILLIS + "ms");
    }
}
