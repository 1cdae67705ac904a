package dev.psx.cap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Securebits and modes of a whole process, judged by {@code /proc} and by what capsh and setpriv make of the same. */
class ModesTest {

    /** The lines that capsh prints about itself; ours must be the same after the same change. */
    private static String line(String output, String beginning) {
        return output.lines()
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .map(line -> line.substring(beginning.length()))
                .orElseThrow(() -> new AssertionError("no line " + beginning + " in " + output));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNCERTAIN")
    void modesAreThoseOfLibcap(Mode mode) throws IOException {
        Tools.required();
        String theirs = CapProcess.output("capsh", "--mode=" + mode, "--print");
        try (CapProcess process = new CapProcess()) {
            process.tell("mode " + mode);
            assertThat(process.sets()).hasToString(line(theirs, "Current: "));
            assertThat(process.tell("get-iab")).isEqualTo(line(theirs, "Current IAB: "));
            SecureBits bits = SecureBits.parse(process.tell("get-bits"));
            boolean noNewPrivileges = mode == Mode.NOPRIV;
            assertThat(bits.describe() + " (no-new-privs=" + (noNewPrivileges ? 1 : 0) + ")")
                    .isEqualTo(line(theirs, "Securebits: "));
            assertThat(process.state()).containsEntry("NoNewPrivs", noNewPrivileges ? "1" : "0");
            Mode guessed = Mode.valueOf(process.tell("get-mode"));
            assertThat(guessed + " (" + guessed.ordinal() + ")").isEqualTo(line(theirs, "Guessed mode: "));
            Map<String, String> state = process.state();
            process.tell("mode " + mode); // holds already: needs no privilege
            assertThat(process.state()).isEqualTo(state);
        }
    }

    /** The same sequence of changes with libcap's tool and with ours. */
    @ParameterizedTest
    @ValueSource(strings = {"cap_kill", "^cap_kill", "!cap_kill", "!%cap_chown,cap_setuid"})
    void modesAfterVectorsAreThoseOfLibcap(String iab) throws IOException {
        Tools.required();
        String theirs = CapProcess.output("capsh", "--iab=" + iab, "--mode=PURE1E", "--print");
        try (CapProcess process = new CapProcess()) {
            process.tell("iab " + iab);
            process.tell("mode PURE1E");
            assertThat(process.sets()).hasToString(line(theirs, "Current: "));
            assertThat(process.tell("get-iab")).isEqualTo(line(theirs, "Current IAB: "));
            assertThat(process.tell("get-mode"))
                    .isEqualTo(line(theirs, "Guessed mode: ").split(" ")[0]);
        }
    }

    /** The manual page of cap_get_proc(3) has this as the way to give up everything. */
    @Test
    void theExampleOfTheManualPage() throws IOException {
        Tools.required();
        String theirs = CapProcess.output("capsh", "--user=nobody", "--mode=NOPRIV", "--print");
        try (CapProcess process = new CapProcess()) {
            process.tell("mode HYBRID"); // later it may not be allowed to load classes
            process.tell("setgroups 65534 65534");
            process.tell("setuid 65534");
            process.tell("mode NOPRIV");
            assertThat(process.sets()).hasToString(line(theirs, "Current: "));
            assertThat(process.tell("get-iab")).isEqualTo(line(theirs, "Current IAB: "));
            assertThat(process.tell("get-mode")).isEqualTo("NOPRIV");
            assertThat(process.state())
                    .containsEntry("Uid", "65534\t65534\t65534\t65534")
                    .containsEntry("Gid", "65534\t65534\t65534\t65534")
                    .containsEntry("Groups", "65534");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x2f", "0xef", "0x1", "0x5", "0xc0", "0xaf", "0"})
    void guessesLikeLibcap(String bits) throws IOException {
        Tools.required();
        String theirs = CapProcess.output("capsh", "--secbits=" + bits, "--print");
        try (CapProcess process = new CapProcess()) {
            process.tell("bits " + bits);
            assertThat(process.tell("get-mode"))
                    .isEqualTo(line(theirs, "Guessed mode: ").split(" ")[0]);
            SecureBits ours = SecureBits.parse(process.tell("get-own-bits"));
            assertThat(ours.describe()).isEqualTo(line(theirs, "Securebits: ").split(" ")[0]);
            assertThat(ours.lines())
                    .isEqualTo(theirs.lines()
                            .filter(line -> line.startsWith(" secure-"))
                            .map(String::strip)
                            .toList());
            String child = process.tell("child capsh --print").replace('|', '\n');
            assertThat(line(child, "Securebits: ")).startsWith(ours.describe() + " ");
        }
    }

    @ParameterizedTest
    @CsvSource({"NOROOT", "NOROOT_LOCKED", "NO_SETUID_FIXUP", "NO_SETUID_FIXUP_LOCKED", "KEEP_CAPS_LOCKED"})
    void namesAreThoseOfSetpriv(SecureBits.Bit bit) throws IOException {
        Tools.required();
        String dump = CapProcess.output("setpriv", "--securebits", "+" + bit, "setpriv", "--dump");
        assertThat(line(dump, "Securebits: ")).isEqualTo(bit.toString());
    }

    @Test
    void lockedBitsStay() throws IOException {
        Tools.required();
        try (CapProcess process = new CapProcess()) {
            process.tell("keep true");
            assertThat(process.tell("get-keep")).isEqualTo("true");
            process.tell("bits keep_caps,keep_caps_locked,noroot");
            assertThat(process.ask("bits noroot"))
                    .startsWith("failed ErrnoException prctl(PR_SET_SECUREBITS, 0x1)")
                    .contains("EPERM", "locked");
            assertThat(process.ask("keep false")).startsWith("failed ErrnoException prctl(PR_SET_KEEPCAPS, 0)");
            assertThat(process.tell("get-bits")).isEqualTo("noroot,keep_caps,keep_caps_locked");
            assertThat(process.tell("get-mode")).isEqualTo("UNCERTAIN");
            // The kept capabilities survive, although the bit cannot be set or cleared for it
            long permitted = process.sets().permitted();
            process.tell("setuid 65534");
            assertThat(process.sets()).isEqualTo(CapabilitySet.of(permitted, 0, 0));
        }
    }

    @Test
    void whereNothingIsFixedUpNothingNeedsToBeKept() throws IOException {
        Tools.required();
        try (CapProcess process = new CapProcess()) {
            long permitted = process.sets().permitted();
            process.tell("bits no_setuid_fixup,keep_caps_locked");
            process.tell("setuid 65534");
            assertThat(process.sets()).isEqualTo(CapabilitySet.of(permitted, 0, 0));
            assertThat(process.state()).containsEntry("Uid", "65534\t65534\t65534\t65534");
        }
    }

    /** Then the permitted set would be lost; libcap's own call loses it and says nothing. */
    @Test
    void wherePermittedCapabilitiesCannotBeKeptNothingChanges() throws IOException {
        Tools.required();
        try (CapProcess process = new CapProcess()) {
            process.tell("bits keep_caps_locked");
            Map<String, String> before = process.state();
            assertThat(process.ask("setuid 65534"))
                    .startsWith("failed ErrnoException capset(")
                    .contains("EPERM");
            assertThat(process.state()).isEqualTo(before);
        }
    }

    @Test
    void aStricterModeCannotBeLeft() throws IOException {
        Tools.required();
        try (CapProcess process = new CapProcess()) {
            process.tell("mode PURE1E_INIT");
            Map<String, String> before = process.state();
            assertThat(process.ask("mode HYBRID")).startsWith("failed ErrnoException prctl(PR_SET_SECUREBITS, 0x0)");
            assertThat(process.state()).isEqualTo(before);
            process.tell("mode NOPRIV");
            assertThat(process.sets()).isEqualTo(CapabilitySet.EMPTY);
            assertThat(process.mask("CapBnd")).isZero();
            assertThat(process.tell("get-nnp")).isEqualTo("true");
            assertThat(process.ask("mode PURE1E")).startsWith("ok");
            assertThat(process.tell("get-mode")).isEqualTo("NOPRIV");
        }
    }

    @Test
    void withoutPrivilegeNothingChangesButNoNewPrivileges() throws IOException {
        Tools.required();
        try (CapProcess process = new CapProcess()) {
            process.tell("set =");
            assertThat(process.tell("get")).isEqualTo("=");
            Map<String, String> before = process.state();
            assertThat(process.ask("mode NOPRIV"))
                    .startsWith("failed ErrnoException capset(")
                    .contains("EPERM");
            assertThat(process.ask("bits noroot")).startsWith("failed ErrnoException prctl(PR_SET_SECUREBITS, 0x1)");
            assertThat(process.ask("drop-bounding kill")).startsWith("failed ErrnoException prctl(PR_CAPBSET_DROP, 5)");
            assertThat(process.ask("raise-ambient kill")).startsWith("failed ErrnoException prctl(PR_CAP_AMBIENT");
            assertThat(process.state()).isEqualTo(before);
            process.tell("nnp");
            assertThat(process.state()).containsEntry("NoNewPrivs", "1");
        }
    }

    @Test
    void uncertainIsNoModeToBeIn() {
        assertThatThrownBy(Mode.UNCERTAIN::applyToProcess).isInstanceOf(UnsupportedOperationException.class);
    }
}
