package dev.psx.agent.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** What a flight recording holds, read to its last event. */
public final class Recording {

    private static final String LOAD = "dev.psx.agent.apps.Load";

    private Recording() {}

    /** Counts the samples inside the methods of the load, by the name of the thread. */
    public static Map<String, Integer> samplesByThread(Path file, String event) throws IOException {
        Map<String, Integer> byThread = new HashMap<>();
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                RecordedEvent next = recording.readEvent();
                if (next.getEventType().getName().equals(event) && isInLoad(next)) {
                    byThread.merge(threadOf(next), 1, Integer::sum);
                }
            }
        }
        return byThread;
    }

    private static String threadOf(RecordedEvent event) {
        String field = event.hasField("sampledThread") ? "sampledThread" : "eventThread";
        return event.getThread(field).getJavaName();
    }

    private static boolean isInLoad(RecordedEvent event) {
        return event.getStackTrace() != null
                && event.getStackTrace().getFrames().stream()
                        .filter(RecordedFrame::isJavaFrame)
                        .anyMatch(frame -> frame.getMethod().getType().getName().equals(LOAD));
    }
}
