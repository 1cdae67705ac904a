package dev.psx.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.psx.Credentials;
import dev.psx.ErrnoException;
import dev.psx.check.FixUps;
import dev.psx.spi.BroadcastReport;
import dev.psx.spi.FakePort;
import dev.psx.spi.FakePort.Status;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A process that has less than the plan keeps. Bit 5 is cap_kill, bit 8 cap_setpcap, bit 10 cap_net_bind_service. */
class ShortfallTest {

    private static final long KILL = 1 << 5;
    private static final long SETPCAP = 1 << 8;
    private static final long BIND = 1 << 10;
    private static final Status EMPTY = Status.dropped(1000);

    private final FakePort port = new FakePort();

    @BeforeEach
    void anApplication() {
        port.users.put("app", new Object[] {"app", 1000, 1000, new int[] {1000}});
        port.trial = FakePort.header(BroadcastReport.CALL_FAILED, 0, -1); // the process may not change anything
    }

    private record Row(String name, UnaryOperator<DropSpecBuilder> plan, Status status, int bits, String... words) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> whatIsMissing() {
        return Stream.of(
                new Row(
                        "the only one",
                        p -> p.capabilities(BIND),
                        EMPTY,
                        0,
                        "cap_net_bind_service",
                        "net_bind_service)"),
                new Row(
                        "one of two",
                        p -> p.capabilities(BIND | KILL).ambient(KILL).keepBounding(),
                        EMPTY.capabilities(KILL, 0xffff, KILL).inheritable(KILL),
                        0,
                        "plan keeps: cap_net_bind_service",
                        "ambient=kill+net_bind_service"),
                new Row(
                        "both, although ambient",
                        p -> p.capabilities(BIND | KILL).ambient(BIND | KILL),
                        EMPTY,
                        0,
                        "plan keeps: cap_kill, cap_net_bind_service",
                        "it was started without"),
                new Row("with a smaller bounding set", p -> p.capabilities(BIND).bounding(BIND), EMPTY, 0, "bind"),
                new Row(
                        "keep-caps",
                        p -> p.secureBits(0x11),
                        EMPTY,
                        0x1,
                        "plan keeps: the secure bit keep-caps",
                        "always clears"),
                new Row(
                        "keep-caps, locked",
                        p -> p.capabilities(SETPCAP).secureBits(0x30),
                        EMPTY.capabilities(SETPCAP, SETPCAP, 0),
                        0x20,
                        "plan keeps: the secure bit keep-caps"),
                new Row(
                        "both",
                        p -> p.capabilities(KILL).secureBits(0x11),
                        EMPTY,
                        0x1,
                        "plan keeps: cap_kill, the secure bit keep-caps"));
    }

    @ParameterizedTest
    @MethodSource
    void whatIsMissing(Row row) {
        DropResult result = drop(row);
        assertThat(result.changed()).isFalse();
        assertThat(result.warnings())
                .filteredOn(warning -> warning.startsWith("the process has lost"))
                .singleElement()
                .asString()
                .contains(row.words);
        assertThat(port.requests).doesNotContain("probe");
    }

    static Stream<Row> whatIsStillToBeGivenUp() {
        UnaryOperator<DropSpecBuilder> plan = p -> p.capabilities(BIND);
        return Stream.of(
                new Row("root", plan, Status.ROOT, 0),
                new Row("a saved uid", plan, EMPTY.uid("1000\t1000\t0\t1000"), 0),
                new Row("a group", plan, EMPTY.groups("4 1000"), 0),
                new Row("another capability", plan, EMPTY.capabilities(KILL, 0, 0), 0),
                new Row("one to inherit", plan, EMPTY.inheritable(KILL), 0),
                new Row("the bounding set", plan, EMPTY.capabilities(0, KILL, 0), 0),
                new Row("no_new_privs", plan, EMPTY.nnp(0), 0),
                new Row("an ambient one", p -> p.capabilities(BIND | KILL), EMPTY.capabilities(KILL, 0, KILL), 0),
                new Row("another secure bit", p -> p.capabilities(BIND).secureBits(0x11), EMPTY, 0x2),
                new Row("a root directory", p -> p.capabilities(BIND).root("/srv"), EMPTY, 0));
    }

    @ParameterizedTest
    @MethodSource
    void whatIsStillToBeGivenUp(Row row) {
        Throwable failure = catchThrowable(() -> drop(row));
        assertThat(failure).hasMessageContaining("nothing has changed");
        assertThat(DropTransaction.exitCode(failure)).isEqualTo(77);
    }

    /** One thread of two, as after a change that libc did not make everywhere. */
    @Test
    void tasksThatDiffer() {
        port.task(11, "worker", EMPTY.capabilities(BIND, 0, 0));
        Row row = new Row("", p -> p.capabilities(BIND), EMPTY, 0);
        assertThatThrownBy(() -> drop(row)).isInstanceOf(ErrnoException.class);
    }

    @Test
    void aBitThatCanBeSetIsSet() {
        Row row =
                new Row("", p -> p.capabilities(SETPCAP).secureBits(0x10), EMPTY.capabilities(SETPCAP, SETPCAP, 0), 0);
        assertThatThrownBy(() -> drop(row)).hasMessageContaining("PR_SET_SECUREBITS, 0x10");
    }

    /** Settings can be made all the same, and what is missing is not among them. */
    @Test
    void settingsAreMade() {
        port.trial = FakePort.header(BroadcastReport.DONE, 0, 0);
        port.onBroadcast = () -> port.own.put("prctl", 0L);
        DropResult result = drop(new Row("", p -> p.capabilities(KILL).dumpable(false), EMPTY, 1));
        assertThat(port.calls()).containsExactly("prctl 4 0");
        assertThat(result.warnings()).singleElement().asString().contains("cap_kill");
    }

    @Test
    void anotherProcessIsJudgedAlike() {
        DropSpec spec = new DropSpecBuilder().user("app").capabilities(KILL).build(port);
        assertThat(DropProgram.of(spec, credentials(EMPTY)).size()).isZero();
        assertThat(DropProgram.of(spec, credentials(Status.ROOT)).describe())
                .anyMatch(call -> call.startsWith("capset(permitted cap_kill"));
    }

    private static List<Credentials> credentials(Status status) {
        return List.of(Credentials.parse(status.text(10)));
    }

    private DropResult drop(Row row) {
        port.own.put("prctl", (long) row.bits);
        port.task(10, "main", row.status);
        DropSpec spec = row.plan.apply(new DropSpecBuilder().user("app")).build(port);
        return DropTransaction.run(port, spec, FixUps.none());
    }
}
