package dev.psx.agent.apps;

import dev.psx.drop.DropSpec;
import dev.psx.drop.DropTransaction;
import dev.psx.plan.PrivilegePlan;
import dev.psx.spi.EnginePort;
import dev.psx.spi.Program;
import dev.psx.spi.Syscalls;
import java.lang.reflect.Field;

/** Has the kernel refuse one call of a plan's program, on every task and with EIO, for good. */
final class Denials {

    private static final int WORDS = 8;
    private static final int BLOB_SHIFT = 8;

    private Denials() {}

    /** As the profiles of containers do. */
    static long refuse(String call) {
        return Fixture.refuse(Syscalls.number(call));
    }

    static int calls(PrivilegePlan plan) throws ReflectiveOperationException {
        return program(plan).size();
    }

    /** Returns the call as messages show it; "none" if the kernel would refuse an earlier one with it, which looks the same. */
    static String deny(int index, PrivilegePlan plan) throws ReflectiveOperationException {
        Program program = program(plan);
        long[] words = program.encoded();
        for (int earlier = 0; earlier < index; earlier++) {
            if (alike(words, earlier * WORDS, index * WORDS)) {
                return "none";
            }
        }
        int at = index * WORDS;
        long error = Fixture.deny(words[at], argument(words, at, 0), argument(words, at, 1));
        if (error != 0) {
            throw new IllegalStateException("seccomp gave " + error);
        }
        return program.describe(index);
    }

    private static boolean alike(long[] words, int one, int other) {
        return words[one] == words[other]
                && argument(words, one, 0) == argument(words, other, 0)
                && argument(words, one, 1) == argument(words, other, 1);
    }

    /** An address is another one each time: -1 stands for any value. */
    private static long argument(long[] words, int at, int index) {
        boolean address = (words[at + WORDS - 1] >> (BLOB_SHIFT + index) & 1) != 0;
        return address ? -1 : words[at + 1 + index] & 0xffffffffL;
    }

    private static Program program(PrivilegePlan plan) throws ReflectiveOperationException {
        Field spec = PrivilegePlan.class.getDeclaredField("spec");
        spec.setAccessible(true);
        return DropTransaction.program(EnginePort.get(), (DropSpec) spec.get(plan));
    }
}
