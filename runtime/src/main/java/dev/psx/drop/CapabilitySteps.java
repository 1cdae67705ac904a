package dev.psx.drop;

import dev.psx.Credentials;
import dev.psx.spi.CapabilityCalls;
import dev.psx.spi.Program;

/** Internal: the parts of a drop that concern the capability sets. */
final class CapabilitySteps {

    private static final long SETPCAP = 1L << 8;
    private static final int NO_SETUID_FIXUP = 1 << 2;
    private static final int KEEP_CAPS = 1 << 4;

    private CapabilitySteps() {}

    /** The bounding set. Its calls need CAP_SETPCAP, so they come before the user id changes. */
    static final class Bounding extends DropStep {

        private final long most;

        Bounding(long most) {
            super("bounding set", true);
            this.most = most;
        }

        @Override
        boolean holds(Credentials credentials) {
            return (credentials.bounding() & ~most) == 0;
        }

        @Override
        boolean isRefusedTo(Credentials task, Before before) {
            return (task.effective() & SETPCAP) == 0;
        }

        /** The sets of the tasks say which capabilities this kernel knows: dropping an unknown one is an error. */
        @Override
        void addTo(Program program, Before before) {
            long all = 0;
            for (Credentials credentials : before.credentials) {
                all |= credentials.bounding();
            }
            CapabilityCalls.dropBounding(program, all & ~most);
        }
    }

    /** Lets the permitted set outlive the change of user, where something of it is still needed. Nothing remains of it. */
    static final class Keep extends DropStep {

        private final boolean on;
        private final IdSteps.Uid uid;
        private final Sets sets;

        Keep(boolean on, IdSteps.Uid uid, Sets sets) {
            super("keep_caps flag", true);
            this.on = on;
            this.uid = uid;
            this.sets = sets;
        }

        /** With no_setuid_fixup there is nothing to keep, and a flag that is set stays. Setting the secure bits clears the flag anyway, or sets it on purpose. */
        @Override
        boolean needed(Before before) {
            boolean keep = uid.clearsCapabilities(before)
                    && sets.first(before) != 0
                    && (before.ownSecureBits() & (NO_SETUID_FIXUP | KEEP_CAPS)) == 0;
            return keep && (on || !sets.secureBitsFollow(before));
        }

        @Override
        void addTo(Program program, Before before) {
            CapabilityCalls.keepCapabilities(program, on);
        }
    }

    /**
     * The three sets that capset(2) changes. Giving up uid 0 empties two of them, unless securebits say otherwise. CAP_SETPCAP stays
     * until the secure bits are set.
     */
    static final class Sets extends DropStep {

        private final long permitted;
        private final long effective;
        private final long inheritable;
        private final IdSteps.Uid uid;
        private final PrivilegeSteps.SecureBits secureBits;

        /** @param uid may be null, as may be {@code secureBits} */
        Sets(long permitted, long effective, long inheritable, IdSteps.Uid uid, PrivilegeSteps.SecureBits secureBits) {
            super("capability sets", false);
            this.permitted = permitted;
            this.effective = effective;
            this.inheritable = inheritable;
            this.uid = uid;
            this.secureBits = secureBits;
        }

        @Override
        boolean holds(Credentials c) {
            return c.permitted() == permitted && c.effective() == effective && c.inheritable() == inheritable;
        }

        @Override
        boolean needed(Before before) {
            return super.needed(before)
                    || ((permitted | effective) != 0 && uid != null && uid.clearsCapabilities(before));
        }

        @Override
        boolean isRefusedTo(Credentials task, Before before) {
            return (first(before) & ~task.permitted()) != 0;
        }

        boolean secureBitsFollow(Before before) {
            return secureBits != null && secureBits.needed(before);
        }

        /** What must be permitted when the user id has changed. */
        long first(Before before) {
            return permitted | extra(before);
        }

        private long extra(Before before) {
            return secureBitsFollow(before) ? SETPCAP : 0;
        }

        @Override
        void addTo(Program program, Before before) {
            long extra = extra(before);
            add(program, permitted | extra, effective | extra);
        }

        private void add(Program program, long nowPermitted, long nowEffective) {
            String shown = shown(nowPermitted, nowEffective);
            CapabilityCalls.capset(program, shown, nowPermitted, nowEffective, inheritable);
        }

        private String shown(long nowPermitted, long nowEffective) {
            if ((nowPermitted | nowEffective | inheritable) == 0) {
                return "none";
            }
            String text = "permitted " + CapabilityNames.list(nowPermitted);
            text += nowEffective == nowPermitted
                    ? ", all effective"
                    : ", effective " + CapabilityNames.list(nowEffective);
            return inheritable == 0 ? text : text + ", inheritable " + CapabilityNames.list(inheritable);
        }

        /** What is left to do when the secure bits are set. */
        DropStep last() {
            return new DropStep(what, forExecOnly) {
                @Override
                boolean needed(Before before) {
                    boolean more = (extra(before) & ~(permitted & effective)) != 0;
                    return more && Sets.this.needed(before);
                }

                @Override
                void addTo(Program program, Before before) {
                    Sets.this.add(program, permitted, effective);
                }
            };
        }
    }

    /** The ambient set: what children keep. */
    static final class Ambient extends DropStep {

        private final long wanted;
        private final IdSteps.Uid uid;

        /** @param uid may be null */
        Ambient(long wanted, IdSteps.Uid uid) {
            super("ambient set", false);
            this.wanted = wanted;
            this.uid = uid;
        }

        @Override
        boolean holds(Credentials credentials) {
            return credentials.ambient() == wanted;
        }

        @Override
        boolean needed(Before before) {
            return super.needed(before) || (wanted != 0 && uid != null && uid.clearsCapabilities(before));
        }

        @Override
        void addTo(Program program, Before before) {
            if ((before.ambient() & ~wanted) != 0) {
                CapabilityCalls.clearAmbient(program);
            }
            CapabilityCalls.raiseAmbient(program, wanted);
        }
    }
}
