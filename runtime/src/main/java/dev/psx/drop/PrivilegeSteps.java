package dev.psx.drop;

import dev.psx.Credentials;
import dev.psx.spi.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Internal: the parts of a drop that concern capabilities and their return. */
final class PrivilegeSteps {

    private static final int PR_CAPBSET_DROP = 24;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_CAP_AMBIENT = 47;
    private static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;

    /** struct __user_cap_header_struct {u32 version; int pid}, pid 0 being the calling task; two data structs of three u32. */
    private static final int CAPABILITY_VERSION_3 = 0x20080522;

    private static final int CAPABILITY_DATA = 24;

    private PrivilegeSteps() {}

    /** The bounding set. Its calls need CAP_SETPCAP, so they come before the user id changes. */
    static final class Bounding extends DropStep {

        Bounding() {
            super("bounding set", true);
        }

        @Override
        boolean holds(Credentials credentials) {
            return credentials.bounding() == 0;
        }

        /** The sets of the tasks say which capabilities this kernel knows: dropping an unknown one is an error. */
        @Override
        void addTo(Program program, List<Credentials> before) {
            long all = 0;
            for (Credentials credentials : before) {
                all |= credentials.bounding();
            }
            for (int capability = 0; capability < Long.SIZE; capability++) {
                if ((all >>> capability & 1) != 0) {
                    String shown = "prctl(PR_CAPBSET_DROP, " + capability + ")";
                    program.addShown(shown, "prctl", PR_CAPBSET_DROP, capability);
                }
            }
        }
    }

    /** The three sets that capset(2) changes. Giving up uid 0 empties two of them, unless securebits say otherwise. */
    static final class Sets extends DropStep {

        Sets() {
            super("capability sets", false);
        }

        @Override
        boolean holds(Credentials c) {
            return (c.permitted() | c.effective() | c.inheritable()) == 0;
        }

        @Override
        void addTo(Program program, List<Credentials> before) {
            byte[] header = ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putInt(CAPABILITY_VERSION_3)
                    .array();
            program.addShown("capset(none)", "capset", header, new byte[CAPABILITY_DATA]);
        }
    }

    /** The ambient set. */
    static final class Ambient extends DropStep {

        Ambient() {
            super("ambient set", false);
        }

        @Override
        boolean holds(Credentials credentials) {
            return credentials.ambient() == 0;
        }

        @Override
        void addTo(Program program, List<Credentials> before) {
            String shown = "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)";
            program.addShown(shown, "prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL);
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
        void addTo(Program program, List<Credentials> before) {
            program.addShown("prctl(PR_SET_NO_NEW_PRIVS, 1)", "prctl", PR_SET_NO_NEW_PRIVS, 1);
        }
    }
}
