package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.install.BadOption;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import java.util.List;

/** A JVM with a bad option does not start: 78, one line that says what would have been right, and main never runs. */
class OptionsIT {

    @EachJdk
    void badOnesStopTheJvm(Jdk jdk) {
        assertThat(BadOption.values()).hasSizeGreaterThanOrEqualTo(30);
        for (BadOption bad : BadOption.values()) {
            try (Child child = Jvm.of(jdk).agent(bad.options).start(Console.class)) {
                assertThat(child.exitCode()).as(bad + child.transcript()).isEqualTo(78);
                assertThat(child.stdout()).isEmpty();
                List<String> lines = child.stderr();
                assertThat(lines).as(bad.toString()).hasSize(1);
                assertThat(lines.get(0)).startsWith("psx-agent: ").contains(bad.parts);
            }
        }
    }
}
