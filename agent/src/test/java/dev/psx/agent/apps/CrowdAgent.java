package dev.psx.agent.apps;

/** Another agent, named before ours on the command line: its tasks are there before ours begins. */
public final class CrowdAgent {

    private CrowdAgent() {}

    public static void premain(String counts) throws InterruptedException {
        String[] words = counts.split("/");
        Crowd.start(Integer.parseInt(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]));
    }
}
