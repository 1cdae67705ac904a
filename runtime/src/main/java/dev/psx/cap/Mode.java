package dev.psx.cap;

import dev.psx.Credentials;
import dev.psx.cap.SecureBits.Bit;

/**
 * A summary of securebits and capability sets, as libcap defines it, see cap_get_mode(3). In the pure modes user id 0 means
 * nothing, and only capabilities count.
 */
public enum Mode {
    /** Anything that is none of the others. */
    UNCERTAIN,

    /** As {@link #PURE1E}, and no capability at all, also none that could be gained: the process can never have privileges again. */
    NOPRIV,

    /** As {@link #PURE1E}, and nothing is inheritable yet. */
    PURE1E_INIT,

    /** User id 0 gives no capabilities, for good, and the ambient set is empty and locked: capabilities as POSIX.1e drafted them. */
    PURE1E,

    /** No securebits: what Linux does unless told otherwise, with capabilities and a privileged user id 0. */
    HYBRID;

    /** The securebits of the pure modes on a kernel without ambient set. */
    static final SecureBits BASIC = SecureBits.of(
            Bit.NOROOT, Bit.NOROOT_LOCKED, Bit.NO_SETUID_FIXUP, Bit.NO_SETUID_FIXUP_LOCKED, Bit.KEEP_CAPS_LOCKED);

    /** The securebits of the pure modes. */
    static final SecureBits PURE = BASIC.with(Bit.NO_CAP_AMBIENT_RAISE, Bit.NO_CAP_AMBIENT_RAISE_LOCKED);

    /**
     * Tells the mode of a task.
     *
     * @param bits its securebits
     * @param credentials what else it may do
     * @return the mode, on a kernel that knows the ambient set
     */
    public static Mode of(SecureBits bits, Credentials credentials) {
        CapabilitySet sets = CapabilitySet.of(credentials);
        if (bits.equals(SecureBits.NONE)) {
            return HYBRID;
        }
        if (!bits.equals(PURE) || credentials.ambient() != 0) {
            return UNCERTAIN;
        }
        if (sets.inheritable() != 0) {
            return PURE1E;
        }
        boolean nothing = (sets.permitted() | sets.effective() | credentials.bounding()) == 0;
        return nothing ? NOPRIV : PURE1E_INIT;
    }

    /**
     * Tells the mode of this process, as cap_get_mode(3) does.
     *
     * @return the mode of every task
     * @throws dev.psx.DivergenceException if tasks have different securebits
     * @throws IllegalStateException if tasks have different capability sets, or there is no engine
     * @throws dev.psx.UnreachableException if some task could not be gathered
     * @throws SecurityException if the caller may not broadcast
     */
    public static Mode ofProcess() {
        SecureBits bits = SecureBits.ofProcess();
        boolean old = bits.equals(BASIC) && !ProcessState.ambientSupported();
        return ProcessState.common("capabilities", credentials -> of(old ? PURE : bits, credentials));
    }

    /**
     * Puts every task of this process into this mode, as cap_set_mode(3) does where the process has one thread, but in one step: it
     * holds altogether, or nothing has changed. The effective set is empty afterwards, in every mode.
     *
     * <ul>
     *   <li>{@link #HYBRID} clears the securebits.
     *   <li>{@link #PURE1E} empties the ambient set and sets and locks the securebits.
     *   <li>{@link #PURE1E_INIT} also empties the inheritable set.
     *   <li>{@link #NOPRIV} also empties the permitted and the bounding set, and sets no_new_privs.
     * </ul>
     *
     * <p>CAP_SETPCAP must be permitted, unless there is nothing to do for it; it is made effective for the moment that needs it. After
     * a pure mode only a stricter one can follow: its bits are locked.
     *
     * @throws dev.psx.ErrnoException EPERM if that is not allowed: nothing has changed
     * @throws dev.psx.UnreachableException if some task could not be gathered: nothing has changed
     * @throws dev.psx.DivergenceException if tasks had different results and the policy says so, see
     *     {@link dev.psx.Psx#onDivergence}
     * @throws UnsupportedOperationException for {@link #UNCERTAIN}, which is no state to be in
     * @throws IllegalStateException if there is no engine, or tasks differ before
     * @throws SecurityException if the caller may not broadcast
     */
    public void applyToProcess() {
        if (this == UNCERTAIN) {
            throw new UnsupportedOperationException("UNCERTAIN is no mode that a process can be put into");
        }
        SecureBits pure = ProcessState.ambientSupported() ? PURE : BASIC;
        ProcessState.change(before -> ModeSteps.of(this, before.get(), SecureBits.ofTask(), pure));
    }
}
