package dev.psx.agent.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgentStateTest {

    @AfterEach
    void release() {
        AgentState.release();
    }

    @Test
    void theSameOptionsAgainAreHarmless() {
        assertThat(AgentState.claim("user=nobody")).isTrue();
        assertThat(AgentState.claim("user=nobody")).isFalse();
    }

    @Test
    void noOptionsAndEmptyOptionsAreTheSame() {
        assertThat(AgentState.claim(null)).isTrue();
        assertThat(AgentState.claim("")).isFalse();
    }

    @Test
    void otherOptionsAreAnErrorThatNamesBoth() {
        AgentState.claim("user=nobody");

        assertThatThrownBy(() -> AgentState.claim("user=daemon"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("\"user=nobody\"", "\"user=daemon\"");
    }

    @Test
    void afterAFailureAnotherMayTry() {
        AgentState.claim("user=no-such-user");
        AgentState.release();

        assertThat(AgentState.claim("user=nobody")).isTrue();
    }
}
