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

    /** The task with which the others are compared: the calling one, unless another process is looked at. */
    final int own;

    Kcmp(Function<Object[], Object> port) {
        this.port = port;
        this.own = (int) OwnCall.make(port, new Program().add("gettid")).result;
    }

    /** Compares with a task of another process. */
    Kcmp(Function<Object[], Object> port, int own) {
        this.port = port;
        this.own = own;
    }

    /** Whether the kernel has the call, and nothing refuses it. */
    boolean works() {
        return compare(own, own, FS) == 0;
    }

    /** Whether that task certainly shares it with the calling one. */
    boolean shares(int other, int what) {
        return compare(own, other, what) == 0;
    }

    /** Whether two tasks certainly share it. */
    boolean share(int one, int other, int what) {
        return compare(one, other, what) == 0;
    }

    private long compare(int one, int other, int what) {
        Program question = new Program().addShown("kcmp(" + one + ", " + other + ")", "kcmp", one, other, what, 0, 0);
        return OwnCall.make(port, question).result;
    }
}
