package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.Limits;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.TaskView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Options that ask for what the process may not do: 77 and no main, or with {@code on-failure=warn} a process as if nothing had been asked for. */
@RootOnly
class FailedStartIT {

    private static final String LACKING = "-sys_resource,-setpcap,-kill,-sys_chroot";
    private static final int NOT_CHANGED = 77;

    @TempDir
    private Path directory;

    private final Map<String, String> calls = new LinkedHashMap<>();

    @BeforeEach
    void list() throws IOException {
        Limits files = Limits.own().get(7);
        calls.put(new Limits(files.resource(), files.soft(), files.hard() + 1).word(), "prlimit64(RLIMIT_NOFILE");
        calls.put("chroot=" + Files.createDirectory(directory.resolve("root")), "chroot(");
        calls.put("user=daemon,bounding=keep,chdir=/none", "chdir(/none) failed: ENOENT");
        calls.put("user=daemon,bounding=none", "prctl(PR_CAPBSET_DROP");
        calls.put("user=daemon,bounding=keep,caps=kill", "capset(");
        calls.put("securebits=noroot", "prctl(PR_SET_SECUREBITS");
    }

    @EachJdk
    void endsTheProcess(Jdk jdk) {
        calls.forEach((options, call) -> {
            try (Child child = lacking(jdk).agent(options).start(Console.class)) {
                assertThat(child.exitCode()).as(options + child.transcript()).isEqualTo(NOT_CHANGED);
                assertThat(child.stdout()).isEmpty();
                assertThat(child.stderr()).singleElement().asString().contains(call, "nothing has changed");
            }
        });
    }

    @EachJdk
    void orTheProcessIsAsItWouldHaveBeen(Jdk jdk) {
        Set<String> plain = states(jdk, "", "");
        assertThat(plain).hasSize(1);
        calls.forEach((options, call) ->
                assertThat(states(jdk, options + ",on-failure=warn", call)).isEqualTo(plain));
    }

    /** What the tasks may do, and the limits, of a JVM that goes on. */
    private static Set<String> states(Jdk jdk, String options, String warning) {
        try (Child child = lacking(jdk).agent(options).start(Console.class)) {
            child.await("ready");
            if (!warning.isEmpty()) {
                child.awaitError(warning);
            }
            String limits = Limits.of(child).toString();
            return OutsideView.tasks(child.pid()).stream()
                    .map(TaskView::state)
                    .map(state -> state + limits)
                    .collect(Collectors.toSet());
        }
    }

    private static Jvm lacking(Jdk jdk) {
        return Jvm.of(jdk).nativeAccess().through("setpriv", "--bounding-set=" + LACKING);
    }
}
