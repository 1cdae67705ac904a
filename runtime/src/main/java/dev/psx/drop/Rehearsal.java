package dev.psx.drop;

import dev.psx.spi.BroadcastReport;
import dev.psx.spi.Failures;
import dev.psx.spi.Program;
import java.util.List;
import java.util.function.Function;

/** Internal: a drop in the disposable process, where what fails has changed nothing. */
final class Rehearsal {

    static final String REGAIN_NOT_TRIED =
            "whether privileges can be had back could not be tried: the disposable process could not part with"
                    + " its descriptors";

    private static final int ECANCELED = 125;

    private Rehearsal() {}

    /**
     * Runs the program, then tries to get privileges back.
     *
     * @return false if not all could be tried
     * @throws dev.psx.ErrnoException if a call fails
     * @throws IllegalStateException if an attempt succeeds, or the engine cannot work
     */
    static boolean run(Function<Object[], Object> port, Program program, Regain regain) {
        Program attempts = regain.attempts();
        Object[] answer = (Object[]) port.apply(
                new Object[] {"probe", program.encoded(), program.blobs(), attempts.encoded(), attempts.blobs()});
        BroadcastReport report = BroadcastReport.of(new Object[] {answer[0]});
        if (report.status == BroadcastReport.CALL_FAILED) {
            throw Failures.callFailed(program, report.call, report.result);
        }
        if (report.status != BroadcastReport.DONE) {
            throw Failures.engineFailed(program, report.status);
        }
        long[] results = (long[]) answer[1];
        List<String> successes = regain.successes(results);
        if (!successes.isEmpty()) {
            throw new IllegalStateException("the drop was not begun: on trial privileges could be had back by "
                    + String.join(", ", successes) + "; nothing has changed");
        }
        // others of the same user may also have killed it half-way
        return results.length == 0 || results[results.length - 1] != -ECANCELED;
    }
}
