package dev.psx.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.psx.cap.Capability;
import dev.psx.spi.FakePort;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DropSpecTest {

    private static final String NO_CAPABILITIES =
            "capabilities (permitted, effective, inheritable, ambient, bounding): none";
    private static final String RESTRICTED = "no_new_privs: set";
    private static final String KEYRING = "session keyring: a fresh one";

    private final FakePort port = new FakePort();
    private final DropSpecBuilder builder = new DropSpecBuilder();

    @BeforeEach
    void fillTheDatabase() {
        port.users.put("web", new Object[] {"web", 33, 34, new int[] {34, 7}});
        port.users.put("4000000000", new Object[] {null, (int) 4_000_000_000L, null, null});
        port.users.put("root", new Object[] {"root", 0, 0, new int[] {0}});
        port.groups.put("adm", 4);
        port.groups.put("0", 0);
    }

    @Test
    void aUserBringsEverythingElseAlong() {
        assertThat(lines(builder.user("web")))
                .containsExactly(
                        "supplementary groups: 34, 7",
                        gid("34"),
                        uid("33 (web)"),
                        NO_CAPABILITIES,
                        RESTRICTED,
                        KEYRING);
    }

    @Test
    void whatIsSpelledOutWins() {
        builder.user("web").group("adm").groups(Collections.emptyList()).noNewPrivileges(false);
        assertThat(lines(builder))
                .containsExactly("supplementary groups: none", gid("4"), uid("33 (web)"), NO_CAPABILITIES, KEYRING);
    }

    @Test
    void groupAndGroupsMayStay() {
        assertThat(lines(builder.user("web").keepGroup().keepGroups()))
                .containsExactly(uid("33 (web)"), NO_CAPABILITIES, RESTRICTED, KEYRING);
    }

    @Test
    void withoutAUserOnlyTheRestrictionFollows() {
        assertThat(lines(builder.group("0"))).containsExactly(gid("0"), RESTRICTED);
        assertThat(lines(new DropSpecBuilder().capabilities(0))).containsExactly(NO_CAPABILITIES, RESTRICTED);
        assertThat(lines(new DropSpecBuilder().noNewPrivileges(true))).containsExactly(RESTRICTED);
    }

    @Test
    void aBareUidNeedsItsGroupsSpelledOut() {
        assertThatThrownBy(() -> lines(builder.user("4000000000"))).hasMessageContaining("give group and groups too");
        assertThatThrownBy(() -> lines(builder.group("adm"))).hasMessageContaining("give group and groups too");
        assertThat(lines(builder.groups(Arrays.asList("adm", "0"))))
                .containsExactly(
                        "supplementary groups: 4, 0",
                        gid("4"),
                        uid("4000000000"),
                        NO_CAPABILITIES,
                        RESTRICTED,
                        KEYRING);
    }

    @Test
    void mistakesAreNamedWithTheNextStep() {
        refused(new DropSpecBuilder().user("nobdy"), "unknown user \"nobdy\"", "getent passwd 'nobdy'");
        refused(new DropSpecBuilder().group("nogrp"), "unknown group \"nogrp\"", "getent group 'nogrp'");
        refused(new DropSpecBuilder().user("root"), "uid 0");
        refused(new DropSpecBuilder().capabilities(1L << 63), "this kernel has no capability 63", "the highest is ");
        refused(new DropSpecBuilder().bounding(1L << 62), "this kernel has no capability 62");
        refused(new DropSpecBuilder().ambient(-1L), "this kernel has no capability " + Capability.count());
        refused(new DropSpecBuilder().capabilities(1).ambient(3), "cap_dac_override is not among");
        refused(new DropSpecBuilder().ambient(3).bounding(5), "bounding set", "cap_dac_override is missing there");
        refused(new DropSpecBuilder().capabilities(3).ambient(1).bounding(0), "cap_chown is missing there");
        refused(
                new DropSpecBuilder()
                        .user("web")
                        .keepGroup()
                        .keepGroups()
                        .privateKeyring(false)
                        .user("root"),
                "noroot");
        refused(new DropSpecBuilder().keepGroup(), "nothing to change");
        refused(new DropSpecBuilder(), "nothing to change");
    }

    @Test
    void keptCapabilitiesBoundWhatProgramsGetAndAreNotInherited() {
        assertThat(lines(builder.user("web").capabilities(1 << 10).privateKeyring(false)))
                .contains(
                        "capabilities (permitted, effective): cap_net_bind_service",
                        "capabilities of children (inheritable, ambient): none",
                        "bounding set: cap_net_bind_service");
        assertThat(lines(builder.ambient(1 << 10).keepBounding()))
                .contains("capabilities of children (inheritable, ambient): cap_net_bind_service")
                .noneMatch(line -> line.startsWith("bounding"));
    }

    @Test
    void whatChildrenInheritIsKeptUnlessOtherwiseSaid() {
        assertThat(lines(builder.user("web").ambient(1 << 10)))
                .contains(
                        "capabilities (permitted, effective): cap_net_bind_service",
                        "capabilities of children (inheritable, ambient): cap_net_bind_service",
                        "bounding set: cap_net_bind_service");
        refused(builder.capabilities(0), "cap_net_bind_service is not among the capabilities");
        assertThat(lines(new DropSpecBuilder().ambient(1 << 10)))
                .containsExactly("capabilities of children (inheritable, ambient): cap_net_bind_service");
    }

    @Test
    void rootWithoutItsPowersIsAUserLikeAnyOther() {
        assertThat(lines(builder.user("root").secureBits(3))).contains(uid("0 (root)"), "secure bits: 0x3");
    }

    @Test
    void theOtherSettingsStandAlone() {
        builder.umask(027)
                .limit(7, 256, 512)
                .limit(4, 0, Limit.INFINITY)
                .root("/srv")
                .directory("/")
                .dumpable(true);
        assertThat(lines(builder))
                .containsExactly(
                        "limit nofile: 256:512",
                        "limit core: 0:infinity",
                        "root directory: /srv",
                        "umask: 0027",
                        "working directory: /",
                        "dumpable: yes");
        assertThatThrownBy(() -> builder.limit(7, Limit.INFINITY, 5)).hasMessageContaining("soft limit infinity");
        assertThatThrownBy(() -> builder.umask(01000)).hasMessageContaining("1000");
        assertThatThrownBy(() -> builder.root("srv")).hasMessageContaining("absolute");
    }

    @Test
    void goesThroughThePortUnchanged() {
        DropSpec spec = builder.user("web")
                .capabilities(5)
                .ambient(1)
                .secureBits(3)
                .umask(7)
                .limit(7, 1, 2)
                .root("/srv")
                .rings(RingPolicy.REFUSE)
                .build(port);
        assertThat(DropSpec.decoded(spec.encoded())).isEqualTo(spec).hasSameHashCodeAs(spec);
        assertThat(DropSpec.decoded(spec.encoded()).describe()).isEqualTo(spec.describe());
    }

    private void refused(DropSpecBuilder plan, CharSequence... words) {
        assertThatThrownBy(() -> lines(plan))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(words);
    }

    private List<String> lines(DropSpecBuilder plan) {
        return plan.build(port).describe();
    }

    private static String gid(String id) {
        return "group ids (real, effective, saved, file system): " + id;
    }

    private static String uid(String id) {
        return "user ids (real, effective, saved, file system): " + id;
    }
}
