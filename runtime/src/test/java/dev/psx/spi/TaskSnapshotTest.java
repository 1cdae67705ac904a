package dev.psx.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.psx.Task;
import dev.psx.spi.FakePort.Status;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskSnapshotTest {

    @ParameterizedTest
    @CsvSource({
        "true,0,main,JAVA",
        "true,0,GC Thread#0,JAVA",
        "false,0,GC Thread#0,VM",
        "false,0,VM Thread,VM",
        "false,0,G1 Conc#0,VM",
        "false,0,C2 CompilerThre,VM",
        "false,0,worker,NATIVE",
        "false,0,iou-wrk-1,NATIVE",
        "false,16,iou-wrk-1,KERNEL",
        "false,16384,vhost-1,KERNEL",
        "false,2097152,kthread,KERNEL",
        "false,4194368,java,NATIVE"
    })
    void kindsAreToldByRegistrationThenFlagsThenName(boolean registered, int flags, String comm, Task.Kind kind) {
        assertThat(TaskKinds.of(registered, flags, comm)).isEqualTo(kind);
    }

    /** It may stay listed with its old credentials when a broadcast has passed it over. */
    @Test
    void aTaskInExitTakesNoPart() {
        FakePort port =
                new FakePort().task(7, "ending", Status.ROOT, 0x40404c, 1L).task(8, "living", Status.ROOT);

        assertThat(TaskSnapshot.all(port)).extracting(TaskSnapshot::takesPart).containsExactly(false, true);
    }

    @Test
    void kindsAreSpelledAsInTheStatusOutput() {
        assertThat(Task.Kind.values())
                .extracting(Task.Kind::toString)
                .containsExactly("java", "vm", "native", "kernel");
    }

    @Test
    void describesItself() {
        FakePort port = new FakePort().task(7, "main\n", Status.ROOT, 0, 1L);

        Task task = TaskSnapshot.all(port).get(0);
        assertThat(task.tid()).isEqualTo(7);
        assertThat(task.comm()).isEqualTo("main");
        assertThat(task.registered()).isTrue();
        assertThat(task)
                .hasToString(
                        "task 7 (main) java registered uid=0,0,0,0 gid=0,0,0,0 groups=0,4 inheritable=0 permitted=7"
                                + " effective=7 bounding=5 ambient=0 no_new_privs=0 seccomp=0");
    }

    @Test
    void findsItsThread() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        Thread sleeper = new Thread(new ThreadGroup("inner"), () -> await(done));
        sleeper.start();
        try {
            FakePort port = new FakePort()
                    .task(1, "a", Status.ROOT, 0, sleeper.getId())
                    .task(2, "b", Status.ROOT, 0, Long.MAX_VALUE)
                    .task(3, "c", Status.ROOT);
            assertThat(TaskSnapshot.all(port))
                    .extracting(task -> task.thread().orElse(null))
                    .containsExactly(sleeper, null, null);
        } finally {
            done.countDown();
            sleeper.join();
        }
    }

    @Test
    void deadTasksAndKernelWorkersTakeNoPart() {
        FakePort port = new FakePort()
                .task(1, "java", Status.ROOT.state('Z'))
                .task(2, "java", Status.ROOT.state('X'))
                .task(3, "java", Status.ROOT.state('D'))
                .task(4, "iou-wrk-3", Status.ROOT, 0x10, null);

        assertThat(TaskSnapshot.all(port))
                .extracting(TaskSnapshot::takesPart)
                .containsExactly(false, false, true, false);
    }

    @Test
    void aFileCutShortIsReadAgainButNotForEver() {
        FakePort port = new FakePort();
        port.tasks.put(1, new Object[] {new int[] {1, 0, 0}, null, "x", "Name:\tx\nState:\tS (s", null});

        assertThatThrownBy(() -> TaskSnapshot.all(port)).isInstanceOf(IllegalStateException.class);
        assertThat(port.requests.size()).isGreaterThan(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
