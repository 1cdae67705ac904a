package dev.psx.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    private final FakePort port = new FakePort();
    private final DropSpec.Builder builder = new DropSpec.Builder();

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
                        "supplementary groups: 34, 7", gid("34"), uid("33 (web)"), NO_CAPABILITIES, RESTRICTED);
    }

    @Test
    void whatIsSpelledOutWins() {
        builder.user("web").group("adm").groups(Collections.emptyList()).noNewPrivileges(false);
        assertThat(lines(builder))
                .containsExactly("supplementary groups: none", gid("4"), uid("33 (web)"), NO_CAPABILITIES);
    }

    @Test
    void groupAndGroupsMayStay() {
        assertThat(lines(builder.user("web").keepGroup().keepGroups()))
                .containsExactly(uid("33 (web)"), NO_CAPABILITIES, RESTRICTED);
    }

    @Test
    void withoutAUserOnlyTheRestrictionFollows() {
        assertThat(lines(builder.group("0"))).containsExactly(gid("0"), RESTRICTED);
        assertThat(lines(new DropSpec.Builder().noCapabilities(true))).containsExactly(NO_CAPABILITIES, RESTRICTED);
        assertThat(lines(new DropSpec.Builder().noNewPrivileges(true))).containsExactly(RESTRICTED);
    }

    @Test
    void aBareUidNeedsItsGroupsSpelledOut() {
        assertThatThrownBy(() -> lines(builder.user("4000000000"))).hasMessageContaining("give group and groups too");
        assertThatThrownBy(() -> lines(builder.group("adm"))).hasMessageContaining("give group and groups too");
        assertThat(lines(builder.groups(Arrays.asList("adm", "0"))))
                .containsExactly(
                        "supplementary groups: 4, 0", gid("4"), uid("4000000000"), NO_CAPABILITIES, RESTRICTED);
    }

    @Test
    void mistakesAreNamedWithTheNextStep() {
        refused(new DropSpec.Builder().user("nobdy"), "unknown user \"nobdy\"", "getent passwd 'nobdy'");
        refused(new DropSpec.Builder().group("nogrp"), "unknown group \"nogrp\"", "getent group 'nogrp'");
        refused(new DropSpec.Builder().user("root"), "uid 0");
        refused(new DropSpec.Builder().user("web").noCapabilities(false), "capabilities cannot be kept");
        refused(new DropSpec.Builder().keepGroup(), "nothing to change");
        refused(new DropSpec.Builder(), "nothing to change");
    }

    private void refused(DropSpec.Builder plan, CharSequence... words) {
        assertThatThrownBy(() -> lines(plan))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(words);
    }

    private List<String> lines(DropSpec.Builder plan) {
        return plan.build(port).describe();
    }

    private static String gid(String id) {
        return "group ids (real, effective, saved, file system): " + id;
    }

    private static String uid(String id) {
        return "user ids (real, effective, saved, file system): " + id;
    }
}
