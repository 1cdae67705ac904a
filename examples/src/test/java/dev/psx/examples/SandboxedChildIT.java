package dev.psx.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SandboxedChildIT {

    private static final String LOOK = "grep -E '^(Uid|Groups|CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status;"
            + " echo interfaces: $(grep -c : /proc/self/net/dev)";

    @BeforeAll
    static void root() throws IOException {
        Root.required();
    }

    @Test
    void hasNothingButWhatItIsGiven() throws Exception {
        try (Application application = run("/bin/sh", "-c", LOOK)) {
            assertThat(application.await("Uid:")).matches("Uid:(\\s+65534){4}");
            assertThat(application.await("Groups:")).matches("Groups:\\s+65534 ?");
            assertThat(application.await("CapEff:")).matches("CapEff:\\s+0+");
            assertThat(application.await("CapBnd:")).matches("CapBnd:\\s+0+");
            assertThat(application.await("NoNewPrivs:")).matches("NoNewPrivs:\\s+1");
            assertThat(application.await("interfaces:")).isEqualTo("interfaces: 1");
            assertThat(application.await("exit code ")).matches("exit code 0 after \\d+ ms of processor time");
            assertThat(application.exitCode()).isZero();
        }
    }

    @Test
    void leavesNoneOfItsProcessesBehind() throws Exception {
        try (Application application = run("/bin/sh", "-c", "exec setsid -f /bin/sh -c 'exec /bin/sleep 600'; :")) {
            application.await("exit code 0 ");
            assertThat(application.exitCode()).isZero();
        }
    }

    @Test
    void namesTheStepThatFails() throws Exception {
        try (Application application = run("/etc/passwd")) {
            assertThat(application.exitCode()).isEqualTo(127);
            assertThat(application.output())
                    .anyMatch(line -> line.startsWith("launching /etc/passwd failed at execve(/etc/passwd): EACCES"));
        }
    }

    private static Application run(String... command) throws IOException {
        String[] words = new String[command.length + 2];
        words[0] = "dev.psx.examples.SandboxedChild";
        words[1] = "nobody";
        System.arraycopy(command, 0, words, 2, command.length);
        return Application.java("library", words);
    }
}
