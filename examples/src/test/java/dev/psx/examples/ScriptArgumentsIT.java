package dev.psx.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a script cannot understand it says in one line, and ends with 2 before it has done anything; none loops or prints a trace. */
class ScriptArgumentsIT {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../native/bench/run.sh --rows",
                "../native/bench/run.sh --rows 10",
                "../native/bench/run.sh --engines psx,",
                "../native/src/test/faults.sh --wrong",
                "../native/src/test/faults.sh no-such-row",
                "../native/src/test/faults.sh --libpsx go=.",
                "../agent/src/test/long.sh wrong",
                "../agent/src/test/long.sh --total",
                "../agent/src/test/long.sh --total many",
                "../agent/src/test/long.sh --slice 0",
                "benchmarks/run.sh costs many",
                "benchmarks/run.sh costs 1 1 /no/such/jdk",
                "benchmarks/run.sh pause 1 2",
                "benchmarks/run.sh spawn --threads many",
                "benchmarks/run.sh spawn --contestants",
                "benchmarks/run.sh spawn /no/such/jdk",
                "benchmarks/run.sh alive none",
            })
    void aWrongArgumentIsNamed(String command) throws Exception {
        try (Application script = Application.run(command.split(" "))) {
            String name = command.replaceAll("^\\S*/| .*", "");

            assertThat(script.output()).singleElement().asString().startsWith(name + ": ");
            assertThat(script.exitCode()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../native/bench/run.sh",
                "../native/src/test/faults.sh",
                "../agent/src/test/long.sh",
                "benchmarks/run.sh"
            })
    void helpIsNoMistake(String script) throws Exception {
        try (Application help = Application.run(script, "--help")) {
            assertThat(help.output()).hasSizeGreaterThan(4);
            assertThat(help.exitCode()).isZero();
        }
    }
}
