package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.ChildHandlesApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.LaunchTable;
import dev.psx.agent.testing.RootOnly;

/** Handles of children that run, have ended, are waited for, are gone; also of such as live in namespaces of their own. */
@RootOnly
class ChildHandlesIT {

    @EachJdk
    void handlesOfChildrenInAllStates(Jdk jdk) {
        try (Child child = Jvm.of(jdk).nativeAccess().agent("").start(ChildHandlesApp.class)) {
            child.await("done");
            assertThat(LaunchTable.rows(child.stdout())).isEqualTo(LaunchTable.of("handles"));
            assertThat(child.exitCode()).as(child.transcript()).isZero();
        }
    }
}
