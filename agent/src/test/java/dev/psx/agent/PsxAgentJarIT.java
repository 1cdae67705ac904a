package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import net.bytebuddy.jar.asm.ClassReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code psx-agent.jar} holds, by prefix: nothing may get where an application sees it without somebody having decided so. */
class PsxAgentJarIT {

    private static final Path JAR = Paths.get(System.getProperty("psx.agent.jar"));

    /** Visible to every class of the application. */
    private static final List<String> ROOT = List.of(
            "META-INF/MANIFEST\\.MF",
            "META-INF/LICENSE",
            "dev/psx/[A-Za-z$0-9]+\\.class",
            "dev/psx/cap/[A-Za-z$0-9]+\\.class",
            "dev/psx/plan/[A-Za-z$0-9]+\\.class",
            "dev/psx/process/[A-Za-z$0-9]+\\.class",
            "dev/psx/policy/[A-Za-z$0-9]+\\.class",
            "dev/psx/check/[A-Za-z$0-9]+\\.class",
            "dev/psx/drop/[A-Za-z$0-9]+\\.class",
            "dev/psx/spi/[A-Za-z$0-9]+\\.class",
            "dev/psx/agent/AgentMain\\.class",
            "dev/psx/agent/bootstrap/[A-Za-z$0-9]+\\.class");

    private static final List<String> ISOLATED = List.of(
            "inst/dev/psx/engine/[A-Za-z$0-9]+\\.class",
            "inst/dev/psx/agent/install/[A-Za-z$0-9]+\\.class",
            "inst/dev/psx/agent/instrument/[A-Za-z$0-9]+\\.class",
            "inst/dev/psx/agent/trigger/[A-Za-z$0-9]+\\.class",
            "inst/dev/psx/agent/cli/[A-Za-z$0-9]+\\.class",
            "inst/net/bytebuddy/jar/asm/[A-Za-z$0-9]+\\.class",
            "inst/com/sun/jna/([a-z]+/)?[A-Za-z_$0-9]+\\.class",
            "inst/com/sun/jna/linux-(x86-64|aarch64)/libjnidispatch\\.so",
            "inst/org/slf4j/.+\\.class",
            "inst/picocli/.+\\.class",
            "inst/com/fasterxml/jackson/(core|jr)/.+\\.class",
            "inst/META-INF/psx/linux-(x86-64|aarch64)/libpsx-engine\\.so",
            "inst/META-INF/services/[A-Za-z.0-9]+",
            "inst/META-INF/third-party/.+");

    private static final Map<String, String> PLATFORMS = Map.of("amd64", "linux-x86-64", "aarch64", "linux-aarch64");

    private static final int JAVA_8 = 52;

    private static JarFile jar;

    @BeforeAll
    static void open() throws IOException {
        jar = new JarFile(JAR.toFile());
    }

    @AfterAll
    static void close() throws IOException {
        jar.close();
    }

    private static List<ZipEntry> files() {
        return jar.stream().filter(entry -> !entry.isDirectory()).collect(Collectors.toList());
    }

    private static List<ZipEntry> classes() {
        return files().stream().filter(e -> e.getName().endsWith(".class")).collect(Collectors.toList());
    }

