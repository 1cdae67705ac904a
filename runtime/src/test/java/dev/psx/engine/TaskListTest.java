package dev.psx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TaskListTest {

    private static final String FIELDS = "S 1 7 7 0 -1 4194368 99 0 0";

    @Test
    void nameAndFlagsOfAPlainTask() {
        assertThat(TaskList.comm("7 (java) " + FIELDS)).isEqualTo("java");
        assertThat(TaskList.flags("7 (java) " + FIELDS)).isEqualTo(0x400040);
    }

    @Test
    void aTaskMayHaveAnyName() {
        String stat = "7 (a) S 1 7 7 0 (b) " + FIELDS;
        assertThat(TaskList.comm(stat)).isEqualTo("a) S 1 7 7 0 (b");
        assertThat(TaskList.flags(stat)).isEqualTo(0x400040);
    }

    @Test
    void flagsTakeAllThirtyTwoBits() {
        assertThat(TaskList.flags("7 (x) S 1 7 7 0 -1 4294967295 0")).isEqualTo(-1);
    }
}
