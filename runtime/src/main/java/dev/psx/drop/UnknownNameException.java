package dev.psx.drop;

/** Internal: a user or a group that the system does not know; the message says what to do. */
public final class UnknownNameException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final boolean isUser;
    private final String name;

    UnknownNameException(boolean isUser, String name, String message) {
        super(message);
        this.isUser = isUser;
        this.name = name;
    }

    public boolean isUser() {
        return isUser;
    }

    /** Returns the name as it was asked for. */
    public String name() {
        return name;
    }
}
