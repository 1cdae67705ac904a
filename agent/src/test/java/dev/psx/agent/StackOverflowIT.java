package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.StackOverflowApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.Marked;
import dev.psx.agent.testing.RootOnly;
import java.util.stream.Stream;

/** Threads at the end of their stacks: the handler needs some of what is left, and the caller may meet the end half way. */
@RootOnly
class StackOverflowIT {

    @EachJdk
    void threadsThatOverflowTakePartInEveryBroadcast(Jdk jdk) {
        try (Child child = Jvm.of(jdk).fixture().agent("give-up=20s").start(StackOverflowApp.class, "beside", "2000")) {
            String said = Marked.finish(child);
            assertThat(said).startsWith("done 2000 broadcasts errors ");
            String[] errors = said.substring(said.indexOf("errors ") + 7).split(" ");
            assertThat(Stream.of(errors).map(Integer::valueOf)).hasSize(6).allMatch(count -> count > 10);
        }
    }

    /** A call without the stack it needs ends in StackOverflowError; tasks never differ, and the next call works. */
    @EachJdk
    void aCallAtTheEndOfTheStackIsCarriedOutOrNotBegun(Jdk jdk) {
        Jvm jvm = Jvm.of(jdk)
                .fixture()
                .agent("give-up=20s")
                .option(
                        // A frame must be as large when a call is made as it was when the stack was measured.
                        "-XX:CompileCommand=quiet",
                        "-XX:CompileCommand=exclude," + StackOverflowApp.class.getName() + "::*");
        try (Child child = jvm.start(StackOverflowApp.class, "caller")) {
            String[] refused = child.await("refused ").split(" ");
            assertThat(Integer.parseInt(refused[1])).isBetween(1, Integer.parseInt(refused[3]) - 1);
            Marked.finish(child);
        }
    }
}
