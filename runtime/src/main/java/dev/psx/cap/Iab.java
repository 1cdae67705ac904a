package dev.psx.cap;

import dev.psx.Credentials;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * The three vectors that decide what an executed program without file capabilities gets: inheritable, ambient, and what is
 * blocked, which is the inverse of the bounding set. Immutable; libcap's {@code cap_iab_t}, see cap_iab(3).
 *
 * <p>The ambient vector never has more than the inheritable one: raising there raises here, lowering here lowers there.
 */
public final class Iab {

    /** One of the three vectors. */
    public enum Vector {
        /** The inheritable set. */
        INHERITABLE,

        /** The ambient set. */
        AMBIENT,

        /** What is not in the bounding set. */
        BLOCKED
    }

    /** Nothing inheritable, nothing ambient, nothing blocked: what cap_iab_init(3) gives. */
    public static final Iab EMPTY = new Iab(0, 0, 0);

    private final long inheritable;
    private final long ambient;
    private final long blocked;

    private Iab(long inheritable, long ambient, long blocked) {
        this.inheritable = inheritable;
        this.ambient = ambient;
        this.blocked = blocked;
    }

    /**
     * Returns three vectors.
     *
     * @param inheritable the mask of the inheritable set
     * @param ambient the mask of the ambient set; its members become inheritable, too
     * @param blocked the mask of what shall not be in the bounding set
     * @return the vectors
     */
    public static Iab of(long inheritable, long ambient, long blocked) {
        return new Iab(inheritable | ambient, ambient, blocked);
    }

    /**
     * Returns the vectors of a task.
     *
     * @param credentials what the task may do
     * @return its vectors; blocked is what the kernel knows and the bounding set lacks
     */
    public static Iab of(Credentials credentials) {
        return of(credentials.inheritable(), credentials.ambient(), ~credentials.bounding() & Capability.all());
    }

    /**
     * Reads the text form, as cap_iab_from_text(3) does: capabilities by their names with {@code cap_}, or numbers, joined by
     * commas. In front of each may be any of {@code %} for inheritable, {@code ^} for ambient and inheritable, {@code !} for
     * blocked; none means inheritable.
     *
     * @param text the text, such as {@code !%cap_chown,^cap_kill}; it may be empty, and may end with a comma, or prefixes
     * @return the vectors
     * @throws CapabilityTextException if the text is not of that form; with its position
     */
    public static Iab parse(String text) {
        return IabText.parse(text);
    }

    /**
     * Returns the vectors of this process, as cap_iab_get_proc(3) does: those that every task has.
     *
     * @return the vectors
     * @throws IllegalStateException if tasks differ, which no call of this library leaves behind, or there is no engine
     * @throws SecurityException if the caller may not look
     */
    public static Iab ofProcess() {
        return ProcessState.common("inheritable, ambient and bounding sets", Iab::of);
    }

    /**
     * Returns the vectors of another process, as cap_iab_get_pid(3) does.
     *
     * @param pid the number of a process or task, as {@code /proc} shows it
     * @return the vectors, out of {@code /proc/PID/status}
     * @throws dev.psx.ErrnoException ESRCH if there is no such process, EACCES if {@code /proc} hides it
     * @throws java.io.UncheckedIOException if its status cannot be read for another reason
     */
    public static Iab ofProcess(int pid) {
        return of(ProcessFile.credentials(pid));
    }

    /**
     * Gives these vectors to every task of this process, as cap_iab_set_proc(3) does where the process has one thread, but in one
     * step: they hold all, or nothing has changed.
     *
     * <p>CAP_SETPCAP must be permitted where the bounding set shrinks, or something becomes inheritable that is neither permitted
     * nor inheritable; it is made effective for the moment that needs it. What becomes inheritable must be in the bounding set
     * before, what becomes ambient must be permitted. A bounding set never grows: what is not blocked here stays as it is.
     *
     * @throws dev.psx.ErrnoException EPERM if that is not allowed: nothing has changed
     * @throws dev.psx.UnreachableException if some task could not be gathered: nothing has changed
     * @throws dev.psx.DivergenceException if tasks had different results and the policy says so, see
     *     {@link dev.psx.Psx#onDivergence}
     * @throws IllegalStateException if there is no engine, or tasks differ before
     * @throws SecurityException if the caller may not broadcast
     */
    public void applyToProcess() {
        ProcessState.change(before -> IabSteps.of(this, before.get()));
    }

