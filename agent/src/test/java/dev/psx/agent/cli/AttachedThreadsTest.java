package dev.psx.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AttachedThreadsTest {

    @Test
    void dumpOfJdk8() {
        String dump = """
            Full thread dump OpenJDK 64-Bit Server VM (25.402-b06 mixed mode):

            "Attach Listener" #9 daemon prio=9 os_prio=0 tid=0x00007f7a6c001000 nid=0x2b waiting on condition [0x0000000000000000]
               java.lang.Thread.State: RUNNABLE

            "main" #1 prio=5 os_prio=0 tid=0x00007f7a9800a800 nid=0x7 runnable [0x00007f7aa0f5c000]
               java.lang.Thread.State: RUNNABLE
            \tat java.io.FileInputStream.readBytes(Native Method)

            "VM Thread" os_prio=0 tid=0x00007f7a98073000 nid=0xa runnable
            """;

        assertThat(AttachedThreads.parse(dump)).isEqualTo(Map.of(43, "Attach Listener", 7, "main"));
    }

    @Test
    void dumpOfJdk17And25() {
        String dump = """
            "main" #1 prio=5 os_prio=0 cpu=96.45ms elapsed=5.42s tid=0x00007f2 nid=0x1a2b runnable  [0x00007f27]
            "main" #3 [14645] prio=5 os_prio=0 cpu=85.95ms elapsed=0.32s tid=0x00007 nid=14645 runnable  [0x00]
            "a "quoted" #7 nid=5 name" #12 [77] daemon prio=5 os_prio=0 cpu=0.06ms tid=0x0 nid=77 waiting on condition
            "huge" #13 prio=5 tid=0x0 nid=99999999999 runnable
            """;

        assertThat(AttachedThreads.parse(dump))
                .isEqualTo(Map.of(0x1a2b, "main", 14645, "main", 77, "a \"quoted\" #7 nid=5 name"));
    }
}
