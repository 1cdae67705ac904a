package dev.psx.process;

import dev.psx.spi.ForkRequest;
import java.util.Map;
import java.util.TreeMap;

/** The descriptors of a child of ProcessBuilder, as {@code forkAndExec} makes them: a pipe where none is given. */
final class ForkedStreams {

    private static final int F_GETFD = 1;
    private static final int COUNT = 3;

    private final Kernel kernel;
    private final ForkRequest request;
    private final int[] childs = {-1, -1, -1};
    private final int[] parents = {-1, -1, -1};
    private final int[] flags = new int[COUNT];

    ForkedStreams(Kernel kernel, ForkRequest request) {
        this.kernel = kernel;
        this.request = request;
    }

    /** Opens the pipes, or returns the error. */
    int open() {
        for (int number = 0; number < COUNT; number++) { // before a pipe takes the number of one that is closed
            flags[number] = (int) kernel.call("fcntl", number, F_GETFD);
        }
        for (int number = 0; number < COUNT; number++) {
            if (request.descriptors[number] == -1 && !(number == 2 && request.mergesError)) {
                int[] ends = kernel.pipes(1);
                if (ends[0] < 0) {
                    closeAll();
                    return -ends[0];
                }
                int ofChild = number == 0 ? 0 : 1;
                childs[number] = ends[ofChild];
                parents[number] = ends[1 - ofChild];
            }
        }
        return 0;
    }

    /**
     * Returns this process's descriptors by the number that each shall have in the child. What is closed, or is to be closed when a program is
     * executed, is inherited like that.
     */
    Map<Integer, Integer> descriptors() {
        Map<Integer, Integer> all = new TreeMap<>();
        for (int number = 0; number < COUNT; number++) {
            int source = number == 2 && request.mergesError ? 1 : number;
            boolean ours = childs[source] >= 0;
            int given = ours ? childs[source] : request.descriptors[source];
            boolean closed = !ours && given < COUNT && flags[given] < 0;
            if (ours || given != number || flags[number] == 0) {
                all.put(number, closed ? -1 : given);
            }
        }
        return all;
    }

    /** This process's ends are the JDK's from now on. */
    void started() {
        System.arraycopy(parents, 0, request.descriptors, 0, COUNT);
        close(childs);
    }

    void closeAll() {
        close(childs);
        close(parents);
    }

    private void close(int[] descriptors) {
        for (int descriptor : descriptors) {
            kernel.close(descriptor);
        }
    }
}
