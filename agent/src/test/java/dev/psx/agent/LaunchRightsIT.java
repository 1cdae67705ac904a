package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.RightsApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;

/**
 * The children of a service that is not root but may change users, as with AmbientCapabilities= of systemd: as another user they must not
 * have what the service has for that. The kernel leaves it to them, and CAP_SETUID makes anybody root.
 */
@RootOnly
class LaunchRightsIT {

    private static final String MINE = "+setuid,+setgid";

    @EachJdk
    void anotherUserHasNoneOfTheParentsCapabilities(Jdk jdk) {
        Jvm jvm = Jvm.of(jdk)
                .nativeAccess()
                .agent("")
                .through("setpriv", "--reuid=1234", "--regid=1234", "--clear-groups")
                .through("--inh-caps=" + MINE, "--ambient-caps=" + MINE);
        try (Child child = jvm.start(RightsApp.class)) {
            child.await("done");
            assertThat(child.stdout())
                    .as(child.transcript())
                    .containsExactly(
                            "as here = c0 c0 c0 c0",
                            "user = 0 0 0 0",
                            "user with one = 40 40 40 40",
                            "user with none = 0 0 0 0",
                            "user with file capabilities = 40 0 0 0",
                            "done");
        }
    }

    /** Who has the session keyring may use its keys, whatever user he is. */
    @EachJdk
    void anotherUserHasNotTheParentsKeys(Jdk jdk) {
        try (Child child = Jvm.of(jdk).fixture().agent("").start(RightsApp.class, "keys")) {
            child.await("done");
            assertThat(child.stdout()).as(child.transcript()).containsExactly("as here = true", "user = false", "done");
        }
    }
}
