package dev.psx.plan;

import dev.psx.DivergenceException;
import dev.psx.drop.CallList;
import dev.psx.drop.CheckResult;
import dev.psx.drop.CheckedDrop;
import dev.psx.drop.DropSpec;
import dev.psx.drop.DropSpecBuilder;
import dev.psx.drop.DropTransaction;
import dev.psx.drop.UnknownNameException;
import dev.psx.policy.PolicyException;
import dev.psx.policy.PolicyParser;
import dev.psx.policy.PolicySettings;
import dev.psx.spi.Access;
import dev.psx.spi.Broadcast;
import dev.psx.spi.ProcessEnd;
import java.nio.file.Path;
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

    PrivilegePlan(DropSpec spec) {
        this.spec = spec;
    }

    /**
     * Starts a plan.
     *
     * @return a builder that asks for nothing yet
     */
    public static PrivilegePlanBuilder builder() {
        return new PrivilegePlanBuilder();
    }

    /**
     * Reads a plan from text as the agent's options have it, such as {@code user=www-data,caps=net_bind_service}. Keys that concern the
     * agent alone (when, deadline, on-failure, log and their like) are checked, and are no part of the plan.
     *
     * @param options settings joined by commas; {@code policy=FILE} among them names a policy file
     * @return the plan
     * @throws PolicyTextException if they cannot be understood in full, or the file cannot be trusted
     * @throws IllegalArgumentException as {@link PrivilegePlanBuilder#build()}
     * @throws IllegalStateException if there is no engine, or the user database cannot be asked
     * @throws SecurityException if the caller may not broadcast
     */
    public static PrivilegePlan parse(String options) {
        try {
            return of(PolicyParser.options(options));
        } catch (PolicyException e) {
            throw new PolicyTextException(e.getMessage(), e.line(), e.column());
        }
    }

    /**
     * Reads a plan from a policy file, as {@link #parse(String)} with {@code policy=FILE} alone. The file must be regular, belong to
     * root or the effective user, and be writable by nobody else; the directories that lead to it likewise, unless they are sticky.
     *
     * @param policy the file
     * @return the plan
     * @throws PolicyTextException if it cannot be understood in full, or not be trusted
     * @throws IllegalArgumentException as {@link PrivilegePlanBuilder#build()}
     * @throws IllegalStateException if there is no engine, or the user database cannot be asked
     * @throws SecurityException if the caller may not broadcast
     */
    public static PrivilegePlan read(Path policy) {
        try {
            return of(PolicyParser.file(policy));
        } catch (PolicyException e) {
            throw new PolicyTextException(e.getMessage(), e.line(), e.column());
        }
    }

    private static PrivilegePlan of(PolicySettings settings) {
        DropSpecBuilder spec = settings.addTo(new DropSpecBuilder());
        try {
            return new PrivilegePlan(Access.call(spec::build));
        } catch (UnknownNameException e) {
            throw settings.at(e);
        }
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
     * <p>A plan that would leave a way back is refused: it is tried with what the calls leave, by the disposable process alone.
     * Capabilities that are kept on purpose and amount to root are named among the warnings.
     *
     * <p>Before all this it is looked, for two seconds at most, what the drop will break: see {@link DropReport#warnings()}.
     *
     * <p>If tasks got different results, or some task does not have the state afterwards, nobody can tell what is still
     * privileged: the process is ended with exit code 70.
     *
     * @return what was done
     * @throws dev.psx.ErrnoException if the process may not make one of the calls; the message says which and what it lacks.
     *     Nothing has changed
     * @throws dev.psx.UnreachableException if some task cannot be gathered, or an io_uring poller (IORING_SETUP_SQPOLL) would
     *     keep the old credentials. Nothing has changed
     * @throws IllegalStateException if there is no engine, or it cannot work, or something would be a way around the drop: an
     *     open directory outside the new root directory, an io_uring ring. Nothing has changed
     * @throws SecurityException if the caller may not broadcast. Nothing has changed
     */
    public DropReport apply() {
        try {
            return new DropReport(Access.call(port -> CheckedDrop.run(port, spec)));
        } catch (DivergenceException e) {
            ProcessEnd.now(Broadcast.DIVERGED_EXIT, e.getMessage());
            throw e;
        }
    }

    /**
     * Tries the plan without changing anything: looks for obstacles, makes the calls in a disposable process, and looks what will not
     * work any more with what they leave.
     *
     * @return whether {@link #apply()} would succeed, by all that can be known before
     * @throws dev.psx.UnreachableException if the exec lock is never free
     * @throws IllegalStateException if there is no engine, or the tasks cannot be read
     * @throws SecurityException if the caller may not broadcast
     */
    public CheckReport check() {
        return new CheckReport(Access.call(port -> CheckResult.of(port, spec)));
    }

    /**
     * Shows what {@link #apply()} would do now, call by call. Nothing is tried.
     *
     * @return one line for each call that is needed, in order, with the tasks that make it, and for calls in a row that differ only
     *     in their last number; one line saying so if none is
     * @throws IllegalStateException if there is no engine, or the tasks cannot be read
     * @throws SecurityException if the caller may not broadcast
     */
    public String explain() {
        return CheckReport.listing(Access.call(port -> CallList.withTasks(DropTransaction.program(port, spec))));
    }

    /** Returns one line for each thing that the plan sees to, in the order in which it is done. */
    @Override
    public String toString() {
        return String.join("\n", spec.describe());
    }
}
