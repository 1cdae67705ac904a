package dev.psx.plan;

/**
 * What becomes of the process's io_uring rings. A ring that polls its queue by a thread of the kernel (IORING_SETUP_SQPOLL) goes on with
 * the old credentials, so it keeps the plan from being applied whatever is chosen. A ring to which the process has no descriptor is not
 * seen.
 */
public enum IoUring {
    /** The plan is not applied if there is any ring. */
    REFUSE,

    /** Credentials that were registered with a ring are unregistered. */
    FORGET,

    /** Rings stay as they are. */
    ALLOW
}
