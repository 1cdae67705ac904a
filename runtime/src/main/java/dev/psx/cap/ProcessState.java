package dev.psx.cap;

import dev.psx.Credentials;
import dev.psx.Divergence;
import dev.psx.spi.Access;
import dev.psx.spi.Broadcast;
import dev.psx.spi.CapabilityCalls;
import dev.psx.spi.DivergencePolicy;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import dev.psx.spi.TaskSnapshot;
import dev.psx.spi.Transaction;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The state of this process, which is that of all its tasks. */
final class ProcessState {

    private ProcessState() {}

    /** What a change begins with; its calls depend on it. */
    interface Plan {

        /** @param before reads what every task has now */
        Changes from(Supplier<Before> before);
    }

    /** What every task has. */
    static final class Before {

        final CapabilitySet sets;
        final long bounding;
        final long ambient;
        final boolean noNewPrivileges;

        private Before(Credentials credentials) {
            sets = CapabilitySet.of(credentials);
            bounding = credentials.bounding();
            ambient = credentials.ambient();
            noNewPrivileges = credentials.noNewPrivs();
        }

        @Override
        public boolean equals(Object other) {
            if (!(other instanceof Before)) {
                return false;
            }
            Before that = (Before) other;
            return sets.equals(that.sets)
                    && bounding == that.bounding
                    && ambient == that.ambient
                    && noNewPrivileges == that.noNewPrivileges;
        }

        @Override
        public int hashCode() {
            return sets.hashCode() + Long.hashCode(bounding) + Long.hashCode(ambient);
        }

        @Override
        public String toString() {
            return "\"" + sets + "\" bounding " + Long.toHexString(bounding) + " ambient " + Long.toHexString(ambient)
                    + " no_new_privs " + noNewPrivileges;
        }
    }

    /** Returns what every task has of something. No broadcast comes between the reading of two tasks. */
    static <T> T common(String what, Function<Credentials, T> view) {
        return Access.call(port -> {
            port.apply(new Object[] {"lock-shared"});
            try {
                return common(port, what, view);
            } finally {
                port.apply(new Object[] {"unlock-shared"});
            }
        });
    }

    private static <T> T common(Function<Object[], Object> port, String what, Function<Credentials, T> view) {
        List<TaskSnapshot> tasks = TaskSnapshot.takingPart(TaskSnapshot.all(port));
        TaskSnapshot first = tasks.get(0);
        T expected = view.apply(first.credentials());
        for (TaskSnapshot task : tasks) {
            T found = view.apply(task.credentials());
            if (!found.equals(expected)) {
                throw new IllegalStateException("the tasks of this process differ in their " + what + ": "
                        + first.label() + " has " + expected + ", " + task.label() + " has " + found);
            }
        }
        return expected;
    }

    /** Changes every task, or nothing. */
    static void change(Plan plan) {
        Access.<Void>call(port -> {
            Supplier<Before> before = () -> common(port, "capabilities", Before::new);
            Transaction.run(
                    port, DivergencePolicy.of(port), () -> plan.from(before).program());
            return null;
        });
    }

    /** Makes one call that only looks on every task; the result is the same everywhere. */
    static long ask(Program question) {
        return Access.call(port -> Broadcast.run(port, question, Divergence.THROW));
    }

    /** Makes one call that only looks on the calling task. */
    static long own(Program question) {
        return Access.call(port -> OwnCall.require(port, question).result);
    }

    static boolean ambientSupported() {
        return Access.call(port -> OwnCall.make(port, CapabilityCalls.isAmbient(0)).result >= 0);
    }

    static CapabilitySet capget(int pid) {
        long[] sets = Access.call(port -> {
            OwnCall call = OwnCall.require(port, CapabilityCalls.capget(pid));
            return CapabilityCalls.sets(call.blob(1));
        });
        return CapabilitySet.of(sets[0], sets[1], sets[2]);
    }
}
