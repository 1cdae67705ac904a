package dev.psx.process;

import dev.psx.spi.Syscalls;
import java.util.ArrayList;
import java.util.List;

/**
 * What a child does on its way to its program: system calls in order, each with the step that it belongs to.
 *
 * <p>An argument is a {@link Number}, a {@code byte[]} (whose address is passed), a {@code byte[][]} (the address of an array of
 * addresses that ends with a null), a {@link ChildMemory.Place}, or a {@link ChildCall.Result}.
 */
final class ChildProgram {

    /** Of {@code struct psx_child_call}. */
    static final int WORDS = 9;

    private final List<ChildCall> calls = new ArrayList<>();
    private final ChildMemory memory = new ChildMemory();

    ChildMemory memory() {
        return memory;
    }

    /** Appends a call and returns what stands for its result. */
    ChildCall.Result add(LaunchStep step, String shown, String name, Object... arguments) {
        calls.add(new ChildCall(step, name, shown, arguments));
        return new ChildCall.Result(calls.size() - 1);
    }

    /** Appends a call with nothing but numbers. */
    ChildCall.Result add(LaunchStep step, String name, long... arguments) {
        Object[] boxed = new Object[arguments.length];
        StringBuilder shown = new StringBuilder(name).append('(');
        for (int i = 0; i < arguments.length; i++) {
            boxed[i] = arguments[i];
            shown.append(i == 0 ? "" : ", ").append(arguments[i]);
        }
        return add(step, shown.append(')').toString(), name, boxed);
    }

    /** The last call may fail. */
    void ignoringErrors() {
        last().flags |= ChildCall.IGNORE;
    }

    /** The last call must give this. */
    void expecting(long result) {
        last().flags |= ChildCall.EXPECT;
        last().expected = result;
    }

    /** The last call's result is kept there. */
    void storingTo(ChildMemory.Place place) {
        last().flags |= ChildCall.STORE;
        last().expected = place;
    }

    /** Here the child waits until its parent has written the maps. */
    void awaitMaps() {
        calls.add(new ChildCall(LaunchStep.ID_MAPS, null, "/proc/PID/uid_map, gid_map", new Object[0]));
        last().flags |= ChildCall.MAPPED;
    }

    private ChildCall last() {
        return calls.get(calls.size() - 1);
    }

    int size() {
        return calls.size();
    }

    ChildCall call(int index) {
        return calls.get(index);
    }

    /** Returns all calls as messages show them. */
    List<String> describe() {
        List<String> shown = new ArrayList<>();
        for (ChildCall call : calls) {
            shown.add(call.shown);
        }
        return shown;
    }

    /** Returns the calls as the port takes them; puts into the memory what they point to. */
    long[] encoded() {
        long[] words = new long[calls.size() * WORDS];
        for (int i = 0; i < calls.size(); i++) {
            encode(calls.get(i), words, i * WORDS);
        }
        return words;
    }

    private void encode(ChildCall call, long[] words, int at) {
        int flags = call.flags;
        words[at] = call.name == null ? 0 : Syscalls.number(call.name);
        for (int i = 0; i < call.arguments.length; i++) {
            Object argument = call.arguments[i];
            if (argument instanceof Number) {
                words[at + 1 + i] = ((Number) argument).longValue();
            } else if (argument instanceof ChildCall.Result) {
                words[at + 1 + i] = ((ChildCall.Result) argument).call;
                flags |= ChildCall.RESULT << i;
            } else {
                words[at + 1 + i] = memory.offset(argument);
                flags |= ChildCall.ADDRESS << i;
            }
        }
        if (call.expected instanceof Number) {
            words[at + 8] = ((Number) call.expected).longValue();
        } else {
            words[at + 8] = memory.offset(call.expected);
            flags |= ChildCall.EXPECT_ADDRESS;
        }
        words[at + 7] = flags | (long) call.step.ordinal() << Integer.SIZE;
    }
}
