package dev.psx.engine;

/** Which of the shipped libraries fits this JVM. */
final class Architecture {

    private Architecture() {}

    /**
     * Returns the name of the directory that holds this architecture's libraries, in JNA's jar and in ours.
     *
     * @throws IllegalStateException if there is none
     */
    static String directory() {
        String system = System.getProperty("os.name", "");
        String machine = System.getProperty("os.arch", "");
        if (system.equals("Linux")) {
            if (machine.equals("amd64") || machine.equals("x86_64")) {
                return "linux-x86-64";
            }
            if (machine.equals("aarch64")) {
                return "linux-aarch64";
            }
        }
        throw new IllegalStateException(
                "psx works on Linux x86-64 and aarch64 with a 64-bit JVM; this is " + system + " " + machine);
    }
}
