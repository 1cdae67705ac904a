package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.apps.NettyApp;
import dev.psx.agent.testing.Account;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.Cli;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Fixtures;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jdks;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.Ports;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code when=listening}: the call that makes the last port listen returns without privilege, and so runs everything else. */
@RootOnly
class ListeningDropIT {

    private static final String OWN_UID = "Uid: 65534 65534 65534 65534";

    private final Account nobody = Account.named("nobody");

    @EachJdk
    void dropsACrowd(Jdk jdk) throws IOException {
        int port = Ports.privileged();
        try (Child child = Jvm.of(jdk)
                .fixture()
                .agent("user=nobody,when=listening:" + port)
                .start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("crowd 200 20 3")).startsWith("ok");
            assertThat(OutsideView.tasks(child.pid()))
                    .allSatisfy(task -> assertThat(task.uid()).containsOnly(0));
            assertThat(child.ask("listen socket " + port)).isEqualTo("ok socket " + OWN_UID);
            assertThat(nobody.assertDropped(child)).hasSizeGreaterThan(200 + 20 + 3);
            assertThat(firstByteFrom(port)).isEqualTo('h');
            assertThat(Cli.status(jdk, child).exitCode()).isZero();
        }
    }

    static Stream<Arguments> waysToListen() {
        return Jdks.all().stream()
                .flatMap(jdk -> Stream.of("socket", "unbound-socket", "channel", "channel-socket", "async")
                        .map(way -> Arguments.of(jdk, way)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("waysToListen")
    @Timeout(60)
    void dropsBeforeTheCallReturns(Jdk jdk, String way) {
        int port = Ports.privileged();
        try (Child child =
                Jvm.of(jdk).agent("user=nobody,when=listening:" + port).start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("listen " + way + " " + port)).isEqualTo("ok " + way + " " + OWN_UID);
            nobody.assertDropped(child);
        }
    }

    @EachJdk
    void waitsForEveryPort(Jdk jdk) {
        int first = Ports.privileged();
        int second = Ports.privileged();
        String options = "user=nobody,when=listening:" + first + "+" + second;
        try (Child child = Jvm.of(jdk).agent(options).start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("listen channel " + first)).isEqualTo("ok channel Uid: 0 0 0 0");
            assertThat(child.ask("listen socket " + second)).isEqualTo("ok socket " + OWN_UID);
            nobody.assertDropped(child);
        }
    }

    /** The port is taken by another process: that this process listens there is judged on its own sockets only. */
    @EachJdk
    void ignoresOtherProcesses(Jdk jdk) {
        int port = Ports.privileged();
        try (Child other = Jvm.of(jdk).start(Console.class);
                Child child =
                        Jvm.of(jdk).agent("user=nobody,when=listening:" + port).start(Console.class)) {
            other.await("ready");
            assertThat(other.ask("listen channel " + port)).startsWith("ok");
            child.await("ready");
            assertThat(child.ask("listen channel " + port)).startsWith("failed java.net.BindException");
            assertThat(child.ask("listen channel " + Ports.privileged())).isEqualTo("ok channel Uid: 0 0 0 0");
        }
    }

    @EachJdk
    void dropsInNettysNativeListen(Jdk jdk) {
        int port = Ports.privileged();
        Jvm jvm = Jvm.of(jdk)
                .nativeAccess()
                .agent("user=nobody,when=listening:" + port)
                .addToClassPath(Artifacts.dependencies("netty-"));
        try (Child child = jvm.start(NettyApp.class, Integer.toString(port))) {
            assertThat(child.await("bound")).isEqualTo("bound " + OWN_UID);
            nobody.assertDropped(child);
        }
    }

    /** A socket that systemd, or whoever started the JVM, opened already. */
    @EachJdk
    void countsAnInheritedSocket(Jdk jdk) {
        int port = Ports.privileged();
        try (Child child = Jvm.of(jdk)
                .through(Fixtures.launcher().toString(), Integer.toString(port))
                .agent("user=nobody,when=listening:" + port)
                .start(Console.class)) {
            child.await("ready");
            child.awaitError("psx-agent:");
            nobody.assertDropped(child);
        }
    }

    /** As with a launcher whose first thread makes another one for the JVM, and ends. */
    @EachJdk
    void dropsThoughTheFirstTaskHasEnded(Jdk jdk) {
        int port = Ports.privileged();
        try (Child child = Jvm.of(jdk)
                .fixture()
                .agent("user=nobody,when=listening:" + port)
                .start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("end-first-task")).isEqualTo("ok end-first-task");
            assertThat(child.ask("listen socket " + port)).isEqualTo("ok socket " + OWN_UID);
            nobody.assertDropped(child);
        }
    }

    /** The thread that listens has too little stack for a drop: then another does it, and that thread waits. */
    @EachJdk
    void dropsWhereTheStackEnds(Jdk jdk) {
        for (int room = 380; room < 600; room += 50) {
            int port = Ports.privileged();
            Jvm jvm = Jvm.of(jdk).option("-Xint", "-Xss512k").agent("user=nobody,when=listening:" + port);
            try (Child child = jvm.start(Console.class)) {
                child.await("ready");
                assertThat(child.ask("listen-deep " + room + " " + port))
                        .as("%d calls %s", room, child.transcript())
                        .endsWith(OWN_UID);
                nobody.assertDropped(child);
            }
        }
    }

    private static int firstByteFrom(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.getInputStream().read();
        }
    }
}
