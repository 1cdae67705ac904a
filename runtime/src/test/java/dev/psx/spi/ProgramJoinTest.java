package dev.psx.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgramJoinTest {

    /** The calls refer to their byte arrays by index. */
    @Test
    void keepsEachCallsOwnArguments() {
        Program first =
                new Program().addShown("a", "chroot", (Object) new byte[] {1}).add("getpid");
        Program second = new Program().addShown("b", "capset", new byte[] {2}, new byte[] {3});
        Program joined = new Program().addAll(first).addAll(second);
        assertThat(joined.describe()).containsExactly("a", "getpid()", "b");
        assertThat(joined.blobs()).isDeepEqualTo(new byte[][] {{1}, {2}, {3}});
        long[] encoded = joined.encoded();
        assertThat(encoded[1]).isZero();
        assertThat(encoded[17]).isEqualTo(1);
        assertThat(encoded[18]).isEqualTo(2);
        assertThat(second.encoded()[1]).isZero();
    }
}
