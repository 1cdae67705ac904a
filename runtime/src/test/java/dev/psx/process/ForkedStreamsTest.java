package dev.psx.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.spi.ForkRequest;
import dev.psx.spi.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A JVM may have been started with closed standard descriptors: then pipes take their numbers. */
class ForkedStreamsTest {

    private static final int PIPE = -1;

    /** Open descriptors and their flags. */
    private final Map<Integer, Integer> open = new TreeMap<>();

    @Test
    void whatIsOpenIsInherited() {
        has(0, 1, 2);
        assertThat(descriptors(false, 0, 1, 2)).isEqualTo(Map.of(0, 0, 1, 1, 2, 2));
        assertThat(descriptors(true, PIPE, 1, 2)).isEqualTo(Map.of(0, 3, 1, 1, 2, 1));
    }

    @Test
    void whatIsClosedIsInheritedClosed() {
        has(1, 2);
        assertThat(descriptors(false, 0, 1, 2)).isEqualTo(Map.of(1, 1, 2, 2));
    }

    /** The child would hold the other end of its own input, which then never ends. */
    @Test
    void aPipeInThePlaceOfAClosedOneIsNotInherited() {
        has(2);
        assertThat(descriptors(false, PIPE, 1, 2)).isEqualTo(Map.of(0, 0, 2, 2));
        assertThat(open).containsKey(1);
    }

    /** A file of the JVM's own that has come to such a number is none of the child's. */
    @Test
    void whatIsToBeClosedIsInheritedClosed() {
        has(0, 2);
        open.put(1, 1);
        assertThat(descriptors(false, 0, 1, 2)).isEqualTo(Map.of(0, 0, 2, 2));
    }

    @Test
    void errorsCannotGoWhereNothingIsOpen() {
        has(2);
        assertThat(descriptors(true, PIPE, 1, 2)).isEqualTo(Map.of(0, 0, 2, -1));
    }

    private void has(int... descriptors) {
        for (int descriptor : descriptors) {
            open.put(descriptor, 0);
        }
    }

    private Map<Integer, Integer> descriptors(boolean merges, int... given) {
        ForkedStreams streams =
                new ForkedStreams(new Kernel(kernel()), new ForkRequest(null, null, null, null, given, merges));
        assertThat(streams.open()).isZero();
        return streams.descriptors();
    }

    private Function<Object[], Object> kernel() {
        return request -> {
            long[] call = (long[]) request[1];
            byte[][] blobs = (byte[][]) request[2];
            if (Syscalls.name(call[0]).equals("fcntl")) {
                Integer flags = open.get((int) call[1]);
                return new Object[] {flags == null ? -9L : flags.longValue(), blobs};
            }
            assertThat(Syscalls.name(call[0])).isEqualTo("pipe2");
            byte[] ends = new byte[8];
            ByteBuffer.wrap(ends).order(ByteOrder.nativeOrder()).putInt(next()).putInt(next());
            return new Object[] {0L, new byte[][] {ends}};
        };
    }

    private int next() {
        int number = 0;
        while (open.containsKey(number)) {
            number++;
        }
        open.put(number, 1);
        return number;
    }
}
