package dev.psx.drop;

import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.util.function.Function;

/** Internal: whether two tasks share something, see kcmp(2). */
final class Kcmp {

    static final int VM = 1;
    static final int FILES = 2;
    static final int FS = 3;

    private final Function<Object[], Object> port;
    private final int own;

    /** @param own a task to compare others with */
    Kcmp(Function<Object[], Object> port, int own) {
        this.port = port;
        this.own = own;
    }

    /** Whether the kernel has the call, and nothing refuses it. */
    boolean works() {
        return compare(own, FS) == 0;
    }

    /** Whether that task certainly shares it. */
    boolean shares(int other, int what) {
        return compare(other, what) == 0;
    }

    private long compare(int other, int what) {
        Program question = new Program().addShown("kcmp(" + own + ", " + other + ")", "kcmp", own, other, what, 0, 0);
        return OwnCall.make(port, question).result;
    }
}
