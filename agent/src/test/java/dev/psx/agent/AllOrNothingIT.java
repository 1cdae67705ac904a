package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.StatusFiles;
import java.util.Map;

/** Where one task could not follow the others, no task changes. See also {@link EveryCallIT} and {@link CausesIT}. */
@RootOnly
class AllOrNothingIT {

    private static final String NOTHING = "nothing has changed";
    private static final int SETRESUID = System.getProperty("os.arch").equals("aarch64") ? 147 : 117;

    /** A thread that has given up its privileges by itself could not follow: that is seen before anything happens. */
    @EachJdk
    void aTaskThatMayLessThanTheOthersChangesNothing(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("on-own-thread own-syscall " + SETRESUID + " 65534 65534 65534"))
                    .isEqualTo("ok 0");
            Map<String, String> before = StatusFiles.of(child);
            assertThat(child.ask("apply user=daemon"))
                    .contains("tasks differ already, and task", "is not allowed to change its groups", NOTHING);
            assertThat(child.ask("apply user=daemon groups=keep group=keep bounding=keep"))
                    .contains("is not allowed to change its user ids", NOTHING);
            assertThat(child.ask("check user=daemon")).contains("not feasible", "tasks differ already");
            StatusFiles.assertUnchanged(before, child);
            // what it may do, it does
            assertThat(child.ask("apply user=nobody groups=keep group=keep bounding=keep"))
                    .startsWith("ok dropped");
        }
    }

    private static Child started(Jdk jdk) {
        Child child = Jvm.of(jdk).fixture().agent("").start(Console.class);
        child.await("ready");
        assertThat(child.ask("crowd 10 5 2")).startsWith("ok");
        return child;
    }
}
