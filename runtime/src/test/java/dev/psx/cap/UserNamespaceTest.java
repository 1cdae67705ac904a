package dev.psx.cap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Pointer;
import dev.psx.cap.CapabilitySet.Flag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inside a user namespace that maps root alone: all capabilities are there, but they count for little. */
class UserNamespaceTest {

    private static final String[] UNSHARE = {"unshare", "--user", "--map-root-user"};

    @TempDir
    Path directory;

    private CapProcess process;

    @BeforeEach
    void start() throws IOException {
        Tools.required();
        String id = CapProcess.output(UNSHARE[0], UNSHARE[1], UNSHARE[2], "id", "-u");
        assumeTrue(id.equals("0"), () -> "this system has no user namespaces: " + id);
        process = new CapProcess(UNSHARE);
    }

    @AfterEach
    void stop() {
        if (process != null) {
            process.close();
        }
    }

    @Test
    void setsAndModesHoldOnEveryTask() throws IOException {
        assertThat(process.tell("get")).isEqualTo("=ep");
        CapabilitySet wanted = CapabilitySet.parse("=p cap_setpcap,cap_sys_admin+e");
        process.tell("set " + wanted);
        assertThat(process.sets()).isEqualTo(wanted);
        process.tell("iab ^cap_net_bind_service,!cap_sys_admin");
        assertThat(process.tell("get-iab-pid " + process.pid())).isEqualTo("^cap_net_bind_service,!cap_sys_admin");
        process.tell("mode NOPRIV");
        assertThat(process.sets()).isEqualTo(CapabilitySet.EMPTY);
        assertThat(process.mask("CapBnd")).isZero();
    }

    @Test
    void idsWithoutMappingAreRefusedAndNothingChanges() throws IOException {
        Map<String, String> before = process.state();
        assertThat(process.ask("setuid 65534"))
                .startsWith("failed ErrnoException setuid(65534)")
                .contains("EINVAL", "uid_map");
        assertThat(process.ask("setgroups 0 1")).startsWith("failed ErrnoException setgroups(1)");
        assertThat(process.state()).isEqualTo(before);
        process.tell("setuid 0");
        assertThat(process.sets().effective()).isZero();
    }

    @Test
    void filesMayBeGivenCapabilitiesThatCountThere() throws IOException {
        Libcap.required();
        Path file = Files.createFile(directory.resolve("file"));
        process.tell("file-set " + file + " 0 cap_net_raw=ep");
        assertThat(process.tell("file-get " + file)).isEqualTo("cap_net_raw=ep");
        Pointer outside = Libcap.pointer("cap_get_file", (Object) Libcap.text(file.toString()));
        assertThat(Libcap.external(outside))
                .isEqualTo(CapabilitySet.EMPTY
                        .raise(Flag.PERMITTED, Capability.NET_RAW)
                        .fill(Flag.EFFECTIVE, Flag.PERMITTED)
                        .toExternal());
        Libcap.free(outside);
    }
}
