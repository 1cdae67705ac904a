package dev.psx.cap;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The system's libcap, asked what it makes of the same texts and sets. */
final class Libcap {

    private static final String FILE = "libcap.so.2";

    static final int IAB_INHERITABLE = 2;
    static final int IAB_AMBIENT = 3;
    static final int IAB_BLOCKED = 4;

    private static final NativeLibrary LIBRARY = load();

    private Libcap() {}

    private static NativeLibrary load() {
        try {
            return NativeLibrary.getInstance(FILE);
        } catch (UnsatisfiedLinkError e) {
            return null;
        }
    }

    /** Skips the test where there is no libcap; with {@code PSX_REQUIRE_ROOT=1} in the environment it fails instead. */
    static void required() {
        if (LIBRARY == null && "1".equals(System.getenv("PSX_REQUIRE_ROOT"))) {
            fail(FILE + " is missing (package libcap2), and PSX_REQUIRE_ROOT=1 forbids to skip");
        }
        assumeTrue(LIBRARY != null, "needs " + FILE);
    }

    static int call(String name, Object... arguments) {
        return LIBRARY.getFunction(name).invokeInt(arguments);
    }

    static Pointer pointer(String name, Object... arguments) {
        return LIBRARY.getFunction(name).invokePointer(arguments);
    }

    static byte[] text(String text) {
        return (text + '\0').getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a C string that libcap has made, and frees it. */
    private static String taken(Pointer text) {
        String java = text.getString(0, "US-ASCII");
        free(text);
        return java;
    }

    static void free(Pointer memory) {
        call("cap_free", memory);
    }

    // --- sets

    /** Returns the sets in libcap's external form; empty if it refuses the text. */
    static Optional<byte[]> parse(String text) {
        Pointer sets = pointer("cap_from_text", text(text));
        if (sets == null) {
            return Optional.empty();
        }
        byte[] external = external(sets);
        free(sets);
        return Optional.of(external);
    }

    static byte[] external(Pointer sets) {
        int size = call("cap_size", sets);
        try (Memory memory = new Memory(size)) {
            if (call("cap_copy_ext", memory, sets, (long) size) != size) {
                throw new AssertionError("cap_copy_ext");
            }
            return memory.getByteArray(0, size);
        }
    }

    static Pointer sets(byte[] external) {
        Pointer sets = pointer("cap_copy_int", (Object) external);
        if (sets == null) {
            throw new AssertionError("cap_copy_int");
        }
        return sets;
    }

    static String print(byte[] external) {
        Pointer sets = sets(external);
        String text = taken(pointer("cap_to_text", sets, null));
        free(sets);
        return text;
    }

    static int compare(byte[] external, byte[] other) {
        Pointer sets = sets(external);
        Pointer others = sets(other);
        int result = call("cap_compare", sets, others);
        free(sets);
        free(others);
        return result;
    }

    // --- IAB

    /** Returns the three vectors, as far as the kernel knows the capabilities; null if libcap refuses the text. */
    static long[] parseIab(String text) {
        Pointer iab = pointer("cap_iab_from_text", text(text));
        if (iab == null) {
            return null;
        }
        long[] vectors = {vector(iab, IAB_INHERITABLE), vector(iab, IAB_AMBIENT), vector(iab, IAB_BLOCKED)};
        free(iab);
        return vectors;
    }

    private static long vector(Pointer iab, int vector) {
        long mask = 0;
        for (int number = 0; number < call("cap_max_bits"); number++) {
            mask |= (long) call("cap_iab_get_vector", iab, vector, number) << number;
        }
        return mask;
    }

    /** Fills the vectors one after the other, each from the permitted set of a {@code cap_t}. */
    static String printIab(long inheritable, long ambient, long blocked) {
        Pointer iab = pointer("cap_iab_init");
        fill(iab, IAB_INHERITABLE, inheritable);
        fill(iab, IAB_AMBIENT, ambient);
        fill(iab, IAB_BLOCKED, ~blocked);
        String text = taken(pointer("cap_iab_to_text", iab));
        free(iab);
        return text;
    }

    private static void fill(Pointer iab, int vector, long mask) {
        Pointer sets = sets(CapabilitySet.of(mask, 0, 0).toExternal());
        int permitted = CapabilitySet.Flag.PERMITTED.ordinal();
        if (call("cap_iab_fill", iab, vector, sets, permitted) != 0) {
            throw new AssertionError("cap_iab_fill");
        }
        free(sets);
    }

    // --- names

    static String name(int number) {
        return taken(pointer("cap_to_name", number));
    }

    /** Returns -1 for what libcap does not know. */
    static int number(String name) {
        int[] number = {-1};
        return call("cap_from_name", text(name), number) == 0 ? number[0] : -1;
    }
}
