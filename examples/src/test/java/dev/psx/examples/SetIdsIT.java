package dev.psx.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SetIdsIT {

    @BeforeAll
    static void root() throws IOException {
        Root.required();
    }

    @Test
    void asLibrary() throws Exception {
        try (Application application = Application.java("library", "dev.psx.examples.SetIds", "1")) {
            check(application);
        }
    }

    @Test
    void withTheAgent() throws Exception {
        try (Application application = Application.java(
                "library", "-javaagent:../agent/target/psx-agent.jar", "dev.psx.examples.SetIds", "1")) {
            check(application);
        }
    }

    private static void check(Application application) throws InterruptedException {
        assertThat(application.await("before: ")).matches("before: euid 0 on \\d+ tasks");
        assertThat(application.await("within: ")).matches("within: euid 1 on \\d+ tasks");
        assertThat(application.await("after: ")).matches("after: euid 0 on \\d+ tasks");
        assertThat(application.exitCode()).isZero();
    }
}
