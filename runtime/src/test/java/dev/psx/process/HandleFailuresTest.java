package dev.psx.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What fails with a handle of a process is said with the reason. */
class HandleFailuresTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pidfd_open | 3 | ESRCH (No such process); it has ended, or there has never been one",
                "pidfd_open | 22 | EINVAL (Invalid argument); the id is that of a thread: give its process's",
                "pidfd_getfd | 9 | EBADF (Bad file descriptor); it has no such descriptor",
                "waitid | 10 | ECHILD (No child processes); it is no child of this process, or somebody else has reaped it or will do so",
                "pidfd_send_signal | 11 | EAGAIN (Resource temporarily unavailable)"
            })
    void namesTheReason(String call, int errno, String sentence) {
        assertThat(PidFd.failed(call, errno, 77)).hasMessage(call + " of process 77 failed: " + sentence);
    }
}
