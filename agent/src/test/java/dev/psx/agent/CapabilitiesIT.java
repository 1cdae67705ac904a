package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.TaskView;
import java.util.List;
import java.util.stream.Collectors;

/** {@code dev.psx.cap} beside tasks of every sort, many of which no library knows. */
@RootOnly
class CapabilitiesIT {

    private static final long BIND = 1L << 10;
    private static final long CHOWN = 1;

    @EachJdk
    void changeEveryTask(Jdk jdk) {
        try (Child child = Jvm.of(jdk).fixture().agent("").start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("crowd 120 60 20")).startsWith("ok");
            assertThat(child.ask("caps iab ^cap_net_bind_service,cap_chown,!cap_kill"))
                    .startsWith("ok");
            TaskView task = only(child);
            assertThat(task.capInheritable()).isEqualTo(BIND | CHOWN);
            assertThat(task.capAmbient()).isEqualTo(BIND);
            assertThat(task.capBounding() & 1 << 5).isZero();
            assertThat(child.ask("caps setuid 65534")).startsWith("ok");
            assertThat(only(child).uid()).containsOnly(65534);
            assertThat(child.ask("caps mode PURE1E")).startsWith("ok");
            assertThat(child.ask("caps get-mode")).isEqualTo("ok PURE1E");
            assertThat(child.ask("caps set cap_net_bind_service=ep cap_chown+p"))
                    .startsWith("ok");
            task = only(child);
            assertThat(List.of(task.capPermitted(), task.capEffective(), task.capInheritable(), task.capAmbient()))
                    .containsExactly(BIND | CHOWN, BIND, 0L, 0L);
            assertThat(child.ask("caps get")).isEqualTo("ok cap_net_bind_service=ep cap_chown+p");
            assertThat(child.ask("caps get-bits"))
                    .isEqualTo("ok noroot,noroot_locked,no_setuid_fixup,no_setuid_fixup_locked,keep_caps_locked,"
                            + "no_cap_ambient_raise,no_cap_ambient_raise_locked");
            assertThat(child.ask("caps mode NOPRIV"))
                    .startsWith("failed dev.psx.ErrnoException")
                    .contains("EPERM");
            assertThat(only(child).state()).isEqualTo(task.state());
            assertThat(child.finish()).as(child.transcript()).isZero();
        }
    }

    /** Where the options have dropped everything, an application may still look. */
    @EachJdk
    void mayBeLookedAtWhereTheApiIsOff(Jdk jdk) {
        try (Child child = Jvm.of(jdk).fixture().agent("user=nobody").start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("caps get")).isEqualTo("ok =");
            assertThat(child.ask("caps get-pid " + child.pid())).isEqualTo("ok =");
            assertThat(child.ask("caps get-iab")).startsWith("ok !cap_chown,");
            assertThat(child.ask("caps get-bits")).isEqualTo("ok ");
            assertThat(child.ask("caps set ="))
                    .startsWith("failed java.lang.SecurityException")
                    .contains("api=off");
            assertThat(child.ask("caps mode NOPRIV")).startsWith("failed java.lang.SecurityException");
        }
    }

    /** Returns one task; all others have the same state. */
    private static TaskView only(Child child) {
        List<TaskView> tasks = OutsideView.tasks(child.pid());
        assertThat(tasks).hasSizeGreaterThan(200);
        assertThat(tasks.stream().map(TaskView::state).collect(Collectors.toSet()))
                .hasSize(1);
        return tasks.get(0);
    }
}
