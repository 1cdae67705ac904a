package dev.psx.agent.apps;

import dev.psx.ExecLock;
import dev.psx.process.Launcher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Starts the program of herald.c in every way that Java code has, and hears what it says. */
enum Heralds {
    BUILDER {
        @Override
        Said start(String program) throws IOException, InterruptedException {
            return hear(new ProcessBuilder(program).start());
        }
    },
    RUNTIME {
        @Override
        Said start(String program) throws IOException, InterruptedException {
            return hear(Runtime.getRuntime().exec(new String[] {program}));
        }
    },
    LAUNCHER {
        @Override
        Said start(String program) throws IOException, InterruptedException {
            return hear(Launcher.builder(program).start());
        }
    },
    /** Native code, under the lock that is there for it. */
    NATIVE {
        @Override
        @SuppressWarnings("try") // held for the sake of holding it
        Said start(String program) throws IOException {
            long child;
            try (ExecLock lock = ExecLock.shared()) {
                child = fork(program);
            }
            if (child < 0) {
                throw new IOException("native code could not start a child: " + child);
            }
            return said(listen(child));
        }
    };

    /** Who the program was, and at which {@link System#nanoTime} it came to its first instruction. */
    record Said(Heralds way, long euid, long at, int pid) {}

    static {
        System.load(System.getProperty("psx.fixture"));
    }

    abstract Said start(String program) throws IOException, InterruptedException;

    final Said hear(Process child) throws IOException, InterruptedException {
        byte[] words = child.getInputStream().readAllBytes();
        child.waitFor();
        return said(words);
    }

    final Said said(byte[] words) throws IOException {
        if (words.length != 3 * Long.BYTES) {
            throw new IOException("a child has said " + words.length + " bytes");
        }
        ByteBuffer numbers = ByteBuffer.wrap(words).order(ByteOrder.nativeOrder());
        return new Said(this, numbers.getLong(), numbers.getLong(), (int) numbers.getLong());
    }

    private static native long fork(String program);

    private static native byte[] listen(long child);
}
