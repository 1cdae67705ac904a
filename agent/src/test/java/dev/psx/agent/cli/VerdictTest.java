package dev.psx.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictTest {

    private static final int IO_WORKER = 0x10;

    private static final String STATUS = """
        Name:\tx
        State:\tS (sleeping)
        Tgid:\t1
        Pid:\t%d
        Uid:\t7\t7\t7\t7
        Gid:\t8\t8\t8\t8
        Groups:\t1 2\s
        NSpid:\t%1$d
        SigPnd:\t0000000000000000
        SigBlk:\t0000000000000000
        SigCgt:\t0000000000000000
        CapInh:\t0000000000000001
        CapPrm:\t0000000000000002
        CapEff:\t0000000000000003
        CapBnd:\t0000000000000004
        CapAmb:\t0000000000000005
        NoNewPrivs:\t1
        Seccomp:\t0
        """;

    @Test
    void equalTasksAreConsistent() {
        Verdict verdict = new Verdict(List.of(task(1), task(2)));

        assertThat(verdict.consistent()).isTrue();
        assertThat(verdict.groups()).hasSize(1);
        assertThat(verdict.counted()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Uid:\t7\t7\t7\t7 Uid:\t0\t7\t7\t7",
                "Uid:\t7\t7\t7\t7 Uid:\t7\t0\t7\t7",
                "Uid:\t7\t7\t7\t7 Uid:\t7\t7\t0\t7",
                "Uid:\t7\t7\t7\t7 Uid:\t7\t7\t7\t0",
                "Gid:\t8\t8\t8\t8 Gid:\t0\t8\t8\t8",
                "Gid:\t8\t8\t8\t8 Gid:\t8\t0\t8\t8",
                "Gid:\t8\t8\t8\t8 Gid:\t8\t8\t0\t8",
                "Gid:\t8\t8\t8\t8 Gid:\t8\t8\t8\t0",
                "Groups:\t1 Groups:\t",
                "0000000001 0000000010",
                "0000000002 0000000000",
                "0000000003 0000000000",
                "0000000004 0000000000",
                "0000000005 0000000000",
                "NoNewPrivs:\t1 NoNewPrivs:\t0",
                "Seccomp:\t0 Seccomp:\t2"
            })
    void everyDifferenceCounts(String change) {
        String[] words = change.split(" ", 2);
        TaskRow other = task(3, STATUS.replace(words[0], words[1]), 0, false);
        Verdict verdict = new Verdict(List.of(other, task(4), task(5)));

        assertThat(verdict.consistent()).isFalse();
        assertThat(verdict.groups()).hasSize(2);
        assertThat(verdict.groups().get(1).tasks()).containsExactly(other);
        String differences = words(other).differences(words(task(4)));
        assertThat(differences).contains(" instead of ").doesNotContain(";");
    }

    @Test
    void orderOfGroupsIsNoDifference() {
        TaskRow other = task(2, STATUS.replace("1 2 ", "2 1 1"), 0, false);

        assertThat(new Verdict(List.of(task(1), other)).consistent()).isTrue();
    }

    @Test
    void deadTasksAndPoolWorkersDoNotCount() {
        String root = STATUS.replace("\t7", "\t0");
        TaskRow dead = task(1, root.replace("S (sleeping)", "Z (zombie)"), 0, false);
        TaskRow worker = task(2, root, IO_WORKER, false);

        Verdict verdict = new Verdict(List.of(dead, worker, task(3)));
        assertThat(verdict.consistent()).isTrue();
        assertThat(verdict.counted()).isEqualTo(1);
        assertThat(verdict.groups().get(0).tasks()).extracting(TaskRow::tid).containsExactly(3);
    }

    @Test
    void pollersCount() {
        TaskRow poller = task(2, STATUS.replace("\t7", "\t0"), IO_WORKER, true);

        assertThat(new Verdict(List.of(task(1), poller)).consistent()).isFalse();
    }

    @Test
    void lettersDoNotRunOut() {
        List<TaskRow> tasks = new ArrayList<>();
        for (int i = 1; i <= 30; i++) {
            tasks.add(task(i, STATUS.replace("Uid:\t7", "Uid:\t" + i), 0, false));
        }

        assertThat(new Verdict(tasks).groups())
                .extracting(Verdict.Group::letter)
                .startsWith("A", "B")
                .endsWith("AC", "AD");
    }

    private static CredentialText words(TaskRow task) {
        return new CredentialText(task.status());
    }

    private static TaskRow task(int tid) {
        return task(tid, STATUS, 0, false);
    }

    private static TaskRow task(int tid, String status, int flags, boolean poller) {
        return new TaskRow(new ProcessFiles.RawTask(String.format(status, tid), flags), false, null, poller);
    }
}
