package dev.psx.agent.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.psx.Divergence;
import dev.psx.spi.CapabilityCalls;
import dev.psx.spi.Program;
import java.util.List;
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
        assertThatThrownBy(() -> off(engine).apply(new Object[] {operation}))
                .isInstanceOf(SecurityException.class)
                .hasMessageContaining("api=off");
        assertThat(on(null).apply(new Object[] {operation})).isEqualTo("done: " + operation);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tasks", "user", "group", "lock-shared", "unlock-shared"})
    void whatOnlyLooksIsAllowedWhenTheApiIsOff(String operation) {
        assertThat(off(engine).apply(new Object[] {operation})).isEqualTo("done: " + operation);
    }

    /** The calling task may look at itself and at others, but neither change itself nor files. */
    @Test
    void ownCallsAreAllowedWhenTheyOnlyLook() {
        Object[] look = {"own", CapabilityCalls.getSecureBits().encoded(), new byte[0][]};
        assertThat(off(engine).apply(look)).isEqualTo("done: own");

        Program change = CapabilityCalls.getSecureBits();
        CapabilityCalls.keepCapabilities(change, true);
        for (Program program : List.of(change, new Program().add("setuid", 1), new Program().add("fsetxattr", 1))) {
            assertThatThrownBy(() -> off(engine).apply(new Object[] {"own", program.encoded(), new byte[0][]}))
                    .isInstanceOf(SecurityException.class);
        }
    }

    @Test
    void childrenMayBeStartedWhenTheApiIsOff() {
        assertThat(off(engine).apply(new Object[] {"spawn"})).isEqualTo("done: spawn");
        for (Program program : List.of(
                new Program().add("pipe2", 0, 0),
                new Program().add("prlimit64", 0, 7, 0, 1).add("getpid"))) {
            assertThat(off(engine).apply(new Object[] {"own", program.encoded(), new byte[0][]}))
                    .isEqualTo("done: own");
        }
        for (Program program : List.of(
                new Program().add("pipe2", 0, 0).add("setuid", 1),
                new Program().add("prlimit64", 0, 7, 1, 0),
                new Program().add("close_range", 3, -1, 0),
                new Program().add("ioctl", 0, 0x5412))) {
            assertThatThrownBy(() -> off(engine).apply(new Object[] {"own", program.encoded(), new byte[0][]}))
                    .isInstanceOf(SecurityException.class);
        }
    }

    @Test
    void theCallerCannotExchangeTheCallsBehindTheCheck() {
        long[] program = CapabilityCalls.getSecureBits().encoded();
        long[] seen = new long[1];
        Function<Object[], Object> remembering = own -> {
            program[0] = -1;
            seen[0] = ((long[]) own[1])[0];
            return null;
        };

        off(remembering).apply(new Object[] {"own", program, new byte[0][]});

        assertThat(seen[0]).isNotEqualTo(-1);
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

        off(remembering).apply(request);

        assertThat(seen[0]).isEqualTo("tasks");
    }

    @Test
    void thePlanIsTheAgentsOwnAnswer() {
        Object[] plan = {65534};
        ApplicationPort port = on(plan);

        assertThat((Object[]) port.apply(new Object[] {"plan"})).isEqualTo(plan).isNotSameAs(plan);
        assertThat(on(null).apply(new Object[] {"plan"})).isNull();
    }

    @Test
    void theAgentChoosesWhatADivergenceMeans() {
        Object[] request = {"divergence"};

        assertThat(on(null).apply(request)).isEqualTo(Divergence.HALT.name());
        assertThat(new ApplicationPort(engine, OptionParser.parse("on-divergence=warn"), null, null).apply(request))
                .isEqualTo(Divergence.WARN.name());
    }

    /** Also with api=off: children are no change of this process. */
    @Test
    void theProfileOfChildrenIsTheAgentsOwnAnswer() {
        Object[] profile = {"nobody"};
        ApplicationPort port = new ApplicationPort(engine, OptionParser.parse("api=off"), null, profile);

        assertThat((Object[]) port.apply(new Object[] {"child-profile"}))
                .isEqualTo(profile)
                .isNotSameAs(profile);
        assertThat(on(null).apply(new Object[] {"child-profile"})).isNull();
    }

    private ApplicationPort on(Object[] plan) {
        return new ApplicationPort(engine, OptionParser.parse("api=on"), plan, null);
    }

    private static ApplicationPort off(Function<Object[], Object> engine) {
        return new ApplicationPort(engine, OptionParser.parse("api=off"), null, null);
    }
}
