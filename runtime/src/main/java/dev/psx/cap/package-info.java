/**
 * Capabilities as libcap has them: sets and their text forms as immutable values, and the calls that read and change those of this
 * process, of other processes, and of files. What is changed is changed on every task of the JVM, or nowhere.
 *
 * <p>{@link dev.psx.cap.CapabilitySet} is libcap's {@code cap_t}, {@link dev.psx.cap.Iab} its {@code cap_iab_t},
 * {@link dev.psx.cap.Mode} its {@code cap_mode_t}. The manual page that is named in parentheses describes the function of libcap.
 * What a change to every task promises is said at {@link dev.psx.Psx}.
 */
package dev.psx.cap;
