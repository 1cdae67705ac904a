package dev.psx.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loads the libraries and prints where they were mapped from, or why they were not. */
final class LoadMain {

    private LoadMain() {}

    public static void main(String[] arguments) throws IOException {
        try {
            new NativeFiles(Start.effectiveUser()).load();
        } catch (IllegalStateException e) {
            System.out.println("refused: " + e.getMessage());
            return;
        }
        for (String library : new String[] {"libpsx-engine.so", "libjnidispatch.so"}) {
            String line = Files.readAllLines(Path.of("/proc/self/maps")).stream()
                    .filter(mapping -> mapping.contains(library))
                    .findFirst()
                    .orElseThrow();
            System.out.println("mapped: " + line.substring(line.indexOf('/')));
        }
    }
}
