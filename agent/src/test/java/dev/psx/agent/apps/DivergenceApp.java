package dev.psx.agent.apps;

import dev.psx.Divergence;
import dev.psx.DivergenceException;
import dev.psx.Posix;
import dev.psx.Psx;
import dev.psx.Task;
import dev.psx.spi.EnginePort;
import dev.psx.spi.Program;
import dev.psx.spi.Syscalls;
import java.io.IOException;
import java.util.Map;

/**
 * Makes every task change its effective uid while some have a seccomp filter of their own that forbids it. Arguments: the policy
 * ({@code default}: what the agent's options say), how many tasks have such a filter, what it does ({@code eperm} or
 * {@code kill}), and the file in which all that runs tells when it last ran.
 */
public final class DivergenceApp {

    /** The first cell of the file is for the time of the change. */
    private static final int JAVA_BEATS = 2;

    private static final int NATIVE_BEATS = 2;
    private static final int SLEEPING_BEATS = 4;

    private static final int EXIT_CODE = 70;
    private static final int CALLER_ONLY = 1;
    private static final int MARK_OF_SECOND = 15;

    private DivergenceApp() {}

    public static void main(String[] arguments) throws Exception {
        Crowd.start(6, 5, 1);
        int filters = Integer.parseInt(arguments[1]);
        int action = arguments[2].equals("kill") ? Deviants.KILL_THREAD : Deviants.GIVE_EPERM;
        for (int i = 0; i < filters; i++) {
            System.out.println("filtered " + Deviants.startFiltered((int) Syscalls.number("setresuid"), action));
        }
        Heartbeats beats = new Heartbeats(arguments[3]);
        beats.start(JAVA_BEATS, NATIVE_BEATS, Integer.getInteger("psx.sleepers", SLEEPING_BEATS));
        System.out.println("ready");
        System.in.read();
        if (arguments[0].equals("timed-halt")) {
            changeAndNoteTheTime(beats.changeAddress(), EXIT_CODE);
        } else if (arguments[0].equals("timed")) {
            changeAndNoteTheTime(beats.changeAddress(), 0);
        } else {
            change(arguments[0]);
        }
        beats.awaitAll(); // a policy that lets the process run on lets everybody run on
        System.out.println("done");
        System.in.readAllBytes();
    }

    private static void change(String policy) throws IOException {
        if (!policy.equals("default")) {
            Psx.onDivergence(Divergence.valueOf(policy));
        }
        try {
            Posix.seteuid(1);
            System.out.println("returned");
        } catch (DivergenceException e) {
            System.out.println("message " + e.getMessage());
            for (Map.Entry<Task, Long> result : e.results().entrySet()) {
                System.out.println("result " + result.getKey().tid() + " "
                        + result.getKey().comm() + " " + result.getValue());
            }
            System.out.println("threw");
        }
    }

    /** As seteuid(1); and the caller, which is the first to change, notes when: before anybody else may. */
    private static void changeAndNoteTheTime(long address, int haltCode) {
        Program program = new Program().add("setresuid", -1, 1, -1).add("clock_gettime", 1, address);
        long[] encoded = program.encoded();
        encoded[MARK_OF_SECOND] |= CALLER_ONLY;
        EnginePort.get().apply(new Object[] {"broadcast", encoded, program.blobs(), haltCode});
    }
}
