package dev.psx.agent.apps;

import dev.psx.cap.Capability;
import dev.psx.process.ChildProcess;
import dev.psx.process.Launcher;
import dev.psx.process.LauncherBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Starts children as another user and says which capabilities they have: inheritable, permitted, effective, ambient; or which keys. */
public final class RightsApp {

    private static final Pattern SETS = Pattern.compile("Cap(?:Inh|Prm|Eff|Amb):\t0*([0-9a-f]+)\n");

    private RightsApp() {}

    private static LauncherBuilder look() {
        return Launcher.builder("/bin/cat", "/proc/self/status");
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0) {
            keys();
        } else {
            capabilities();
        }
        System.out.println("done");
        System.exit(0);
    }

    /** A key that nobody sees but who possesses the session keyring. */
    private static void keys() throws IOException {
        Insiders.newSession();
        Insiders.addKey();
        System.out.println("as here = " + seesKey(keyring()));
        System.out.println("user = " + seesKey(keyring().credential(1235, 1235)));
    }

    private static LauncherBuilder keyring() {
        return Launcher.builder("/bin/cat", "/proc/keys");
    }

    private static boolean seesKey(LauncherBuilder builder) throws IOException {
        return output(builder.start()).contains("psx-test: ");
    }

    private static String output(ChildProcess child) throws IOException {
        return new String(child.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    private static void capabilities() throws IOException {
        say("as here", look());
        say("user", look().credential(1235, 1235));
        say("user with one", look().credential(1235, 1235).ambient(Capability.SETGID));
        say("user with none", look().credential(1235, 1235).ambient());
        say("user with file capabilities", look().credential(1235, 1235).inheritable(Capability.SETGID));
    }

    private static void say(String name, LauncherBuilder builder) throws IOException {
        String status = output(builder.start());
        StringBuilder sets = new StringBuilder();
        for (Matcher each = SETS.matcher(status); each.find(); ) {
            sets.append(' ').append(each.group(1));
        }
        System.out.println(name + " =" + sets);
    }
}
