package dev.psx.drop;

import dev.psx.spi.Errno;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.function.Function;

/** Internal: which file it is, whatever its path. */
final class FileId {

    private static final int AT_FDCWD = -100;

    /** struct stat of both architectures begins with st_dev and st_ino. */
    private static final int STAT_SIZE = 256;

    private final long device;
    private final long inode;

    private FileId(long device, long inode) {
        this.device = device;
        this.inode = inode;
    }

    /** Returns what {@link #encoded} gave. */
    static FileId decoded(long[] id) {
        return id == null ? null : new FileId(id[0], id[1]);
    }

    static long[] encoded(FileId id) {
        return id == null ? null : new long[] {id.device, id.inode};
    }

    /** Returns the file at a path as the calling task sees it, null if it sees none. */
    static FileId of(Function<Object[], Object> port, String path) {
        return at(port, AT_FDCWD, path);
    }

    /** Returns the file at a path that begins at an open directory, null if there is none. */
    static FileId at(Function<Object[], Object> port, int directory, String path) {
        byte[] name = zeroTerminated(path);
        Program question = new Program()
                .addShown("newfstatat(" + path + ")", "newfstatat", directory, name, new byte[STAT_SIZE], 0);
        OwnCall call = OwnCall.make(port, question);
        if (Errno.isError(call.result)) {
            return null;
        }
        ByteBuffer stat = ByteBuffer.wrap(call.blob(1)).order(ByteOrder.nativeOrder());
        return new FileId(stat.getLong(0), stat.getLong(Long.BYTES));
    }

    /** Returns what a link of a task leads to, such as {@code root}; null if it cannot be told. */
    static FileId ofTask(Function<Object[], Object> port, int tid, String link) {
        long[] id = (long[]) port.apply(new Object[] {"task-file", tid, link});
        return id == null ? null : new FileId(id[0], id[1]);
    }

    /** A path as the kernel takes it, in the encoding in which the JVM reads names of files. */
    static byte[] zeroTerminated(String path) {
        String name = System.getProperty("sun.jnu.encoding");
        byte[] bytes = path.getBytes(name == null ? Charset.defaultCharset() : Charset.forName(name));
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileId && ((FileId) other).device == device && ((FileId) other).inode == inode;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(device * 31 + inode);
    }
}
