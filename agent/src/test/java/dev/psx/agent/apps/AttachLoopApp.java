package dev.psx.agent.apps;

import dev.psx.Psx;

/** Native threads that attach and detach themselves without a break beside broadcasts; afterwards they stay, detached. */
public final class AttachLoopApp {

    private AttachLoopApp() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        Crowd.start(4, 5, 1);
        int loops = NativeCallers.startAttachLoops(4);
        Rounds broadcasts = new Rounds();
        long before = NativeCallers.attachments();
        for (int round = 0; round < rounds; round += 2) {
            broadcasts.run(2);
            awaitAttachments(before + round); // or a fast machine would broadcast beside nothing
        }
        NativeCallers.stopAttachLoops();
        long registered = Psx.tasks().stream()
                .filter(task -> task.comm().equals("attach-loop") && task.registered())
                .count();
        Rounds.finish("beside " + loops + " loops with " + NativeCallers.attachments() + " attachments; " + registered
                + " of them still registered");
    }

    private static void awaitAttachments(long count) {
        while (NativeCallers.attachments() < count) {
            Thread.onSpinWait();
        }
    }
}
