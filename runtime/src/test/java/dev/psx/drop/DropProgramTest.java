package dev.psx.drop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.Credentials;
import dev.psx.spi.FakePort;
import dev.psx.spi.FakePort.Status;
import dev.psx.spi.Program;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which calls a plan makes, in which order and by whom, where nothing holds yet. Root has bits 0 to 2, and 0 and 2 in its bounding set. */
class DropProgramTest {

    private static final Credentials ROOT = Credentials.parse(Status.ROOT.text(1));

    private final FakePort port = new FakePort();
    private final DropSpecBuilder builder = new DropSpecBuilder();

    @BeforeEach
    void fillTheDatabase() {
        port.users.put("app", new Object[] {"app", 1000, 1000, new int[] {1000}});
    }

    @Test
    void theWholeOrder() {
        builder.user("app")
                .capabilities(5)
                .ambient(4)
                .bounding(4)
                .secureBits(1)
                .umask(027)
                .limit(7, 1, 2)
                .root("/srv")
                .directory("/work")
                .dumpable(true);
        assertThat(calls(ROOT))
                .containsExactly(
                        "prlimit64(RLIMIT_NOFILE, 1:2) once for the process",
                        "chroot(/srv) once for each fs_struct",
                        "chdir(/) once for each fs_struct",
                        "umask(0027) once for each fs_struct",
                        "setgroups(1000) on every task",
                        "setresgid(1000, 1000, 1000) on every task",
                        "prctl(PR_CAPBSET_DROP, 0) on every task",
                        "prctl(PR_SET_KEEPCAPS, 1) on every task",
                        "setresuid(1000, 1000, 1000) on every task",
                        "capset(permitted cap_chown, cap_dac_read_search, cap_setpcap, all effective,"
                                + " inheritable cap_dac_read_search) on every task",
                        "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 2) on every task",
                        "prctl(PR_SET_SECUREBITS, 0x1) on every task",
                        "capset(permitted cap_chown, cap_dac_read_search, all effective, inheritable cap_dac_read_search)"
                                + " on every task",
                        "prctl(PR_SET_NO_NEW_PRIVS, 1) on every task",
                        "chdir(/work) once for each fs_struct",
                        "keyctl(KEYCTL_JOIN_SESSION_KEYRING, psx.random) once for the process",
                        "keyctl(KEYCTL_SETPERM, KEY_SPEC_SESSION_KEYRING, 0x3f1b0000) once for the process",
                        "keyctl(KEYCTL_JOIN_SESSION_KEYRING, psx.random) on every task",
                        "keyctl(KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING) on every task",
                        "keyctl(KEYCTL_SETPERM, KEY_SPEC_SESSION_KEYRING, 0x3f130000) once, after the last task",
                        "prctl(PR_SET_DUMPABLE, 1) once, after the last task");
    }

    @Test
    void theFlagThatKeepsCapabilitiesIsClearedAgain() {
        builder.user("app").capabilities(1).privateKeyring(false).noNewPrivileges(false);
        assertThat(calls(ROOT))
                .containsSubsequence(
                        "prctl(PR_SET_KEEPCAPS, 1) on every task",
                        "setresuid(1000, 1000, 1000) on every task",
                        "capset(permitted cap_chown, all effective) on every task",
                        "prctl(PR_SET_KEEPCAPS, 0) on every task");
    }

    @Test
    void nothingIsKeptWhereTheUserIsNotRoot() {
        builder.user("app").capabilities(1).keepGroup().keepGroups().privateKeyring(false);
        Credentials user =
                Credentials.parse(Status.dropped(1000).capabilities(3, 0, 0).text(1));
        assertThat(calls(user)).containsExactly("capset(permitted cap_chown, all effective) on every task");
    }

    @Test
    void allThatIsThereMayBeKept() {
        builder.user("app").keepCapabilities().keepGroup().keepGroups().privateKeyring(false);
        assertThat(calls(ROOT))
                .containsExactly(
                        "prctl(PR_SET_KEEPCAPS, 1) on every task",
                        "setresuid(1000, 1000, 1000) on every task",
                        "capset(permitted cap_chown, cap_dac_override, cap_dac_read_search, all effective) on every task",
                        "prctl(PR_SET_KEEPCAPS, 0) on every task",
                        "prctl(PR_SET_NO_NEW_PRIVS, 1) on every task");
    }

    @Test
    void childrenMayInheritWhatStays() {
        builder.ambient(2);
        assertThat(calls(ROOT))
                .containsExactly(
                        "capset(permitted cap_chown, cap_dac_override, cap_dac_read_search, all effective, inheritable"
                                + " cap_dac_override) on every task",
                        "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 1) on every task");
    }

    private List<String> calls(Credentials... before) {
        Program program = DropProgram.of(builder.build(port), java.util.Arrays.asList(before));
        return program.size() == 0 ? Collections.<String>emptyList() : CheckResult.describe(program);
    }
}
