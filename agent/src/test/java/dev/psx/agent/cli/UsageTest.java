package dev.psx.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {

    @ParameterizedTest(name = "[{0}]")
    @CsvSource(delimiter = '|', textBlock = """
        ''                     | no command given
        nonsense               | unknown command nonsense
        --nonsense             | unknown command --nonsense
        STATUS 1               | unknown command STATUS
        @/etc/passwd           | unknown command @/etc/passwd
        status                 | Missing required parameter: 'PID'
        status --json          | Missing required parameter: 'PID'
        status nonsense        | 'nonsense' is not a process id
        status ''              | '' is not a process id
        status 1.5             | '1.5' is not a process id
        status 0x1             | '0x1' is not a process id
        status 99999999999     | '99999999999' is not a process id
        status 0               | '0' is not a process id
        status -1              | '-1' is not a process id
        status 1 2             | '2'
        status 1 --nonsense    | '--nonsense'
        status 1 --js          | '--js'
        status 1 --json=yes    | --json
        status 1 --json --json | only once
        check                  | Missing required parameter: 'OPTIONS'
        check user=x --pid     | --pid
        check user=x --pid 0   | '0' is not a process id
        check user=x --json=1  | --json
        check user=x user=y    | 'user=y'
        check usr=x            | "usr" is not an option
        check when=manual      | has nothing to drop
        check ''               | nothing to drop
        help nonsense          | 'nonsense'
        version 1              | '1'
        """)
    void errorsAreOneLineOnStandardError(String words, String message) {
        Run run =
                Run.of(words.isEmpty() ? new String[0] : words.replace("''", "").split(" ", -1));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("psx-agent: ").contains(message).contains("java -jar psx-agent.jar help");
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void errorsShowNoControlCharacters() {
        Run run = Run.of("status", "\033[2J\n");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("'\\u001b[2J\\u000a' is not a process id");
    }

    @ParameterizedTest
    @CsvSource({"help", "--help", "-h", "help help"})
    void helpNamesTheCommands(String words) {
        Run run = Run.of(words.split(" "));

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("Usage: java -jar psx-agent.jar");
    }

    @ParameterizedTest
    @CsvSource({"help status", "status --help", "status -h"})
    void helpOfStatusNamesOptionsAndExitCodes(String words) {
        Run run = Run.of(words.split(" "));

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("PID", "--json", "--attach", "Exit codes:", "  3   There is no such process");
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
    }

    @ParameterizedTest
    @CsvSource({"help check", "check --help"})
    void helpOfCheckNamesOptionsAndExitCodes(String words) {
        Run run = Run.of(words.split(" "));

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("OPTIONS", "--pid", "--attach", "  0   The drop is feasible", "  1   It is not");
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
    }

    @ParameterizedTest
    @CsvSource({"version", "--version", "-V"})
    void versionIsOneLine(String words) {
        Run run = Run.of(words);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).matches("psx-agent .+\n");
    }
}
