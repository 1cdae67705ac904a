package dev.psx.process;

import java.nio.ByteBuffer;
import java.time.Duration;

/** What a process has used, see getrusage(2). Immutable. */
public final class ResourceUsage {

    /** struct rusage: two times of two words, then fourteen words. */
    static final int SIZE = 18 * Long.BYTES;

    static final ResourceUsage NONE = new ResourceUsage(new long[SIZE / Long.BYTES]);

    private static final int SYSTEM = 2;
    private static final int MAX_RSS = 4;
    private static final int MINOR_FAULTS = 8;
    private static final int MAJOR_FAULTS = 9;
    private static final int BLOCKS_IN = 11;
    private static final int BLOCKS_OUT = 12;
    private static final int VOLUNTARY = 16;
    private static final int INVOLUNTARY = 17;
    private static final int KIB = 1024;
    private static final int NANOS = 1000;

    private final long[] words;

    private ResourceUsage(long[] words) {
        this.words = words;
    }

    static ResourceUsage of(ByteBuffer rusage) {
        long[] words = new long[SIZE / Long.BYTES];
        rusage.asLongBuffer().get(words);
        return new ResourceUsage(words);
    }

    private Duration time(int at) {
        return Duration.ofSeconds(words[at], words[at + 1] * NANOS);
    }

    /**
     * Returns the processor time in user mode.
     *
     * @return the time, exact to a microsecond
     */
    public Duration userTime() {
        return time(0);
    }

    /**
     * Returns the processor time in the kernel.
     *
     * @return the time, exact to a microsecond
     */
    public Duration systemTime() {
        return time(SYSTEM);
    }

    /**
     * Returns the largest amount of memory that was resident at a time.
     *
     * @return bytes
     */
    public long maxResidentBytes() {
        return words[MAX_RSS] * KIB;
    }

    /**
     * Returns how many page faults needed no input.
     *
     * @return the number
     */
    public long minorFaults() {
        return words[MINOR_FAULTS];
    }

    /**
     * Returns how many page faults needed input.
     *
     * @return the number
     */
    public long majorFaults() {
        return words[MAJOR_FAULTS];
    }

    /**
     * Returns how often a file system had to read.
     *
     * @return blocks of 512 bytes
     */
    public long blocksIn() {
        return words[BLOCKS_IN];
    }

    /**
     * Returns how often a file system had to write.
     *
     * @return blocks of 512 bytes
     */
    public long blocksOut() {
        return words[BLOCKS_OUT];
    }

    /**
     * Returns how often the process gave the processor away.
     *
     * @return the number of voluntary context switches
     */
    public long voluntarySwitches() {
        return words[VOLUNTARY];
    }

    /**
     * Returns how often the processor was taken away.
     *
     * @return the number of involuntary context switches
     */
    public long involuntarySwitches() {
        return words[INVOLUNTARY];
    }

    /**
     * Returns what is asked for most in words.
     *
     * @return such as {@code 12 ms in user mode, 3 ms in the kernel, 1840 KiB resident at most}
     */
    @Override
    public String toString() {
        return userTime().toMillis() + " ms in user mode, " + systemTime().toMillis() + " ms in the kernel, "
                + words[MAX_RSS] + " KiB resident at most";
    }
}
