package dev.psx.process;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A variable that there cannot be is refused before a task is held, instead of being passed on as another one. */
class ExecArgumentsTest {

    private static final String MISSING = "/missing/program";

    @Test
    void aVariableHasAValue() {
        Map<String, String> environment = Collections.singletonMap("A", null);
        assertThatThrownBy(() -> Exec.exec(MISSING, List.of("x"), environment))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("environment variable A");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=", "A=B"})
    void aVariableHasAName(String name) {
        Map<String, String> environment = Collections.singletonMap(name, "b");
        assertThatThrownBy(() -> Exec.exec(MISSING, List.of("x"), environment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("an environment variable cannot be called");
    }

    @Test
    void aCommandHasNoNullWords() {
        assertThatThrownBy(() -> Exec.exec((String) null)).isInstanceOf(NullPointerException.class);
    }
}
