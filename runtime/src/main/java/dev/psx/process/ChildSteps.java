package dev.psx.process;

import java.util.Map;

/** All that a child does between its birth and its program, in order. */
final class ChildSteps {

    private final LaunchSpec spec;
    private final Surroundings surroundings;
    private final ChildProgram program = new ChildProgram();

    ChildSteps(LaunchSpec spec, Surroundings surroundings) {
        this.spec = spec;
        this.surroundings = surroundings;
    }

    /**
     * Puts the calls together.
     *
     * @param path the program's file
     * @param descriptors the parent's descriptors by the number that each shall have in the child
     */
    ChildProgram compose(String path, Map<Integer, Integer> descriptors, Map<String, String> environment) {
        IdentitySteps identity = new IdentitySteps(spec, surroundings, program);
        ProcessSteps process = new ProcessSteps(spec, surroundings, program);
        SandboxSteps sandbox = new SandboxSteps(spec, program);
        DescriptorSteps files = new DescriptorSteps(descriptors, program);
        identity.keepCapabilities();
        sandbox.mapsOfClone();
        process.sessionAndGroup();
        process.resources();
        sandbox.unshare();
        sandbox.root();
        identity.change();
        sandbox.directory();
        process.parentDeathSignal();
        files.number(spec.landlock);
        if (spec.closeOthers) {
            files.closeOthers(surroundings);
        }
        process.terminal();
        process.limitOfFiles();
        process.openSignals();
        sandbox.restrict(spec.landlock == null ? null : files.now(spec.landlock));
        execute(path, environment);
        return program;
    }

    private void execute(String path, Map<String, String> environment) {
        program.add(
                LaunchStep.PROGRAM,
                "execve(" + path + ")",
                "execve",
                Texts.zeroTerminated(path),
                Texts.zeroTerminated(spec.arguments()),
                spec.encoded(environment));
    }
}
