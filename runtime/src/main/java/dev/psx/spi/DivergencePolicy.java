package dev.psx.spi;

import dev.psx.Divergence;
import java.util.function.Function;

/** Internal: what happens when tasks diverge, for all of the public API in this copy of the classes. */
public final class DivergencePolicy {

    /** What the application chose, or null. */
    private static volatile Divergence chosen;

    private DivergencePolicy() {}

    public static void choose(Divergence policy) {
        chosen = policy;
    }

    /** Returns what the application chose, otherwise what the agent's options say, otherwise the library's default. */
    public static Divergence of(Function<Object[], Object> port) {
        Divergence own = chosen;
        if (own != null) {
            return own;
        }
        Object agents = port.apply(new Object[] {"divergence"});
        return agents == null ? Divergence.THROW : Divergence.valueOf((String) agents);
    }
}
