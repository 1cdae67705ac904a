package dev.psx.cap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.cap.CapabilitySet.Flag;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sets, vectors and ids of a whole process, judged by {@code /proc} and by libcap's tools. */
class ProcessSetsTest {

    private CapProcess process;
    private long own;

    @BeforeEach
    void start() throws IOException {
        Tools.required();
        process = new CapProcess();
        own = process.sets().permitted();
    }

    @AfterEach
    void stop() {
        if (process != null) {
            process.close();
        }
    }

    private String getpcaps(String... options) throws IOException {
        String[] command = new String[options.length + 2];
        command[0] = "getpcaps";
        System.arraycopy(options, 0, command, 1, options.length);
        command[command.length - 1] = Long.toString(process.pid());
        return CapProcess.output(command);
    }

    @Test
    void randomSetsHoldOnEveryTask() throws IOException {
        Random random = new Random(31);
        for (int i = 0; i < 40; i++) {
            CapabilitySet wanted =
                    CapabilitySet.of(own, random.nextLong() & random.nextLong() & own, random.nextLong() & own);
            process.tell("set " + wanted);
            assertThat(process.sets()).isEqualTo(wanted);
            assertThat(process.tell("get")).isEqualTo(wanted.toString());
            assertThat(process.tell("get-pid " + process.pid())).isEqualTo(wanted.toString());
            assertThat(getpcaps()).isEqualTo(process.pid() + ": " + wanted);
        }
    }

    @Test
    void whatIsNoLongerPermittedCannotBeGainedBack() throws IOException {
        CapabilitySet less = CapabilitySet.of(own, own, 0).lower(Flag.PERMITTED, Capability.KILL);
        process.tell("set " + less.lower(Flag.EFFECTIVE, Capability.KILL));
        Map<String, String> before = process.state();
        assertThat(process.ask("set " + CapabilitySet.of(own, 0, 0)))
                .startsWith("failed ErrnoException capset(")
                .contains("EPERM", "nothing has changed");
        assertThat(process.state()).isEqualTo(before);
    }

    /** Negative control: a program that is linked with libcap alone changes one thread, and we say that they differ. */
    @Test
    void libcapAloneChangesOneTask() throws IOException {
        Libcap.required();
        process.tell("libcap-set =");
        long changed = process.states().stream()
                .filter(task -> task.get("CapPrm").matches("0+"))
                .count();
        assertThat(changed).isEqualTo(1);
        assertThat(process.states()).hasSizeGreaterThan(25);
        assertThat(process.ask("get")).startsWith("failed IllegalStateException the tasks of this process differ");
        assertThat(process.ask("get-iab")).startsWith("ok "); // these vectors are the same
        assertThat(process.ask("mode HYBRID")).startsWith("failed IllegalStateException");
    }

    /** Who reads task by task must not see a broadcast half done. */
    @Test
    void readersNeverSeeAChangeHalfDone() throws IOException {
        assertThat(process.tell("get-beside-changes 300")).isEqualTo("0");
    }

    @Test
    void randomVectorsHoldOnEveryTask() throws IOException {
        Random random = new Random(32);
        for (int i = 0; i < 25; i++) {
            long inheritable = random.nextLong() & random.nextLong() & own & process.mask("CapBnd");
            Iab wanted = Iab.of(inheritable, random.nextLong() & inheritable, ~process.mask("CapBnd"));
            if (i % 5 == 4) {
                wanted = wanted.with(Iab.Vector.BLOCKED, wanted.blocked() | 1L << random.nextInt(41));
            }
            wanted = wanted.with(Iab.Vector.BLOCKED, wanted.blocked() & Capability.all());
            process.tell("iab " + wanted);
            assertThat(Iab.of(
                            process.mask("CapInh"), process.mask("CapAmb"), ~process.mask("CapBnd") & Capability.all()))
                    .isEqualTo(wanted);
            assertThat(process.sets().effective()).isEqualTo(own);
            assertThat(process.tell("get-iab")).isEqualTo(wanted.toString());
            assertThat(process.tell("get-iab-pid " + process.pid())).isEqualTo(wanted.toString());
            assertThat(getpcaps("--iab", "--verbose")).endsWith("[" + wanted + "]");
        }
    }

