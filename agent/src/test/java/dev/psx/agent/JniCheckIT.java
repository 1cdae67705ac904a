package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.LoadedJvm;
import dev.psx.agent.testing.RootOnly;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** {@code -Xcheck:jni} warns of every breach of JNI's rules, and of handlers that have been put in the place of the JVM's. */
@RootOnly
class JniCheckIT {

    private static final int BROADCASTS = 40;
    private static final Pattern COMPLAINT = Pattern.compile("(?i)warning.*|fatal error.*|.*handler (was )?modified.*");
    private static final Pattern JDK_FRAME = Pattern.compile("\\s+(at (java|jdk|sun)\\.|- ).*");

    /** JNA does not look for exceptions after calls that cannot throw; these show that the check is on. All others count. */
    @EachJdk
    void complainsOfNobodyButJna(Jdk jdk) {
        Jvm jvm = Jvm.of(jdk).fixture().option("-Xcheck:jni").agent(LoadedJvm.PATIENT);
        try (LoadedJvm loaded = LoadedJvm.start(jvm, "create")) {
            loaded.await(BROADCASTS, 0);
            loaded.end();
            assertThat(blamed(loaded.child()))
                    .as(loaded.child().transcript())
                    .isNotEmpty()
                    .allSatisfy(frame -> assertThat(frame).contains("at com.sun.jna."));
        }
    }

    /** For each complaint, the innermost frame that is not the JDK's, or the complaint itself if it comes without a stack. */
    private static List<String> blamed(Child child) {
        List<String> blamed = new ArrayList<>(child.stderr().stream()
                .filter(line -> COMPLAINT.matcher(line).matches())
                .toList());
        List<String> lines = child.stdout();
        for (int i = 0; i < lines.size(); i++) {
            if (COMPLAINT.matcher(lines.get(i)).matches()) {
                int frame = i + 1;
                while (frame < lines.size()
                        && JDK_FRAME.matcher(lines.get(frame)).matches()) {
                    frame++;
                }
                blamed.add(lines.get(i) + (frame < lines.size() ? lines.get(frame) : ""));
            }
        }
        return blamed;
    }
}
