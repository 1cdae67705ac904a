package dev.psx.policy;

/** Internal: the settings cannot be obeyed as they stand. The message is one line: where, what, and the choices. */
public final class PolicyException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** Not serialized: who has it from elsewhere has the message. */
    private final transient Place place;

    /** What is wrong is not in the text. */
    PolicyException(String message) {
        super(message);
        this.place = null;
    }

    PolicyException(Place place, String message) {
        super(place + ": " + message);
        this.place = place;
    }

    /** Returns the line, from 1; 0 if what is wrong is not in the text. */
    public int line() {
        return place == null ? 0 : place.line();
    }

    /** Returns the character in the line, from 1; 0 if what is wrong is not in the text. */
    public int column() {
        return place == null ? 0 : place.column();
    }
}
