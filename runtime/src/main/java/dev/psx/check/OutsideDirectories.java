package dev.psx.check;

import dev.psx.spi.Errno;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Open directories outside the root directory of the process: from each of them {@code openat(fd, "../..")} is a way out. */
final class OutsideDirectories {

    private static final int AT_FDCWD = -100;

    /** struct stat of both architectures begins with st_dev and st_ino. */
    private static final int STAT_SIZE = 256;

    private static final int FILE_ID = 16;
    private static final int STATFS_SIZE = 120;
    private static final long PROC_MAGIC = 0x9fa0;

    /** As far up as a path can lead: it has at most 4095 bytes. */
    private static final int STEPS = 1365;

    private final Context context;
    private final KeptPowers kept;

    OutsideDirectories(Context context, KeptPowers kept) {
        this.context = context;
        this.kept = kept;
    }

    void add(OpenDescriptor descriptor) {
        if (isOutside(descriptor)) {
            kept.add(
                    descriptor,
                    descriptor.target,
                    "leads out of the root directory of the process",
                    "close it before the drop");
        }
    }

    /** For us, who are outside ourselves, only the names tell; the process itself can go and see. */
    private boolean isOutside(OpenDescriptor descriptor) {
        if (!context.subject.isOwn()) {
            return context.subject.isOutsideRoot(descriptor) && !isOfProc(descriptor);
        }
        byte[] root = fileId(AT_FDCWD, "/");
        byte[] top = fileId(descriptor.number, up());
        if (root == null || top == null || Arrays.equals(root, top)) {
            return false;
        }
        return !(isOfProc(descriptor) && Arrays.equals(top, fileId(descriptor.number, ".")));
    }

    /** The engine's own directory is on a detached mount of proc, from which no path leads anywhere. */
    private boolean isOfProc(OpenDescriptor descriptor) {
        byte[] name = zeroTerminated(descriptor.link());
        OwnCall call = context.own(new Program().addShown("statfs", "statfs", name, new byte[STATFS_SIZE]));
        long type = ByteBuffer.wrap(call.blob(1)).order(ByteOrder.nativeOrder()).getLong();
        return !Errno.isError(call.result) && type == PROC_MAGIC;
    }

    private static String up() {
        StringBuilder up = new StringBuilder();
        for (int i = 0; i < STEPS; i++) {
            up.append("../");
        }
        return up.toString();
    }

    private byte[] fileId(int directory, String path) {
        OwnCall call = context.own(new Program()
                .addShown("newfstatat", "newfstatat", directory, zeroTerminated(path), new byte[STAT_SIZE], 0));
        return Errno.isError(call.result) ? null : Arrays.copyOf(call.blob(1), FILE_ID);
    }

    private static byte[] zeroTerminated(String path) {
        return (path + "\0").getBytes(StandardCharsets.US_ASCII);
    }
}
