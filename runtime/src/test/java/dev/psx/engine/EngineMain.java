package dev.psx.engine;

import dev.psx.spi.EnginePort;
import dev.psx.spi.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.LongStream;

/** Has threads, and does to itself what each line of its input asks for; says "done" and the report's header. */
final class EngineMain {

    private static final int THREADS = 20;

    private EngineMain() {}

    public static void main(String[] arguments) throws IOException {
        Thread.currentThread().interrupt(); // must neither keep the engine from loading nor be lost
        Function<Object[], Object> port = EnginePort.get();
        if (!Thread.interrupted()) {
            throw new AssertionError("the interrupt is lost");
        }
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(i % 2 == 0 ? EngineMain::sleep : EngineMain::spin, "thread-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            System.out.println("done " + run(port, words[0], words));
        }
    }

    private static String run(Function<Object[], Object> port, String operation, String... words) {
        Program program = new Program();
        if (words[1].equals("setgroups")) {
            int[] groups =
                    Arrays.stream(words).skip(2).mapToInt(Integer::parseInt).toArray();
            ByteBuffer list = ByteBuffer.allocate(groups.length * 4).order(ByteOrder.nativeOrder());
            list.asIntBuffer().put(groups);
            program.addShown("setgroups", "setgroups", groups.length, list.array());
        } else {
            program.add(
                    words[1],
                    Arrays.stream(words).skip(2).mapToLong(Long::parseLong).toArray());
        }
        Object[] request = operation.equals("trial")
                ? new Object[] {operation, program.encoded(), program.blobs()}
                : new Object[] {operation, program.encoded(), program.blobs(), 0};
        long[] header = (long[]) ((Object[]) port.apply(request))[0];
        return String.join(" ", LongStream.of(header).mapToObj(Long::toString).toList());
    }

    private static void sleep() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void spin() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }
}
