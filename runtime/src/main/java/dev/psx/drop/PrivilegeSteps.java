package dev.psx.drop;

import dev.psx.Credentials;
import dev.psx.spi.CapabilityCalls;
import dev.psx.spi.Errno;
import dev.psx.spi.Mark;
import dev.psx.spi.Program;

/** Internal: the parts of a drop that keep privileges from coming back. */
final class PrivilegeSteps {

    private static final int PR_GET_DUMPABLE = 3;
    private static final int PR_SET_DUMPABLE = 4;

    private PrivilegeSteps() {}

    /** The bits that switch off what Linux does for uid 0, with their locks. {@code /proc} does not show them. */
    static final class SecureBits extends DropStep {

        private final int bits;

        SecureBits(int bits) {
            super("secure bits", true);
            this.bits = bits;
        }

        @Override
        boolean needed(Before before) {
            return !before.secureBitsAre(bits);
        }

        @Override
        void addTo(Program program, Before before) {
            CapabilityCalls.secureBits(program, bits);
        }

        @Override
        String wrong(After after) {
            long now = after.own(CapabilityCalls.getSecureBits()).result;
            return now == bits ? null : "the secure bits are 0x" + Long.toHexString(now);
        }
    }

    /** The bit that keeps set-user-ID programs from giving privileges back. */
    static final class NoNewPrivileges extends DropStep {

        NoNewPrivileges() {
            super("no_new_privs", true);
        }

        @Override
        boolean holds(Credentials credentials) {
            return credentials.noNewPrivs();
        }

        @Override
        void addTo(Program program, Before before) {
            CapabilityCalls.noNewPrivileges(program);
        }
    }

    /** Belongs to the memory, not to a task: the last task's setresuid would clear it again. */
    static final class Dumpable extends DropStep {

        private static final Program QUESTION =
                new Program().addShown("prctl(PR_GET_DUMPABLE)", "prctl", PR_GET_DUMPABLE);

        private final int value;
        private final IdSteps.Uid uid;
        private final IdSteps.Gid gid;

        /** @param uid the step that changes the ids, which clears the flag; may be null */
        Dumpable(boolean yes, IdSteps.Uid uid, IdSteps.Gid gid) {
            super("dumpable flag", true);
            this.value = yes ? 1 : 0;
            this.uid = uid;
            this.gid = gid;
        }

        /** Executing a program sets the flag again. */
        @Override
        boolean isPrivilege() {
            return false;
        }

        @Override
        boolean needed(Before before) {
            boolean cleared = (uid != null && uid.needed(before)) || (gid != null && gid.needed(before));
            return cleared || before.isElsewhere() || before.own(QUESTION).result != value;
        }

        @Override
        void addTo(Program program, Before before) {
            String shown = "prctl(PR_SET_DUMPABLE, " + value + ")";
            program.addShown(shown, "prctl", PR_SET_DUMPABLE, value).mark(Mark.AFTER);
        }

        @Override
        String wrong(After after) {
            long now = after.own(QUESTION).result;
            return now == value ? null : "the dumpable flag is " + (Errno.isError(now) ? "unknown" : "" + now);
        }
    }
}