    /**
     * Returns the inheritable vector.
     *
     * @return the mask
     */
    public long inheritable() {
        return inheritable;
    }

    /**
     * Returns the ambient vector.
     *
     * @return the mask
     */
    public long ambient() {
        return ambient;
    }

    /**
     * Returns the vector of what is blocked.
     *
     * @return the mask
     */
    public long blocked() {
        return blocked;
    }

    /**
     * Returns one of the vectors.
     *
     * @param vector which
     * @return the mask
     */
    public long get(Vector vector) {
        switch (vector) {
            case INHERITABLE:
                return inheritable;
            case AMBIENT:
                return ambient;
            default:
                return blocked;
        }
    }

    /**
     * Tells whether a capability is in one of the vectors, as cap_iab_get_vector(3) does.
     *
     * @param vector which
     * @param capability the capability
     * @return true if it is
     */
    public boolean has(Vector vector, Capability capability) {
        return (get(vector) & capability.mask()) != 0;
    }

    /**
     * Replaces one of the vectors. A new inheritable one takes out of the ambient one what it lacks; a new ambient one is added
     * to the inheritable one.
     *
     * @param vector which
     * @param mask its new members
     * @return the new vectors
     */
    public Iab with(Vector vector, long mask) {
        switch (vector) {
            case INHERITABLE:
                return new Iab(mask, ambient & mask, blocked);
            case AMBIENT:
                return new Iab(inheritable | mask, mask, blocked);
            default:
                return new Iab(inheritable, ambient, mask);
        }
    }

    /**
     * Adds capabilities to one of the vectors, as cap_iab_set_vector(3) with CAP_SET does.
     *
     * @param vector which
     * @param capabilities the capabilities
     * @return the new vectors; what becomes ambient becomes inheritable, too
     */
    public Iab raise(Vector vector, Capability... capabilities) {
        return with(vector, get(vector) | Capability.mask(capabilities));
    }

    /**
     * Takes capabilities out of one of the vectors, as cap_iab_set_vector(3) with CAP_CLEAR does.
     *
     * @param vector which
     * @param capabilities the capabilities
     * @return the new vectors; what is no longer inheritable is no longer ambient
     */
    public Iab lower(Vector vector, Capability... capabilities) {
        return with(vector, get(vector) & ~Capability.mask(capabilities));
    }

    /**
     * Copies one of the sets of a {@link CapabilitySet} to a vector, as cap_iab_fill(3) does.
     *
     * @param to the vector that is replaced; {@link Vector#BLOCKED} gets all that the set lacks, up to bit 63
     * @param reference the value that is copied from
     * @param from which of its sets
     * @return the new vectors
     */
    public Iab fill(Vector to, CapabilitySet reference, CapabilitySet.Flag from) {
        long mask = reference.get(from);
        return with(to, to == Vector.BLOCKED ? ~mask : mask);
    }

    /**
     * Tells in which vectors two values differ, as cap_iab_compare(3) and CAP_IAB_DIFFERS do.
     *
     * @param other the other value
     * @return the vectors that differ, unmodifiable; none if the values are equal
     */
    public Set<Vector> compare(Iab other) {
        EnumSet<Vector> different = EnumSet.noneOf(Vector.class);
        for (Vector vector : Vector.values()) {
            if (get(vector) != other.get(vector)) {
                different.add(vector);
            }
        }
        return Collections.unmodifiableSet(different);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Iab && compare((Iab) other).isEmpty();
    }

    @Override
    public int hashCode() {
        return Objects.hash(inheritable, ambient, blocked);
    }

    /**
     * Returns the canonical text form, letter for letter that of cap_iab_to_text(3): capabilities that the kernel does not know
     * are left out.
     *
     * @return the text, such as {@code !%cap_chown,^cap_kill}; empty if all vectors are
     */
    @Override
    public String toString() {
        return IabText.print(this, Capability.count());
    }
}
