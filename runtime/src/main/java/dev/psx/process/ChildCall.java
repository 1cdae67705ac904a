package dev.psx.process;

/** One system call of a child on its way to its program. */
final class ChildCall {

    /** An error is no failure. */
    static final int IGNORE = 1;

    /** The result must be the one expected. */
    static final int EXPECT = 1 << 1;

    /** Not a call: the child waits until its parent has written the id maps. */
    static final int MAPPED = 1 << 2;

    /** The result is kept in memory as a 32-bit number. */
    static final int STORE = 1 << 3;

    /** Shifted left by an argument's index: it is the result of an earlier call, whose index is given. */
    static final int RESULT = 1 << 8;

    /** Shifted left by an argument's index: it is an address, given as an offset in the memory that goes with the calls. */
    static final int ADDRESS = 1 << 16;

    /** The value is kept as an address, too. */
    static final int EXPECT_ADDRESS = 1 << 22;

    /** As an argument: the result of an earlier call. */
    static final class Result {

        final int call;

        Result(int call) {
            this.call = call;
        }
    }

    final LaunchStep step;
    final String name;
    final String shown;
    final Object[] arguments;
    int flags;
    Object expected = 0L;

    ChildCall(LaunchStep step, String name, String shown, Object[] arguments) {
        this.step = step;
        this.name = name;
        this.shown = shown;
        this.arguments = arguments;
    }
}
