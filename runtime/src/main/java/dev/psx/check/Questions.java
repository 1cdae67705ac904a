package dev.psx.check;

import dev.psx.spi.BroadcastReport;
import dev.psx.spi.Failures;
import dev.psx.spi.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Function;

/** Calls that a disposable process makes after the drop; each list of them is put to a new one. */
final class Questions {

    private static final int ECANCELED = 125;

    private final Function<Object[], Object> port;
    private final Program program;

    Questions(Function<Object[], Object> port, Program program) {
        this.port = port;
        this.program = program.size() == 0 ? new Program().add("getpid") : program;
    }

    /**
     * Makes the process and has it make the calls.
     *
     * @throws dev.psx.ErrnoException if a call of the drop fails
     * @throws IllegalStateException if there is no answer
     */
    Answer ask(Program probes) {
        Object[] parts = (Object[]) port.apply(
                new Object[] {"probe", program.encoded(), program.blobs(), probes.encoded(), probes.blobs()});
        BroadcastReport report = BroadcastReport.of(new Object[] {parts[0]});
        if (report.status == BroadcastReport.CALL_FAILED) {
            throw Failures.callFailed(program, report.call, report.result);
        }
        if (report.status != BroadcastReport.DONE) {
            throw Failures.engineFailed(program, report.status);
        }
        long[] results = (long[]) parts[1];
        if (results[results.length - 1] == -ECANCELED) {
            throw new IllegalStateException(
                    "the process on which the drop was tried was killed, or forbidden to answer:"
                            + " look for a security module or a filter that does that");
        }
        return new Answer(results, (byte[][]) parts[2]);
    }

    /** What the calls gave, and what they have written. */
    static final class Answer {

        final long[] results;
        private final byte[][] blobs;

        private Answer(long[] results, byte[][] blobs) {
            this.results = results;
            this.blobs = blobs;
        }

        ByteBuffer words(int blob) {
            return ByteBuffer.wrap(blobs[blob]).order(ByteOrder.nativeOrder());
        }
    }
}
