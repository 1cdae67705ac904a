package dev.psx.process;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;

/** Where one of the three standard streams comes from or goes to. Immutable. */
final class Stdio {

    enum Kind {
        PIPE,
        INHERIT,
        READ,
        WRITE,
        APPEND,
        DESCRIPTOR
    }

    static final Stdio PIPE = new Stdio(Kind.PIPE, null, -1);
    static final Stdio INHERIT = new Stdio(Kind.INHERIT, null, -1);

    final Kind kind;
    final String file;
    final int descriptor;

    private Stdio(Kind kind, String file, int descriptor) {
        this.kind = kind;
        this.file = file;
        this.descriptor = descriptor;
    }

    static Stdio descriptor(int descriptor) {
        return new Stdio(Kind.DESCRIPTOR, null, Numbers.descriptor(descriptor));
    }

    /**
     * Takes over what a ProcessBuilder has.
     *
     * @param input whether it is the standard input, which can be read from a file only
     */
    static Stdio of(Redirect redirect, boolean input) {
        Redirect.Type type = redirect.type();
        switch (type) {
            case PIPE:
                return PIPE;
            case INHERIT:
                return INHERIT;
            default:
                if (input != (type == Redirect.Type.READ)) {
                    throw new IllegalArgumentException(
                            "the redirect " + redirect + " is not one for " + (input ? "input" : "output"));
                }
                Kind kind = input ? Kind.READ : type == Redirect.Type.APPEND ? Kind.APPEND : Kind.WRITE;
                return file(kind, redirect.file());
        }
    }

    static Stdio file(Kind kind, File file) {
        return new Stdio(kind, Texts.noNul("file", file.getPath()), -1);
    }
}
