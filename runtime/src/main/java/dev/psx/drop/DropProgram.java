package dev.psx.drop;

import dev.psx.Credentials;
import dev.psx.spi.Program;
import java.util.List;

/** Internal: the calls of a drop, for those who want to see or to try them. */
public final class DropProgram {

    private DropProgram() {}

    /**
     * Returns the calls that bring tasks with these credentials to the wanted state; none if all have it. What credentials do not
     * show counts as not being as it is wanted.
     */
    public static Program of(DropSpec spec, List<Credentials> tasks) {
        Before before = Before.elsewhere(tasks);
        Shortfall shortfall = Shortfall.of(spec, before);
        return new DropSteps(shortfall == null ? spec : shortfall.reduced(spec), before).program();
    }
}
