package dev.psx.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.psx.cap.Capability;
import dev.psx.plan.Resource;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be meant is refused before anything is made, with the reason. */
class LauncherBuilderTest {

    static Stream<Arguments> mistakes() {
        return Stream.of(
                row(x -> x.command(), "the command is empty"),
                row(x -> x.command(""), "the command is empty"),
                row(x -> x.command("/bin/x", "a\0b"), "argument \"a\\0b\" contains the character 0"),
                row(x -> x.argv0("a\0"), "argv[0]"),
                row(x -> x.environment("A", "b\0"), "environment variable A"),
                row(x -> x.environment("A\0", "b"), "contains the character 0"),
                row(x -> x.environment("A=", "b"), "ends at the first ="),
                row(x -> x.environment("", "b"), "cannot be called \"\""),
                row(x -> x.directory(new File("a\0")), "working directory"),
                row(x -> x.directory(Path.of("")), "empty path"),
                row(x -> x.descriptor(2, 5), "redirectError"),
                row(x -> x.descriptor(5, -1), "no descriptor -1"),
                row(x -> x.descriptor(5, 7).descriptor(5, 8), "descriptor 5 is given twice: as a copy of 7 and of 8"),
                row(x -> x.redirectInput(-3), "no descriptor -3"),
                row(x -> x.redirectInput(Redirect.to(new File("x"))), "not one for input"),
                row(x -> x.redirectOutput(Redirect.from(new File("x"))), "not one for output"),
                row(x -> x.group(5), "keep this process's supplementary groups"),
                row(x -> x.user(-1), "id -1 is negative"),
                row(x -> x.ambient(Capability.CHOWN).bounding(), "must be in the bounding set, which lacks cap_chown"),
                row(x -> x.uidMap(IdMap.of(0, 0, 1)), "no new user namespace"),
                row(x -> x.namespaces(Namespace.USER).allowSetgroups(true), "give gidMap"),
                row(
                        x -> x.namespaces(Namespace.UTS).unshare(Namespace.UTS),
                        "both of namespaces and unshare have CLONE_NEWUTS"),
                row(
                        x -> x.namespaces(Namespace.USER).uidMap(IdMap.of(0, 0, 10), IdMap.of(9, 100, 1)),
                        "\"0 0 10\" and \"9 100 1\" of the uid map overlap"),
                row(
                        x -> x.namespaces(Namespace.USER).gidMap(IdMap.of(0, 0, 10), IdMap.of(100, 9, 1)),
                        "gid map overlap"),
                row(
                        x -> x.namespaces(Namespace.USER)
                                .gidMap(IdMap.of(0, 0, 10))
                                .credential(0, 0, 5),
                        "forbids setgroups"),
                row(x -> IdMap.of(0, 0, 0), "a range has at least one"),
                row(x -> IdMap.of(-1, 0, 1), "ids go from 0"),
                row(x -> IdMap.of(5, 4_294_967_294L, 2), "ids go from 0"),
                row(x -> x.command("x").chroot(Path.of("/")), "the program is not looked for"),
                row(x -> x.setctty(0), "give setsid() too"),
                row(x -> x.setsid().setctty(7), "has no descriptor 7"),
                row(x -> x.setsid().foreground(0), "setsid or foreground"),
                row(x -> x.setsid().setpgid(), "setsid or setpgid"),
                row(x -> x.setpgid(-1), "process group -1"),
                row(x -> x.pdeathsig(0), "no signal 0"),
                row(x -> x.pdeathsig(65), "no signal 65"),
                row(x -> x.limit(Resource.NOFILE, 5, 4), "above the hard limit"),
                row(
                        x -> x.limit(Resource.NOFILE, Resource.INFINITY, 4),
                        "NOFILE, infinity, is above the hard limit, 4"),
                row(x -> x.umask(01000), "umask 1000 (octal)"),
                row(x -> x.nice(20), "nice value 20 is not from -20 to 19"),
                row(x -> x.oomScoreAdjustment(-1001), "-1001 is not from -1000 to 1000"),
                row(x -> x.scheduling(SchedulingPolicy.FIFO, 0), "priority of FIFO 0 is not from 1 to 99"),
                row(x -> x.scheduling(SchedulingPolicy.OTHER, 1), "priority of OTHER 1 is not from 0 to 0"),
                row(x -> x.seccomp(new byte[7]), "this one has 7 bytes"),
                row(x -> x.seccomp(new byte[0]), "this one has 0 bytes"),
                row(x -> x.giveUp(0, java.util.concurrent.TimeUnit.SECONDS), "needs some time"));
    }

