package dev.psx.drop;

import dev.psx.Credentials;
import dev.psx.spi.IdSet;
import dev.psx.spi.OverflowId;
import dev.psx.spi.Program;
import java.util.Arrays;
import java.util.List;

/** Internal: the parts of a drop that concern users and groups. */
final class IdSteps {

    private static final long CAP_SETGID = 1L << 6;
    private static final long CAP_SETUID = 1L << 7;

    private IdSteps() {}

    /** Whether some task could make the call anyway; then an ambiguous id is not taken for granted. */
    private static boolean privileged(List<Credentials> before, long capability) {
        for (Credentials credentials : before) {
            if ((credentials.effective() & capability) != 0) {
                return true;
            }
        }
        return false;
    }

    /** The supplementary groups, compared as sets. */
    static final class Groups extends DropStep {

        private final int[] wanted;
        private final int[] sorted;

        Groups(int[] wanted) {
            super("groups", false);
            this.wanted = wanted;
            this.sorted = IdSet.of(wanted);
        }

        @Override
        boolean holds(Credentials credentials) {
            return Arrays.equals(sorted, credentials.groups());
        }

        @Override
        boolean needed(Before before) {
            return super.needed(before)
                    || (OverflowId.GROUP.ambiguous(wanted) && privileged(before.credentials, CAP_SETGID));
        }

        @Override
        boolean isRefusedTo(Credentials task, Before before) {
            return (task.effective() & CAP_SETGID) == 0;
        }

        @Override
        void addTo(Program program, Before before) {
            program.addGroups(wanted);
        }
    }

    /** All four group ids. */
    static final class Gid extends DropStep {

        private final int gid;

        Gid(int gid) {
            super("group ids", false);
            this.gid = gid;
        }

        @Override
        boolean holds(Credentials c) {
            return c.realGid() == gid && c.effectiveGid() == gid && c.savedGid() == gid && c.fileSystemGid() == gid;
        }

        @Override
        boolean needed(Before before) {
            return super.needed(before)
                    || (OverflowId.GROUP.ambiguous(gid) && privileged(before.credentials, CAP_SETGID));
        }

        /** Without privilege an id may become one that the task has as another. */
        @Override
        boolean isRefusedTo(Credentials task, Before before) {
            boolean own = task.realGid() == gid || task.effectiveGid() == gid || task.savedGid() == gid;
            return (task.effective() & CAP_SETGID) == 0 && !own;
        }

        @Override
        void addTo(Program program, Before before) {
            long id = Integer.toUnsignedLong(gid);
            program.add("setresgid", id, id, id);
        }
    }

    /** All four user ids. */
    static final class Uid extends DropStep {

        private final int uid;

        Uid(int uid) {
            super("user ids", false);
            this.uid = uid;
        }

        /** Whether the kernel empties capability sets when the id changes: uid 0 is given up altogether. */
        boolean clearsCapabilities(Before before) {
            if (uid == 0 || !needed(before)) {
                return false;
            }
            for (Credentials c : before.credentials) {
                if (c.realUid() == 0 || c.effectiveUid() == 0 || c.savedUid() == 0 || c.fileSystemUid() == 0) {
                    return true;
                }
            }
            return false;
        }

        @Override
        boolean holds(Credentials c) {
            return c.realUid() == uid && c.effectiveUid() == uid && c.savedUid() == uid && c.fileSystemUid() == uid;
        }

        @Override
        boolean needed(Before before) {
            return super.needed(before)
                    || (OverflowId.USER.ambiguous(uid) && privileged(before.credentials, CAP_SETUID));
        }

        @Override
        boolean isRefusedTo(Credentials task, Before before) {
            boolean own = task.realUid() == uid || task.effectiveUid() == uid || task.savedUid() == uid;
            return (task.effective() & CAP_SETUID) == 0 && !own;
        }

        @Override
        void addTo(Program program, Before before) {
            long id = Integer.toUnsignedLong(uid);
            program.add("setresuid", id, id, id);
        }
    }
}
