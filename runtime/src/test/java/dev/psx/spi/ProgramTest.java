package dev.psx.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class ProgramTest {

    @Test
    void aCallIsEightWords() {
        Program program = new Program().add("setresuid", 1, -1, 3);

        assertThat(program.encoded()).containsExactly(Syscalls.number("setresuid"), 1, -1, 3, 0, 0, 0, 0);
        assertThat(program.describe(0)).isEqualTo("setresuid(1, -1, 3)");
        assertThat(program.name(0)).isEqualTo("setresuid");
    }

    @Test
    void blobsAreReferredToByIndex() {
        byte[] header = {1};
        Program program = new Program().add("gettid").addShown("capset(x)", "capset", header, 7, new byte[] {2});
        header[0] = 9;

        assertThat(program.encoded()).containsSequence(Syscalls.number("capset"), 0, 7, 1, 0, 0, 0, 0b101L << 8);
        assertThat(program.blobs()).isDeepEqualTo(new byte[][] {{1}, {2}});
        assertThat(program.describe()).containsExactly("gettid()", "capset(x)");
    }

    @Test
    void groupsTravelInMemory() {
        Program program = new Program().addGroups(4, -2);

        assertThat(program.encoded()).containsExactly(Syscalls.number("setgroups"), 2, 0, 0, 0, 0, 0, 0b10L << 8);
        ByteBuffer list = ByteBuffer.wrap(program.blobs()[0]).order(ByteOrder.nativeOrder());
        assertThat(new int[] {list.getInt(), list.getInt()}).containsExactly(4, -2);
        assertThat(program.describe(0)).isEqualTo("setgroups(4, 4294967294)");
    }

    @Test
    void noGroupsNeedNoMemory() {
        Program program = new Program().addGroups();

        assertThat(program.encoded()).containsExactly(Syscalls.number("setgroups"), 0, 0, 0, 0, 0, 0, 0);
        assertThat(program.blobs().length).isZero();
        assertThat(program.describe(0)).isEqualTo("setgroups()");
    }

    @Test
    void aSeventhArgumentIsRefused() {
        assertThatThrownBy(() -> new Program().add(0L, 1, 2, 3, 4, 5, 6, 7))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
