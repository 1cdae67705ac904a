package dev.psx.agent.bootstrap;

import dev.psx.spi.Syscalls;

/** The numbers of the system calls that a {@link JdkChild} makes: looked up when there is time for it. */
final class ChildCalls {

    final long open = Syscalls.number("pidfd_open");
    final long signal = Syscalls.number("pidfd_send_signal");
    final long close = Syscalls.number("close");
}
