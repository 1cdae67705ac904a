package dev.psx.cap;

import dev.psx.ErrnoException;
import dev.psx.spi.Access;
import dev.psx.spi.Errno;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * The capabilities of a program file, which a process gets by executing it. Immutable.
 *
 * <p>The kernel keeps them in the attribute {@code security.capability}: a permitted and an inheritable set, one bit that says
 * whether what is gained is effective at once, and the owner: the user id that is root in the user namespace where the
 * capabilities count.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>, section "File capabilities"
 */
public final class FileCapabilities {

    private final long permitted;
    private final long inheritable;
    private final boolean effective;
    private final int owner;

    private FileCapabilities(long permitted, long inheritable, boolean effective, int owner) {
        this.permitted = permitted;
        this.inheritable = inheritable;
        this.effective = effective;
        this.owner = owner;
    }

    /**
     * Returns capabilities of a file.
     *
     * @param permitted what the process gets, as far as its bounding set allows
     * @param inheritable what the process gets if it is also in its inheritable set
     * @param effective whether it is effective at once, for programs that know nothing of capabilities
     * @return the capabilities, owned by root of the initial user namespace
     */
    public static FileCapabilities of(long permitted, long inheritable, boolean effective) {
        return new FileCapabilities(permitted, inheritable, effective, 0);
    }

    /**
     * Returns three sets as capabilities of a file, as cap_set_file(3) takes them. A file has one effective bit: the effective set
     * is empty, or has all that the others have.
     *
     * @param sets the sets
     * @return the capabilities, owned by root of the initial user namespace
     * @throws IllegalArgumentException if the effective set is neither
     */
    public static FileCapabilities of(CapabilitySet sets) {
        long all = sets.permitted() | sets.inheritable();
        boolean effective = sets.effective() != 0;
        if (effective && (all & ~sets.effective()) != 0) {
            throw new IllegalArgumentException(
                    "the effective set of a file is empty or has all that the other sets have: " + sets + " lacks "
                            + Capability.list(all & ~sets.effective()));
        }
        return of(sets.permitted(), sets.inheritable(), effective);
    }

    /**
     * Reads the attribute's value.
     *
     * @param attribute version 1, 2 or 3 of the format, see {@code struct vfs_ns_cap_data} in {@code linux/capability.h}
     * @return the capabilities
     * @throws IllegalArgumentException if the value is of another version, or its length does not fit
     */
    public static FileCapabilities fromAttribute(byte[] attribute) {
        return FileFormat.read(attribute);
    }

    /**
     * Reads the capabilities of a file, as cap_get_file(3) does. A symbolic link is followed.
     *
     * @param file the file, in the default file system
     * @return the capabilities as they count in the caller's user namespace; empty if the file has none
     * @throws ErrnoException if the file cannot be found, or its file system keeps no such attributes
     * @throws IllegalArgumentException if the attribute is of an unknown format
     * @throws IllegalStateException if there is no engine
     * @throws SecurityException if the caller may not look
     */
    public static Optional<FileCapabilities> of(Path file) {
        return get(FileCalls.get(file));
    }

    /**
     * Reads the capabilities of an open file, as cap_get_fd(3) does.
     *
     * @param descriptor the file descriptor, as native code has it
     * @return the capabilities as they count in the caller's user namespace; empty if the file has none
     * @throws ErrnoException EBADF if there is no such descriptor
     * @throws IllegalArgumentException if the attribute is of an unknown format
     * @throws IllegalStateException if there is no engine
     * @throws SecurityException if the caller may not look
     */
    public static Optional<FileCapabilities> of(int descriptor) {
        return get(FileCalls.get(descriptor));
    }

    private static Optional<FileCapabilities> get(Program call) {
        OwnCall made = Access.call(port -> OwnCall.make(port, call));
        if (made.result == -Errno.ENODATA) {
            return Optional.empty();
        }
        int size = (int) FileCalls.require(call, made.result);
        return Optional.of(FileFormat.read(Arrays.copyOf(made.blob(FileCalls.valueBlob(call)), size)));
    }

