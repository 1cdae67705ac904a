package dev.psx.agent.apps;

/** Counts how many tasks have run a program: each writes 1 to an eventfd. */
final class RunCounter {

    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private final int eventfd = Fixture.eventfd();

    int fd() {
        return eventfd;
    }

    /** Throws unless as many have written since the last time as the engine says took part. */
    void check(String what, Answer answer) {
        check(what, answer.tasks(), answer.pending());
    }

    /** Tasks asleep in the kernel may write a little later; all others have written when the broadcast returns. */
    void check(String what, long tasks, long pending) {
        long sum = Math.max(0, Fixture.readCounter(eventfd));
        boolean exact = sum >= tasks - pending && sum <= tasks;
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (exact && sum < tasks && System.nanoTime() < deadline) {
            sum += Math.max(0, Fixture.readCounter(eventfd));
        }
        if (!exact || sum != tasks) {
            throw new IllegalStateException(
                    what + ": " + sum + " runs on " + tasks + " tasks, " + pending + " pending");
        }
    }
}
