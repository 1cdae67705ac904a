package dev.psx.spi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Internal: the system calls that read and change capabilities, and what goes with them. Sets are masks. */
public final class CapabilityCalls {

    private static final int PR_SET_KEEPCAPS = 8;
    private static final int PR_CAPBSET_DROP = 24;
    private static final int PR_GET_SECUREBITS = 27;
    private static final int PR_SET_SECUREBITS = 28;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_CAP_AMBIENT = 47;

    private static final int PR_CAP_AMBIENT_IS_SET = 1;
    private static final int PR_CAP_AMBIENT_RAISE = 2;
    private static final int PR_CAP_AMBIENT_LOWER = 3;
    private static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;

    /** struct __user_cap_header_struct {u32 version; int pid}, pid 0 being the calling task; two data structs of three u32. */
    private static final int CAPABILITY_VERSION_3 = 0x20080522;

    private static final int CAPABILITY_DATA = 24;
    private static final int HALF = 12;

    private CapabilityCalls() {}

    /**
     * Appends capset.
     *
     * @param shown how messages show the sets
     */
    public static void capset(Program program, String shown, long permitted, long effective, long inheritable) {
        ByteBuffer data = ByteBuffer.allocate(CAPABILITY_DATA).order(ByteOrder.nativeOrder());
        for (int shift = 0; shift < Long.SIZE; shift += Integer.SIZE) {
            data.putInt((int) (effective >>> shift))
                    .putInt((int) (permitted >>> shift))
                    .putInt((int) (inheritable >>> shift));
        }
        program.addShown("capset(" + shown + ")", "capset", header(0), data.array());
    }

    /** Returns capget of one task; the blob with index 1 receives what {@link #sets} reads. */
    public static Program capget(int pid) {
        return new Program().addShown("capget(" + pid + ")", "capget", header(pid), new byte[CAPABILITY_DATA]);
    }

    /** Returns the permitted, the effective and the inheritable set out of what capget has written. */
    public static long[] sets(byte[] data) {
        ByteBuffer words = ByteBuffer.wrap(data).order(ByteOrder.nativeOrder());
        return new long[] {set(words, Integer.BYTES), set(words, 0), set(words, 2 * Integer.BYTES)};
    }

    private static long set(ByteBuffer words, int at) {
        return Integer.toUnsignedLong(words.getInt(at)) | (long) words.getInt(HALF + at) << Integer.SIZE;
    }

    private static byte[] header(int pid) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(CAPABILITY_VERSION_3)
                .putInt(pid)
                .array();
    }

    /** Appends one call for each capability: dropping one that the kernel does not know is an error. */
    public static void dropBounding(Program program, long capabilities) {
        each(program, capabilities, "prctl(PR_CAPBSET_DROP, ", PR_CAPBSET_DROP);
    }

    /** Appends one call for each capability. */
    public static void raiseAmbient(Program program, long capabilities) {
        each(
                program,
                capabilities,
                "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, ",
                PR_CAP_AMBIENT,
                PR_CAP_AMBIENT_RAISE);
    }

    /** Appends one call for each capability. */
    public static void lowerAmbient(Program program, long capabilities) {
        each(
                program,
                capabilities,
                "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, ",
                PR_CAP_AMBIENT,
                PR_CAP_AMBIENT_LOWER);
    }

    private static void each(Program program, long capabilities, String shown, int... arguments) {
        for (int capability = 0; capability < Long.SIZE; capability++) {
            if ((capabilities >>> capability & 1) != 0) {
                Object[] all = new Object[arguments.length + 1];
                for (int i = 0; i < arguments.length; i++) {
                    all[i] = arguments[i];
                }
                all[arguments.length] = capability;
                program.addShown(shown + capability + ")", "prctl", all);
            }
        }
    }

    public static void clearAmbient(Program program) {
        String shown = "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)";
        program.addShown(shown, "prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL);
    }

    /** Returns the question whether a capability is ambient: an error if the kernel knows no ambient set, or no such capability. */
    public static Program isAmbient(int capability) {
        String shown = "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, " + capability + ")";
        return new Program().addShown(shown, "prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability);
    }

    public static void noNewPrivileges(Program program) {
        program.addShown("prctl(PR_SET_NO_NEW_PRIVS, 1)", "prctl", PR_SET_NO_NEW_PRIVS, 1);
    }

    public static void keepCapabilities(Program program, boolean keep) {
        int value = keep ? 1 : 0;
        program.addShown("prctl(PR_SET_KEEPCAPS, " + value + ")", "prctl", PR_SET_KEEPCAPS, value);
    }

    public static void secureBits(Program program, int bits) {
        String shown = "prctl(PR_SET_SECUREBITS, 0x" + Integer.toHexString(bits) + ")";
        program.addShown(shown, "prctl", PR_SET_SECUREBITS, Integer.toUnsignedLong(bits));
    }

    public static Program getSecureBits() {
        return new Program().addShown("prctl(PR_GET_SECUREBITS)", "prctl", PR_GET_SECUREBITS);
    }

    /** Whether a prctl with these arguments only tells how things are. */
    static boolean onlyLooks(long option, long a2) {
        return option == PR_GET_SECUREBITS || (option == PR_CAP_AMBIENT && a2 == PR_CAP_AMBIENT_IS_SET);
    }
}
