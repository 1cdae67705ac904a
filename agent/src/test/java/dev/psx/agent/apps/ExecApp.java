package dev.psx.agent.apps;

import dev.psx.ErrnoException;
import dev.psx.process.Exec;
import java.io.File;
import java.util.List;
import java.util.Map;

/** Becomes another program, after some attempts that fail, while threads come and go. */
public final class ExecApp {

    private static final String LOOK = """
            echo argv $0 $1
            echo environment $A
            while read key value; do case $key in Pid:|SigBlk:) echo $key $value;; esac; done < /proc/$$/status
            f=3
            while [ $f -lt 64 ]; do [ -e /proc/$$/fd/$f ] && echo open $f; f=$((f+1)); done
            exit 0
            """;

    private ExecApp() {}

    public static void main(String[] arguments) throws Exception {
        for (int i = 0; i < 2; i++) {
            Thread churn = new Thread(ExecApp::churn);
            churn.setDaemon(true);
            churn.start();
        }
        int kept = LaunchKernel.open("/dev/null", 02000000);
        int tasks = new File("/proc/self/task").list().length;
        say("missing", attempt("/nowhere", new int[0]));
        say("directory", attempt("/usr", new int[0]));
        say("closed descriptor", attempt("/bin/true", new int[] {kept + 100}));
        say("no arguments", refused());
        say("alive", tasks > 10 && new File("/proc/self/task").list().length > 10);
        System.out.println("pid " + ProcessHandle.current().pid() + " kept " + kept);
        System.out.flush();
        Exec.exec("/bin/sh", List.of("sh", "-c", LOOK, "zero", "one"), Map.of("A", "b"), kept);
    }

    private static void churn() {
        try {
            while (true) {
                Thread thread = new Thread(() -> {});
                thread.start();
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String attempt(String path, int[] kept) {
        try {
            Exec.exec(path, List.of("x"), Map.of(), kept);
            return "returned";
        } catch (ErrnoException e) {
            return e.call() + " " + e.errnoName();
        }
    }

    private static String refused() {
        try {
            Exec.exec("/bin/true", List.of(), Map.of());
            return "returned";
        } catch (IllegalArgumentException e) {
            return "refused";
        }
    }

    private static void say(String name, Object what) {
        System.out.println(name + " = " + what);
    }
}
