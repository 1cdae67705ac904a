package dev.psx.drop;

import dev.psx.Credentials;
import dev.psx.spi.Program;
import dev.psx.spi.TaskSnapshot;
import java.util.ArrayList;
import java.util.List;

/** Internal: the steps of one drop. */
final class DropSteps {

    private final List<DropStep> steps = new ArrayList<>();

    /** In the order in which each step still has the privilege it needs. */
    DropSteps(DropSpec spec) {
        if (spec.groups() != null) {
            steps.add(new IdSteps.Groups(spec.groups()));
        }
        if (spec.gid != null) {
            steps.add(new IdSteps.Gid(spec.gid));
        }
        if (spec.noCapabilities) {
            steps.add(new PrivilegeSteps.Bounding());
        }
        if (spec.uid != null) {
            steps.add(new IdSteps.Uid(spec.uid));
        }
        if (spec.noCapabilities) {
            steps.add(new PrivilegeSteps.Sets());
            steps.add(new PrivilegeSteps.Ambient());
        }
        if (spec.noNewPrivileges) {
            steps.add(new PrivilegeSteps.NoNewPrivileges());
        }
    }

    /** Returns the calls that are needed to bring tasks from their present state to the wanted one; none if all have it. */
    Program program(List<TaskSnapshot> tasks) {
        List<Credentials> before = new ArrayList<>();
        for (TaskSnapshot task : tasks) {
            before.add(task.credentials());
        }
        return programFor(before);
    }

    Program programFor(List<Credentials> before) {
        Program program = new Program();
        for (DropStep step : steps) {
            if (step.needed(before)) {
                step.addTo(program, before);
            }
        }
        return program;
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
