package dev.psx.agent.apps;

import dev.psx.UnreachableException;
import dev.psx.cap.Capability;
import dev.psx.cap.SecureBits;
import dev.psx.plan.IoUring;
import dev.psx.plan.PrivilegePlan;
import dev.psx.plan.PrivilegePlanBuilder;
import dev.psx.plan.Resource;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Plans as {@link Console} is told them: {@code key=value} words, the values of one key joined by commas. */
final class Plans {

    private static final String LIMIT = "limit-";

    private Plans() {}

    static PrivilegePlan of(String... words) {
        PrivilegePlanBuilder plan = PrivilegePlan.builder();
        for (String word : words) {
            add(plan, word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
        }
        return plan.build();
    }

    /** How many milliseconds it took, and the report. */
    static String timed(String... words) {
        PrivilegePlan plan = of(words);
        long begin = System.nanoTime();
        String report = plan.apply().toJson();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + " " + report;
    }

    /** The kernel's thread of a ring that is closed ends some time after that. */
    static String applyWhenFree(String... words) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try {
                return of(words).apply().toString().replace('\n', ' ');
            } catch (UnreachableException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    private static void add(PrivilegePlanBuilder plan, String key, String value) {
        if (key.startsWith(LIMIT)) {
            String[] both = value.split(":");
            Resource resource = Resource.valueOf(key.substring(LIMIT.length()).toUpperCase(Locale.ROOT));
            plan.limit(resource, Long.parseLong(both[0]), Long.parseLong(both[both.length - 1]));
            return;
        }
        switch (key) {
            case "user" -> plan.user(value);
            case "group" -> {
                if (value.equals("keep")) {
                    plan.keepGroup();
                } else {
                    plan.group(value);
                }
            }
            case "groups" -> {
                if (value.equals("keep")) {
                    plan.keepGroups();
                } else {
                    plan.groups(value.isEmpty() ? new String[0] : value.split(","));
                }
            }
            case "caps" -> {
                if (value.equals("keep")) {
                    plan.keepCapabilities();
                } else {
                    plan.capabilities(Capability.parseList(value));
                }
            }
            case "ambient" -> plan.ambient(Capability.parseList(value));
            case "bounding" -> {
                if (value.equals("keep")) {
                    plan.keepBounding();
                } else {
                    plan.bounding(Capability.parseList(value));
                }
            }
            case "securebits" -> plan.secureBits(SecureBits.parse(value));
            case "nnp" -> plan.noNewPrivileges(value.equals("yes"));
            case "dumpable" -> plan.dumpable(value.equals("yes"));
            case "umask" -> plan.umask(Integer.parseInt(value, 8));
            case "chroot" -> plan.rootDirectory(Path.of(value));
            case "chdir" -> plan.workingDirectory(Path.of(value));
            case "keyring" -> plan.privateKeyring(value.equals("private"));
            case "fix-ups" -> plan.fixUps(value.equals("yes"));
            case "io-uring" -> plan.ioUring(IoUring.valueOf(value.toUpperCase(Locale.ROOT)));
            default -> throw new IllegalArgumentException(key);
        }
    }
}
