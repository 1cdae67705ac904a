package dev.psx.policy;

/** Internal: the settings cannot be obeyed as they stand. The message is one line: where, what, and the choices. */
public final class PolicyException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    PolicyException(String message) {
        super(message);
    }

    PolicyException(Place place, String message) {
        super(place + ": " + message);
    }
}
