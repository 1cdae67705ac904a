package dev.psx.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyscallsTest {

    @ParameterizedTest
    @CsvSource({
        "amd64,read,0",
        "amd64,clone,56",
        "amd64,setgroups,116",
        "amd64,setresuid,117",
        "amd64,prctl,157",
        "amd64,gettid,186",
        "amd64,exit_group,231",
        "amd64,execveat,322",
        "amd64,rseq,334",
        "amd64,clone3,435",
        "amd64,mseal,462",
        "aarch64,io_setup,0",
        "aarch64,exit,93",
        "aarch64,rt_sigreturn,139",
        "aarch64,setresuid,147",
        "aarch64,setresgid,149",
        "aarch64,setgroups,159",
        "aarch64,prctl,167",
        "aarch64,clone,220",
        "aarch64,wait4,260",
        "aarch64,seccomp,277",
        "aarch64,kexec_file_load,294",
        "aarch64,landlock_create_ruleset,444"
    })
    void numbersAreThoseOfTheKernelsHeaders(String architecture, String name, int number) {
        assertThat(Syscalls.byNumber(architecture)[number]).isEqualTo(name);
    }

    @Test
    void namesAndNumbersAgree() {
        assertThat(Syscalls.name(Syscalls.number("setresuid"))).isEqualTo("setresuid");
        assertThat(Syscalls.name(4711)).isEqualTo("syscall 4711");
        assertThatThrownBy(() -> Syscalls.number("setresuid64")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exit",
                "exit_group",
                "clone",
                "clone3",
                "execve",
                "execveat",
                "rt_sigreturn",
                "rt_sigprocmask",
                "rt_sigsuspend",
                "rt_sigaction",
                "rt_sigtimedwait",
                "sigaltstack",
                "restart_syscall",
                "io_uring_setup",
                "io_uring_enter"
            })
    void callsThatCannotBeBroadcastAreRefused(String name) {
        assertThat(Syscalls.refused(Syscalls.number(name))).isTrue();
        assertThat(Syscalls.refusal(Syscalls.number(name), 0, 0)).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fork", "vfork", "pause", "set_thread_area"})
    void callsOfX86AloneAreRefused(String name) {
        assertThat(RefusedCalls.reason(58, name)).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "setresuid",
                "setgroups",
                "prctl",
                "seccomp",
                "capset",
                "gettid",
                "landlock_restrict_self",
                "umask"
            })
    void callsThatChangeATaskAreNot(String name) {
        assertThat(Syscalls.refused(Syscalls.number(name))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0x40000000L, 0x40000000L | 105, 0x100000000L | 60, Long.MIN_VALUE})
    void otherCallsInDisguiseAreRefused(long number) {
        assertThat(Syscalls.refused(number)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "prctl,22,1,true",
        "prctl,22,2,false",
        "prctl,38,1,false",
        "prctl,8,1,false",
        "prctl,50,16,true",
        "prctl,54,0,true",
        "prctl,59,1,true",
        "prctl,59,0,false",
        "prctl,63,16,true",
        "prctl,75,1,true",
        "prctl,4294967318,1,true",
        "seccomp,0,0,true",
        "seccomp,1,0,false",
        "seccomp,4294967296,0,true",
        "arch_prctl,4098,0,true",
        "arch_prctl,4097,0,true",
        "arch_prctl,4099,0,false",
        "arch_prctl,20481,1,true",
        "setuid,22,1,false"
    })
    void someCallsAreJudgedByTheirArguments(String name, long a1, long a2, boolean refused) {
        assertThat(RefusedCalls.reason(name, a1, a2) != null).isEqualTo(refused);
    }
}
