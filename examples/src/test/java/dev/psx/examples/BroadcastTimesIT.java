package dev.psx.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BroadcastTimesIT {

    @Test
    void printsARowForEachNumberOfThreads() throws Exception {
        try (Application application = Application.java("library", "dev.psx.examples.BroadcastTimes", "3")) {
            for (String row : new String[] {"10 +0", "10 +10", "100 +0", "100 +16", "1000 +0", "1000 +16"}) {
                assertThat(application.await("    ")).matches(" +" + row + " +\\d+ +\\d+");
            }
            assertThat(application.exitCode()).isZero();
        }
    }
}
