package dev.psx.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.spi.CapabilityWords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How sets of capabilities and texts of others are written. */
class WordsTest {

    @ParameterizedTest
    @CsvSource({
        "0000000000000000, none",
        "000001ffffffffff, all",
        "000001fffeffffff, all but sys_resource",
        "000001fffefffffe, all but chown sys_resource",
        "0000000000000400, net_bind_service",
        "0000010000000001, chown checkpoint_restore",
        "0000020000000001, chown cap_41",
        "8000000000000000, cap_63"
    })
    void capabilitySets(String set, String words) {
        assertThat(CapabilityWords.of(Long.parseUnsignedLong(set, 16), 0x1ffffffffffL))
                .isEqualTo(words);
    }

    @Test
    void allOfThisKernelAreAll() {
        assertThat(CapabilityWords.of(-1L)).isEqualTo("all");
        assertThat(CapabilityWords.of(0x3f)).isEqualTo("chown dac_override dac_read_search fowner fsetid kill");
    }

    @Test
    void whatATerminalWouldObeyIsEscaped() {
        assertThat(Text.plain("plain \u00e4\u4e2d \"'%")).isEqualTo("plain \u00e4\u4e2d \"'%");
        assertThat(Text.plain("\033[2J\r\n\t\b\0\u007f\u009b"))
                .isEqualTo("\\u001b[2J\\u000d\\u000a\\u0009\\u0008\\u0000\\u007f\\u009b");
        assertThat(Text.plain("\u202egnirts\u2066\u200b\u2028\ufeff"))
                .isEqualTo("\\u202egnirts\\u2066\\u200b\\u2028\\ufeff");
        assertThat(Text.plain("\ud800x\udb40\udc01")).isEqualTo("\\ud800x\\u{e0001}");
        assertThat(Text.plain("\\u001b")).isEqualTo("\\\\u001b");
    }

    @Test
    void columnsAreKept() {
        assertThat(Text.fit("123456789", 9)).isEqualTo("123456789");
        assertThat(Text.fit("1234567890", 9)).isEqualTo("123456...");
        assertThat(Text.wrap("aa bb cc dddddddddd e", "  ", 8)).isEqualTo("  aa bb\n  cc\n  dddddddddd\n  e\n");
    }
}
