package dev.psx.agent.testing;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The outermost structure of a heap dump: a header, and records of known length up to the last byte. */
public record HeapDump(String format, int idSize, int stacks, int segments, boolean complete, Set<String> names) {

    private static final int UTF8 = 0x01;
    private static final int STACK = 0x05;
    private static final int SEGMENT = 0x1c;
    private static final int END = 0x2c;

    /** Fails with an EOFException if a record is longer than what is left of the file. */
    public static HeapDump read(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            String format = textUpToZero(in);
            int idSize = in.readInt();
            in.readLong();
            long left = Files.size(file) - format.length() - 1 - 4 - 8;
            return records(in, left, format, idSize);
        }
    }

    private static HeapDump records(DataInputStream in, long size, String format, int idSize) throws IOException {
        Set<String> names = new HashSet<>();
        int stacks = 0;
        int segments = 0;
        int tag = 0;
        for (long left = size; left > 0; ) {
            tag = in.readUnsignedByte();
            in.readInt();
            long length = Integer.toUnsignedLong(in.readInt());
            if (tag == UTF8) {
                in.skipNBytes(idSize);
                names.add(new String(in.readNBytes((int) length - idSize), StandardCharsets.UTF_8));
            } else {
                in.skipNBytes(length);
            }
            stacks += tag == STACK ? 1 : 0;
            segments += tag == SEGMENT ? 1 : 0;
            left -= 1 + 4 + 4 + length;
        }
        boolean complete = format.equals("JAVA PROFILE 1.0.2") && tag == END && segments > 0;
        return new HeapDump(format, idSize, stacks, segments, complete, names);
    }

    private static String textUpToZero(DataInputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int next = in.readUnsignedByte(); next != 0; next = in.readUnsignedByte()) {
            text.append((char) next);
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return format + ", ids of " + idSize + ", " + stacks + " stacks, " + segments + " segments, " + names.size()
                + " names" + (complete ? "" : ", incomplete");
    }
}
