package dev.psx.agent.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A plan that uses every setting, as {@link dev.psx.agent.apps.Console} takes it. */
public final class WholePlan {

    private static final String KEPT = " caps=net_bind_service,kill ambient=kill bounding=kill,chown";

    private WholePlan() {}

    /** One with an ambient set, so that there is one to be cleared. */
    public static Jvm jvm(Jdk jdk) {
        return Jvm.of(jdk).fixture().through("setpriv", "--inh-caps=+chown", "--ambient-caps=+chown");
    }

    /** Makes what the plan needs in the new root directory. */
    public static void build(Path root) throws IOException {
        root.toFile().setExecutable(true, false);
        Files.createDirectory(root.resolve("work"));
    }

    /** Each setting has a value that does not hold yet; a limit of 0 cannot become another. */
    public static String of(Child child, Path root) {
        String limits = Limits.of(child).stream()
                .filter(limit -> limit.hard() != 0)
                .map(limit -> limit.lowered().word())
                .collect(Collectors.joining(" "));
        String plan = "user=daemon group=daemon groups=1,2" + KEPT + " nnp=yes dumpable=no umask=0127"
                + " securebits=noroot,noroot_locked,no_setuid_fixup_locked chroot=" + root + " chdir=/work"
                + " keyring=private io-uring=forget fix-ups=yes " + limits;
        assertThat(child.ask("unset " + plan))
                .as("settings that it does not use")
                .isEqualTo("ok []");
        return plan;
    }

    /** Without secure bits a flag is cleared by a call of its own. */
    public static String withoutSecureBits() {
        return "user=daemon groups=1,2" + KEPT;
    }

    /** The calls of a plan, from {@code explain}, which says behind each who makes it. */
    public static List<String> calls(Child child, String plan) {
        return List.of(child.ask("explain " + plan).substring("ok ".length()).split("\\|"));
    }
}
