package dev.psx.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits mean what systemd.exec(5) says they mean: units by resource, sizes to the base 1024, times rounded up to seconds. */
class LimitTextTest {

    @ParameterizedTest
    @CsvSource({
        "LimitCPU=30, cpu: 30:30",
        "LimitCPU=1min 30s, cpu: 90:90",
        "LimitCPU=1min30s, cpu: 90:90",
        "LimitCPU=1500ms, cpu: 2:2",
        "LimitCPU=1us, cpu: 1:1",
        "LimitCPU=1d:1w, cpu: 86400:604800",
        "LimitCPU=1M:1y, cpu: 2629800:31557600",
        "LimitCPU=1.5h, cpu: 5400:5400",
        "LimitCPU=infinity, cpu: infinity:infinity",
        "LimitFSIZE=1K, fsize: 1024:1024",
        "LimitDATA=1.5G, data: 1610612736:1610612736",
        "LimitSTACK=8M:infinity, stack: 8388608:infinity",
        "LimitCORE=0, core: 0:0",
        "LimitRSS=1T, rss: 1099511627776:1099511627776",
        "LimitAS=1G 512M, as: 1610612736:1610612736",
        "LimitAS=1E, as: 1152921504606846976:1152921504606846976",
        "LimitAS=15E, as: 17293822569102704640:17293822569102704640",
        "LimitMEMLOCK=64K, memlock: 65536:65536",
        "LimitMEMLOCK=12B, memlock: 12:12",
        "LimitMSGQUEUE=819200, msgqueue: 819200:819200",
        "LimitNOFILE=18446744073709551614, nofile: 18446744073709551614:18446744073709551614",
        "LimitNPROC=0:10, nproc: 0:10",
        "LimitLOCKS=5, locks: 5:5",
        "LimitSIGPENDING=7:infinity, sigpending: 7:infinity",
        "LimitNICE=+5, nice: 15:15",
        "LimitNICE=-5, nice: 25:25",
        "LimitNICE=-20, nice: 40:40",
        "LimitNICE=30, nice: 30:30",
        "LimitNICE=0:-1, nice: 0:21",
        "LimitRTPRIO=99, rtprio: 99:99",
        "LimitRTTIME=200, rttime: 200:200",
        "LimitRTTIME=200ms, rttime: 200000:200000",
        "LimitRTTIME=1s 5µs, rttime: 1000005:1000005"
    })
    void meanWhatSystemdSays(String line, String limit) {
        assertThat(Said.by(Said.file(line))).containsExactly("limit " + limit);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LimitCPU=",
                "LimitCPU=1 fortnight",
                "LimitCPU=-1",
                "LimitCPU=1.s",
                "LimitFSIZE=1k",
                "LimitFSIZE=1KB",
                "LimitFSIZE=512M 1G",
                "LimitAS=16E",
                "LimitAS=1:2:3",
                "LimitNOFILE=1K",
                "LimitNOFILE=0x10",
                "LimitNOFILE=010",
                "LimitNOFILE=18446744073709551615",
                "LimitNOFILE=99999999999999999999999",
                "LimitNOFILE=INFINITY",
                "LimitNOFILE=1024:",
                "LimitNOFILE=:1024",
                "LimitNICE=+20",
                "LimitNICE=-21",
                "LimitNICE=41",
                "LimitRTTIME=infinity:1"
            })
    void areRefusedOtherwise(String line) {
        assertThatThrownBy(() -> Said.file(line))
                .isInstanceOf(PolicyException.class)
                .hasMessageStartingWith("line 2, column ")
                .hasMessageContaining(line.substring(0, line.indexOf('=')) + "=\"")
                .hasMessageContaining("soft:hard");
    }
}
