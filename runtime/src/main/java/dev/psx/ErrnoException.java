package dev.psx;

import dev.psx.spi.Errno;

/**
 * A system call failed on the calling task, so no other task ran it: nothing has changed.
 *
 * <p>The message shows the call with its arguments, the error by name and text, and where it is known the likely cause and the
 * next step.
 */
public class ErrnoException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The positive error number. */
    private final int errno;

    /** The name of the system call. */
    private final String call;

    /**
     * Creates an exception.
     *
     * @param call the name of the system call
     * @param errno the positive error number, see errno(3)
     * @param message what {@link #getMessage()} returns
     */
    public ErrnoException(String call, int errno, String message) {
        super(message);
        this.call = call;
        this.errno = errno;
    }

    /**
     * Returns the error number.
     *
     * @return the positive number, such as 1, see errno(3)
     */
    public int errno() {
        return errno;
    }

    /**
     * Returns the error's name.
     *
     * @return the name, such as {@code EPERM}, see errno(3)
     */
    public String errnoName() {
        return Errno.name(errno);
    }

    /**
     * Returns the call that failed.
     *
     * @return the name of the system call without its arguments, such as {@code setresuid}, see syscalls(2)
     */
    public String call() {
        return call;
    }
}
