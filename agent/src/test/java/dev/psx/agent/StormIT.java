package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.psx.agent.apps.AttachLoopApp;
import dev.psx.agent.apps.StormApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.Marked;
import dev.psx.agent.testing.RootOnly;

/** Broadcasts beside threads by the thousands a second; {@link ChurnIT} has threads of all sorts at a lower rate. */
@RootOnly
class StormIT {

    /** So many for each of five hundred broadcasts; how long they take is a matter of the machine, so the rate is only printed. */
    private static final int BIRTHS = 15_000;

    @EachJdk
    void ofJavaThreads(Jdk jdk) {
        try (Child child = start(jdk, "platform")) {
            String born = child.await("born ");
            assertThat(Marked.finish(child)).startsWith("done 500 broadcasts");
            assertThat(births(born)).as(born).isGreaterThanOrEqualTo(BIRTHS);
            System.out.println(jdk + ": " + born);
        }
    }

    /** Their scheduler makes up for blocked carriers by more of them. */
    @EachJdk
    void ofVirtualThreadsThatBlock(Jdk jdk) {
        assumeThat(jdk.version()).as("has virtual threads").isGreaterThanOrEqualTo(21);
        try (Child child = start(jdk, "virtual")) {
            String born = child.await("born ");
            assertThat(Marked.finish(child)).startsWith("done 500 broadcasts");
            assertThat(births(born)).as(born).isGreaterThanOrEqualTo(BIRTHS);
            System.out.println(jdk + ": " + born);
        }
    }

    @EachJdk
    void ofAttachmentsOfNativeThreads(Jdk jdk) {
        try (Child child = Jvm.of(jdk).fixture().agent("give-up=20s").start(AttachLoopApp.class, "1000")) {
            assertThat(Marked.finish(child))
                    .startsWith("done 1000 broadcasts beside 4 loops")
                    .endsWith(" 0 of them still registered");
        }
    }

    private static Child start(Jdk jdk, String sort) {
        return Jvm.of(jdk).fixture().agent("give-up=20s").start(StormApp.class, sort, "500");
    }

    /** From a line like {@code born 60000 mean 7000/s best 9000/s most 40 tasks}. */
    private static int births(String line) {
        return Integer.parseInt(line.split(" ")[1]);
    }
}
