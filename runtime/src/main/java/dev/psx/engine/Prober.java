package dev.psx.engine;

import dev.psx.spi.Errno;
import java.util.ArrayList;
import java.util.List;

/** Asks the disposable process: what would these calls give after that program? */
final class Prober {

    private final EngineLibrary engine;
    private final Report report = new Report();

    Prober(EngineLibrary engine) {
        this.engine = engine;
    }

    /**
     * Answers the request "probe".
     *
     * @return the report's header, each probe's result, and the probes' blobs as the calls have left them
     */
    Object[] probe(long[] program, byte[][] blobs, long[] probes, byte[][] probeBlobs) {
        List<NativeMemory> memory = new ArrayList<>();
        List<NativeMemory> answers = new ArrayList<>();
        int count = probes.length / Broadcaster.WORDS;
        NativeMemory results = new NativeMemory((long) count * Long.BYTES);
        memory.add(results);
        try {
            long[] encoded = Broadcaster.encode(program, blobs, memory);
            long[] asked = Broadcaster.withAddresses(probes, probeBlobs, answers);
            synchronized (engine) {
                long error = engine.probe(encoded, asked, results.pointer(), report.prepare());
                if (error == -Errno.ETIMEDOUT) { // a call that it is in may still write its answer
                    memory.clear();
                    answers.clear();
                }
                if (error < 0) {
                    return new Object[] {Report.error(error), new long[0], new byte[0][]};
                }
                long[] values = results.pointer().getLongArray(0, count);
                return new Object[] {report.header(), values, contents(answers, probeBlobs)};
            }
        } finally {
            Broadcaster.free(memory);
            Broadcaster.free(answers);
        }
    }

    private static byte[][] contents(List<NativeMemory> answers, byte[][] blobs) {
        byte[][] contents = new byte[blobs.length][];
        for (int i = 0; i < blobs.length; i++) {
            contents[i] = answers.get(i).pointer().getByteArray(0, blobs[i].length);
        }
        return contents;
    }
}
