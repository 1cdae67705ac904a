package dev.psx.agent.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApplicationPortTest {

    private final Function<Object[], Object> engine = request -> "done: " + request[0];

    @ParameterizedTest
    @ValueSource(
            strings = {"broadcast", "trial", "lock-exclusive", "unlock-exclusive", "configure", "new-in-some-version"})
    void whatChangesSomethingIsRefusedWhenTheApiIsOff(String operation) {
        assertThatThrownBy(() -> new ApplicationPort(engine, false, null).apply(new Object[] {operation}))
                .isInstanceOf(SecurityException.class)
                .hasMessageContaining("api=off")
                .hasMessageContaining(operation);
        assertThat(new ApplicationPort(engine, true, null).apply(new Object[] {operation}))
                .isEqualTo("done: " + operation);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tasks", "user", "group", "lock-shared", "unlock-shared"})
    void whatOnlyLooksIsAllowedWhenTheApiIsOff(String operation) {
        assertThat(new ApplicationPort(engine, false, null).apply(new Object[] {operation}))
                .isEqualTo("done: " + operation);
    }

    @Test
    void theCallerCannotExchangeTheRequestBehindTheCheck() {
        Object[] request = {"tasks"};
        Object[] seen = {null};
        Function<Object[], Object> remembering = own -> {
            request[0] = "broadcast";
            seen[0] = own[0];
            return null;
        };

        new ApplicationPort(remembering, false, null).apply(request);

        assertThat(seen[0]).isEqualTo("tasks");
    }

    @Test
    void thePlanIsTheAgentsOwnAnswer() {
        Object[] plan = {65534};
        ApplicationPort port = new ApplicationPort(engine, true, plan);

        assertThat((Object[]) port.apply(new Object[] {"plan"})).isEqualTo(plan).isNotSameAs(plan);
        assertThat(new ApplicationPort(engine, true, null).apply(new Object[] {"plan"}))
                .isNull();
    }
}
