package dev.psx.agent.apps;

import dev.psx.spi.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Programs of classic BPF for seccomp(2). */
final class Filters {

    static final int EPERM = 1;

    // struct seccomp_data
    private static final int NUMBER = 0;
    private static final int FIRST_ARGUMENT = 16;

    private static final int LOAD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int INSTRUCTION = 8;
    private static final int MOST = 4096;

    private static final int ALLOW = 0x7fff_0000;
    private static final int REFUSE = 0x0005_0000;
    private static final int KILL_PROCESS = 0x8000_0000;

    private final ByteBuffer code = ByteBuffer.allocate(MOST * INSTRUCTION).order(ByteOrder.nativeOrder());

    static byte[] allowing() {
        return new Filters().end();
    }

    static byte[] long4096() {
        Filters filter = new Filters();
        while (filter.code.position() < (MOST - 1) * INSTRUCTION) {
            filter.add(LOAD, 0, 0, NUMBER);
        }
        return filter.end();
    }

    static byte[] refusing(String call, int errno) {
        return new Filters().call(call, REFUSE | errno).end();
    }

    static byte[] killing(String call) {
        return new Filters().call(call, KILL_PROCESS).end();
    }

    /** Gives the call this error. */
    Filters refuse(String call, int errno) {
        return call(call, REFUSE | errno);
    }

    /** Gives the call this error where its argument, the first being 0, has this value in its lower half. */
    Filters refuse(String call, int argument, int value, int errno) {
        add(LOAD, 0, 0, NUMBER).add(JUMP_IF_EQUAL, 0, 3, (int) Syscalls.number(call));
        add(LOAD, 0, 0, FIRST_ARGUMENT + argument * Long.BYTES).add(JUMP_IF_EQUAL, 0, 1, value);
        return add(RETURN, 0, 0, REFUSE | errno);
    }

    private Filters call(String name, int answer) {
        add(LOAD, 0, 0, NUMBER).add(JUMP_IF_EQUAL, 0, 1, (int) Syscalls.number(name));
        return add(RETURN, 0, 0, answer);
    }

    /** struct sock_filter {u16 code; u8 jt, jf; u32 k}. */
    private Filters add(int operation, int ifTrue, int ifFalse, int value) {
        code.putShort((short) operation).put((byte) ifTrue).put((byte) ifFalse).putInt(value);
        return this;
    }

    byte[] end() {
        add(RETURN, 0, 0, ALLOW);
        return Arrays.copyOf(code.array(), code.position());
    }
}
