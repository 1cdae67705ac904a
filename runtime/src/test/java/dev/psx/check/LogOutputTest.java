package dev.psx.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogOutputTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        -Xlog:gc*:file=/var/log/gc.log                            | /var/log/gc.log    | true
        -Xlog:gc:/var/log/gc.log                                  | /var/log/gc.log    | true
        -Xlog::/var/log/gc.log                                    | /var/log/gc.log    | true
        -Xlog:gc:file="/var/log/a:b.log":time,uptime:filecount=0  | /var/log/a:b.log   | false
        -Xlog:gc:gc-%p.log::filecount=2,filesize=1M               | gc-%p.log          | true
        -Xlog:gc:gc.log::filesize=1M,filecount=0                  | gc.log             | false
        -Xloggc:gc.log                                            | gc.log             | true
        """)
    void files(String option, String name, boolean rotates) {
        List<LogOutput> outputs = outputs(true, option);
        assertThat(outputs).hasSize(1);
        assertThat(outputs.get(0).name).isEqualTo(name);
        assertThat(outputs.get(0).rotates).isEqualTo(rotates);
    }

    @ParameterizedTest
    @CsvSource({
        "-Xlog:gc",
        "-Xlog:gc:stdout",
        "-Xlog:gc:stderr:time",
        "-Xlog:disable",
        "-Xlog:gc*,safepoint::uptime",
        "-Xlog"
    })
    void streams(String option) {
        assertThat(outputs(true, option)).isEmpty();
    }

    @Test
    void jdk8RotatesOnlyWhenTold() {
        assertThat(outputs(false, "-Xloggc:gc.log").get(0).rotates).isFalse();
        assertThat(outputs(false, "-Xloggc:gc.log", "-XX:+UseGCLogFileRotation").get(0).rotates)
                .isTrue();
    }

    private static List<LogOutput> outputs(boolean modern, String... options) {
        List<String> command = new ArrayList<>(Arrays.asList("java"));
        command.addAll(Arrays.asList(options));
        return LogOutput.of(VmArguments.parse(command, Collections.emptyMap(), name -> null), modern);
    }
}
