package dev.psx.engine;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** The C library that this JVM runs on, glibc or musl. */
final class Libc {

    private static final int GLIBC_SIGNAL = 32;
    private static final int MUSL_SIGNAL = 33;

    private static final int RTLD_LAZY = 1;
    private static final int RTLD_NOLOAD = 4;

    private final NativeLibrary process = NativeLibrary.getProcess();

    /** Returns a function of libc. */
    Function function(String name) {
        return process.getFunction(name);
    }

    /**
     * Returns the signal that the engine takes: of the two that no program can block by way of libc, the one that this libc
     * needs less. See native/README.md.
     */
    int engineSignal() {
        return has("gnu_get_libc_version") ? GLIBC_SIGNAL : MUSL_SIGNAL;
    }

    /** Returns an address in a library that is loaded already, or null if there is no such library or symbol. */
    Pointer symbol(String library, String name) {
        Pointer handle = function("dlopen")
                .invokePointer(new Object[] {NativeText.zeroTerminated(library), RTLD_LAZY | RTLD_NOLOAD});
        if (handle == null) {
            return null;
        }
        return function("dlsym").invokePointer(new Object[] {handle, NativeText.zeroTerminated(name)});
    }

    /** Returns where the environment is now, as execve takes it: environ(7). */
    long environment() {
        return Pointer.nativeValue(process.getGlobalVariableAddress("environ").getPointer(0));
    }

    private boolean has(String name) {
        try {
            process.getGlobalVariableAddress(name);
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }
}
