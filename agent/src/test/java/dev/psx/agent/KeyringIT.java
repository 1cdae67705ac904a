package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;

/** Who possesses a session keyring may use its keys, whatever his user id is: after a drop nobody does. */
@RootOnly
class KeyringIT {

    private static final int KEYCTL = System.getProperty("os.arch").equals("aarch64") ? 219 : 250;
    private static final int GET_KEYRING_ID = 0;
    private static final int SESSION = -3;
    private static final String WHICH = KEYCTL + " " + GET_KEYRING_ID + " " + SESSION + " 0";

    @EachJdk
    void theOldKeysAreOutOfReach(Jdk jdk) {
        try (Child child = started(jdk)) {
            String key = child.ask("inside add-key").substring(3);
            assertThat(child.ask("inside read-key " + key)).isEqualTo("ok 6");
            String old = child.ask("own-syscall " + WHICH);
            assertThat(child.ask("apply user=daemon")).startsWith("ok dropped");

            assertThat(child.ask("inside read-key " + key)).isEqualTo("ok -13");
            // a broadcast, so the same for every task
            assertThat(child.ask("syscall " + WHICH)).startsWith("ok ").isNotEqualTo(old);
            assertThat(child.ask("spawn keyctl show @s")).doesNotContain("psx-test");
            assertThat(child.ask("apply user=daemon")).startsWith("ok nothing to change");
        }
    }

    /** The control: the keyring stays, and the key with it. */
    @EachJdk
    void withoutThatTheyAreNot(Jdk jdk) {
        try (Child child = started(jdk)) {
            String key = child.ask("inside add-key").substring(3);
            assertThat(child.ask("apply user=daemon keyring=keep")).startsWith("ok dropped");
            assertThat(child.ask("inside read-key " + key)).isEqualTo("ok 6");
        }
    }

    /** Where keyctl is refused no task can reach a key, and a drop must go on as it did. */
    @EachJdk
    void whereThereIsNoKeyctlThereIsNothingToDo(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("refuse keyctl")).isEqualTo("ok 0");
            assertThat(child.ask("apply user=daemon")).startsWith("ok dropped").doesNotContain("warning");
            assertThat(child.ask("apply user=daemon keyring=private"))
                    .startsWith("ok nothing to change")
                    .contains("warning: keyctl is not there or refused");
        }
    }

    private static Child started(Jdk jdk) {
        Child child = Jvm.of(jdk).fixture().agent("").start(Console.class);
        child.await("ready");
        assertThat(child.ask("inside new-session")).startsWith("ok "); // threads started from here on have it, too
        assertThat(child.ask("crowd 10 5 2")).startsWith("ok");
        return child;
    }
}
