package dev.psx.spi;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Internal: the system calls of the calling task that handle descriptors and children. They change nobody's privileges. */
public final class ProcessCalls {

    private static final int WORDS = 8;
    private static final long FIONREAD = 0x541B;
    private static final long KEYCTL_CAPABILITIES = 31;

    private static final Set<String> HANDLING = new HashSet<>(Arrays.asList(
            ("pipe2 openat close fcntl read write ppoll epoll_create1 epoll_ctl epoll_pwait waitid pidfd_open"
                            + " pidfd_send_signal pidfd_getfd kill rt_sigqueueinfo getpid getuid")
                    .split(" ")));

    private ProcessCalls() {}

    /** Whether an encoded program, which may be anything, has only such calls. */
    public static boolean only(long[] program) {
        for (int call = 0; call + WORDS <= program.length; call += WORDS) {
            String name = Syscalls.name(program[call]);
            boolean handles = HANDLING.contains(name)
                    || (name.equals("ioctl") && program[call + 2] == FIONREAD)
                    || (name.equals("prlimit64") && program[call + 3] == 0) // reads a limit
                    || (name.equals("keyctl") && program[call + 1] == KEYCTL_CAPABILITIES)
                    || (name.equals("close_range")
                            && program[call + 1] >= Integer.MAX_VALUE); // whether there is the call
            if (!handles) {
                return false;
            }
        }
        return true;
    }
}
