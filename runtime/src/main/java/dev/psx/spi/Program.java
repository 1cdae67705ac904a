package dev.psx.spi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Internal: the system calls that every task runs in one broadcast, in order.
 *
 * <p>An argument is a number or a byte array; for the latter the engine passes the address of a copy that lives until the
 * broadcast has ended.
 */
public final class Program {

    private static final int ARGUMENTS = 6;
    private static final int WORDS = 8;
    private static final int BLOB_SHIFT = 8;
    private static final int MARK_MASK = 0x0f;
    private static final int ANY_RESULT = 0x10;

    private final List<long[]> calls = new ArrayList<>();
    private final List<byte[]> blobs = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<String> descriptions = new ArrayList<>();

    /** Appends a call by its name. */
    public Program add(String call, long... arguments) {
        return add(Syscalls.number(call), arguments);
    }

    /** Appends a call by its number. */
    public Program add(long nr, long... arguments) {
        Object[] boxed = new Object[arguments.length];
        StringBuilder shown = new StringBuilder(Syscalls.name(nr)).append('(');
        for (int i = 0; i < arguments.length; i++) {
            boxed[i] = arguments[i];
            shown.append(i == 0 ? "" : ", ").append(arguments[i]);
        }
        return append(nr, shown.append(')').toString(), boxed);
    }

    /**
     * Appends a call that is shown in its own way.
     *
     * @param shown how messages show the call, such as {@code setgroups(4, 24)}
     * @param arguments each a {@link Long}, an {@link Integer} or a {@code byte[]}
     */
    public Program addShown(String shown, String call, Object... arguments) {
        return append(Syscalls.number(call), shown, arguments);
    }

    /** Appends setgroups, which takes its ids in memory. */
    public Program addGroups(int... gids) {
        StringBuilder shown = new StringBuilder("setgroups(");
        ByteBuffer list = ByteBuffer.allocate(gids.length * Integer.BYTES).order(ByteOrder.nativeOrder());
        for (int i = 0; i < gids.length; i++) {
            shown.append(i == 0 ? "" : ", ").append(Integer.toUnsignedString(gids[i]));
            list.putInt(gids[i]);
        }
        Object address = gids.length == 0 ? (Object) 0L : list.array();
        return addShown(shown.append(')').toString(), "setgroups", gids.length, address);
    }

    /** Appends all calls of another program. */
    public Program addAll(Program other) {
        for (int call = 0; call < other.size(); call++) {
            long[] words = other.calls.get(call).clone();
            for (int i = 0; i < ARGUMENTS; i++) {
                if ((words[WORDS - 1] >> (BLOB_SHIFT + i) & 1) != 0) {
                    words[i + 1] += blobs.size();
                }
            }
            calls.add(words);
            names.add(other.names.get(call));
            descriptions.add(other.descriptions.get(call));
        }
        blobs.addAll(other.blobs);
        return this;
    }

    private Program append(long nr, String shown, Object[] arguments) {
        if (arguments.length > ARGUMENTS) {
            throw new IllegalArgumentException("a system call has at most " + ARGUMENTS + " arguments: " + shown);
        }
        long[] words = new long[WORDS];
        words[0] = nr;
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof byte[]) {
                words[i + 1] = blobs.size();
                words[WORDS - 1] |= 1L << (BLOB_SHIFT + i);
                blobs.add(((byte[]) arguments[i]).clone());
            } else {
                words[i + 1] = ((Number) arguments[i]).longValue();
            }
        }
        calls.add(words);
        names.add(Syscalls.name(nr));
        descriptions.add(shown);
        return this;
    }

    /** Says who makes the call that was appended last; every task, unless this is said. */
    public Program mark(Mark mark) {
        calls.get(calls.size() - 1)[WORDS - 1] |= mark.ordinal();
        return this;
    }

    /** Says that the call that was appended last may give each task another result, as long as it is no error. */
    public Program anyResult() {
        calls.get(calls.size() - 1)[WORDS - 1] |= ANY_RESULT;
        return this;
    }

    /** Returns who makes a call. */
    public Mark mark(int index) {
        return Mark.values()[(int) (calls.get(index)[WORDS - 1] & MARK_MASK)];
    }

    /** Returns the calls as the port takes them: eight numbers each. */
    public long[] encoded() {
        long[] encoded = new long[calls.size() * WORDS];
        for (int i = 0; i < calls.size(); i++) {
            System.arraycopy(calls.get(i), 0, encoded, i * WORDS, WORDS);
        }
        return encoded;
    }

    /** Returns the byte arrays that the encoded calls refer to by index. */
    public byte[][] blobs() {
        return blobs.toArray(new byte[0][]);
    }

    public int size() {
        return calls.size();
    }

    /** Returns the name of one call, such as {@code setresuid}. */
    public String name(int index) {
        return names.get(index);
    }

    /** Returns one call with its arguments, such as {@code setresuid(65534, 65534, 65534)}. */
    public String describe(int index) {
        return descriptions.get(index);
    }

    /** Returns all calls with their arguments, in order. */
    public List<String> describe() {
        return new ArrayList<>(descriptions);
    }
}
