package dev.psx.spi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Function;

/** Internal: who the calling task is, asked by system calls: also where /proc is hidden. A child that it makes begins as that. */
public final class OwnState {

    private static final long SETGID = 1L << 6;
    private static final long SETUID = 1L << 7;
    private static final int GROUPS = 1024;

    private final Function<Object[], Object> port;
    private long[] capabilities;

    public OwnState(Function<Object[], Object> port) {
        this.port = port;
    }

    /** Whether setresuid could be called with any ids. */
    public boolean mayChangeUser() {
        return (capabilities()[1] & SETUID) != 0;
    }

    /** Whether setresgid and setgroups could be called with any ids. */
    public boolean mayChangeGroup() {
        return (capabilities()[1] & SETGID) != 0;
    }

    /** What is permitted. */
    public long permitted() {
        return capabilities()[0];
    }

    public long inheritable() {
        return capabilities()[2];
    }

    private long[] capabilities() {
        if (capabilities == null) {
            capabilities = CapabilityCalls.sets(
                    OwnCall.require(port, CapabilityCalls.capget(0)).blob(1));
        }
        return capabilities;
    }

    /** Whether real, effective and saved user id are this one. */
    public boolean hasUser(int uid) {
        return hasIds("getresuid", uid);
    }

    /** Whether real, effective and saved group id are this one. */
    public boolean hasGroup(int gid) {
        return hasIds("getresgid", gid);
    }

    private boolean hasIds(String call, int id) {
        byte[] word = new byte[Integer.BYTES];
        OwnCall ids = OwnCall.require(port, new Program().addShown(call, call, word, word, word));
        for (int i = 0; i < 3; i++) {
            if (words(ids.blob(i)).getInt(0) != id) {
                return false;
            }
        }
        return true;
    }

    /** Whether these are the supplementary groups, in any order. */
    public boolean hasGroups(int[] groups) {
        OwnCall call = OwnCall.make(
                port, new Program().addShown("getgroups", "getgroups", GROUPS, new byte[GROUPS * Integer.BYTES]));
        if (Errno.isError(call.result)) {
            return false; // there are more
        }
        int[] own = new int[(int) call.result];
        words(call.blob(0)).asIntBuffer().get(own);
        return Arrays.equals(IdSet.of(groups), IdSet.of(own));
    }

    /** Whether exactly these are ambient. */
    public boolean hasAmbient(long wanted) {
        return areAmbient(wanted, true) && areAmbient(~wanted, false);
    }

    private boolean areAmbient(long some, boolean expected) {
        for (int capability = 0; capability < Long.SIZE; capability++) {
            if ((some >>> capability & 1) != 0) {
                long is = OwnCall.make(port, CapabilityCalls.isAmbient(capability)).result;
                if (is == 1 != expected) {
                    return false;
                }
                if (is < 0) {
                    return !expected; // the kernel has none from here on
                }
            }
        }
        return true;
    }

    private static ByteBuffer words(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }
}
