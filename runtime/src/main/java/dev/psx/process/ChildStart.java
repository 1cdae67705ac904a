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
        this.spec = spec;
        this.kernel = new Kernel(port);
    }

    List<String> explain() {
        Map<Integer, Integer> descriptors = new TreeMap<>(spec.descriptors);
        for (int number : STANDARD) {
            descriptors.put(number, number);
        }
        return steps(DefaultProfile.complete(spec, kernel.port()))
                .compose(spec.command.get(0), descriptors, Collections.emptyMap())
                .describe();
    }

    private ChildSteps steps(LaunchSpec complete) {
        return new ChildSteps(complete, new Surroundings(kernel.port()));
    }

    ChildProcess start() {
        String path = ProgramSearch.find(spec.command.get(0));
        StreamOpener streams = new StreamOpener(kernel, spec);
        streams.open();
        try {
            Integer cgroup = spec.cgroupPath == null ? spec.cgroup : (Integer) streams.openForStart(spec.cgroupPath);
            Map<Integer, Integer> descriptors = streams.descriptors();
            RunningChild child = spec.pdeathsig == null
                    ? make(path, descriptors, cgroup)
                    : Threads.inLastingThread(() -> make(path, descriptors, cgroup));
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

    /** With a profile no drop may come between the look at what a child has from this process and the child. */
    private RunningChild make(String path, Map<Integer, Integer> descriptors, Integer cgroup) {
        if (!DefaultProfile.exists(kernel.port())) {
            return make(spec, path, descriptors, cgroup);
        }
        kernel.port().apply(new Object[] {"lock-shared"});
        try {
            return make(DefaultProfile.complete(spec, kernel.port()), path, descriptors, cgroup);
        } finally {
            kernel.port().apply(new Object[] {"unlock-shared"});
        }
    }

    private RunningChild make(LaunchSpec complete, String path, Map<Integer, Integer> descriptors, Integer cgroup) {
        Map<String, String> environment = spec.environment == null ? System.getenv() : spec.environment;
        return spawn(complete, path, steps(complete).compose(path, descriptors, environment), cgroup);
    }

    private RunningChild spawn(LaunchSpec complete, String path, ChildProgram program, Integer cgroup) {
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
        long[] result = (long[]) kernel.port().apply(request);
        if (result[0] < 0) {
            throw LaunchFailures.of(path, program, complete, result);
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
