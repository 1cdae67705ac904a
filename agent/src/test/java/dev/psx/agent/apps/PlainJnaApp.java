package dev.psx.agent.apps;

import com.sun.jna.Function;
import java.io.IOException;

/** What many programs do: setresuid by one system call, which changes the calling thread and no other. */
public final class PlainJnaApp {

    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

    private PlainJnaApp() {}

    public static void main(String[] arguments) throws InterruptedException, IOException {
        Crowd.start(20, 5, 3);
        long tid = syscall(ARM ? 178 : 186);
        long result = syscall(ARM ? 147 : 117, 65534, 65534, 65534);
        if (result != 0) {
            throw new IllegalStateException("setresuid: " + result);
        }
        System.out.println("changed " + tid);
        System.in.read();
    }

    private static long syscall(long number, long... arguments) {
        Object[] words = new Object[arguments.length + 1];
        words[0] = number;
        for (int i = 0; i < arguments.length; i++) {
            words[i + 1] = arguments[i];
        }
        return Function.getFunction("c", "syscall").invokeLong(words);
    }
}
