package dev.psx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HotSpotTest {

    private final HotSpot hotspot = new HotSpot(new Libc());

    @Test
    void fieldsThatDoNotExistAreUnknown() {
        assertThat(hotspot.offsets("Thread::_no_such_field", "NoSuchType::_osthread"))
                .containsExactly(-1, -1);
    }

    @Test
    void theTidOfAThreadIsKnownInOneOfTwoWays() {
        long[] offsets = hotspot.offsets("OSThread::_thread_id", "Thread::_osthread", "JavaThread::_osthread");
        assertThat(offsets[0]).isPositive();
        assertThat(Math.max(offsets[1], offsets[2])).isPositive();
        assertThat(Math.min(offsets[1], offsets[2])).isEqualTo(HotSpot.UNKNOWN);
    }
}
