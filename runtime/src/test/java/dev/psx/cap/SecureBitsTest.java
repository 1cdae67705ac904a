package dev.psx.cap;

import static dev.psx.cap.SecureBits.Bit.KEEP_CAPS;
import static dev.psx.cap.SecureBits.Bit.KEEP_CAPS_LOCKED;
import static dev.psx.cap.SecureBits.Bit.NOROOT;
import static dev.psx.cap.SecureBits.Bit.NOROOT_LOCKED;
import static dev.psx.cap.SecureBits.Bit.NO_CAP_AMBIENT_RAISE_LOCKED;
import static dev.psx.cap.SecureBits.Bit.NO_SETUID_FIXUP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecureBitsTest {

    @Test
    void everyValueRoundTrips() {
        for (int value = 0; value < 0x200; value++) {
            SecureBits bits = SecureBits.of(value);
            assertThat(SecureBits.parse(bits.toString())).isEqualTo(bits).hasSameHashCodeAs(bits);
            assertThat(SecureBits.parse(Integer.toString(value)).value()).isEqualTo(value);
            assertThat(bits.bits()).hasSize(Integer.bitCount(value & 0xff));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "'noroot,noroot-locked', 3",
        "'NOROOT,no-setuid-fixup', 5",
        "no_cap_ambient_raise_locked, 128",
        "'secure-no-suid-fixup,secure_noroot-locked', 6",
        "0xef, 239",
        "0357, 239",
        "47, 47",
        "0xffffffff, -1",
    })
    void textForms(String text, int value) {
        assertThat(SecureBits.parse(text).value()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "root, 0",
        "'noroot,', 7",
        "'noroot, keep-caps', 7",
        "',noroot', 0",
        "0x, 0",
        "08, 0",
        "0x100000000, 0",
        "-1, 0"
    })
    void badTextIsRefusedWithItsPosition(String text, int position) {
        assertThatThrownBy(() -> SecureBits.parse(text))
                .isInstanceOfSatisfying(
                        CapabilityTextException.class,
                        e -> assertThat(e.position()).isEqualTo(position));
    }

    @Test
    void locksBelongToBits() {
        SecureBits bits = SecureBits.of(NOROOT, NOROOT_LOCKED, KEEP_CAPS);
        assertThat(bits).hasToString("noroot,noroot_locked,keep_caps");
        assertThat(bits.value()).isEqualTo(0x13);
        assertThat(bits.isLocked(NOROOT)).isTrue();
        assertThat(bits.isLocked(KEEP_CAPS)).isFalse();
        assertThat(KEEP_CAPS.lock()).isSameAs(KEEP_CAPS_LOCKED);
        assertThat(KEEP_CAPS_LOCKED.lock()).isSameAs(KEEP_CAPS_LOCKED);
        assertThat(NO_SETUID_FIXUP.isLock()).isFalse();
        assertThat(NO_CAP_AMBIENT_RAISE_LOCKED.mask()).isEqualTo(0x80);
        assertThat(bits.without(NOROOT_LOCKED).with(NO_SETUID_FIXUP).value()).isEqualTo(0x15);
        assertThat(bits.has(NO_SETUID_FIXUP)).isFalse();
    }

    @Test
    void showsItselfLikeCapsh() {
        assertThat(SecureBits.NONE.describe()).isEqualTo("00/0x0/1'b0");
        assertThat(Mode.PURE.describe()).isEqualTo("0357/0xef/8'b11101111");
        assertThat(Mode.PURE.lines())
                .containsExactly(
                        "secure-noroot: yes (locked)",
                        "secure-no-suid-fixup: yes (locked)",
                        "secure-keep-caps: no (locked)",
                        "secure-no-ambient-raise: yes (locked)");
    }
}
