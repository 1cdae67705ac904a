package dev.psx.policy;

/** A place in a policy file, or in the agent's options, which are one line. Immutable. */
final class Place {

    private final String file;
    private final int line;
    private final int column;

    private Place(String file, int line, int column) {
        this.file = file;
        this.line = line;
        this.column = column;
    }

    static Place inOptions(int column) {
        return new Place(null, 1, column);
    }

    static Place inFile(String file, int line, int column) {
        return new Place(file, line, column);
    }

    boolean isInFile() {
        return file != null;
    }

    /** Quotes what is written there. */
    String quote(String text) {
        return isInFile() ? Text.quoteWord(text) : Text.quote(text);
    }

    int line() {
        return line;
    }

    int column() {
        return column;
    }

    /** Returns the place that many characters to the right. */
    Place plus(int columns) {
        return new Place(file, line, column + columns);
    }

    @Override
    public String toString() {
        return file == null ? "column " + column : "line " + line + ", column " + column + " of " + Text.plain(file);
    }
}
