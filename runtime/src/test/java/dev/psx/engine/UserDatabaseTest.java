package dev.psx.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserDatabaseTest {

    private final UserDatabase users = new UserDatabase(new Libc());

    @Test
    void root() {
        assertThat(users.user("root")).startsWith("root", 0, 0);
        assertThat((int[]) users.user("root")[3]).contains(0);
        assertThat(users.user("root")[4]).isEqualTo("/root");
        assertThat(users.group("root")).isZero();
    }

    /** The libc's answer is that of the file: this test assumes no more than that passwd lists are asked first. */
    @Test
    void everyUserOfThePasswordFile() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/etc/passwd"));
        assertThat(lines).anyMatch(line -> line.startsWith("nobody:"));
        for (String line : lines) {
            String[] fields = line.split(":");
            int uid = Integer.parseUnsignedInt(fields[2]);
            int gid = Integer.parseUnsignedInt(fields[3]);
            assertThat(users.user(fields[0])).startsWith(fields[0], uid, gid);
            assertThat((int[]) users.user(fields[0])[3]).contains(gid);
            assertThat(users.user(fields[2])[1]).isEqualTo(uid);
        }
    }

    @Test
    void everyGroupOfTheGroupFile() throws IOException {
        for (String line : Files.readAllLines(Path.of("/etc/group"))) {
            String[] fields = line.split(":");
            int gid = Integer.parseUnsignedInt(fields[2]);
            assertThat(users.group(fields[0])).isEqualTo(gid);
            for (String member : fields.length < 4 ? new String[0] : fields[3].split(",")) {
                assertThat((int[]) users.user(member)[3]).contains(gid);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-user-or-group", "", " root", "root ", "-1", "4294967295", "99999999999999999999"})
    void unknown(String name) {
        assertThat(users.user(name)).isNull();
        assertThat(users.group(name)).isNull();
    }

    @Test
    void numberWithoutAnEntry() {
        assertThat(users.user("3000000000")).containsExactly(null, (int) 3_000_000_000L, null, null, null);
        assertThat(users.group("3000000000")).isEqualTo((int) 3_000_000_000L);
    }

    @Test
    void nameThatCCannotHold() {
        assertThatThrownBy(() -> users.user("root\0x")).isInstanceOf(IllegalArgumentException.class);
    }
}
