package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.HiddenLifeApp;
import dev.psx.agent.apps.ScarceApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Fixtures;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.util.ArrayList;
import java.util.List;

/** Starting children where something is scarce, or hidden: it works in another way, or one error says which step failed. */
@RootOnly
class LauncherFaultsIT {

    private static final String EPERM = "1";
    private static final String EINVAL = "22";
    private static final String ENFILE = "23";
    private static final String ENOSYS = "38";

    private static final List<String> LIFE = """
            exit = true exit code 3
            streams = out err
            signal = true true 10 false
            handle = true true 143 false
            fetch = done
            some = 20
            descriptors of a child = looked
            left = 0 0
            done
            """.lines().toList();

    /** What stays: the descriptor by which all children are waited for, and that by which another process is. */
    private static final List<String> SCARCE = """
            pipes = STREAMS pipe2 EMFILE, CLONE clone EMFILE, started 0, descriptors 1, started 0
            files = STREAMS openat EMFILE, CLONE clone EMFILE, started 0
            open = pidfd_open EMFILE, opened
            handle = fcntl EMFILE, opened
            wait = false
            wait for another = fcntl EMFILE, false, descriptors 1, false
            done
            """.lines().toList();

    @EachJdk
    void withoutSomeCallsChildrenLiveAsUsual(Jdk jdk) {
        assertThat(life(jdk, "close_range", EPERM)).isEqualTo(LIFE);
        assertThat(life(jdk, "epoll_create1", ENFILE)).isEqualTo(LIFE);
        assertThat(life(jdk, "epoll_ctl", EPERM)).isEqualTo(LIFE);
        assertThat(life(jdk, "epoll_pwait", ENOSYS)).isEqualTo(LIFE);
    }

    /** Nothing but the call that makes no sense without them is missed. */
    @EachJdk
    void withoutPidfdsToo(Jdk jdk) {
        assertThat(life(jdk, "pidfd_getfd", EPERM)).isEqualTo(withoutFetch("EPERM"));
        assertThat(life(jdk, "pidfd_open", EPERM)).isEqualTo(withoutFetch("ENOSYS"));
        assertThat(life(jdk, "pidfd_send_signal", EPERM)).isEqualTo(withoutFetch("ENOSYS"));
        assertThat(life(jdk, "waitid-pidfd", EINVAL)).isEqualTo(withoutFetch("ENOSYS"));
    }

    @EachJdk
    void withoutPipesThereIsAnError(Jdk jdk) {
        assertThat(life(jdk, "pipe2", ENFILE)).isEqualTo(List.of("not started = STREAMS pipe2 ENFILE", "done"));
    }

    @EachJdk
    void eachDescriptorMayBeTheLast(Jdk jdk) {
        try (Child child = jvm(jdk).start(ScarceApp.class, "descriptors")) {
            child.await("done");
            assertThat(child.stdout()).as(child.transcript()).isEqualTo(SCARCE);
        }
    }

    /** A process is not gone because its file cannot be opened. */
    @EachJdk
    void eachMayBeTheLastAlsoWithoutPidfds(Jdk jdk) {
        Jvm jvm = jvm(jdk).through(Fixtures.hide().toString(), "pidfd_open", ENOSYS);
        try (Child child = jvm.start(ScarceApp.class, "descriptors")) {
            child.await("done");
            assertThat(child.stdout())
                    .as(child.transcript())
                    .contains(
                            "open = openat EMFILE, opened",
                            "handle = openat EMFILE, opened",
                            "wait for another = false");
        }
    }

    @EachJdk
    void aUserMayHaveTooManyTasks(Jdk jdk) {
        Jvm jvm = jvm(jdk).option("-XX:-UseDynamicNumberOfCompilerThreads", "-XX:-UseDynamicNumberOfGCThreads")
                .through("setpriv", "--reuid=54321", "--regid=54321", "--clear-groups");
        try (Child child = jvm.start(ScarceApp.class, "tasks")) {
            child.await("done");
            assertThat(child.stdout().stream().filter(line -> line.startsWith("tasks")))
                    .as(child.transcript())
                    .containsExactly("tasks = CLONE clone EAGAIN", "tasks = no thread", "tasks = started 0");
        }
    }

    private static List<String> life(Jdk jdk, String hidden, String errno) {
        Jvm jvm = jvm(jdk).through(Fixtures.hide().toString(), hidden, errno);
        try (Child child = jvm.start(HiddenLifeApp.class)) {
            child.await("done");
            return child.stdout();
        }
    }

    private static List<String> withoutFetch(String errno) {
        List<String> lines = new ArrayList<>(LIFE);
        lines.replaceAll(line -> line.replace("fetch = done", "fetch = pidfd_getfd " + errno));
        return lines;
    }

    private static Jvm jvm(Jdk jdk) {
        return Jvm.of(jdk).nativeAccess().agent("");
    }
}
