package dev.psx.cap;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.psx.engine.Root;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The tools that tests compare with: those of libcap, and setpriv. */
final class Tools {

    private static final List<String> NAMES = List.of("capsh", "getcap", "getpcaps", "setpriv");

    private Tools() {}

    /** Skips the test where it does not run as root or a tool is missing; with {@code PSX_REQUIRE_ROOT=1} it fails instead. */
    static void required() {
        Root.required();
        List<String> missing = NAMES.stream().filter(name -> !isThere(name)).toList();
        if (!missing.isEmpty() && "1".equals(System.getenv("PSX_REQUIRE_ROOT"))) {
            fail(missing + " missing (packages libcap2-bin, util-linux), and PSX_REQUIRE_ROOT=1 forbids to skip");
        }
        assumeTrue(missing.isEmpty(), () -> "needs " + missing);
    }

    private static boolean isThere(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    }
}
