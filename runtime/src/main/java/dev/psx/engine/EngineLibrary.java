package dev.psx.engine;

import com.sun.jna.Function;
import com.sun.jna.JNIEnv;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.Collections;
import java.util.Map;

/**
 * The functions of {@code psx.h}. Each returns a value that is not negative, or -errno.
 *
 * <p>They are called by address: JNA's direct mapping would load twenty classes more and cost 15 ms of start-up.
 */
final class EngineLibrary {

    /** The version of the ABI that this class is written for. */
    static final long ABI = 1;

    /** Of {@code struct psx_call}. */
    private static final int CALL_WORDS = 8;

    /** JNA closes a library that nobody refers to. */
    private final NativeLibrary library;

    private final Function broadcast;
    private final Function trial;
    private final Function tasks;
    private final Function taskRead;
    private final Function syscall;
    private final Function spawn;

    EngineLibrary(NativeLibrary library) {
        this.library = library;
        broadcast = library.getFunction("psx_broadcast");
        trial = library.getFunction("psx_trial");
        tasks = library.getFunction("psx_tasks");
        taskRead = library.getFunction("psx_task_read");
        syscall = library.getFunction("psx_syscall");
        spawn = library.getFunction("psx_spawn");
    }

    long abi() {
        return call("psx_abi");
    }

    long start(int signal, int capacity) {
        return call("psx_start", new int[] {signal, capacity});
    }

    long registerThreads(long osthreadOffset, long tidOffset) {
        Object[] arguments = {JNIEnv.CURRENT, osthreadOffset, tidOffset};
        // Without this option JNA takes the JNIEnv for an object that C could not understand.
        Map<String, Object> options = Collections.singletonMap(Library.OPTION_ALLOW_OBJECTS, true);
        return (Long) library.getFunction("psx_register_threads").invoke(Long.class, arguments, options);
    }

    int tableDescriptor() {
        return (int) call("psx_table_fd");
    }

    long broadcast(long[] program, int calls, int[] options, Pointer report) {
        return broadcast.invokeLong(new Object[] {program, calls, options, report});
    }

    long trial(long[] program, int calls, Pointer report) {
        return trial.invokeLong(new Object[] {program, calls, report});
    }

    long probe(long[] program, long[] probes, Pointer results, Pointer report) {
        Object[] arguments = {program, program.length / CALL_WORDS, probes, probes.length / CALL_WORDS, results, report
        };
        return library.getFunction("psx_probe").invokeLong(arguments);
    }

    long tasks(int[] tids) {
        return tasks.invokeLong(new Object[] {tids, tids.length});
    }

    long taskRead(int tid, byte[] name, Pointer buffer, long size) {
        return taskRead.invokeLong(new Object[] {tid, name, buffer, size});
    }

    long taskFile(int tid, byte[] name, long[] id) {
        return call("psx_task_file", tid, name, id);
    }

    long spawn(Pointer request) {
        return spawn.invokeLong(new Object[] {request});
    }

    /** @param exec {@code struct psx_exec}, whose fourth word is filled in here: where the kept descriptors are */
    long exec(long[] exec, int[] kept, int[] options, Pointer report) {
        try (NativeMemory numbers = new NativeMemory((long) kept.length * Integer.BYTES)) {
            numbers.pointer().write(0, kept, 0, kept.length);
            exec[3] = numbers.address();
            return call("psx_exec", exec, options, report);
        }
    }

    long confine() {
        return call("psx_confine");
    }

    long reopen() {
        return call("psx_reopen");
    }

    long ring(int descriptor, boolean forget) {
        return call(forget ? "psx_ring_forget" : "psx_ring_forgettable", descriptor);
    }

    /** One system call on the calling task only. */
    long syscall(long nr, long a1, long a2, long a3, long a4, long a5, long a6) {
        return syscall.invokeLong(new Object[] {nr, a1, a2, a3, a4, a5, a6});
    }

    private long call(String name, Object... arguments) {
        return library.getFunction(name).invokeLong(arguments);
    }
}
