package dev.psx.plan;

/**
 * Options or a policy file cannot be obeyed as they stand. The message is one line: where, what, and the choices. Of a file it repeats
 * no more than a word of letters, digits, hyphens and underscores.
 */
public final class PolicyTextException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** From 1; 0 for none. */
    private final int line;

    /** From 1; 0 for none. */
    private final int column;

    PolicyTextException(String message, int line, int column) {
        super(message);
        this.line = line;
        this.column = column;
    }

    /**
     * Returns the line in which it stands.
     *
     * @return the number, from 1; 1 for options; 0 if the file itself cannot be used
     */
    public int line() {
        return line;
    }

    /**
     * Returns where in the line it begins.
     *
     * @return the number of the character, from 1; 0 if the file itself cannot be used
     */
    public int column() {
        return column;
    }
}
