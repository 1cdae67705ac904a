package dev.psx.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusFileTest {

    private static final String TEXT = """
        Name:\ta\\nUid:\t0\\\\n
        Umask:\t0022
        State:\tZ (zombie)
        Tgid:\t4711
        Ngid:\t0
        Pid:\t4712
        Uid:\t1\t2\t4294967294\t4
        Gid:\t5\t6\t7\t8
        Groups:\t4294967294 9 10 9\s
        NStgid:\t4711\t1
        NSpid:\t4712\t2
        SigPnd:\t0000000080000000
        ShdPnd:\t0000000000000000
        SigBlk:\tfffffffe7ffbfeff
        SigCgt:\t0000000000000004
        CapInh:\t0000000000000001
        CapPrm:\t000001ffffffffff
        CapEff:\t0000000000000003
        CapBnd:\tffffffffffffffff
        CapAmb:\t0000000000000005
        NoNewPrivs:\t1
        Seccomp:\t2
        """;

    @Test
    void everyField() {
        StatusFile file = StatusFile.parse(TEXT);

        assertThat(file.name()).isEqualTo("a\nUid:\t0\\n");
        assertThat(file.tid()).isEqualTo(4712);
        assertThat(file.tgid()).isEqualTo(4711);
        assertThat(file.innermostTid()).isEqualTo(2);
        assertThat(file.state()).isEqualTo('Z');
        assertThat(file.dead()).isTrue();
        assertThat(file.uid()).containsExactly(1, 2, -2, 4);
        assertThat(file.gid()).containsExactly(5, 6, 7, 8);
        assertThat(file.groups()).containsExactly(9, 10, -2);
        assertThat(file.capInheritable()).isEqualTo(1);
        assertThat(file.capPermitted()).isEqualTo(0x1ffffffffffL);
        assertThat(file.capEffective()).isEqualTo(3);
        assertThat(file.capBounding()).isEqualTo(-1);
        assertThat(file.capAmbient()).isEqualTo(5);
        assertThat(file.noNewPrivs()).isTrue();
        assertThat(file.seccomp()).isEqualTo(2);
        assertThat(file.signalsPending()).isEqualTo(1L << 31);
        assertThat(file.signalsBlocked()).isEqualTo(0xfffffffe7ffbfeffL);
        assertThat(file.signalsCaught()).isEqualTo(4);
    }

    @Test
    void linesThatOldKernelsLackAreZero() {
        String old = TEXT.replaceAll("(CapAmb|NoNewPrivs|Seccomp|NSpid|NStgid):.*\n", "");
        StatusFile file = StatusFile.parse(old);

        assertThat(file.capAmbient()).isZero();
        assertThat(file.noNewPrivs()).isFalse();
        assertThat(file.seccomp()).isZero();
        assertThat(file.innermostTid()).isEqualTo(file.tid());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Name", "State", "Tgid", "Pid", "Uid", "Gid", "Groups", "SigBlk", "CapPrm", "CapBnd"})
    void fileWithoutANeededLineIsRefused(String key) {
        assertThatThrownBy(() -> StatusFile.parse(TEXT.replaceAll("(?m)^" + key + ":.*\n", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                ":",
                "Name:\tx",
                "Uid:\t0\t0\t0",
                "Uid:\tx\t0\t0\t0",
                "State:\t",
                "CapEff:\t10000000000000000"
            })
    void garbageIsRefused(String line) {
        String key = line.substring(0, line.indexOf(':') + 1);
        String text = key.length() < 2 ? line : TEXT.replaceAll("(?m)^" + key + ".*$", line);
        String broken = line.startsWith("Name") ? line : text;

        assertThatThrownBy(() -> StatusFile.parse(broken)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void arraysAreCopies() {
        StatusFile file = StatusFile.parse(TEXT);
        file.uid()[0] = 0;
        file.groups()[0] = 0;

        assertThat(file.uid()[0]).isEqualTo(1);
        assertThat(file.groups()[0]).isEqualTo(9);
    }

    @Test
    void ownStatus() throws IOException {
        StatusFile file = StatusFile.parse(Files.readString(Path.of("/proc/self/status")));

        assertThat(file.tid()).isEqualTo(file.tgid()).isEqualTo((int)
                ProcessHandle.current().pid());
        assertThat(file.dead()).isFalse();
    }
}
