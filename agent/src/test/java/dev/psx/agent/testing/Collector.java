package dev.psx.agent.testing;

import java.util.List;
import java.util.stream.Stream;

/** The garbage collectors of HotSpot; not every JDK has all of them. */
public enum Collector {
    SERIAL("Serial"),
    PARALLEL("Parallel"),
    G1("G1"),
    Z("Z"),
    SHENANDOAH("Shenandoah");

    private final String flag;

    Collector(String name) {
        flag = "-XX:+Use" + name + "GC";
    }

    /** Those of one JDK, found out by trying. */
    public static List<Collector> of(Jdk jdk) {
        return Stream.of(values()).filter(each -> each.isIn(jdk)).toList();
    }

    /** The JVM option that chooses it. */
    public String flag() {
        return flag;
    }

    private boolean isIn(Jdk jdk) {
        try (Child java = Child.run(List.of(jdk.tool("java").toString(), flag, "-version"))) {
            return java.exitCode() == 0;
        }
    }
}
