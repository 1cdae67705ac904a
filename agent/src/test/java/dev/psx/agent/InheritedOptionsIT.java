package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.DescendantApp;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Inheritance;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import dev.psx.policy.Key;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A child JVM, and its child, that inherit JAVA_TOOL_OPTIONS with the agent from one that has dropped, for every option. */
@RootOnly
class InheritedOptionsIT {

    private static final int GENERATIONS = 3;
    private static final String LOST = "the process has lost what the plan keeps: ";

    @TempDir
    private Path directory;

    /** A root directory cannot be inherited: {@link ChrootIT}. */
    @Test
    void everyKeyHasARow() {
        String all = Stream.of(Inheritance.values())
                .map(row -> "," + row.options("file", 1))
                .collect(Collectors.joining());
        assertThat(Key.values())
                .filteredOn(key -> key != Key.CHROOT && !all.contains("," + key.option() + "="))
                .isEmpty();
    }

    @EachJdk
    void descendantsStartNormally(Jdk jdk) throws IOException {
        Path policy = Files.writeString(directory.resolve("psx.conf"), Inheritance.FILE);
        directory.toFile().setExecutable(true, false);
        for (Inheritance row : Inheritance.values()) {
            int port = row.listens() ? freePort() : 0;
            try (Child child = start(jdk, Jvm.of(jdk), row.options(policy.toString(), port), port)) {
                assertThat(child.exitCode()).as(row + child.transcript()).isZero();
                assertNoMore(row, child);
                List<List<String>> said = byGeneration(child);
                assertThat(said).as(row + child.transcript()).hasSize(GENERATIONS);
                assertThat(lost(said.get(0))).as(row + child.transcript()).isEmpty();
                for (List<String> descendant : said.subList(1, GENERATIONS)) {
                    assertWarnings(row, said.get(0), descendant);
                }
            }
        }
    }

    /** The same first JVM, but the second is not what its options ask for: one thing is different. */
    @EachJdk
    void oneThatStillHasSomethingToDropIsRefused(Jdk jdk) {
        String options = "user=daemon,caps=net_bind_service,keyring=keep";
        for (String different : List.of("--regid=2", "--groups=1,2", "--bounding-set=-all,+kill", "")) {
            try (Child child = start(jdk, Jvm.of(jdk).through(prepared(different)), options, 0)) {
                assertThat(child.exitCode()).as(different + child.transcript()).isEqualTo(77);
                assertThat(child.stdout()).as(different).isEmpty();
                assertThat(child.stderr()).as(different).anyMatch(line -> line.contains("nothing has changed"));
            }
        }
        try (Child child = start(jdk, Jvm.of(jdk).through(prepared("--regid=1")), options, 0)) {
            assertThat(child.exitCode()).as("control" + child.transcript()).isZero();
        }
    }

    /** What the agent leaves, but for one thing. */
    private static String[] prepared(String different) {
        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid=1"));
        for (String usual : List.of("--regid=1", "--groups=1", "--bounding-set=-all")) {
            boolean same = !different.startsWith(usual.replaceFirst("=.*", "="));
            command.add(same ? usual : different);
        }
        if (!different.isEmpty()) {
            command.add("--no-new-privs");
        }
        return command.toArray(new String[0]);
    }

    /** Standard error has nothing but what the agent says. */
    private static Child start(Jdk jdk, Jvm jvm, String options, int port) {
        String access = jdk.version() < 22 ? "" : "--enable-native-access=ALL-UNNAMED ";
        return jvm.environment("JAVA_TOOL_OPTIONS", access + "-javaagent:" + Artifacts.agentJar() + "=" + options)
                .start(DescendantApp.class, Integer.toString(GENERATIONS - 1), Integer.toString(port));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Ids are the same, and each set of capabilities is a part of its parent's. */
    private static void assertNoMore(Inheritance row, Child child) {
        List<String> lines = child.stdout();
        assertThat(lines).as(row + child.transcript()).hasSize(GENERATIONS);
        for (int i = 1; i < GENERATIONS; i++) {
            String[] parent = lines.get(i - 1).split("; ");
            String[] own = lines.get(i).split("; ");
            for (int word = 0; word < own.length; word++) {
                if (own[word].startsWith("Cap")) {
                    assertThat(mask(own[word]) & ~mask(parent[word]))
                            .as(row + " " + lines)
                            .isZero();
                } else {
                    assertThat(own[word]).as(row.toString()).isEqualTo(parent[word]);
                }
            }
        }
    }

    private static long mask(String word) {
        return Long.parseUnsignedLong(word.substring(word.indexOf(' ') + 1), 16);
    }

    /** Each JVM says first that it has picked up the options. */
    private static List<List<String>> byGeneration(Child child) {
        List<List<String>> all = new ArrayList<>();
        for (String line : child.stderr()) {
            if (line.startsWith("Picked up JAVA_TOOL_OPTIONS")) {
                all.add(new ArrayList<>());
            } else {
                all.get(all.size() - 1).add(line);
            }
        }
        return all;
    }

    private static List<String> lost(List<String> said) {
        return said.stream().filter(line -> line.contains(LOST)).toList();
    }

    private static List<String> others(List<String> said) {
        return said.stream()
                .filter(line -> !line.startsWith("psx-agent: INFO ") && !line.contains(LOST))
                .toList();
    }

    /** Besides only those that the options deserve on every start. */
    private static void assertWarnings(Inheritance row, List<String> first, List<String> said) {
        if (row.lost == null) {
            assertThat(lost(said)).as(row.toString()).isEmpty();
        } else {
            assertThat(lost(said))
                    .as(row + " " + said)
                    .singleElement()
                    .asString()
                    .contains(LOST + row.lost, row.remedy);
        }
        assertThat(others(said)).as(row.toString()).hasSize(row.others).isSubsetOf(others(first));
    }
}
