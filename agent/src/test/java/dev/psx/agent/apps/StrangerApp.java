package dev.psx.agent.apps;

import dev.psx.ErrnoException;
import dev.psx.process.PidFd;

/** What may be done with a process that has more rights: {@code name = what}. */
public final class StrangerApp {

    private StrangerApp() {}

    public static void main(String[] arguments) {
        try (PidFd stranger = PidFd.open(Long.parseLong(arguments[0]))) {
            System.out.println("fetch = " + PidFdUseApp.refusal(stranger, 0));
            System.out.println("signal = " + signal(stranger));
            System.out.println("alive = " + stranger.isAlive());
        }
        System.out.println("done");
    }

    private static String signal(PidFd stranger) {
        try {
            return "sent " + stranger.sendSignal(0);
        } catch (ErrnoException e) {
            return e.call() + " " + e.errnoName();
        }
    }
}
