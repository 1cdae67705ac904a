package dev.psx.agent.apps;

import dev.psx.process.Launcher;
import dev.psx.process.Signal;

/** Starts two children that die with this process, one of them from a thread that ends; says who they are, and waits. */
public final class OrphanApp {

    private OrphanApp() {}

    public static void main(String[] arguments) throws Exception {
        long[] pids = new long[2];
        Thread thread = new Thread(() -> pids[0] = start(false));
        thread.start();
        thread.join();
        pids[1] = start(true);
        for (long pid : pids) {
            LaunchLook.awaitSleep(pid);
        }
        System.out.println("children " + pids[0] + " " + pids[1]);
        Thread.sleep(Long.MAX_VALUE);
    }

    /** A change of ids makes the kernel forget the signal: it must be asked for afterwards. */
    private static long start(boolean asOther) {
        var builder = Launcher.builder("/bin/sleep", "1000").pdeathsig(Signal.KILL);
        return (asOther ? builder.credential(65534, 65534) : builder).start().pid();
    }
}
