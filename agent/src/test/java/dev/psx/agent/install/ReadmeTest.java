package dev.psx.agent.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.psx.policy.Key;
import dev.psx.policy.PolicyParser;
import dev.psx.policy.PolicySettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents drift from the code when nothing compares them. */
class ReadmeTest {

    @TempDir
    private Path directory;

    private final String readme = read(Path.of("README.md"));

    @Test
    void theTableHasTheOptionsOfTheParser() {
        String options = section("## Options");

        assertThat(groups("(?m)^\\| `([a-z-]+)` \\| ", options)).containsExactly(Key.names(false));
        assertThat(groups("(?m)^\\| `[a-z-]+` \\| `(\\w+)` \\| ", options)).containsExactly(Key.names(true));
    }

    @Test
    void theTableHasTheDefaultsOfTheParser() {
        PolicySettings settings = OptionParser.parse("user=nobody,when=listening:80");

        assertThat(row("deadline")).endsWith("| `" + settings.deadlineUs() / 60_000_000 + "m` |");
        assertThat(row("max-pause")).endsWith("| `" + settings.maxPauseUs() / 1000 + "ms` |");
        assertThat(row("give-up")).endsWith("| `" + settings.giveUpUs() / 1_000_000 + "s` |");
        assertThat(row("on-divergence")).endsWith("| `" + settings.onDivergence() + "` |");
        assertThat(row("log")).endsWith("| `" + settings.log().name().toLowerCase() + "` |");
    }

    @Test
    void theChoicesOfTheTableAreThoseOfTheParser() {
        for (String key : List.of(
                "no-new-privs", "dumpable", "keyring", "io-uring", "on-failure", "on-divergence", "api", "log")) {
            String values = row(key).split("\\|")[3];
            assertThat(values).contains("`");
            for (String choice : groups("`([a-z]+)`", values)) {
                assertThatCode(() -> OptionParser.parse("user=nobody," + key + "=" + choice))
                        .doesNotThrowAnyException();
            }
        }
    }

    @Test
    void everyExampleIsUnderstood() {
        groups("(?s)```ini\\n(.*?)```", readme)
                .forEach(policy -> assertThatCode(() -> PolicyParser.file(write(policy)))
                        .as(policy)
                        .doesNotThrowAnyException());
        Stream.of(readme, read(Path.of("../README.md")))
                .forEach(text -> groups("-javaagent:[^= `]*psx-agent\\.jar=([^ `…)]+)", text)
                        .forEach(options -> assertThatCode(() -> OptionParser.parse(options))
                                .as(options)
                                .doesNotThrowAnyException()));
    }

    @Test
    void theHeadingsOfTroubleshootingAreWhatTheAgentSays() throws IOException {
        String said = sources().replaceAll("\"\\s*\\+\\s*\"", "");
        for (String heading : groups("(?m)^### `(.+)`$", section("## Troubleshooting"))) {
            if (!heading.startsWith("OpenJDK")) {
                assertThat(Stream.of(heading.split("…|[:;,()] ?"))
                                .map(String::strip)
                                .filter(part -> part.length() > 3))
                        .as(heading)
                        .isNotEmpty()
                        .allSatisfy(
                                part -> assertThat(said.contains(part)).as(part).isTrue());
            }
        }
    }

    private static String sources() throws IOException {
        try (Stream<Path> ours = Files.walk(Path.of("src/main/java"));
                Stream<Path> runtime = Files.walk(Path.of("../runtime/src/main/java"));
                Stream<Path> engine = Files.walk(Path.of("../native/src/main/c"))) {
            return Stream.of(ours, runtime, engine)
                    .flatMap(paths -> paths)
                    .filter(path -> path.toString().matches(".*\\.(java|c)"))
                    .map(ReadmeTest::read)
                    .collect(Collectors.joining());
        }
    }

    private String row(String key) {
        return groups("(?m)^(\\| `" + key + "` \\| .*)$", readme).get(0);
    }

    private String section(String heading) {
        return Stream.of(readme.split("(?m)^(?=## )"))
                .filter(part -> part.startsWith(heading))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> groups(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
    }

    private Path write(String policy) throws IOException {
        return Files.writeString(directory.resolve("psx.conf"), policy);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
