package dev.psx.drop;

/** Internal: what becomes of io_uring rings. Pollers are refused whatever is chosen. */
public enum RingPolicy {
    /** The drop is refused if the process has a ring at all. */
    REFUSE,

    /** Credentials that were registered with a ring (personalities) are unregistered. */
    FORGET,

    /** Rings are left alone. */
    ALLOW
}
