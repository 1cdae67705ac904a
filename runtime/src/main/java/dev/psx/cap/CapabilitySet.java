package dev.psx.cap;

import dev.psx.Credentials;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * The three capability sets that capset(2) changes: permitted, effective and inheritable. Immutable; what libcap does to a
 * {@code cap_t} makes a new value here.
 *
 * <p>Each set is a mask as {@link Capability} explains it; all 64 bits are kept. The text form is libcap's, see
 * {@link #parse} and {@link #toString}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 */
public final class CapabilitySet {

    /** One of the three sets, in the order in which libcap numbers and prints them. */
    public enum Flag {
        /** What the kernel checks. */
        EFFECTIVE('e'),

        /** What may be made effective or inheritable. */
        PERMITTED('p'),

        /** What a program with file capabilities may inherit. */
        INHERITABLE('i');

        private final char letter;

        Flag(char letter) {
            this.letter = letter;
        }

        /**
         * Returns the letter in text forms.
         *
         * @return {@code e}, {@code p} or {@code i}
         */
        public char letter() {
            return letter;
        }

        /**
         * Returns the letter in text forms.
         *
         * @return {@code e}, {@code p} or {@code i}
         */
        @Override
        public String toString() {
            return String.valueOf(letter);
        }
    }

    /** No capability in any of the sets: what cap_init(3) and cap_clear(3) give. */
    public static final CapabilitySet EMPTY = new CapabilitySet(0, 0, 0);

    private final long permitted;
    private final long effective;
    private final long inheritable;

    private CapabilitySet(long permitted, long effective, long inheritable) {
        this.permitted = permitted;
        this.effective = effective;
        this.inheritable = inheritable;
    }

    /**
     * Returns three sets.
     *
     * @param permitted the mask of the permitted set
     * @param effective the mask of the effective set
     * @param inheritable the mask of the inheritable set
     * @return the sets
     */
    public static CapabilitySet of(long permitted, long effective, long inheritable) {
        return new CapabilitySet(permitted, effective, inheritable);
    }

    /**
     * Returns the sets of a task.
     *
     * @param credentials what the task may do
     * @return its three sets
     */
    public static CapabilitySet of(Credentials credentials) {
        return of(credentials.permitted(), credentials.effective(), credentials.inheritable());
    }

    /**
     * Reads the text form, as cap_from_text(3) does: clauses separated by white space, applied in order to empty sets. A clause
     * is a list of capabilities and at least one action; an action is {@code =}, {@code +} or {@code -} and some of the letters
     * {@code e}, {@code p} and {@code i}.
     *
     * <ul>
     *   <li>The list has names with {@code cap_} in upper or lower case, numbers, or {@code all}, joined by commas. It may be left
     *       out in front of a single {@code =}, which then means all that the kernel knows.
     *   <li>{@code +} raises the capabilities in the sets of the letters, {@code -} lowers them; both need a letter.
     *   <li>{@code =} first lowers them in all three sets, then raises them. {@code =+} does so, too, and {@code =-} does not raise.
     * </ul>
     *
     * @param text the text, such as {@code =ep cap_chown-e}; the empty text is the empty set
     * @return the sets
     * @throws CapabilityTextException if the text is not of that form; with its position
     */
    public static CapabilitySet parse(String text) {
        return new SetParser(text, Capability.all()).parse();
    }

    /**
     * Reads the portable binary form, as cap_copy_int_check(3) does.
     *
     * @param external what {@link #toExternal} or cap_copy_ext(3) wrote
     * @return the sets; bits above 63 are left out, which no kernel has
     * @throws IllegalArgumentException if the bytes are not of that form, or not as many as they say
     */
    public static CapabilitySet fromExternal(byte[] external) {
        return ExternalForm.read(external);
    }

    /**
     * Returns the sets of this process, as cap_get_proc(3) does: those that every task has.
     *
     * @return the sets
     * @throws IllegalStateException if tasks differ, which no call of this library leaves behind, or there is no engine
     * @throws SecurityException if the caller may not look
     */
    public static CapabilitySet ofProcess() {
        return ProcessState.common("capability sets", CapabilitySet::of);
    }

    /**
     * Returns the sets of another process, as cap_get_pid(3) does by capget(2).
     *
     * @param pid the number of a process or task in this pid namespace; 0 means the calling task
     * @return the sets as that process has them in its own user namespace
     * @throws dev.psx.ErrnoException ESRCH if there is no such process, EINVAL for a negative number
     * @throws IllegalStateException if there is no engine
     * @throws SecurityException if the caller may not look
     */
    public static CapabilitySet ofProcess(int pid) {
        return ProcessState.capget(pid);
    }

    /**
     * Gives these sets to every task of this process, as cap_set_proc(3) does where the process has one thread. See capset(2) for
     * what is allowed: no new permitted capability, effective and, without CAP_SETPCAP, new inheritable ones only out of the
     * permitted ones.
     *
     * @throws dev.psx.ErrnoException EPERM if that is not allowed: nothing has changed
     * @throws dev.psx.UnreachableException if some task could not be gathered: nothing has changed
     * @throws dev.psx.DivergenceException if tasks had different results and the policy says so, see
     *     {@link dev.psx.Psx#onDivergence}
     * @throws IllegalStateException if there is no engine
     * @throws SecurityException if the caller may not broadcast
     */
    public void applyToProcess() {
        ProcessState.change(before -> Changes.begin().capset(this));
    }

    /**
     * Returns the permitted set.
     *
     * @return the mask
     */
    public long permitted() {
        return permitted;
    }

    /**
     * Returns the effective set.
     *
     * @return the mask
     */
    public long effective() {
        return effective;
    }

    /**
     * Returns the inheritable set.
     *
     * @return the mask
     */
    public long inheritable() {
        return inheritable;
    }

    /**
     * Returns one of the sets.
     *
     * @param flag which
     * @return the mask
     */
    public long get(Flag flag) {
        switch (flag) {
            case EFFECTIVE:
                return effective;
            case PERMITTED:
                return permitted;
            default:
                return inheritable;
        }
    }

    /**
     * Tells whether a capability is in one of the sets, as cap_get_flag(3) does.
     *
     * @param flag which set
     * @param capability the capability
     * @return true if it is
     */
    public boolean has(Flag flag, Capability capability) {
        return (get(flag) & capability.mask()) != 0;
    }

    /**
     * Replaces one of the sets.
     *
     * @param flag which set
     * @param mask its new members
     * @return the new sets
     */
    public CapabilitySet with(Flag flag, long mask) {
        switch (flag) {
            case EFFECTIVE:
                return of(permitted, mask, inheritable);
            case PERMITTED:
                return of(mask, effective, inheritable);
            default:
                return of(permitted, effective, mask);
        }
    }

    /**
     * Adds capabilities to one of the sets, as cap_set_flag(3) with CAP_SET does.
     *
     * @param flag which set
     * @param capabilities the capabilities
     * @return the new sets
     */
    public CapabilitySet raise(Flag flag, Capability... capabilities) {
        return with(flag, get(flag) | Capability.mask(capabilities));
    }

    /**
     * Takes capabilities out of one of the sets, as cap_set_flag(3) with CAP_CLEAR does.
     *
     * @param flag which set
     * @param capabilities the capabilities
     * @return the new sets
     */
    public CapabilitySet lower(Flag flag, Capability... capabilities) {
        return with(flag, get(flag) & ~Capability.mask(capabilities));
    }

    /**
     * Empties one of the sets, as cap_clear_flag(3) does.
     *
     * @param flag which set
     * @return the new sets
     */
    public CapabilitySet clear(Flag flag) {
        return with(flag, 0);
    }

    /**
     * Copies one of the sets to another, as cap_fill(3) does.
     *
     * @param to the set that is replaced
     * @param from the set whose members it gets
     * @return the new sets
     */
    public CapabilitySet fill(Flag to, Flag from) {
        return fill(to, this, from);
    }

    /**
     * Copies a set of another value, as cap_fill_flag(3) does.
     *
     * @param to the set that is replaced
     * @param reference the value that is copied from
     * @param from the set of {@code reference} whose members it gets
     * @return the new sets
     */
    public CapabilitySet fill(Flag to, CapabilitySet reference, Flag from) {
        return with(to, reference.get(from));
    }

    /**
     * Tells in which sets two values differ, as cap_compare(3) and CAP_DIFFERS do.
     *
     * @param other the other value
     * @return the sets that differ, unmodifiable; none if the values are equal
     */
    public Set<Flag> compare(CapabilitySet other) {
        EnumSet<Flag> different = EnumSet.noneOf(Flag.class);
        for (Flag flag : Flag.values()) {
            if (get(flag) != other.get(flag)) {
                different.add(flag);
            }
        }
        return Collections.unmodifiableSet(different);
    }

    /**
     * Returns the portable binary form, as cap_copy_ext(3) writes it. Its length is that of cap_size(3).
     *
     * @return the bytes
     */
    public byte[] toExternal() {
        return ExternalForm.write(this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CapabilitySet && compare((CapabilitySet) other).isEmpty();
    }

    @Override
    public int hashCode() {
        return Objects.hash(permitted, effective, inheritable);
    }

    /**
     * Returns the canonical text form, letter for letter that of cap_to_text(3). {@link #parse} reads it.
     *
     * @return the text, such as {@code =ep cap_chown-e}
     */
    @Override
    public String toString() {
        return SetPrinter.print(this, Capability.count());
    }
}
