package dev.psx.process;

import dev.psx.cap.Capability;
import dev.psx.spi.ChildProfile;
import dev.psx.spi.ForkAndExec;
import dev.psx.spi.ForkRequest;
import dev.psx.spi.OwnState;
import java.io.IOException;
import java.util.function.Function;

/**
 * The JDK's {@code forkAndExec} with a profile: the same child, by the engine's spawn. The JDK's launch mechanism has no say in it, and
 * its helper program is not needed.
 */
final class ForkedProgram extends ForkAndExec {

    private static final int EPERM = 1;
    private static final int EACCES = 13;
    private static final int EAGAIN = 11;
    private static final int ETIMEDOUT = 110;

    /** enum psx_phase. */
    private static final int CLONE = 1;

    private static final int CALL = 5;

    private final Kernel kernel;
    private final ChildProfile profile;
    private final PathSearch search;
    private final PathSearch ownSearch;
    private final ForkFailures failures = ForkFailures.ofJdk();

    ForkedProgram(Function<Object[], Object> port, ChildProfile profile) {
        kernel = new Kernel(port);
        this.profile = profile;
        String path = PathSearch.path();
        search = new PathSearch(kernel, path, false);
        ownSearch = new PathSearch(kernel, path, true);
    }

    @Override
    public int[] start(ForkRequest request) throws IOException {
        LaunchSpec spec = new LaunchSpec();
        OwnState own = new OwnState(kernel.port());
        requireAmbient(own);
        new DefaultProfile(profile, own).addTo(spec);
        ForkedStreams streams = new ForkedStreams(kernel, request);
        int error = streams.open();
        if (error != 0) {
            throw failures.of("pipe2", error, "");
        }
        boolean started = false;
        try {
            long[] result = run(new ForkedSteps(kernel.port(), spec, request, streams.descriptors()), request, spec);
            streams.started();
            started = true;
            return new int[] {(int) result[1], (int) result[2]};
        } finally {
            if (!started) {
                streams.closeAll();
            }
        }
    }

    @Override
    public void close(int descriptor) {
        kernel.close(descriptor);
    }

    /** The kernel would refuse it at the first step, and not say which are missing. */
    private void requireAmbient(OwnState own) throws IOException {
        long missing = profile.ambient == null ? 0 : profile.ambient & ~own.permitted();
        if (missing != 0) {
            throw failures.of(
                    "child-ambient",
                    EPERM,
                    "this process does not hold " + Capability.list(missing).replace(",", ", ")
                            + ": keep it with caps, or leave it out of child-ambient");
        }
    }

    /** One attempt for each file that the program may be, as execvpe makes them; files that do not exist are passed over before. */
    private long[] run(ForkedSteps steps, ForkRequest request, LaunchSpec spec) throws IOException {
        int error = 0;
        boolean denied = false;
        PathSearch files = request.environment == null ? ownSearch : search;
        for (byte[] file : files.candidates(request.program)) {
            Attempt attempt = new Attempt(steps, file, spec);
            if (attempt.made()) {
                return attempt.result;
            }
            error = attempt.execError();
            denied |= error == EACCES;
            if (!files.goesOn(error)) {
                break;
            }
        }
        int told = denied && files.goesOn(error) ? EACCES : error;
        throw failures.of(null, told, profile.user == null ? "" : cause(told));
    }

    private String cause(int error) {
        if (error == EACCES) {
            return "children run as " + profile.user + " (child-user): may that user execute it?";
        }
        return error == EAGAIN ? "too many processes of " + profile.user + " (child-user): raise RLIMIT_NPROC" : "";
    }

    private String cause(ChildCall call, int error) {
        boolean ids = call.step == LaunchStep.USER || call.step == LaunchStep.GROUP || call.step == LaunchStep.GROUPS;
        return ids && error == EPERM
                ? DefaultProfile.lacks(profile.user)
                : LaunchCauses.of(call.step, call.shown, error);
    }

    /** One file. A script without #! is given to the shell. */
    private final class Attempt {

        private static final int ENOEXEC = 8;

        private final LaunchSpec spec;
        private ChildProgram program;
        private long[] result;

        Attempt(ForkedSteps steps, byte[] file, LaunchSpec spec) throws IOException {
            this.spec = spec;
            spawn(steps.compose(file, false));
            if (!made() && execError() == ENOEXEC) {
                spawn(steps.compose(file, true));
            }
        }

        private void spawn(ChildProgram composed) {
            program = composed;
            long[] head = {0, -1, -1, -1, -1, spec.giveUpNanos};
            long[] calls = program.encoded();
            result = (long[]) kernel.port().apply(new Object[] {
                "spawn", head, calls, program.memory().bytes(), program.memory().addresses()
            });
        }

        boolean made() {
            return result[0] >= 0;
        }

        /** Why the program could not be executed; throws if it did not come to that. */
        int execError() throws IOException {
            int phase = (int) result[4];
            int error = (int) -result[5];
            ChildCall call = program.call((int) Math.min(result[3], program.size() - 1));
            if (phase == CLONE) {
                throw failures.of("clone", error, "");
            }
            if (phase != CALL) {
                String how = LaunchFailures.of("a child", program, spec, result).getMessage();
                throw failures.of(call.shown, ETIMEDOUT, how);
            }
            if (call.step == LaunchStep.DIRECTORY && (error != EACCES || profile.user == null)) {
                throw failures.of(null, error, "");
            }
            if (call.step != LaunchStep.PROGRAM) {
                throw failures.of(call.shown, error, cause(call, error));
            }
            return error;
        }
    }
}
