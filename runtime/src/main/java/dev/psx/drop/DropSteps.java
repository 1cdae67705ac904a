package dev.psx.drop;

import dev.psx.Credentials;
import dev.psx.spi.Program;
import dev.psx.spi.TaskSnapshot;
import java.util.ArrayList;
import java.util.List;

/** Internal: the steps of one drop, from the state that there is. */
final class DropSteps {

    private final Before before;
    private final List<DropStep> steps = new ArrayList<>();
    private DirectorySteps.Root root;
    private IdSteps.Uid uid;
    private IdSteps.Gid gid;
    private PrivilegeSteps.SecureBits secureBits;
    private CapabilitySteps.Sets sets;

    /** In the order in which each step still has the privilege it needs. */
    DropSteps(DropSpec spec, Before before) {
        this.before = before;
        for (Limit limit : spec.limits()) {
            steps.add(new LimitStep(limit));
        }
        shared(spec);
        ids(spec);
        capabilities(spec);
        if (spec.noNewPrivileges) {
            steps.add(new PrivilegeSteps.NoNewPrivileges());
        }
        if (spec.directory != null) {
            steps.add(new DirectorySteps.Working(spec.directory, root));
        }
        last(spec);
    }

    private void shared(DropSpec spec) {
        if (spec.root != null) {
            root = new DirectorySteps.Root(spec.root, spec.rootFile());
            steps.add(root);
        }
        if (spec.umask != null) {
            steps.add(new DirectorySteps.Umask(spec.umask));
        }
    }

    private void ids(DropSpec spec) {
        uid = spec.uid == null ? null : new IdSteps.Uid(spec.uid);
        if (spec.groups() != null) {
            steps.add(new IdSteps.Groups(spec.groups()));
        }
        if (spec.gid != null) {
            gid = new IdSteps.Gid(spec.gid);
            steps.add(gid);
        }
        if (spec.bounding != null) {
            steps.add(new CapabilitySteps.Bounding(spec.bounding));
        }
    }

    private void capabilities(DropSpec spec) {
        secureBits = spec.secureBits == null ? null : new PrivilegeSteps.SecureBits(spec.secureBits);
        sets = sets(spec);
        if (uid != null) {
            steps.add(new CapabilitySteps.Keep(true, uid, sets));
            steps.add(uid);
        }
        if (sets != null) {
            steps.add(sets);
        }
        if (spec.ambient != null) {
            steps.add(new CapabilitySteps.Ambient(spec.ambient, uid));
        }
        if (secureBits != null) {
            steps.add(secureBits);
        }
        if (uid != null) {
            steps.add(new CapabilitySteps.Keep(false, uid, sets));
        }
        if (sets != null) {
            steps.add(sets.last());
        }
    }

    /** Capabilities that shall stay although the user changes, or other sets do, are those that all tasks have now. */
    private CapabilitySteps.Sets sets(DropSpec spec) {
        if (spec.capabilities == null && spec.ambient == null) {
            return null;
        }
        long permitted = spec.capabilities == null ? before.permitted() : spec.capabilities;
        long effective = spec.capabilities == null ? before.effective() : spec.capabilities;
        return new CapabilitySteps.Sets(permitted, effective, spec.ambient == null ? 0 : spec.ambient, uid, secureBits);
    }

    private void last(DropSpec spec) {
        if (spec.privateKeyring) {
            KeyringStep keyring = new KeyringStep(uid, spec.keyringAsked);
            steps.add(keyring);
            steps.add(keyring.last());
        }
        if (spec.dumpable != null) {
            steps.add(new PrivilegeSteps.Dumpable(spec.dumpable, uid, gid));
        }
    }

    /** The new root directory if that is to be changed, otherwise null. */
    String newRoot() {
        return root != null && root.needed(before) ? root.path() : null;
    }

    /** Returns the calls that are needed to bring tasks from their present state to the wanted one; none if all have it. */
    Program program() {
        Program program = new Program();
        for (DropStep step : steps) {
            if (step.needed(before)) {
                step.addTo(program, before);
            }
        }
        return program;
    }

    /** Whether some task still has a privilege that is to be taken from it. */
    boolean givesUp() {
        for (DropStep step : steps) {
            if (step.isPrivilege() && step.needed(before)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Checks that every task may do what others may: one that is refused it would make tasks differ.
     *
     * @throws IllegalStateException if one may not
     */
    void refuseTasksThatDiffer() {
        for (DropStep step : steps) {
            TaskSnapshot refused = step.needed(before) ? refusedAlone(step) : null;
            if (refused != null) {
                throw new IllegalStateException("the drop was not begun: tasks differ already, and " + refused.label()
                        + " is not allowed to change its " + step.what + "; it has " + refused.credentials()
                        + "; have the application give all its threads the same credentials; nothing has changed");
            }
        }
    }

    /** Returns a task that is refused what others are not; null if all are alike: on trial it has worked. */
    private TaskSnapshot refusedAlone(DropStep step) {
        TaskSnapshot refused = null;
        boolean allowed = false;
        for (TaskSnapshot task : before.tasks) {
            if (step.isRefusedTo(task.credentials(), before)) {
                refused = task;
            } else {
                allowed = true;
            }
        }
        return allowed ? refused : null;
    }

    /** Returns what a task with these credentials lacks of the wanted state; empty if it has it. */
    List<String> missing(Credentials credentials) {
        List<String> missing = new ArrayList<>();
        for (DropStep step : steps) {
            if (!step.holds(credentials)) {
                missing.add(step.what);
            }
        }
        return missing;
    }

    /** Returns what is wrong after the drop beside what status files show; empty if nothing is. */
    List<String> wrong(After after) {
        List<String> wrong = new ArrayList<>();
        for (DropStep step : steps) {
            String what = step.wrong(after);
            if (what != null) {
                wrong.add(what);
            }
        }
        return wrong;
    }

    /** Whether one of several could. */
    boolean exceededBy(List<Credentials> all) {
        for (Credentials credentials : all) {
            if (exceeds(credentials)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a task that never executes a program could do with these credentials what the drop shall forbid. */
    boolean exceeds(Credentials credentials) {
        for (DropStep step : steps) {
            if (!step.forExecOnly && !step.holds(credentials)) {
                return true;
            }
        }
        return false;
    }
}
