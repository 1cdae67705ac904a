package dev.psx.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class CapabilityCallsTest {

    @Test
    void setsAreLaidOutAsTheKernelWantsThem() {
        Program program = new Program();
        CapabilityCalls.capset(program, "some", 0x1_0000_0002L, 0x3_0000_0004L, 0x5_0000_0006L);

        ByteBuffer header = ByteBuffer.wrap(program.blobs()[0]).order(ByteOrder.nativeOrder());
        assertThat(header.getInt()).isEqualTo(0x20080522);
        assertThat(header.getInt()).isZero();
        ByteBuffer data = ByteBuffer.wrap(program.blobs()[1]).order(ByteOrder.nativeOrder());
        for (int expected : new int[] {4, 2, 6, 3, 1, 5}) {
            assertThat(data.getInt()).isEqualTo(expected);
        }
        assertThat(CapabilityCalls.sets(program.blobs()[1]))
                .containsExactly(0x1_0000_0002L, 0x3_0000_0004L, 0x5_0000_0006L);
        assertThat(program.describe()).containsExactly("capset(some)");
    }

    @Test
    void bitsAboveTheSignAreNotLost() {
        Program program = new Program();
        CapabilityCalls.capset(program, "all", -1, 0x8000_0000L, Long.MIN_VALUE);
        assertThat(CapabilityCalls.sets(program.blobs()[1])).containsExactly(-1, 0x8000_0000L, Long.MIN_VALUE);
    }

    @Test
    void everyCapabilityOfASetHasItsCall() {
        Program program = new Program();
        CapabilityCalls.dropBounding(program, 1L << 63 | 1);
        CapabilityCalls.raiseAmbient(program, 2);
        CapabilityCalls.lowerAmbient(program, 4);
        assertThat(program.describe())
                .containsExactly(
                        "prctl(PR_CAPBSET_DROP, 0)",
                        "prctl(PR_CAPBSET_DROP, 63)",
                        "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 1)",
                        "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, 2)");
        long[] words = program.encoded();
        assertThat(new long[] {words[1], words[2], words[9], words[10]}).containsExactly(24, 0, 24, 63);
        assertThat(new long[] {words[17], words[18], words[19]}).containsExactly(47, 2, 1);
        assertThat(new long[] {words[25], words[26], words[27]}).containsExactly(47, 3, 2);
    }

    @Test
    void onlyQuestionsOnlyLook() {
        Program changes = new Program();
        CapabilityCalls.clearAmbient(changes);
        assertThat(OwnCall.onlyLooks(changes.encoded())).isFalse();
        assertThat(OwnCall.onlyLooks(CapabilityCalls.isAmbient(3).encoded())).isTrue();
        assertThat(OwnCall.onlyLooks(CapabilityCalls.capget(0).encoded())).isTrue();
        assertThat(OwnCall.onlyLooks(new Program().add("capset", 0, 0).encoded()))
                .isFalse();
    }
}
