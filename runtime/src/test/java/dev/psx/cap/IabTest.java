package dev.psx.cap;

import static dev.psx.cap.Capability.CHOWN;
import static dev.psx.cap.Capability.KILL;
import static dev.psx.cap.Iab.Vector.AMBIENT;
import static dev.psx.cap.Iab.Vector.BLOCKED;
import static dev.psx.cap.Iab.Vector.INHERITABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.psx.cap.CapabilitySet.Flag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IabTest {

    /** What libcap's manual page and the description of its text forms give as examples, and what else is allowed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "!%cap_chown | !%cap_chown",
                "!cap_chown,^cap_chown | !^cap_chown",
                "cap_setuid,!cap_chown | !cap_chown,cap_setuid",
                "!%cap_chown,^cap_net_bind_service,!cap_net_raw | !%cap_chown,^cap_net_bind_service,!cap_net_raw",
                "%cap_kill | cap_kill",
                "^%cap_kill | ^cap_kill",
                "!^%^!5 | !^cap_kill",
                "'' | ''",
                "cap_kill, | cap_kill",
                "cap_kill,^ | cap_kill",
                "! | ''",
                "63 | ''",
            })
    void textForms(String text, String canonical) {
        assertThat(Iab.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @CsvSource({
        "',cap_kill', 0",
        "'cap_kill,,cap_chown', 9",
        "'cap_kill ,cap_chown', 8",
        "' cap_kill', 0",
        "all, 0",
        "kill, 0",
        "64, 0",
        "'^,cap_kill', 1",
        "cap_kill^cap_chown, 8",
        "cap_kill=e, 8",
    })
    void badTextIsRefusedWithItsPosition(String text, int position) {
        assertThatThrownBy(() -> Iab.parse(text))
                .isInstanceOfSatisfying(
                        CapabilityTextException.class,
                        e -> assertThat(e.position()).isEqualTo(position));
    }

    @Test
    void ambientImpliesInheritable() {
        Iab iab = Iab.EMPTY.raise(AMBIENT, KILL).raise(BLOCKED, CHOWN);
        assertThat(iab).isEqualTo(Iab.of(0x20, 0x20, 1));
        assertThat(iab.has(INHERITABLE, KILL)).isTrue();
        assertThat(iab.has(BLOCKED, KILL)).isFalse();
        assertThat(iab.lower(INHERITABLE, KILL)).isEqualTo(Iab.of(0, 0, 1));
        assertThat(iab.lower(AMBIENT, KILL)).isEqualTo(Iab.of(0x20, 0, 1));
        assertThat(iab.with(AMBIENT, 3)).isEqualTo(Iab.of(0x23, 3, 1));
        assertThat(iab.with(INHERITABLE, 3)).isEqualTo(Iab.of(3, 0, 1));
        assertThat(Iab.of(0, 5, 0).inheritable()).isEqualTo(5);
    }

    @Test
    void isFilledFromSets() {
        CapabilitySet set = CapabilitySet.of(3, 4, 8);
        assertThat(Iab.EMPTY.fill(AMBIENT, set, Flag.PERMITTED)).isEqualTo(Iab.of(3, 3, 0));
        assertThat(Iab.EMPTY.fill(INHERITABLE, set, Flag.INHERITABLE)).isEqualTo(Iab.of(8, 0, 0));
        assertThat(Iab.EMPTY.fill(BLOCKED, set, Flag.EFFECTIVE)).isEqualTo(Iab.of(0, 0, ~4L));
    }

    @Test
    void comparesVectorByVector() {
        Iab iab = Iab.of(7, 1, 2);
        assertThat(iab.compare(Iab.of(7, 1, 2))).isEmpty();
        assertThat(iab.compare(Iab.of(7, 2, 0))).containsExactly(AMBIENT, BLOCKED);
        assertThat(iab).isEqualTo(Iab.of(6, 1, 2)).hasSameHashCodeAs(Iab.of(6, 1, 2));
        assertThat(iab).isNotEqualTo(Iab.of(8, 1, 2));
    }
}
