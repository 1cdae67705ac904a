package dev.psx.cap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.Credentials;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModeTest {

    /** Securebits, then the permitted, effective, inheritable, bounding and ambient set. */
    @ParameterizedTest
    @CsvSource({
        "0x0, 0, 0, 0, 0, 0, HYBRID",
        "0x0, f, f, f, f, f, HYBRID",
        "0x1, 0, 0, 0, 0, 0, UNCERTAIN",
        "0x2f, 0, 0, 0, 0, 0, UNCERTAIN",
        "0xff, 0, 0, 0, 0, 0, UNCERTAIN",
        "0xef, 1, 0, 1, 1, 1, UNCERTAIN",
        "0xef, 0, 0, 0, 0, 0, NOPRIV",
        "0xef, 0, 0, 0, 1, 0, PURE1E_INIT",
        "0xef, 1, 0, 0, 0, 0, PURE1E_INIT",
        "0xef, 1, 1, 0, 1, 0, PURE1E_INIT",
        "0xef, 1, 1, 1, 1, 0, PURE1E",
        "0xef, 0, 0, 1, 0, 0, PURE1E",
    })
    void isToldFromBitsAndSets(
            String bits,
            String permitted,
            String effective,
            String inheritable,
            String bounding,
            String ambient,
            Mode mode) {
        Credentials credentials =
                Credentials.parse("Name:\tx\nState:\tS\nTgid:\t1\nPid:\t1\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n"
                        + "Groups:\t\nSigPnd:\t0\nSigBlk:\t0\nSigCgt:\t0\nCapInh:\t" + inheritable + "\nCapPrm:\t"
                        + permitted
                        + "\nCapEff:\t" + effective + "\nCapBnd:\t" + bounding + "\nCapAmb:\t" + ambient
                        + "\nNoNewPrivs:\t0\nSeccomp:\t0\n");
        assertThat(Mode.of(SecureBits.parse(bits), credentials)).isEqualTo(mode);
    }
}
