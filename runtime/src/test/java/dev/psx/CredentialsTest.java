package dev.psx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CredentialsTest {

    private static final String STATUS = """
            Name:\tjava
            State:\tS (sleeping)
            Tgid:\t7
            Pid:\t8
            Uid:\t1\t2\t3\t4
            Gid:\t5\t6\t7\t4294967294
            Groups:\t27 4 27
            SigPnd:\t0000000000000000
            SigBlk:\t0000000000000000
            SigCgt:\t0000000000000000
            CapInh:\t0000000000000001
            CapPrm:\t0000000000000002
            CapEff:\t0000000000000004
            CapBnd:\t000001ffffffffff
            CapAmb:\t0000000000000008
            NoNewPrivs:\t1
            Seccomp:\t2
            """;

    @Test
    void readsEverything() {
        Credentials c = Credentials.parse(STATUS);

        assertThat(new int[] {c.realUid(), c.effectiveUid(), c.savedUid(), c.fileSystemUid()})
                .containsExactly(1, 2, 3, 4);
        assertThat(new int[] {c.realGid(), c.effectiveGid(), c.savedGid(), c.fileSystemGid()})
                .containsExactly(5, 6, 7, -2);
        assertThat(c.groups()).containsExactly(4, 27);
        assertThat(new long[] {c.inheritable(), c.permitted(), c.effective(), c.bounding(), c.ambient()})
                .containsExactly(1, 2, 4, 0x1ffffffffffL, 8);
        assertThat(c.noNewPrivs()).isTrue();
        assertThat(c.seccomp()).isEqualTo(2);
        assertThat(c)
                .hasToString("uid=1,2,3,4 gid=5,6,7,4294967294 groups=4,27 inheritable=1 permitted=2 effective=4"
                        + " bounding=1ffffffffff ambient=8 no_new_privs=1 seccomp=2");
    }

    @Test
    void equalStatesAreEqualWhateverTheOrderOfGroups() {
        Credentials c = Credentials.parse(STATUS);

        assertThat(Credentials.parse(STATUS.replace("27 4 27", "4 27")))
                .isEqualTo(c)
                .hasSameHashCodeAs(c);
        assertThat(Credentials.parse(STATUS.replace("\t4\n", "\t5\n"))).isNotEqualTo(c);
        assertThat(Credentials.parse(STATUS.replace("NoNewPrivs:\t1", "NoNewPrivs:\t0")))
                .isNotEqualTo(c);
    }

    @Test
    void isNotChangedThroughItsArrays() {
        Credentials c = Credentials.parse(STATUS);
        c.groups()[0] = 99;
        assertThat(c.groups()).containsExactly(4, 27);
    }
}
