package dev.psx.agent.apps;

/** Another agent, named before ours on the command line: it has a thread that blocks every signal. */
public final class DeafAgent {

    private DeafAgent() {}

    public static void premain(String unused) {
        if (Deviants.startDeaf() < 0) {
            throw new IllegalStateException("cannot block signals");
        }
    }
}
