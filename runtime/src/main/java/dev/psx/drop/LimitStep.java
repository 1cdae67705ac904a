package dev.psx.drop;

import dev.psx.spi.Errno;
import dev.psx.spi.Mark;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;

/** Internal: the part of a drop that sets one resource limit. Limits belong to the process; raising one may need privilege. */
final class LimitStep extends DropStep {

    private static final int SIZE = 16;

    private final Limit limit;

    LimitStep(Limit limit) {
        super("limit " + Limit.name(limit.resource), true);
        this.limit = limit;
    }

    /** HotSpot itself raises the soft limit of descriptors as it starts. */
    @Override
    boolean isPrivilege() {
        return false;
    }

    @Override
    boolean needed(Before before) {
        return before.isElsewhere() || !holds(before.own(question()));
    }

    @Override
    void addTo(Program program, Before before) {
        program.addShown("prlimit64(" + limit.shown() + ")", "prlimit64", 0, limit.resource, limit.bytes(), 0)
                .mark(Mark.BEFORE);
    }

    @Override
    String wrong(After after) {
        return holds(after.own(question())) ? null : "the limit " + Limit.name(limit.resource) + " is another one";
    }

    private Program question() {
        String shown = "prlimit64(" + Limit.name(limit.resource) + ")";
        return new Program().addShown(shown, "prlimit64", 0, limit.resource, 0, new byte[SIZE]);
    }

    private boolean holds(OwnCall answer) {
        return !Errno.isError(answer.result) && limit.is(answer.blob(0));
    }
}
