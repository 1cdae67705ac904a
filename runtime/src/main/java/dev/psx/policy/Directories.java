package dev.psx.policy;

/** Directories: absolute, and literal. What systemd would read as more than a path is refused. */
final class Directories {

    private static final int PATH_MAX = 4096;

    private Directories() {}

    static String read(Setting setting) {
        String path = setting.value;
        if (path.startsWith("~")) {
            throw setting.bad("is not supported: write the home directory's own path instead of ~");
        }
        if (path.startsWith("-")) {
            throw setting.bad("is not supported: a directory that may be missing (-) cannot be promised");
        }
        if (!path.startsWith("/")) {
            throw setting.bad("is not an absolute path");
        }
        if (path.indexOf('%') >= 0) {
            throw setting.bad(path.indexOf('%'), "has a %, and specifiers are not supported: write the path itself");
        }
        if (path.length() >= PATH_MAX) {
            throw setting.bad("is longer than " + (PATH_MAX - 1) + " characters");
        }
        for (int i = 0; i < path.length(); i++) {
            if (Text.isControl(path.charAt(i))) {
                throw setting.bad(i, "has a control character");
            }
        }
        if ((path + "/").contains("/../")) {
            throw setting.bad(path.indexOf("/.."), "leads upwards: write the path without ..");
        }
        return path;
    }
}
