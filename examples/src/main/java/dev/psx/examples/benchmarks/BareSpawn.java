package dev.psx.examples.benchmarks;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;

/** posix_spawn and waitpid, called by JNA, and nothing else: the least that a child costs in a JVM. */
final class BareSpawn {

    private final Function posixSpawn;
    private final Function waitpid;
    private final Pointer environment;
    private final Memory path;
    private final Memory arguments;

    BareSpawn(String program) {
        NativeLibrary libc = NativeLibrary.getInstance("c");
        posixSpawn = libc.getFunction("posix_spawn");
        waitpid = libc.getFunction("waitpid");
        environment = libc.getGlobalVariableAddress("environ").getPointer(0);
        path = new Memory(program.length() + 1L);
        path.setString(0, program);
        arguments = new Memory(2L * Long.BYTES);
        arguments.setPointer(0, path);
        arguments.setPointer(Long.BYTES, null);
    }

    int once() throws IOException {
        int[] pid = new int[1];
        int[] status = new int[1];
        int error = posixSpawn.invokeInt(new Object[] {pid, path, null, null, arguments, environment});
        if (error != 0 || waitpid.invokeInt(new Object[] {pid[0], status, 0}) != pid[0]) {
            throw new IOException("posix_spawn or waitpid failed: " + error);
        }
        return status[0];
    }
}
