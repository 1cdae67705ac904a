package dev.psx.agent.apps;

import dev.psx.cap.Capability;
import dev.psx.process.ChildProcess;
import dev.psx.process.Launcher;
import dev.psx.process.LauncherBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Starts children as another user and says which capabilities they have: inheritable, permitted, effective and ambient. */
public final class RightsApp {

    private static final Pattern SETS = Pattern.compile("Cap(?:Inh|Prm|Eff|Amb):\t0*([0-9a-f]+)\n");

    private RightsApp() {}

    private static LauncherBuilder look() {
        return Launcher.builder("/bin/cat", "/proc/self/status");
    }

    public static void main(String[] arguments) throws IOException {
        say("as here", look());
        say("user", look().credential(1235, 1235));
        say("user with one", look().credential(1235, 1235).ambient(Capability.SETGID));
        say("user with none", look().credential(1235, 1235).ambient());
        say("user with file capabilities", look().credential(1235, 1235).inheritable(Capability.SETGID));
        System.out.println("done");
        System.exit(0);
    }

    private static void say(String name, LauncherBuilder builder) throws IOException {
        ChildProcess child = builder.start();
        String status = new String(child.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        StringBuilder sets = new StringBuilder();
        for (Matcher each = SETS.matcher(status); each.find(); ) {
            sets.append(' ').append(each.group(1));
        }
        System.out.println(name + " =" + sets);
    }
}
