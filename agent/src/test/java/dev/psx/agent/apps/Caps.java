package dev.psx.agent.apps;

import dev.psx.cap.Capabilities;
import dev.psx.cap.CapabilitySet;
import dev.psx.cap.Iab;
import dev.psx.cap.Mode;
import dev.psx.cap.SecureBits;
import java.util.Arrays;

/** What {@link Console} can do with capabilities. */
final class Caps {

    private Caps() {}

    static Object run(String... words) {
        String text = String.join(" ", Arrays.copyOfRange(words, 1, words.length));
        return switch (words[0]) {
            case "get" -> CapabilitySet.ofProcess();
            case "get-pid" -> CapabilitySet.ofProcess(Integer.parseInt(text));
            case "get-iab" -> Iab.ofProcess();
            case "get-bits" -> SecureBits.ofTask();
            case "get-mode" -> Mode.ofProcess();
            default -> {
                change(words[0], text);
                yield words[0];
            }
        };
    }

    private static void change(String command, String text) {
        switch (command) {
            case "set" -> CapabilitySet.parse(text).applyToProcess();
            case "iab" -> Iab.parse(text).applyToProcess();
            case "mode" -> Mode.valueOf(text).applyToProcess();
            case "setuid" -> Capabilities.setuid(Integer.parseInt(text));
            default -> throw new IllegalArgumentException(command);
        }
    }
}
