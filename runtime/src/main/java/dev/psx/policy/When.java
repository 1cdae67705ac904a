package dev.psx.policy;

/** Internal: the moment of the drop. */
public enum When {
    /** Before {@code main}. */
    START,
    /** When a socket of this process listens on each of the given ports. */
    LISTENING,
    /** When the application applies the configured plan. */
    MANUAL
}
