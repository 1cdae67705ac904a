package dev.psx.agent.apps;

import dev.psx.plan.Resource;
import dev.psx.process.IdMap;
import dev.psx.process.Launcher;
import dev.psx.process.LauncherBuilder;
import dev.psx.process.Namespace;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Starts children that give up rights, in many steps, without a break, until somebody kills this process: all become /bin/sleep under the
 * given name. Says a line for each.
 */
public final class KilledSpawnApp {

    private static final int OTHER = 65534;
    private static final int INSIDE = 1000;

    private KilledSpawnApp() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        for (LauncherBuilder each : List.of(user(name), namespace(name), user(name), pids(name))) {
            Launcher launcher = each.build();
            Thread thread = new Thread(() -> start(launcher));
            thread.setDaemon(true);
            thread.start();
        }
        Thread.sleep(Long.MAX_VALUE);
    }

    private static LauncherBuilder sleep(String name) {
        LauncherBuilder builder =
                LaunchApp.sleep().argv0(name).noNewPrivileges(true).umask(027).nice(3);
        for (Resource resource :
                List.of(Resource.CORE, Resource.FSIZE, Resource.MEMLOCK, Resource.NOFILE, Resource.CPU)) {
            builder.limit(resource, 1024, 1024);
        }
        File nothing = new File("/dev/null");
        return builder.redirectInput(nothing)
                .redirectOutput(nothing)
                .redirectErrorStream(true)
                .directory(Path.of("/usr/lib"))
                .giveUp(20, TimeUnit.SECONDS);
    }

    private static LauncherBuilder user(String name) {
        return sleep(name).setsid().credential(OTHER, OTHER);
    }

    private static LauncherBuilder namespace(String name) {
        return sleep(name)
                .namespaces(Namespace.USER)
                .uidMap(IdMap.of(INSIDE, OTHER, 1))
                .gidMap(IdMap.of(INSIDE, OTHER, 1))
                .credential(INSIDE, INSIDE);
    }

    private static LauncherBuilder pids(String name) {
        return user(name).namespaces(Namespace.PID);
    }

    private static void start(Launcher launcher) {
        while (true) {
            System.out.println("started " + launcher.start().pid());
        }
    }
}
