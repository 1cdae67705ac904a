package dev.psx.plan;

import dev.psx.DivergenceException;
import dev.psx.drop.DropSpec;
import dev.psx.drop.DropTransaction;
import dev.psx.spi.Access;
import dev.psx.spi.Broadcast;
import dev.psx.spi.ProcessEnd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The privileges that the process shall have left. Immutable; names are resolved once, when it is built. {@code toString()} lists
 * what the plan sees to.
 *
 * <pre>{@code
 * DropReport report = PrivilegePlan.builder().user("www-data").build().apply();
 * }</pre>
 */
public final class PrivilegePlan {

    private final DropSpec spec;

    private PrivilegePlan(DropSpec spec) {
        this.spec = spec;
    }

    /**
     * Starts a plan.
     *
     * @return a builder that asks for nothing yet
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the plan that the agent's options configure with {@code when=manual}: what is dropped is the operator's choice, when
     * it is dropped is the application's.
     *
     * @return empty without the agent, and if its options say otherwise
     * @throws IllegalStateException if there is no engine
     * @throws SecurityException if the caller may not broadcast
     */
    public static Optional<PrivilegePlan> configured() {
        Object[] plan = Access.call(port -> (Object[]) port.apply(new Object[] {"plan"}));
        return plan == null ? Optional.<PrivilegePlan>empty() : Optional.of(new PrivilegePlan(DropSpec.decoded(plan)));
    }

    /**
     * Brings the state about on every task of this process, or changes nothing.
     *
     * <p>The calls are first tried in a disposable process, then made by every task in one stop, and then every task is read
     * again. Calls whose result holds on every task already are not made, so asking for what holds succeeds without privilege.
     * Under the agent no child process is between fork and exec meanwhile; see {@link dev.psx.ExecLock} for code that starts
     * processes without it.
     *
     * <p>If tasks got different results, or some task does not have the state afterwards, nobody can tell what is still
     * privileged: the process is ended with exit code 70.
     *
     * @return what was done
     * @throws dev.psx.ErrnoException if the process may not make one of the calls; the message says which and what it lacks.
     *     Nothing has changed
     * @throws dev.psx.UnreachableException if some task cannot be gathered, or an io_uring poller (IORING_SETUP_SQPOLL) would
     *     keep the old credentials. Nothing has changed
     * @throws IllegalStateException if there is no engine, or it cannot work. Nothing has changed
     * @throws SecurityException if the caller may not broadcast. Nothing has changed
     */
    public DropReport apply() {
        try {
            return new DropReport(Access.call(port -> DropTransaction.run(port, spec)));
        } catch (DivergenceException e) {
            ProcessEnd.now(Broadcast.DIVERGED_EXIT, e.getMessage());
            throw e;
        }
    }

    /** Returns one line for each thing that the plan sees to, in the order in which it is done. */
    @Override
    public String toString() {
        return String.join("\n", spec.describe());
    }

    /**
     * Collects what the process shall become. Not for use by several threads.
     *
     * <p>If a user is given, everything else follows unless it is said otherwise: the group is the user's primary one, the
     * supplementary groups are those that a login would set, no capability is left in any of the five sets, and no_new_privs is
     * set. Without a user what is not mentioned stays as it is, except that no_new_privs is set with any change.
     *
     * <p>Names and ids are looked up in the system's user database, including LDAP, SSSD and whatever else nsswitch.conf(5) names.
     */
    public static final class Builder {

        private final DropSpec.Builder spec = new DropSpec.Builder();

        private Builder() {}

        /**
         * Changes the real, effective, saved and file system user id.
         *
         * @param nameOrUid a user name, or digits for a uid from 1 to 4294967294
         * @return this builder
         */
        public Builder user(String nameOrUid) {
            spec.user(Objects.requireNonNull(nameOrUid, "nameOrUid"));
            return this;
        }

        /**
         * Changes the real, effective, saved and file system user id. A uid that the user database does not know needs the group
         * and the supplementary groups spelled out.
         *
         * @param uid the uid, 1 or more
         * @return this builder
         */
        public Builder user(int uid) {
            return user(id(uid));
        }

        /**
         * Changes the real, effective, saved and file system group id to another than the user's primary group.
         *
         * @param nameOrGid a group name, or digits for a gid from 0 to 4294967294
         * @return this builder
         */
        public Builder group(String nameOrGid) {
            spec.group(Objects.requireNonNull(nameOrGid, "nameOrGid"));
            return this;
        }

        /**
         * Changes the real, effective, saved and file system group id to another than the user's primary group.
         *
         * @param gid the gid, 0 or more
         * @return this builder
         */
        public Builder group(int gid) {
            return group(id(gid));
        }

        /**
         * Leaves the group ids as they are.
         *
         * @return this builder
         */
        public Builder keepGroup() {
            spec.keepGroup();
            return this;
        }

        /**
         * Sets these supplementary groups instead of the user's own.
         *
         * @param namesOrGids group names, or digits for gids from 0 to 4294967294
         * @return this builder
         */
        public Builder groups(String... namesOrGids) {
            spec.groups(Arrays.asList(namesOrGids));
            return this;
        }

        /**
         * Sets these supplementary groups instead of the user's own.
         *
         * @param gids the gids, each 0 or more
         * @return this builder
         */
        public Builder groups(int... gids) {
            List<String> ids = new ArrayList<>();
            for (int gid : gids) {
                ids.add(id(gid));
            }
            spec.groups(ids);
            return this;
        }

        /**
         * Leaves no supplementary group.
         *
         * @return this builder
         */
        public Builder noGroups() {
            return groups(new int[0]);
        }

        /**
         * Leaves the supplementary groups as they are. With a change of user this leaves the process the groups of whoever
         * started it.
         *
         * @return this builder
         */
        public Builder keepGroups() {
            spec.keepGroups();
            return this;
        }

        /**
         * Empties the permitted, effective, inheritable, ambient and bounding sets, see capabilities(7).
         *
         * @return this builder
         */
        public Builder noCapabilities() {
            spec.noCapabilities(true);
            return this;
        }

        /**
         * Leaves the capability sets as they are. Not together with a user: Linux takes the capabilities from a process that
         * gives up uid 0.
         *
         * @return this builder
         */
        public Builder keepCapabilities() {
            spec.noCapabilities(false);
            return this;
        }

        /**
         * Says whether executing a program shall no longer be able to grant privileges, see PR_SET_NO_NEW_PRIVS in prctl(2).
         *
         * @param set true to set the bit, which nothing can clear again; false to leave it as it is
         * @return this builder
         */
        public Builder noNewPrivileges(boolean set) {
            spec.noNewPrivileges(set);
            return this;
        }

        /**
         * Resolves the names and returns the plan.
         *
         * @return the plan
         * @throws IllegalArgumentException if a name is unknown, the user has uid 0, a uid without an entry comes without group
         *     or groups, capabilities shall be kept although the user changes, or nothing is asked for
         * @throws IllegalStateException if there is no engine, or the user database cannot be asked
         * @throws SecurityException if the caller may not broadcast
         */
        public PrivilegePlan build() {
            return new PrivilegePlan(Access.call(spec::build));
        }

        private static String id(int id) {
            if (id < 0) {
                throw new IllegalArgumentException("id " + id + " is negative; give ids above 2147483647 as text");
            }
            return Integer.toString(id);
        }
    }
}