    private static byte[] content(String name) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
            return in.readAllBytes();
        }
    }

    @Test
    void holdsWhatIsListedAndNothingElse() {
        Map<String, Integer> filesByPattern = new TreeMap<>();
        Set<String> unknown = new TreeSet<>();
        for (ZipEntry file : files()) {
            String pattern = patternFor(file.getName());
            if (pattern == null) {
                unknown.add(file.getName());
            } else {
                filesByPattern.merge(pattern, 1, Integer::sum);
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(filesByPattern.keySet()).containsAll(ROOT).containsAll(ISOLATED);
    }

    private static String patternFor(String name) {
        for (String pattern : name.startsWith("inst/") ? ISOLATED : ROOT) {
            if (Pattern.matches(pattern, name)) {
                return pattern;
            }
        }
        return null;
    }

    @Test
    void saysHowItIsStarted() throws IOException {
        Attributes manifest = jar.getManifest().getMainAttributes();
        String main = AgentMain.class.getName();

        assertThat(manifest.getValue("Main-Class")).isEqualTo(main);
        assertThat(manifest.getValue("Premain-Class")).isEqualTo(main);
        assertThat(manifest.getValue("Agent-Class")).isEqualTo(main);
        assertThat(manifest.getValue("Boot-Class-Path"))
                .isEqualTo(JAR.getFileName().toString());
        assertThat(manifest.getValue("Can-Redefine-Classes")).isEqualTo("true");
        assertThat(manifest.getValue("Can-Retransform-Classes")).isEqualTo("true");
        assertThat(manifest.getValue("Implementation-Version")).isNotBlank();
        assertThat(manifest.getValue("Multi-Release")).isNull();
        assertThat(manifest.getValue("Class-Path")).isNull();
    }

    @Test
    void storesItsEntriesAsTheyAreOnceEachAndWithoutTheTimeOfTheBuild() {
        assertThat(files()).allMatch(entry -> entry.getMethod() == ZipEntry.STORED);
        assertThat(jar.stream().map(ZipEntry::getName)).doesNotHaveDuplicates();
        assertThat(jar.stream().map(ZipEntry::getTime).distinct()).hasSize(1);
    }

    @Test
    void runsOnJava8() throws IOException {
        for (ZipEntry type : classes()) {
            try (DataInputStream in = new DataInputStream(jar.getInputStream(type))) {
                in.readInt();
                in.readUnsignedShort();
                assertThat(in.readUnsignedShort()).as(type.getName()).isLessThanOrEqualTo(JAVA_8);
            }
        }
    }

    @Test
    void holdsEveryClassThatOursName() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (ZipEntry type : classes()) {
            if (type.getName().matches("(inst/)?dev/psx/.*")) {
                boolean isolated = type.getName().startsWith("inst/");
                for (String used : typesIn(content(type.getName()))) {
                    if (!isReachable(used, isolated)) {
                        missing.add(type.getName() + " -> " + used);
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static boolean isReachable(String type, boolean fromIsolated) {
        String file = type + ".class";
        return jar.getEntry(file) != null
                || fromIsolated && jar.getEntry("inst/" + file) != null
                || ClassLoader.getPlatformClassLoader().getResource(file) != null;
    }

    /** The classes in the constant pool, arrays without their brackets. */
    private static Set<String> typesIn(byte[] bytes) {
        int classTag = 7;
        ClassReader reader = new ClassReader(bytes);
        char[] buffer = new char[reader.getMaxStringLength()];
        Set<String> types = new TreeSet<>();
        for (int i = 1; i < reader.getItemCount(); i++) {
            int item = reader.getItem(i);
            if (item > 0 && reader.readByte(item - 1) == classTag) {
                String name = reader.readUTF8(item, buffer);
                if (!name.startsWith("[")) {
                    types.add(name);
                } else if (name.endsWith(";")) {
                    types.add(name.substring(name.lastIndexOf('[') + 2, name.length() - 1));
                }
            }
        }
        return types;
    }

    /** A build without a compiler for the other platform leaves that one out; what is given to others must not come from such a build. */
    @Test
    void holdsTheLibrariesOfBothPlatforms() throws IOException {
        boolean both = "1".equals(System.getenv("PSX_REQUIRE_ALL_PLATFORMS"));
        for (Map.Entry<String, String> platform : PLATFORMS.entrySet()) {
            String engine = "inst/META-INF/psx/" + platform.getValue() + "/libpsx-engine.so";
            String jna = "inst/com/sun/jna/" + platform.getValue() + "/libjnidispatch.so";
            assertThat(jar.getEntry(jna)).as(jna).isNotNull();
            if (both || platform.getKey().equals(System.getProperty("os.arch"))) {
                assertThat(jar.getEntry(engine)).as(engine).isNotNull();
            }
            if (jar.getEntry(engine) != null) {
                assertThat(machineOf(content(engine))).as(engine).isEqualTo(machineOf(content(jna)));
            }
        }
    }

    /** The field e_machine of an ELF file. */
    private static int machineOf(byte[] elf) {
        return elf[18] | elf[19] << 8;
    }

    @Test
    void holdsTheProvidersOfItsServices() throws IOException {
        for (ZipEntry service : files()) {
            if (service.getName().startsWith("inst/META-INF/services/")) {
                String provider = new String(content(service.getName()), StandardCharsets.UTF_8).trim();
                assertThat(jar.getEntry("inst/" + provider.replace('.', '/') + ".class"))
                        .as("%s names %s", service.getName(), provider)
                        .isNotNull();
            }
        }
    }

    @Test
    void holdsTheLicencesOfTheLibrariesInIt() throws IOException {
        assertThat(new String(content("META-INF/LICENSE"), StandardCharsets.UTF_8))
                .contains("Apache License");
        Set<String> libraries = files().stream()
                .map(entry -> entry.getName().split("/"))
                .filter(parts -> parts.length > 3 && parts[2].equals("third-party"))
                .map(parts -> parts[3])
                .collect(Collectors.toSet());
        assertThat(libraries)
                .containsExactlyInAnyOrder(
                        "byte-buddy", "jna", "slf4j-api", "picocli", "jackson-core", "jackson-jr-objects");
    }

    @Test
    void isTheOnlyJarOfItsModule() throws IOException {
        try (var built = Files.newDirectoryStream(JAR.getParent(), "*.jar")) {
            assertThat(built).containsExactly(JAR);
        }
    }
}
