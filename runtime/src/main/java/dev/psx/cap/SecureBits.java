package dev.psx.cap;

import dev.psx.spi.CapabilityCalls;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The flags that switch off what Linux does for user id 0, each with a lock that keeps it as it is. Immutable.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>, section "The securebits flags"
 */
public final class SecureBits {

    /** One of the bits, in the order of the kernel's numbers. A bit and its lock are neighbours. */
    public enum Bit {
        /** Executing a program gives user id 0 no capabilities. */
        NOROOT,

        /** {@link #NOROOT} cannot be changed any more. */
        NOROOT_LOCKED,

        /** Changing user ids changes no capability sets. */
        NO_SETUID_FIXUP,

        /** {@link #NO_SETUID_FIXUP} cannot be changed any more. */
        NO_SETUID_FIXUP_LOCKED,

        /** Giving up user id 0 leaves the permitted set. The kernel clears it whenever a program is executed. */
        KEEP_CAPS,

        /** {@link #KEEP_CAPS} cannot be changed any more. */
        KEEP_CAPS_LOCKED,

        /** Nothing can become ambient. */
        NO_CAP_AMBIENT_RAISE,

        /** {@link #NO_CAP_AMBIENT_RAISE} cannot be changed any more. */
        NO_CAP_AMBIENT_RAISE_LOCKED;

        private static final Bit[] ALL = values();

        /**
         * Returns the value that the kernel uses.
         *
         * @return the mask, as in {@code linux/securebits.h}
         */
        public int mask() {
            return 1 << ordinal();
        }

        /**
         * Tells whether this is a lock.
         *
         * @return false for a bit that changes what the kernel does
         */
        public boolean isLock() {
            return ordinal() % 2 != 0;
        }

        /**
         * Returns the lock of this bit.
         *
         * @return the lock; the bit itself if it is one
         */
        public Bit lock() {
            return ALL[ordinal() | 1];
        }

        /**
         * Returns the name as setpriv(1) shows it.
         *
         * @return the name, such as {@code noroot_locked}
         */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** No bit at all: what a process has unless somebody changed it. */
    public static final SecureBits NONE = new SecureBits(0);

    private static final int KNOWN_BITS = 8;

    private final int value;

    private SecureBits(int value) {
        this.value = value;
    }

    /**
     * Returns the bits of the kernel's value.
     *
     * @param value the value, as PR_GET_SECUREBITS of prctl(2) gives it; bits without a name are kept
     * @return the bits
     */
    public static SecureBits of(int value) {
        return new SecureBits(value);
    }

    /**
     * Returns a choice of bits.
     *
     * @param bits the bits, possibly none
     * @return the bits
     */
    public static SecureBits of(Bit... bits) {
        int value = 0;
        for (Bit bit : bits) {
            value |= bit.mask();
        }
        return of(value);
    }

    /**
     * Reads a list of names, as setpriv(1), systemd.exec(5) or {@link #lines} spell them, or a number, as capsh(1) takes it.
     *
     * @param text names with {@code _} or {@code -}, in upper or lower case, joined by commas; or the value, hexadecimal behind
     *     {@code 0x} and octal behind {@code 0}; empty for none
     * @return the bits
     * @throws CapabilityTextException if the text is neither; with its position
     */
    public static SecureBits parse(String text) {
        return SecureBitsText.parse(text);
    }

    /**
     * Returns the bits of this process, as cap_get_secbits(3) does. {@code /proc} does not show them, so every task is asked by a
     * broadcast.
     *
     * @return the bits that every task has
     * @throws dev.psx.DivergenceException if tasks differ; whatever the policy is, for nothing has changed
     * @throws dev.psx.UnreachableException if some task could not be gathered
     * @throws IllegalStateException if there is no engine
     * @throws SecurityException if the caller may not broadcast
     */
    public static SecureBits ofProcess() {
        return of((int) ProcessState.ask(CapabilityCalls.getSecureBits()));
    }

    /**
     * Returns the bits of the calling task alone. Disturbs no other task, and works where the caller may not broadcast.
     *
     * @return the bits
     * @throws IllegalStateException if there is no engine
     * @throws SecurityException if the caller may not look
     */
    public static SecureBits ofTask() {
        return of((int) ProcessState.own(CapabilityCalls.getSecureBits()));
    }

    /**
     * Gives these bits to every task of this process, as cap_set_secbits(3) does where the process has one thread.
     *
     * @throws dev.psx.ErrnoException EPERM if CAP_SETPCAP is not effective, or a locked bit would change: nothing has changed
     * @throws dev.psx.UnreachableException if some task could not be gathered: nothing has changed
     * @throws dev.psx.DivergenceException if tasks had different results and the policy says so, see
     *     {@link dev.psx.Psx#onDivergence}
     * @throws IllegalStateException if there is no engine
     * @throws SecurityException if the caller may not broadcast
     */
    public void applyToProcess() {
        ProcessState.change(before -> Changes.begin().secureBits(this));
    }

    /**
     * Returns the kernel's value.
     *
     * @return the value
     */
    public int value() {
        return value;
    }

    /**
     * Tells whether a bit is set.
     *
     * @param bit which
     * @return true if it is
     */
    public boolean has(Bit bit) {
        return (value & bit.mask()) != 0;
    }

    /**
     * Tells whether a bit cannot be changed any more.
     *
     * @param bit which
     * @return true if its lock is set
     */
    public boolean isLocked(Bit bit) {
        return has(bit.lock());
    }

    /**
     * Sets bits.
     *
     * @param bits which
     * @return the new bits
     */
    public SecureBits with(Bit... bits) {
        return of(value | of(bits).value);
    }

    /**
     * Clears bits.
     *
     * @param bits which
     * @return the new bits
     */
    public SecureBits without(Bit... bits) {
        return of(value & ~of(bits).value);
    }

    /**
     * Returns the bits that are set and have a name.
     *
     * @return the bits, unmodifiable, in the kernel's order
     */
    public Set<Bit> bits() {
        EnumSet<Bit> bits = EnumSet.noneOf(Bit.class);
        for (Bit bit : Bit.values()) {
            if (has(bit)) {
                bits.add(bit);
            }
        }
        return Collections.unmodifiableSet(bits);
    }

    /**
     * Shows the value as capsh(1) does: octal, hexadecimal, and binary in the manner of Verilog.
     *
     * @return the text, such as {@code 057/0x2f/6'b101111}
     */
    public String describe() {
        String binary = Integer.toBinaryString(value);
        return "0" + Integer.toOctalString(value) + "/0x" + Integer.toHexString(value) + "/" + binary.length() + "'b"
                + binary;
    }

    /**
     * Shows each bit with its lock as capsh(1) does.
     *
     * @return a line for each pair, such as {@code secure-noroot: yes (locked)}, unmodifiable
     */
    public List<String> lines() {
        return SecureBitsText.lines(this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SecureBits && value == ((SecureBits) other).value;
    }

    @Override
    public int hashCode() {
        return value;
    }

    /**
     * Returns the names joined by commas, which {@link #parse} reads.
     *
     * @return the names, such as {@code noroot,noroot_locked}; empty for none; the value in hexadecimal if a bit has no name
     */
    @Override
    public String toString() {
        if (value >>> KNOWN_BITS != 0) {
            return "0x" + Integer.toHexString(value);
        }
        StringBuilder text = new StringBuilder();
        for (Bit bit : bits()) {
            text.append(text.length() == 0 ? "" : ",").append(bit);
        }
        return text.toString();
    }
}
