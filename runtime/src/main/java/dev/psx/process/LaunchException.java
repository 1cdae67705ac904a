package dev.psx.process;

import dev.psx.ErrnoException;

/**
 * A child could not be started: a step on its way failed. There is no child, and every descriptor that was opened for it is closed.
 *
 * <p>The message names the program, the system call with its arguments, the error, and where they are known the likely cause and the
 * next step.
 */
public class LaunchException extends ErrnoException {

    private static final long serialVersionUID = 1L;

    /** The step that failed. */
    private final LaunchStep step;

    /** The program that was to be started. */
    private final String program;

    /**
     * Creates an exception.
     *
     * @param program the program that was to be started
     * @param step the step that failed
     * @param call the name of the system call
     * @param errno the positive error number, see errno(3)
     * @param message what {@link #getMessage()} returns
     */
    public LaunchException(String program, LaunchStep step, String call, int errno, String message) {
        super(call, errno, message);
        this.program = program;
        this.step = step;
    }

    /**
     * Returns the step that failed.
     *
     * @return the step
     */
    public LaunchStep step() {
        return step;
    }

    /**
     * Returns the program that was to be started.
     *
     * @return its path, or its name if it was not found
     */
    public String program() {
        return program;
    }
}
