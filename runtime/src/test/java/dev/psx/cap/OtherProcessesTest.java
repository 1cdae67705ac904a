package dev.psx.cap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What we say about other processes, started with chance capabilities, beside what getpcaps says about them. */
class OtherProcessesTest {

    private static final int PROCESSES = 20;

    @Test
    void areDescribedLikeGetpcaps() throws IOException {
        Tools.required();
        try (CapProcess process = new CapProcess()) {
            long own = process.sets().permitted();
            Random random = new Random(41);
            for (int i = 0; i < PROCESSES; i++) {
                Process other = start(random, own);
                try {
                    assertSame(process, other.pid());
                } finally {
                    other.destroyForcibly();
                }
            }
        }
    }

    private static void assertSame(CapProcess process, long pid) throws IOException {
        String sets = process.tell("get-pid " + pid);
        String iab = process.tell("get-iab-pid " + pid);
        String theirs = CapProcess.output("getpcaps", "--iab", "--verbose", Long.toString(pid));
        assertThat(theirs.substring(theirs.indexOf(':') + 2)).isEqualTo("\"" + sets + "\" [" + iab + "]");
    }

    /** Returns a process that waits for input; it has said that it executes the last program of the row. */
    private static Process start(Random random, long own) throws IOException {
        long inheritable = random.nextLong() & random.nextLong() & own;
        List<String> command = new ArrayList<>(List.of("setpriv", "--inh-caps=-all" + changes(inheritable, '+')));
        command.add("--ambient-caps=-all" + changes(inheritable & random.nextLong(), '+'));
        long needed = Capability.mask(Capability.CHOWN, Capability.SETUID, Capability.SETGID, Capability.SETPCAP);
        long dropped = random.nextLong() & random.nextLong() & random.nextLong() & own & ~(needed | inheritable);
        command.add("--bounding-set=+chown" + changes(dropped, '-'));
        if (random.nextBoolean()) {
            command.addAll(List.of("--reuid=65534", "--clear-groups", "--regid=65534"));
        }
        command.addAll(List.of("sh", "-c", "echo ready; read line"));
        Process other = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = other.inputReader().readLine();
        assertThat(said).as("%s", command).isEqualTo("ready");
        return other;
    }

    private static String changes(long mask, char sign) {
        StringBuilder text = new StringBuilder();
        for (Capability capability : Capability.in(mask)) {
            text.append(',').append(sign).append(capability.shortName());
        }
        return text.toString();
    }
}
