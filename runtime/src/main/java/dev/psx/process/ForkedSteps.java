package dev.psx.process;

import dev.psx.spi.ForkRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What a child of ProcessBuilder does until it executes its program: what the JDK has it do, and the profile. */
final class ForkedSteps {

    private static final byte[] SHELL = "/bin/sh\0".getBytes(StandardCharsets.US_ASCII);

    private final Surroundings surroundings;
    private final LaunchSpec spec;
    private final ForkRequest request;
    private final Map<Integer, Integer> descriptors;
    private final List<byte[]> arguments;
    private final Object environment;

    ForkedSteps(
            Function<Object[], Object> port, LaunchSpec spec, ForkRequest request, Map<Integer, Integer> descriptors) {
        this.surroundings = new Surroundings(port);
        this.spec = spec;
        this.request = request;
        this.descriptors = descriptors;
        arguments = strings(request.arguments);
        environment = request.environment == null
                ? port.apply(new Object[] {"environment"})
                : strings(request.environment).toArray(new byte[0][]);
    }

    private static List<byte[]> strings(byte[] block) {
        List<byte[]> strings = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < block.length; i++) {
            if (block[i] == 0) {
                strings.add(Arrays.copyOfRange(block, start, i + 1));
                start = i + 1;
            }
        }
        return strings;
    }

    /** @param byShell the file has no format that the kernel knows: the shell is to read it */
    ChildProgram compose(byte[] file, boolean byShell) {
        ChildProgram program = new ChildProgram();
        IdentitySteps identity = new IdentitySteps(spec, surroundings, program);
        DescriptorSteps files = new DescriptorSteps(descriptors, program);
        identity.keepCapabilities();
        identity.change();
        if (request.directory != null) {
            program.add(LaunchStep.DIRECTORY, "chdir", "chdir", (Object) request.directory);
        }
        files.number(null);
        files.closeOthers(surroundings);
        new ProcessSteps(spec, surroundings, program).openSignals();
        new SandboxSteps(spec, program).restrict(null);
        List<byte[]> words = new ArrayList<>();
        words.add(byShell ? SHELL : request.program);
        if (byShell) {
            words.add(file);
        }
        words.addAll(arguments);
        program.add(
                LaunchStep.PROGRAM,
                "execve",
                "execve",
                byShell ? SHELL : file,
                words.toArray(new byte[0][]),
                environment);
        return program;
    }
}
