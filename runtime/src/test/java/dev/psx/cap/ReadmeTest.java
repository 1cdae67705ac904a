package dev.psx.cap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.psx.ErrnoException;
import dev.psx.Psx;
import dev.psx.process.Launcher;
import dev.psx.process.LauncherBuilder;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of functions in README.md: complete, and true. */
class ReadmeTest {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern MEMBER = Pattern.compile("(?:([A-Z]\\w+)\\.)?(\\w+)(?:\\(.*\\))?");

    private static final List<Class<?>> TYPES = List.of(
            Capability.class,
            CapabilitySet.class,
            CapabilityTextException.class,
            Capabilities.class,
            Iab.class,
            SecureBits.class,
            Mode.class,
            FileCapabilities.class,
            ErrnoException.class,
            Launcher.class,
            LauncherBuilder.class,
            Psx.class);

    private static List<String[]> rows() throws IOException {
        List<String> lines = Files.readAllLines(Path.of(System.getProperty("basedir", "."), "README.md"));
        int head = lines.indexOf("| libcap | Go `cap` | here |");
        return lines.subList(head + 2, lines.size()).stream()
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("\\|"))
                .toList();
    }

    private static List<String> code(String cell) {
        return CODE.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    @Test
    void namesEveryFunctionThatLibcapExports() throws IOException {
        Set<String> named = new TreeSet<>();
        for (String[] row : rows()) {
            named.addAll(code(row[1]));
        }
        List<String> exported = exported();
        assertThat(exported).hasSizeGreaterThan(50);
        assertThat(exported.stream().filter(name -> !name.startsWith("cap_launcher_")))
                .isSubsetOf(named);
    }

    private static List<String> exported() throws IOException {
        Path library;
        try (Stream<String> maps = ownLibraries()) {
            library = Path.of(maps.filter(line -> line.contains("/libcap.so"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .findFirst()
                    .orElseThrow());
        }
        assumeTrue(Files.exists(Path.of("/usr/bin/nm")), "needs nm (binutils)");
        return CapProcess.output("nm", "-D", "--defined-only", library.toString())
                .lines()
                .map(line -> line.substring(line.lastIndexOf(' ') + 1).replaceAll("@.*", ""))
                .filter(name -> name.startsWith("cap"))
                .toList();
    }

    private static Stream<String> ownLibraries() throws IOException {
        Libcap.required();
        Libcap.call("cap_max_bits"); // loads it
        return Files.lines(Path.of("/proc/self/maps"));
    }

    @Test
    void namesOnlyWhatThereIs() throws IOException {
        int members = 0;
        for (String[] row : rows()) {
            Class<?> type = null;
            for (String name : row[3].startsWith(" none") ? List.<String>of() : code(row[3])) {
                Matcher parts = MEMBER.matcher(name);
                assertThat(parts.matches()).as(name).isTrue();
                if (type(name) != null || parts.group(1) != null) {
                    type = type(parts.group(1) == null ? name : parts.group(1));
                }
                assertThat(type).as(name).isNotNull();
                if (type(name) == null) {
                    assertThat(members(type)).contains(parts.group(2));
                    members++;
                }
            }
        }
        assertThat(members).isGreaterThan(60);
    }

    private static Class<?> type(String name) {
        return TYPES.stream()
                .filter(type -> type.getSimpleName().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static Set<String> members(Class<?> type) {
        List<String> names = new ArrayList<>();
        Stream.of(type.getMethods()).map(Method::getName).forEach(names::add);
        Stream.of(type.getFields()).map(Field::getName).forEach(names::add);
        Stream.of(type.getClasses()).map(Class::getSimpleName).forEach(names::add);
        return names.stream().collect(Collectors.toSet());
    }
}
