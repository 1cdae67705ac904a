package dev.psx.cap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import dev.psx.cap.CapabilitySet.Flag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileCapabilitiesTest {

    private static final int ROUNDS = 300;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "0100000200200000002000000000000000000000, cap_net_raw=eip",
        "0100000200200000000000000000000000000000, cap_net_raw=ep",
        "0000000200200000000000008000000000000000, 'cap_net_raw,cap_bpf=p'",
        "010000030020000000000000000000000000000064000000, cap_net_raw=ep [rootid=100]",
        "0100000300200000000000000000000000000000ffffffff, cap_net_raw=ep [rootid=4294967295]",
        "010000010020000000000000, cap_net_raw=ep",
        "0000000200000000000000000000000000000080, = 63+i",
    })
    void formatsOfTheKernel(String hex, String text) {
        FileCapabilities read = FileCapabilities.fromAttribute(HexFormat.of().parseHex(hex));
        assertThat(read).hasToString(text);
        assertThat(FileCapabilities.fromAttribute(read.toAttribute()))
                .isEqualTo(read)
                .hasSameHashCodeAs(read);
        if (!hex.startsWith("01000001")) {
            assertThat(read.toAttribute()).isEqualTo(HexFormat.of().parseHex(hex));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void otherLengthsAndVersionsAreRefused(int version) {
        byte[] attribute = Arrays.copyOf(new byte[] {0, 0, 0, (byte) version}, new int[] {12, 20, 24}[version - 1]);
        FileCapabilities.fromAttribute(attribute);
        for (int length = 0; length < 40; length++) {
            byte[] other = Arrays.copyOf(attribute, length);
            if (length != attribute.length) {
                assertThatThrownBy(() -> FileCapabilities.fromAttribute(other))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
        attribute[3] = 4;
        assertThatThrownBy(() -> FileCapabilities.fromAttribute(attribute))
                .hasMessageContaining("version 1, 2 or 3, not 4");
    }

    @Test
    void aFileHasOneEffectiveBit() {
        assertThat(FileCapabilities.of(CapabilitySet.of(3, 7, 4)).isEffective()).isTrue();
        assertThat(FileCapabilities.of(CapabilitySet.of(3, 0, 4)).sets()).isEqualTo(CapabilitySet.of(3, 0, 4));
        assertThat(FileCapabilities.of(3, 4, true).sets()).isEqualTo(CapabilitySet.of(3, 7, 4));
        assertThatThrownBy(() -> FileCapabilities.of(CapabilitySet.of(3, 3, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lacks cap_dac_read_search");
    }

    private static CapabilitySet random(Random random) {
        CapabilitySet sets = CapabilitySet.of(random.nextLong(), 0, random.nextLong() & random.nextLong());
        sets = sets.with(Flag.PERMITTED, sets.permitted() & Capability.all())
                .with(Flag.INHERITABLE, sets.inheritable() & Capability.all());
        return random.nextBoolean() ? sets.with(Flag.EFFECTIVE, sets.permitted() | sets.inheritable()) : sets;
    }

    @Test
    void libcapReadsWhatWeWrite() throws IOException {
        Tools.required();
        Libcap.required();
        Path file = Files.createFile(directory.resolve("file"));
        Random random = new Random(51);
        try (CapProcess process = new CapProcess()) {
            for (int i = 0; i < ROUNDS; i++) {
                CapabilitySet sets = random(random);
                int owner = i % 3 == 0 ? 1 + random.nextInt(Integer.MAX_VALUE) : 0;
                process.tell("file-set " + file + " " + owner + " " + sets);
                Pointer read = Libcap.pointer("cap_get_file", (Object) Libcap.text(file.toString()));
                assertThat(Libcap.external(read)).isEqualTo(sets.toExternal());
                assertThat(Libcap.call("cap_get_nsowner", read)).isEqualTo(owner);
                Libcap.free(read);
            }
        }
    }

    @Test
    void weReadWhatLibcapWrites() throws IOException {
        Tools.required();
        Libcap.required();
        Path file = Files.createFile(directory.resolve("file"));
        Random random = new Random(52);
        try (CapProcess process = new CapProcess()) {
            assertThat(process.tell("file-get " + file)).isEqualTo("none");
            for (int i = 0; i < ROUNDS; i++) {
                CapabilitySet sets = random(random);
                int owner = i % 3 == 0 ? 1 + random.nextInt(Integer.MAX_VALUE) : 0;
                Pointer written = Libcap.sets(sets.toExternal());
                Libcap.call("cap_set_nsowner", written, owner);
                assertThat(Libcap.call("cap_set_file", Libcap.text(file.toString()), written))
                        .isZero();
                Libcap.free(written);
                assertThat(process.tell("file-get " + file))
                        .isEqualTo(FileCapabilities.of(sets)
                                .withNamespaceOwner(owner)
                                .toString());
            }
        }
    }

    @Test
    void onlyRegularFilesHaveCapabilities() throws IOException {
        Tools.required();
        Path file = Files.createFile(directory.resolve("strange%20\u00e4"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        try (CapProcess process = new CapProcess()) {
            process.tell("file-set " + file + " 0 cap_net_raw=ep");
            assertThat(process.tell("file-get " + link)).isEqualTo("cap_net_raw=ep");
            assertThat(CapProcess.output("getcap", file.toString())).endsWith(" cap_net_raw=ep");
            assertThat(process.ask("file-set " + link + " 0 =p"))
                    .startsWith("failed ErrnoException")
                    .contains("EINVAL");
            assertThat(process.ask("file-set " + directory + " 0 =p")).contains("EINVAL", "regular files");
            assertThat(process.ask("file-remove " + link)).contains("EINVAL");
            assertThat(process.ask("file-get " + directory.resolve("missing"))).contains("ENOENT");
            assertThat(process.ask("file-set " + directory.resolve("missing") + " 0 =p"))
                    .contains("ENOENT");
            process.tell("file-remove " + file);
            assertThat(process.tell("file-get " + file)).isEqualTo("none");
            assertThat(process.ask("file-remove " + file)).contains("ENODATA");
            process.tell("set " + process.sets().lower(Flag.EFFECTIVE, Capability.SETFCAP));
            assertThat(process.ask("file-set " + file + " 0 =p")).contains("EPERM", "CAP_SETFCAP");
        }
    }
}
