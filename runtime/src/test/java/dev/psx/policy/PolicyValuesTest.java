package dev.psx.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every form of every value that means something, in options and in a file: both must mean the same. */
class PolicyValuesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user=1001 | User=1001 | user ids (real, effective, saved, file system): 1001 (u1001)",
                "user=1001 | User = 1001 | supplementary groups: 1001",
                "user=1001 | User=1001 | session keyring: a fresh one",
                "user=1001 | User=1001 | no_new_privs: set",
                "user=1,group=1002 | User=1;Group=1002 | group ids (real, effective, saved, file system): 1002",
                "user=1,groups=7+8 | User=1;Groups=7   8 | supplementary groups: 7, 8",
                "user=1,groups=none | User=1;Groups=none | supplementary groups: none",
                "caps=net_bind_service | KeepCapabilities=CAP_NET_BIND_SERVICE | capabilities (permitted, effective): cap_net_bind_service",
                "caps=Cap_Kill+13 | KeepCapabilities=kill net_raw | capabilities (permitted, effective): cap_kill, cap_net_raw",
                "caps=kill | KeepCapabilities=kill | bounding set: cap_kill",
                "caps=kill | KeepCapabilities=kill | capabilities of children (inheritable, ambient): none",
                "caps=none | KeepCapabilities=none | capabilities (permitted, effective, inheritable, ambient, bounding): none",
                "caps=kill+chown,ambient=kill | KeepCapabilities=kill chown;AmbientCapabilities=kill | capabilities of children (inheritable, ambient): cap_kill",
                "caps=kill,ambient=none | KeepCapabilities=kill;AmbientCapabilities= | capabilities of children (inheritable, ambient): none",
                "caps=kill,ambient=kill | KeepCapabilities=kill;AmbientCapabilities=~ | capabilities of children (inheritable, ambient): cap_kill",
                "caps=kill+chown,ambient=~kill | KeepCapabilities=kill chown;AmbientCapabilities=~kill | capabilities of children (inheritable, ambient): cap_chown",
                "user=1,ambient=kill | User=1;AmbientCapabilities=kill | capabilities (permitted, effective): cap_kill",
                "user=1,ambient=kill+chown | User=1;AmbientCapabilities=kill chown | capabilities of children (inheritable, ambient): cap_chown, cap_kill",
                "user=1,ambient=kill | User=1;AmbientCapabilities=kill | bounding set: cap_kill",
                "bounding=kill | CapabilityBoundingSet=CAP_KILL | bounding set: cap_kill",
                "bounding=none | CapabilityBoundingSet= | bounding set: none",
                "securebits=noroot+noroot-locked | SecureBits=noroot noroot-locked | secure bits: 0x3",
                "securebits=no-cap-ambient-raise-locked | SecureBits=no-cap-ambient-raise-locked | secure bits: 0x80",
                "securebits=none | SecureBits= | secure bits: 0x0",
                "securebits=none | SecureBits=none | secure bits: 0x0",
                "no-new-privs=yes | NoNewPrivileges=yes | no_new_privs: set",
                "no-new-privs=yes | NoNewPrivileges=true | no_new_privs: set",
                "no-new-privs=yes | NoNewPrivileges=on | no_new_privs: set",
                "no-new-privs=yes | NoNewPrivileges=1 | no_new_privs: set",
                "no-new-privs=yes | NoNewPrivileges=True | no_new_privs: set",
                "no-new-privs=yes | NoNewPrivileges=y | no_new_privs: set",
                "limit-core=unlimited | LimitCORE=unlimited:infinity | limit core: infinity:infinity",
                "dumpable=yes | Dumpable=yes | dumpable: yes",
                "dumpable=no | Dumpable=no | dumpable: no",
                "umask=027 | UMask=0027 | umask: 0027",
                "umask=0 | UMask=0000 | umask: 0000",
                "umask=777 | UMask=0777 | umask: 0777",
                "chdir=/var/lib/app | WorkingDirectory=/var/lib/app | working directory: /var/lib/app",
                "keyring=private | KeyringMode=private | session keyring: a fresh one",
                "limit-nofile=1024:4096 | LimitNOFILE=1024:4096 | limit nofile: 1024:4096",
                "limit-nproc=64 | LimitNPROC=64 | limit nproc: 64:64",
                "limit-core=0:infinity | LimitCORE=0:infinity | limit core: 0:infinity"
            })
    void meanTheSameInBothForms(String options, String lines, String said) {
        PolicySettings given = PolicyParser.options(options);

        assertThat(Said.by(given)).contains(said);
        assertThat(Said.file(lines.replace(';', '\n'))).isEqualTo(given).hasSameHashCodeAs(given);
        assertThat(given).isNotEqualTo(PolicyParser.options("umask=0123"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user=1,group=keep | Group=keep | group ids",
                "user=1,groups=keep | Groups=keep | groups",
                "user=1,caps=keep | KeepCapabilities=keep | capabilities (permitted",
                "user=1,bounding=keep | CapabilityBoundingSet=keep | bounding",
                "user=1,bounding=~ | CapabilityBoundingSet=~ | bounding",
                "user=1,no-new-privs=no | NoNewPrivileges=no | no_new_privs",
                "user=1,no-new-privs=no | NoNewPrivileges=false | no_new_privs",
                "user=1,no-new-privs=no | NoNewPrivileges=off | no_new_privs",
                "user=1,no-new-privs=no | NoNewPrivileges=0 | no_new_privs",
                "user=1,dumpable=keep | Dumpable=keep | dumpable",
                "user=1,keyring=keep | KeyringMode=keep | keyring"
            })
    void keepWhatThereIs(String options, String line, String unsaid) {
        PolicySettings given = PolicyParser.options(options);

        assertThat(Said.by(given)).isNotEmpty().noneMatch(each -> each.contains(unsaid));
        assertThat(Said.file("User=1\n" + line)).isEqualTo(given);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "child-user=a | ChildUser=a",
                "child-no-new-privs=yes | ChildNoNewPrivileges=true",
                "child-no-new-privs=yes,child-ambient=kill+chown | ChildNoNewPrivileges=1;ChildAmbient=chown CAP_KILL",
                "child-ambient=none | ChildAmbient=",
                "when=start | When=start",
                "when=manual | When=manual",
                "when=listening:80+443 | When=listening:80+443",
                "when=listening:443+80 | When=listening:80 443",
                "when=listening:80,deadline=90s | When=listening:80;Deadline=90s",
                "when=listening:80,deadline=none | When=listening:80;Deadline=none",
                "on-failure=warn | OnFailure=warn",
                "on-failure=halt | OnFailure=halt",
                "on-divergence=throw | OnDivergence=throw",
                "max-pause=50ms | MaxPause=50ms",
                "give-up=1m | GiveUp=1m",
                "fix-ups=yes | FixUps=yes",
                "fix-ups=no | FixUps=no",
                "api=on | Api=on",
                "log=debug | LogLevel=debug",
                "chroot=/srv/jail | RootDirectory=/srv/jail",
                "io-uring=refuse | IoUring=refuse",
                "io-uring=allow | IoUring=allow",
                "io-uring=forget | IoUring=forget"
            })
    void sayWhenAndHow(String options, String lines) {
        PolicySettings given = PolicyParser.options("user=1," + options);

        assertThat(Said.file("User=1\n" + lines.replace(';', '\n'))).isEqualTo(given);
        assertThat(PolicyParser.options("user=1").equals(given))
                .as("changes nothing")
                .isEqualTo(isDefault(options));
    }

    private static boolean isDefault(String options) {
        return options.matches("when=start|fix-ups=no|io-uring=forget");
    }

    @Test
    void allButWhatIsListedIsOfWhatTheKernelKnows() {
        assertThat(Said.by(PolicyParser.options("bounding=~kill+chown+63")))
                .singleElement()
                .asString()
                .contains("cap_setuid")
                .doesNotContain("cap_kill", "cap_chown", "63");
    }

    @Test
    void nothingButKeepingIsNoDrop() {
        assertThat(PolicyParser.options("group=keep,groups=keep,caps=keep,bounding=keep,dumpable=keep,keyring=keep")
                        .drops())
                .isFalse();
        assertThat(PolicyParser.options("no-new-privs=no").drops()).isFalse();
    }
}
