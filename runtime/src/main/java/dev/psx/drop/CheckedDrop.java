package dev.psx.drop;

import dev.psx.check.FixUps;
import dev.psx.check.Readiness;
import dev.psx.spi.Program;
import java.util.function.Function;

/**
 * Internal: a drop with what comes before and after it: the checks of what it will break, and the mending. They look at files, names
 * and properties, so they are no part of the transaction, which holds the exec lock.
 */
public final class CheckedDrop {

    private CheckedDrop() {}

    /** As {@link DropTransaction#run}; what the checks find is among the warnings of the result. */
    public static DropResult run(Function<Object[], Object> port, DropSpec spec) {
        Readiness readiness = lookAhead(port, spec);
        boolean mend = spec.fixUps && spec.uid != null;
        FixUps fixUps = mend ? FixUps.find() : FixUps.none();
        DropResult result;
        try {
            result = DropTransaction.run(port, spec, fixUps);
        } catch (RuntimeException e) {
            if (!fixUps.failures().isEmpty()) {
                e.addSuppressed(new IllegalStateException("fix-ups: " + String.join(", ", fixUps.failures())));
            }
            throw e;
        }
        if (mend) {
            fixUps.setProperties(port, spec.uid);
        }
        return result.with(readiness, fixUps);
    }

    private static Readiness lookAhead(Function<Object[], Object> port, DropSpec spec) {
        try {
            Program program = DropTransaction.program(port, spec);
            return program.size() == 0 ? Readiness.unknown() : Readiness.of(port, program, spec.fixUps);
        } catch (RuntimeException e) {
            return Readiness.unknown(); // the drop itself will meet it, and say so
        }
    }
}