    private static Arguments row(Consumer<LauncherBuilder> mistake, String message) {
        return Arguments.of(mistake, message);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("mistakes")
    void refuses(Consumer<LauncherBuilder> mistake, String message) {
        LauncherBuilder builder = Launcher.builder("/bin/x");
        assertThatThrownBy(() -> {
                    mistake.accept(builder);
                    builder.build();
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesANullAsAWord() {
        LauncherBuilder builder = Launcher.builder(Arrays.asList("/bin/x", null));
        assertThatThrownBy(builder::build).isInstanceOf(NullPointerException.class);
    }

    @Test
    void aLauncherDoesNotChangeWithItsBuilder() {
        LauncherBuilder builder = Launcher.builder("/bin/x").umask(1).descriptor(5, 6);
        Launcher launcher = builder.build();
        builder.umask(2).command("/bin/y").descriptor(7, 8).environment("A", "b");
        assertThat(launcher.command()).containsExactly("/bin/x");
        assertThat(launcher.spec.umask).isEqualTo(1);
        assertThat(launcher.spec.descriptors).isEqualTo(Map.of(5, 6));
        assertThat(launcher.spec.environment).isNull();
        Launcher other = launcher.toBuilder().nice(3).build();
        assertThat(other.spec.umask).isEqualTo(1);
        assertThat(launcher.spec.nice).isNull();
    }

    @Test
    void everyFieldIsCopied() throws IllegalAccessException {
        LaunchSpec spec = new LaunchSpec();
        for (java.lang.reflect.Field field : LaunchSpec.class.getDeclaredFields()) {
            Object value = Map.of(
                            String.class, (Object) "text",
                            Integer.class, (Object) 4711,
                            Long.class, (Object) 4711L,
                            int.class, (Object) 4711,
                            long.class, (Object) 4711L,
                            boolean.class, (Object) true,
                            SchedulingPolicy.class, (Object) SchedulingPolicy.FIFO)
                    .get(field.getType());
            if (value != null) {
                field.set(spec, field.getName().equals("closeOthers") ? Boolean.FALSE : value);
            }
        }
        spec.descriptors.put(5, 6);
        spec.limits.put(1, new long[] {2, 3});
        spec.filters.add(new byte[8]);
        spec.stdio[1] = Stdio.INHERIT;
        spec.command = List.of("x");
        spec.environment = Map.of("a", "b");
        spec.uidMap = List.of(IdMap.of(0, 1, 2));
        spec.gidMap = List.of(IdMap.of(3, 4, 5));
        assertThat(spec.copy()).usingRecursiveComparison().isEqualTo(spec);
    }

    @Test
    void takesOverAProcessBuilder() {
        ProcessBuilder jdk = new ProcessBuilder("a", "b")
                .directory(new File("/d"))
                .redirectInput(new File("/in"))
                .redirectOutput(Redirect.appendTo(new File("/out")))
                .redirectError(Redirect.INHERIT)
                .redirectErrorStream(true);
        jdk.environment().clear();
        jdk.environment().put("K", "v");
        LaunchSpec spec = Launcher.from(jdk).build().spec;
        assertThat(spec.command).containsExactly("a", "b");
        assertThat(spec.directory).isEqualTo("/d");
        assertThat(spec.environment).isEqualTo(Map.of("K", "v"));
        assertThat(spec.mergeError).isTrue();
        assertThat(spec.stdio[0].kind).isEqualTo(Stdio.Kind.READ);
        assertThat(spec.stdio[1].kind).isEqualTo(Stdio.Kind.APPEND);
        assertThat(spec.stdio[1].file).isEqualTo("/out");
        assertThat(spec.stdio[2]).isEqualTo(Stdio.INHERIT);
        ProcessBuilder discarding = new ProcessBuilder("a").redirectOutput(Redirect.DISCARD);
        assertThat(Launcher.from(discarding).build().spec.stdio[1].file).isEqualTo("/dev/null");
    }

    @Test
    void argv0IsWhatTheProgramIsTold() {
        assertThat(Launcher.builder("/bin/x", "1").argv0("-x").build().spec.arguments())
                .containsExactly("-x", "1");
    }
}
