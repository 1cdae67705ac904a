package dev.psx.cap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CapabilityTest {

    @ParameterizedTest
    @EnumSource
    void isFoundByEveryName(Capability capability) {
        assertThat(Capability.of(capability.toString())).isSameAs(capability);
        assertThat(Capability.of(capability.shortName())).isSameAs(capability);
        assertThat(Capability.of(capability.name())).isSameAs(capability);
        assertThat(Capability.of("CAP_" + capability.name())).isSameAs(capability);
        assertThat(Capability.of(Integer.toString(capability.number()))).isSameAs(capability);
        assertThat(capability.toString()).isEqualTo("cap_" + capability.shortName());
        assertThat(capability.mask()).isEqualTo(1L << capability.number());
        assertThat(Capability.in(capability.mask())).containsExactly(capability);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "63, 63", "0x3f, 63", "0X0a, 10", "077, 63", "Cap_Bpf, 39", "bpf, 39"})
    void numbersAreThoseOfC(String text, int number) {
        assertThat(Capability.number(text)).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "64, 0",
        "99999999999999999999, 0",
        "0x, 1",
        "08, 1",
        "-1, 0",
        "cap_cap_bpf, 0",
        "cap_, 0",
        "bpf2, 3",
        "'cap_bpf ', 7",
        "' bpf', 0",
        "all, 0",
        "bpſ, 0",
    })
    void badNamesAreRefusedWithTheirPosition(String text, int position) {
        assertThatThrownBy(() -> Capability.number(text))
                .isInstanceOfSatisfying(
                        CapabilityTextException.class,
                        e -> assertThat(e.position()).isEqualTo(position));
    }

    @Test
    void numbersWithoutNameAreMembersOfMasksOnly() {
        assertThatThrownBy(() -> Capability.of("41")).isInstanceOf(CapabilityTextException.class);
        assertThat(Capability.number("41")).isEqualTo(41);
        assertThat(Capability.name(41)).isEqualTo("41");
        assertThat(Capability.in(1L << 41)).isEmpty();
        assertThat(Capability.list(1L << 41 | 1)).isEqualTo("cap_chown,41");
        assertThatThrownBy(() -> Capability.name(64)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Capability.name(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void listsAreReadAsTheyAreShown() {
        Texts texts = new Texts(11);
        for (int i = 0; i < 2000; i++) {
            long mask = texts.mask();
            assertThat(Capability.parseList(Capability.list(mask))).isEqualTo(mask);
        }
        assertThat(Capability.parseList("NET_RAW,cap_kill,0x3f"))
                .isEqualTo(Capability.mask(Capability.KILL, Capability.NET_RAW) | 1L << 63);
    }

    @ParameterizedTest
    @ValueSource(strings = {",", "kill,", ",kill", "kill,,bpf", "kill bpf", "all", "kill,64"})
    void badListsAreRefused(String text) {
        assertThatThrownBy(() -> Capability.parseList(text)).isInstanceOf(CapabilityTextException.class);
    }

    @Test
    void messageShowsWhereTheTextIsWrong() {
        assertThatThrownBy(() -> Capability.parseList("kill,\nbpf"))
                .hasMessage("the name of a capability is missing, at character 6 of \"kill,\\u000abpf\"");
        String longText = "kill,".repeat(1000) + "!";
        assertThatThrownBy(() -> Capability.parseList(longText))
                .satisfies(e -> assertThat(e.getMessage())
                        .hasSizeLessThan(160)
                        .contains("at character 5001 of \"...")
                        .contains("kill,kill,!\""));
    }

    @Test
    void countIsTheKernels() {
        assertThat(Capability.count()).isBetween(30, 64);
        assertThat(Capability.all()).isEqualTo(Capability.below(Capability.count()));
        assertThat(Capability.below(64)).isEqualTo(-1);
        assertThat(Capability.CHOWN.isSupported()).isTrue();
    }
}
