package dev.psx.drop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RootPowersTest {

    @Test
    void areThoseOfReadme() throws IOException {
        List<String> lines = Files.readAllLines(Path.of(System.getProperty("basedir", "."), "README.md"));
        int head = lines.indexOf("| capability | what it does |");
        Map<String, String> rows = new LinkedHashMap<>();
        lines.subList(head + 2, lines.size()).stream()
                .takeWhile(line -> line.startsWith("| "))
                .map(line -> line.split(" ?\\| ?"))
                .forEach(cells -> rows.put(cells[1].replace("`", ""), cells[2]));
        assertThat(rows).hasSizeGreaterThan(10).isEqualTo(RootPowers.among(-1));
    }

    @Test
    void othersAreNone() {
        assertThat(RootPowers.among(0)).isEmpty();
        assertThat(RootPowers.among(1L << 5 | 1L << 10 | 1L << 12)).isEmpty();
        assertThat(RootPowers.among(1L << 7 | 1L << 5)).containsOnlyKeys("cap_setuid");
    }
}