    /** One capability of many cannot become ambient: the sets before it are not changed either. */
    @Test
    void vectorsHoldAllOrNothing() throws IOException {
        process.tell("set "
                + CapabilitySet.of(own, own, own)
                        .lower(Flag.PERMITTED, Capability.KILL)
                        .lower(Flag.EFFECTIVE, Capability.KILL));
        process.tell("iab cap_chown,^cap_setuid");
        Map<String, String> before = process.state();
        assertThat(process.ask("iab ^cap_chown,^cap_kill,!cap_setuid"))
                .startsWith("failed ErrnoException prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 5)")
                .contains("EPERM");
        assertThat(process.state()).isEqualTo(before);
    }

    @Test
    void ambientAndBoundingSetsChangeOnEveryTask() throws IOException {
        process.tell("iab cap_chown,cap_kill,cap_setuid");
        process.tell("raise-ambient kill,chown");
        assertThat(process.mask("CapAmb")).isEqualTo(0x21);
        assertThat(process.tell("has-ambient kill")).isEqualTo("true true");
        process.tell("lower-ambient kill");
        assertThat(process.tell("get-ambient")).isEqualTo("cap_chown");
        assertThat(process.tell("child capsh --print")).contains("|Ambient set =cap_chown|");
        process.tell("clear-ambient");
        assertThat(process.mask("CapAmb")).isZero();
        long bounding = process.mask("CapBnd");
        process.tell("drop-bounding kill,chown,sys_admin");
        assertThat(process.mask("CapBnd"))
                .isEqualTo(bounding & ~Capability.mask(Capability.KILL, Capability.CHOWN, Capability.SYS_ADMIN));
        assertThat(process.tell("has-bounding kill")).isEqualTo("false");
        assertThat(process.tell("child capsh --print"))
                .contains("|Bounding set =" + process.tell("get-bounding") + "|");
        process.tell("drop-bounding kill"); // holds already
    }

    @Test
    void keptCapabilitiesSurviveTheChangeOfUser() throws IOException {
        assertThat(process.tell("get-keep")).isEqualTo("false"); // later it may not be allowed to load classes
        process.tell("set " + CapabilitySet.of(own, own, 0x20));
        process.tell("setgroups 65534 7 8 9");
        assertThat(process.state())
                .containsEntry("Gid", "65534\t65534\t65534\t65534")
                .containsEntry("Groups", "7 8 9");
        assertThat(process.sets()).isEqualTo(CapabilitySet.of(own, 0, 0x20));
        process.tell("setgroups 65534");
        assertThat(process.state()).containsEntry("Groups", "");
        process.tell("setuid 65534");
        assertThat(process.state()).containsEntry("Uid", "65534\t65534\t65534\t65534");
        assertThat(process.sets()).isEqualTo(CapabilitySet.of(own, 0, 0x20));
        assertThat(process.tell("get-keep")).isEqualTo("false");
        String theirs = CapProcess.output("capsh", "--inh=cap_kill", "--cap-uid=65534", "--print");
        assertThat(theirs).startsWith("Current: " + CapabilitySet.of(own, 0, 0x20) + "\n");
        process.tell("setuid 0");
        assertThat(process.sets()).isEqualTo(CapabilitySet.of(own, 0, 0x20));
    }

    @Test
    void withoutTheCapabilityIdsStay() throws IOException {
        process.tell("set =");
        Map<String, String> before = process.state();
        assertThat(process.ask("setuid 65534"))
                .startsWith("failed ErrnoException capset(")
                .contains("EPERM");
        assertThat(process.ask("setgroups 65534 1")).startsWith("failed ErrnoException capset(");
        assertThat(process.ask("setuid -1")).startsWith("failed IllegalArgumentException id -1 is negative");
        assertThat(process.state()).isEqualTo(before);
        assertThat(process.ask("get-pid 2147483647"))
                .startsWith("failed ErrnoException capget(")
                .contains("ESRCH");
        assertThat(process.ask("get-iab-pid 2147483647"))
                .startsWith("failed ErrnoException /proc/")
                .contains("ESRCH");
    }
}