    /**
     * Gives a file these capabilities, as cap_set_file(3) does. CAP_SETFCAP must be effective. The kernel takes capabilities away
     * again when the file is written to, or its owner changes.
     *
     * @param file a regular file, in the default file system; no symbolic link
     * @throws ErrnoException EPERM without the capability, EINVAL if that is no regular file, EOPNOTSUPP if its file system keeps
     *     no such attributes
     * @throws IllegalStateException if there is no engine
     * @throws SecurityException if the caller may not change files
     */
    public void write(Path file) {
        FileCalls.run(FileCalls.set(file, toAttribute()));
    }

    /**
     * Gives an open file these capabilities, as cap_set_fd(3) does.
     *
     * @param descriptor the file descriptor of a regular file, as native code has it
     * @throws ErrnoException as {@link #write(Path)}, and EBADF if there is no such descriptor
     * @throws IllegalStateException if there is no engine
     * @throws SecurityException if the caller may not change files
     */
    public void write(int descriptor) {
        FileCalls.run(FileCalls.set(descriptor, toAttribute()));
    }

    /**
     * Takes the capabilities of a file away, as cap_set_file(3) with NULL does.
     *
     * @param file a regular file, in the default file system; no symbolic link
     * @throws ErrnoException ENODATA if it has none; otherwise as {@link #write(Path)}
     * @throws IllegalStateException if there is no engine
     * @throws SecurityException if the caller may not change files
     */
    public static void remove(Path file) {
        FileCalls.run(FileCalls.remove(file));
    }

    /**
     * Takes the capabilities of an open file away, as cap_set_fd(3) with NULL does.
     *
     * @param descriptor the file descriptor of a regular file, as native code has it
     * @throws ErrnoException ENODATA if it has none; otherwise as {@link #write(int)}
     * @throws IllegalStateException if there is no engine
     * @throws SecurityException if the caller may not change files
     */
    public static void remove(int descriptor) {
        FileCalls.run(FileCalls.remove(descriptor));
    }

    /**
     * Returns what the process gets, as far as its bounding set allows.
     *
     * @return the mask
     */
    public long permitted() {
        return permitted;
    }

    /**
     * Returns what the process gets if it is also in its inheritable set.
     *
     * @return the mask
     */
    public long inheritable() {
        return inheritable;
    }

    /**
     * Tells whether what is gained is effective at once.
     *
     * @return the effective bit
     */
    public boolean isEffective() {
        return effective;
    }

    /**
     * Returns the owner, as cap_get_nsowner(3) does.
     *
     * @return the user id, seen from the caller's user namespace, that is root where the capabilities count; unsigned; 0 for root
     *     of the caller's own
     */
    public int namespaceOwner() {
        return owner;
    }

    /**
     * Changes the owner, as cap_set_nsowner(3) does.
     *
     * @param uid the user id, unsigned
     * @return the new capabilities
     */
    public FileCapabilities withNamespaceOwner(int uid) {
        return new FileCapabilities(permitted, inheritable, effective, uid);
    }

    /**
     * Returns the three sets, as cap_get_file(3) gives them.
     *
     * @return the sets; the effective one has all of the others, or nothing
     */
    public CapabilitySet sets() {
        return CapabilitySet.of(permitted, effective ? permitted | inheritable : 0, inheritable);
    }

    /**
     * Returns the attribute's value.
     *
     * @return version 2 of the format; version 3 if there is an owner
     */
    public byte[] toAttribute() {
        return FileFormat.write(this);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof FileCapabilities)) {
            return false;
        }
        FileCapabilities that = (FileCapabilities) other;
        return permitted == that.permitted
                && inheritable == that.inheritable
                && effective == that.effective
                && owner == that.owner;
    }

    @Override
    public int hashCode() {
        return Objects.hash(permitted, inheritable, effective, owner);
    }

    /**
     * Returns the capabilities as getcap(8) shows them.
     *
     * @return the text of {@link #sets()}, and behind it the owner if there is one: {@code cap_net_raw=ep [rootid=1000]}
     */
    @Override
    public String toString() {
        return sets() + (owner == 0 ? "" : " [rootid=" + Integer.toUnsignedString(owner) + "]");
    }
}
