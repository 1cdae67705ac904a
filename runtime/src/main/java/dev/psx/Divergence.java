package dev.psx;

/**
 * What happens when a call that succeeded on the calling task gave another result on some other task. The tasks of the process
 * then differ in their privileges, which no call can mend for certain.
 *
 * @see Psx#onDivergence(Divergence)
 */
public enum Divergence {

    /** Nothing: the call returns the calling task's result. */
    IGNORE,

    /** The call prints one line on standard error and returns the calling task's result. */
    WARN,

    /** The call throws {@link DivergenceException}. The default of the library. */
    THROW,

    /** The process ends with exit code 70 before any task runs on. The default under the agent. */
    HALT
}
