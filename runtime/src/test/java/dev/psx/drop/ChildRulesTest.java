package dev.psx.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.psx.Credentials;
import dev.psx.spi.ChildProfile;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ChildRulesTest {

    private static final long SETGID = 1L << 6;
    private static final long SETUID = 1L << 7;
    private static final long KILL = 1L << 5;
    private static final long ALL = (1L << 41) - 1;

    private final Credentials root = credentials(0, 0, "0", ALL);

    @Test
    void aUserHasTheGroupsOfALogin() {
        ChildProfile profile = profile("web", null);
        assertThat(profile.uid).isEqualTo(33);
        assertThat(profile.gid).isEqualTo(34);
        assertThat(profile.groups()).containsExactly(34, 4);
        assertThat(ChildRules.describe(profile))
                .containsExactly("supplementary groups: 34, 4", "group ids: 34", "user ids: 33 (web)");
    }

    /** By whatever name: the uid counts. */
    @Test
    void theDropsOwnUserHasTheIdsOfTheDrop() {
        ChildProfile profile =
                profile("33", drop(spec -> spec.user("web").group("1").groups(List.of())));
        assertThat(profile.gid).isEqualTo(1);
        assertThat(profile.groups()).isEmpty();
        assertThat(profile("33", drop(spec -> spec.user("web").keepGroup().keepGroups())).gid)
                .isNull();
    }

    @Test
    void rootAndStrangersAreRefused() {
        assertThatThrownBy(() -> profile("root", null)).hasMessageContaining("has uid 0");
        assertThatThrownBy(() -> profile("77", null)).hasMessageContaining("no entry in the user database");
        assertThatThrownBy(() -> profile("nosuch", null)).isInstanceOf(UnknownNameException.class);
        DropSpec stranger = drop(spec -> spec.user("77").group("1").groups(List.of()));
        assertThat(profile("77", stranger).gid).as("the drop says it").isEqualTo(1);
    }

    @Test
    void aDropMustLeaveWhatChildrenNeed() {
        ChildProfile web = profile("web", null);
        assertThat(ChildRules.obstacle(web, null, root)).isNull();
        assertThat(ChildRules.obstacle(web, drop(spec -> spec.user("other")), root))
                .startsWith(
                        "no child can become child-user=web: that takes cap_setgid, cap_setuid, which the drop does not");
        assertThat(ChildRules.obstacle(web, drop(spec -> spec.user("other").capabilities(SETUID)), root))
                .contains("that takes cap_setgid, which the drop");
        assertThat(ChildRules.obstacle(web, drop(spec -> spec.user("other").capabilities(SETUID | SETGID)), root))
                .isNull();
        assertThat(ChildRules.obstacle(web, drop(spec -> spec.capabilities(SETGID)), root))
                .contains("that takes cap_setuid, which the drop");
        DropSpec same = drop(spec -> spec.user("web").groups(List.of()));
        assertThat(ChildRules.obstacle(profile("web", same), same, root)).isNull();
        assertThat(ChildRules.obstacle(web, same, root)).as("with other groups").contains("takes cap_setgid,");
    }

    @Test
    void withoutADropTheProcessMustHaveIt() {
        ChildProfile web = profile("web", null);
        assertThat(ChildRules.obstacle(web, null, credentials(33, 34, "4 34", 0)))
                .isNull();
        assertThat(ChildRules.obstacle(web, null, credentials(33, 34, "34", 0)))
                .contains("that takes cap_setgid, which this process has not; start it with that");
        assertThat(ChildRules.obstacle(web, null, credentials(33, 35, "4 34", 0)))
                .contains("takes cap_setgid,");
        assertThat(ChildRules.obstacle(web, null, credentials(1, 34, "4 34", 0)))
                .contains("takes cap_setuid,");
    }

    @Test
    void ambientOnesMustBeKeptAndInTheBoundingSet() {
        ChildProfile kill = new ChildProfile(null, null, null, null, KILL, false);
        assertThat(ChildRules.obstacle(kill, null, root)).isNull();
        assertThat(ChildRules.obstacle(kill, null, credentials(1, 1, "", 0)))
                .startsWith("no child can have cap_kill of child-ambient, which this process has not");
        assertThat(ChildRules.obstacle(kill, drop(spec -> spec.user("web")), root))
                .contains("which the drop does not");
        assertThat(ChildRules.obstacle(kill, drop(spec -> spec.user("web").capabilities(KILL)), root))
                .isNull();
        assertThat(ChildRules.obstacle(
                        kill, drop(spec -> spec.capabilities(KILL).bounding(0)), root))
                .contains("not in the bounding set");
        assertThat(ChildRules.describe(kill)).containsExactly("ambient capabilities: cap_kill");
    }

    private static ChildProfile profile(String user, DropSpec drop) {
        return ChildRules.resolve(ChildRulesTest::answer, drop, user, null, false);
    }

    private static DropSpec drop(Consumer<DropSpecBuilder> asks) {
        DropSpecBuilder builder = new DropSpecBuilder();
        asks.accept(builder);
        return builder.build((Function<Object[], Object>) ChildRulesTest::answer);
    }

    /** A user database. */
    private static Object answer(Object[] request) {
        switch (request[0] + " " + request[1]) {
            case "user web":
            case "user 33":
                return new Object[] {"web", 33, 34, new int[] {34, 4}, "/"};
            case "user other":
                return new Object[] {"other", 44, 44, new int[] {44}, "/"};
            case "user root":
                return new Object[] {"root", 0, 0, new int[] {0}, "/"};
            case "user 77":
                return new Object[] {null, 77, null, null, null};
            case "group 1":
                return 1;
            default:
                return null;
        }
    }

    private static Credentials credentials(int uid, int gid, String groups, long set) {
        String hex = String.format("%016x", set);
        return Credentials.parse(
                "Name:\tx\nState:\tS\nTgid:\t1\nPid:\t1\nUid:\t" + four(uid) + "\nGid:\t" + four(gid)
                        + "\nGroups:\t" + groups + " \nCapInh:\t0000000000000000\nCapPrm:\t" + hex + "\nCapEff:\t" + hex
                        + "\nCapBnd:\t" + String.format("%016x", ALL)
                        + "\nCapAmb:\t0000000000000000\nNoNewPrivs:\t0\nSeccomp:\t0\nSigPnd:\t0\nShdPnd:\t0\nSigBlk:\t0\nSigIgn:\t0\nSigCgt:\t0\n");
    }

    private static String four(int id) {
        return id + "\t" + id + "\t" + id + "\t" + id;
    }
}
