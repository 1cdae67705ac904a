package dev.psx.agent.apps;

import static dev.psx.agent.apps.LaunchApp.sleep;

import dev.psx.agent.apps.LaunchLeaks.Start;
import dev.psx.process.IdMap;
import dev.psx.process.LauncherBuilder;
import dev.psx.process.Namespace;
import java.util.function.BiConsumer;

/** Maps of user namespaces that the kernel refuses, and ids that they lack. */
final class LaunchIds {

    private static final IdMap ONE = IdMap.of(0, 1000, 1);

    private LaunchIds() {}

    private static LauncherBuilder mapped() {
        return sleep().namespaces(Namespace.USER).uidMap(ONE).gidMap(ONE);
    }

    /** @param length how many digits the first ids have, which makes the text longer than the kernel takes, or not */
    private static IdMap[] ranges(int count, long first) {
        IdMap[] ranges = new IdMap[count];
        for (int i = 0; i < count; i++) {
            ranges[i] = IdMap.of(first + i * 2L, first + i * 2L, 1);
        }
        return ranges;
    }

    static void root(BiConsumer<String, Start> table) {
        table.accept("credential: unmapped user", () -> mapped().credential(7, 0));
        table.accept("credential: unmapped group", () -> mapped().credential(0, 7));
        table.accept(
                "credential: unmapped groups",
                () -> mapped().allowSetgroups(true).credential(0, 0, 7));
        table.accept("user: unmapped", () -> mapped().user(7).group(0).noGroups());
        table.accept("group: unmapped", () -> mapped().group(7).noGroups());
        table.accept("groups: unmapped", () -> mapped().allowSetgroups(true).groups(7));
        table.accept(
                "user: without a map", () -> sleep().namespaces(Namespace.USER).credential(0, 0));
        table.accept(
                "uidMap: too many ranges",
                () -> sleep().namespaces(Namespace.USER).uidMap(ranges(341, 0)));
        table.accept(
                "gidMap: too many ranges",
                () -> sleep().namespaces(Namespace.USER).gidMap(ranges(341, 0)));
        table.accept(
                "uidMap: too long", () -> sleep().namespaces(Namespace.USER).uidMap(ranges(340, 1_000_000)));
        table.accept(
                "uidMap: too long for a namespace made later",
                () -> sleep().unshare(Namespace.USER).uidMap(ranges(340, 1_000_000)));
    }
}
