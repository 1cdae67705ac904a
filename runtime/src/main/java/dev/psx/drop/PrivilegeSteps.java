package dev.psx.drop;

import dev.psx.Credentials;
import dev.psx.spi.CapabilityCalls;
import dev.psx.spi.Program;
import java.util.List;

/** Internal: the parts of a drop that concern capabilities and their return. */
final class PrivilegeSteps {

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
            CapabilityCalls.dropBounding(program, all);
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
            CapabilityCalls.capset(program, "none", 0, 0, 0);
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
            CapabilityCalls.clearAmbient(program);
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
            CapabilityCalls.noNewPrivileges(program);
        }
    }
}
