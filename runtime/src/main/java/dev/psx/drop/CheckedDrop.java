package dev.psx.drop;

import dev.psx.check.FixUps;
import dev.psx.check.Readiness;
import dev.psx.spi.Program;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Internal: a drop with what comes before and after it: the checks of what it will break, and the mending. They look at files, names
 * and properties, so they are no part of the transaction, which holds the exec lock.
 */
public final class CheckedDrop {

    private final Function<Object[], Object> port;
    private final DropSpec spec;
    private final Readiness readiness;

    private CheckedDrop(Function<Object[], Object> port, DropSpec spec) {
        this.port = port;
        this.spec = spec;
        this.readiness = Readiness.begin(port, new Ahead(port, spec), spec.fixUps);
    }

    /** As {@link DropTransaction#run}; what the checks find is among the warnings of the result. */
    public static DropResult run(Function<Object[], Object> port, DropSpec spec) {
        return begin(port, spec).run();
    }

    /** Begins with the checks, for a drop that follows at once: it awaits them, but other things may be done beside them. */
    public static CheckedDrop begin(Function<Object[], Object> port, DropSpec spec) {
        return new CheckedDrop(port, spec);
    }

    /** Drops, see {@link #run(Function, DropSpec)}. To be called once. */
    public DropResult run() {
        readiness.await();
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

    /** The calls of the drop as it would be made now. */
    private static final class Ahead implements Supplier<Program> {

        private final Function<Object[], Object> port;
        private final DropSpec spec;

        Ahead(Function<Object[], Object> port, DropSpec spec) {
            this.port = port;
            this.spec = spec;
        }

        @Override
        public Program get() {
            try {
                Program program = DropTransaction.program(port, spec);
                return program.size() == 0 ? null : program;
            } catch (RuntimeException e) {
                return null; // the drop itself will meet it, and say so
            }
        }
    }
}
