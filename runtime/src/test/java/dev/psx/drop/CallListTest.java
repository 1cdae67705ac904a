package dev.psx.drop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.spi.Mark;
import dev.psx.spi.Program;
import org.junit.jupiter.api.Test;

class CallListTest {

    @Test
    void callsInARowThatDifferInTheirLastNumberAreOneLine() {
        Program program = new Program().addGroups(1, 2);
        for (int capability : new int[] {0, 1, 2, 5, 7, 8}) {
            program.addShown("prctl(PR_CAPBSET_DROP, " + capability + ")", "prctl", 24, capability);
        }
        program.add("setresuid", 3, 3, 3).addShown("prctl(PR_SET_NO_NEW_PRIVS, 1)", "prctl", 38, 1);
        assertThat(CallList.of(program))
                .containsExactly(
                        "setgroups(1, 2)",
                        "prctl(PR_CAPBSET_DROP, 0..2 5 7..8) one by one",
                        "setresuid(3, 3, 3)",
                        "prctl(PR_SET_NO_NEW_PRIVS, 1)");
    }

    @Test
    void callsOfOtherTasksAreAnotherLine() {
        Program program = new Program().addShown("f(1, 2)", "prctl", 1, 2);
        program.addShown("f(1, 3)", "prctl", 1, 3);
        program.addShown("f(1, 4)", "prctl", 1, 4).mark(Mark.BEFORE);
        assertThat(CallList.withTasks(program))
                .containsExactly("f(1, 2..3) on every task, one by one", "f(1, 4) once for the process");
    }

    @Test
    void nothingIsNoLine() {
        assertThat(CallList.of(new Program())).isEmpty();
    }
}
