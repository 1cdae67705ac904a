package dev.psx.agent.apps;

import dev.psx.process.Launcher;
import dev.psx.spi.Syscalls;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Runs another application in a JVM like this one, behind a filter that hides a system call: it gives ENOSYS. */
public final class HiddenCallsApp {

    // struct seccomp_data
    private static final int NUMBER = 0;
    private static final int FIRST_ARGUMENT = 16;

    // classic BPF
    private static final int LOAD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;

    private static final int ALLOW = 0x7fff_0000;
    private static final int REFUSE = 0x0005_0000;
    private static final int ENOSYS = 38;
    private static final int EINVAL = 22;
    private static final int P_PIDFD = 3;

    private HiddenCallsApp() {}

    public static void main(String[] arguments) throws InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), arguments[1]));
        byte[] filter = arguments[0].equals("waitid of pidfds") ? waitidOfPidfds() : call(arguments[0]);
        System.exit(Launcher.builder(command)
                .noNewPrivileges(true)
                .seccomp(filter)
                .inheritIO()
                .start()
                .waitFor());
    }

    private static byte[] call(String name) {
        return new Filter()
                .add(LOAD, 0, 0, NUMBER)
                .add(JUMP_IF_EQUAL, 0, 1, (int) Syscalls.number(name))
                .add(RETURN, 0, 0, REFUSE | ENOSYS)
                .add(RETURN, 0, 0, ALLOW)
                .bytes();
    }

    /** As kernels before 5.4. */
    private static byte[] waitidOfPidfds() {
        return new Filter()
                .add(LOAD, 0, 0, NUMBER)
                .add(JUMP_IF_EQUAL, 0, 3, (int) Syscalls.number("waitid"))
                .add(LOAD, 0, 0, FIRST_ARGUMENT)
                .add(JUMP_IF_EQUAL, 0, 1, P_PIDFD)
                .add(RETURN, 0, 0, REFUSE | EINVAL)
                .add(RETURN, 0, 0, ALLOW)
                .bytes();
    }

    /** struct sock_filter {u16 code; u8 jt, jf; u32 k}. */
    private static final class Filter {

        private final ByteBuffer code = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());

        Filter add(int operation, int ifTrue, int ifFalse, int value) {
            code.putShort((short) operation)
                    .put((byte) ifTrue)
                    .put((byte) ifFalse)
                    .putInt(value);
            return this;
        }

        byte[] bytes() {
            byte[] bytes = new byte[code.position()];
            code.flip();
            code.get(bytes);
            return bytes;
        }
    }
}
