package dev.psx.cap;

/**
 * A text that is not in the form that this package reads. This is the one exception for bad text; its message says what is wrong
 * and where.
 */
public class CapabilityTextException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 60;

    /** Where in the text, from 0. */
    private final int position;

    /**
     * Creates an exception.
     *
     * @param text the whole text
     * @param position the index of the first character that does not fit, from 0; the length of the text if something is missing
     *     at its end
     * @param problem what is wrong there
     */
    public CapabilityTextException(String text, int position, String problem) {
        super(problem + ", at character " + (position + 1L) + " of \"" + shown(text, position) + "\"");
        this.position = position;
    }

    /**
     * Returns where the text is wrong.
     *
     * @return the index of the first character that does not fit, from 0; the length of the text if something is missing at its
     *     end
     */
    public int position() {
        return position;
    }

    /** A text that somebody else made may be long, and hold what does not belong in a log. */
    private static String shown(String text, int position) {
        int start = Math.max(0, Math.min(position - SHOWN / 2, text.length() - SHOWN));
        int end = Math.min(text.length(), start + SHOWN);
        StringBuilder shown = new StringBuilder(start > 0 ? "..." : "");
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            shown.append(c < ' ' || c > '~' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
        }
        return shown.append(end < text.length() ? "..." : "").toString();
    }
}
