package dev.psx.process;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The start of one child. */
final class ChildStart {

    private static final long CLONE_INTO_CGROUP = 0x2_0000_0000L;
    private static final long CLONE_VFORK = 0x4000;
    private static final int[] STANDARD = {0, 1, 2};

    private final LaunchSpec spec;
    private final Kernel kernel;

    ChildStart(LaunchSpec spec, Function<Object[], Object> port) {
        this.spec = DefaultProfile.complete(spec, port);
        this.kernel = new Kernel(port);
    }

    List<String> explain() {
        Map<Integer, Integer> descriptors = new TreeMap<>(spec.descriptors);
        for (int number : STANDARD) {
            descriptors.put(number, number);
        }
        return steps().compose(spec.command.get(0), descriptors, Collections.emptyMap())
                .describe();
    }

    private ChildSteps steps() {
        return new ChildSteps(spec, new Surroundings(kernel.port()));
    }

    ChildProcess start() {
        String path = ProgramSearch.find(spec.command.get(0));
        StreamOpener streams = new StreamOpener(kernel, spec);
        streams.open();
        try {
            Integer cgroup = spec.cgroupPath == null ? spec.cgroup : (Integer) streams.openForStart(spec.cgroupPath);
            Map<String, String> environment = spec.environment == null ? System.getenv() : spec.environment;
            ChildProgram program = steps().compose(path, streams.descriptors(), environment);
            RunningChild child = spawn(path, program, cgroup);
            ChildStreams its = streams.started();
            return watched(child, its);
        } catch (RuntimeException | Error e) {
            streams.closeAll();
            throw e;
        }
    }

    /** The first child, and without pidfds each, needs a new thread, which may be refused. */
    private static ChildProcess watched(RunningChild child, ChildStreams streams) {
        boolean watched = false;
        try {
            ChildProcess process = ChildFactory.create(child, streams);
            child.watch(streams);
            watched = true;
            return process;
        } finally {
            if (!watched) {
                child.abandon(streams);
            }
        }
    }

    private RunningChild spawn(String path, ChildProgram program, Integer cgroup) {
        ChildMemory memory = program.memory();
        long[] calls = program.encoded();
        long[] head = {
            cloneFlags(cgroup),
            cgroup == null ? -1 : cgroup,
            spec.gidMap.isEmpty() ? -1 : text(memory, spec.setgroupsAllowed ? "allow" : "deny"),
            spec.uidMap.isEmpty() ? -1 : text(memory, IdMap.text(spec.uidMap, "uid")),
            spec.gidMap.isEmpty() ? -1 : text(memory, IdMap.text(spec.gidMap, "gid")),
            spec.giveUpNanos
        };
        Object[] request = {"spawn", head, calls, memory.bytes(), memory.addresses()};
        long[] result = (long[])
                (spec.pdeathsig == null
                        ? kernel.port().apply(request)
                        : Threads.inLastingThread(() -> kernel.port().apply(request)));
        if (result[0] < 0) {
            throw LaunchFailures.of(path, program, spec, result);
        }
        return new RunningChild(kernel, (int) result[1], usable((int) result[2]));
    }

    /** Without CLONE_VFORK an out-of-memory score of the child's would be ours as well: we share the memory. */
    private long cloneFlags(Integer cgroup) {
        return spec.cloned | (cgroup == null ? 0 : CLONE_INTO_CGROUP) | (spec.oomScore == null ? 0 : CLONE_VFORK);
    }

    /** A pidfd is only as good as what can be done with it. */
    private int usable(int pidfd) {
        if (pidfd >= 0 && Handles.pidfdsWork(kernel)) {
            return pidfd;
        }
        kernel.close(pidfd);
        return -1;
    }

    private static long text(ChildMemory memory, String text) {
        return memory.offset(Texts.zeroTerminated(text));
    }
}
