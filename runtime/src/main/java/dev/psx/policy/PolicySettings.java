package dev.psx.policy;

import dev.psx.drop.DropSpec;
import dev.psx.drop.DropSpecBuilder;
import dev.psx.drop.UnknownNameException;
import dev.psx.spi.ChildProfile;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Internal: what options and policy file say, checked and completed with the defaults. Immutable; two that say the same are equal,
 * wherever it was written. {@link PolicyParser} makes it.
 */
public final class PolicySettings {

    private static final long MAX_PAUSE_US = 200_000;
    private static final long GIVE_UP_US = 3_000_000;
    private static final long DEADLINE_US = 300_000_000;
    private static final String[] DIVERGENCES = {"halt", "throw", "warn"};

    /** As they were written: no part of what is equal. */
    private final Given given;

    private final PrivilegeSettings privileges;
    private final ChildSettings children;
    private final When when;
    private final Set<Integer> ports;
    private final long deadlineUs;
    private final Boolean warnOnFailure;
    private final String onDivergence;
    private final long maxPauseUs;
    private final long giveUpUs;
    private final boolean fixUps;
    private final boolean api;
    private final LogLevel log;

    PolicySettings(Given given) {
        this.given = given;
        privileges = new PrivilegeSettings(given);
        children = new ChildSettings(given);
        when = Moment.read(given.get(Key.WHEN));
        ports = when == When.LISTENING ? Moment.ports(given.get(Key.WHEN)) : Collections.<Integer>emptySet();
        deadlineUs = deadline(given.get(Key.DEADLINE));
        warnOnFailure = given.flag(Key.ON_FAILURE, "warn", "halt");
        onDivergence = DIVERGENCES[given.choice(Key.ON_DIVERGENCE, DIVERGENCES)];
        giveUpUs = given.time(Key.GIVE_UP, GIVE_UP_US, 10, 1_800_000);
        maxPauseUs = maxPause(given.get(Key.MAX_PAUSE));
        fixUps = Boolean.TRUE.equals(given.flag(Key.FIX_UPS, "yes", "no"));
        api = api(given);
        log = given.get(Key.LOG) == null
                ? LogLevel.INFO
                : LogLevel.values()[given.choice(Key.LOG, "error", "warn", "info", "debug")];
        requireDrop(given);
    }

    /** Tells whether there is something to drop. */
    public boolean drops() {
        return privileges.changes();
    }

    /** Returns a name, a number, or null: unchanged. */
    public String user() {
        return privileges.user;
    }

    /** Says all that the process shall become. */
    public DropSpecBuilder addTo(DropSpecBuilder spec) {
        privileges.addTo(spec);
        return spec.fixUps(fixUps);
    }

    /** Tells whether children shall be something that their parent is not. */
    public boolean hasChildProfile() {
        return children.change();
    }

    /**
     * Resolves what children shall be.
     *
     * @param drop what this process shall become; null if it stays what it is
     * @throws PolicyException if the user is unknown, or may not be had
     * @throws IllegalStateException if the user database cannot be asked
     */
    public ChildProfile childProfile(Function<Object[], Object> port, DropSpec drop) {
        try {
            return children.resolve(port, drop);
        } catch (IllegalArgumentException e) {
            throw given.get(Key.CHILD_USER).unknown(0, e.getMessage());
        }
    }

    /** Returns the same with the place where the name stands. */
    public PolicyException at(UnknownNameException e) {
        Setting user = given.get(Key.USER);
        Setting group = given.get(Key.GROUP);
        if (e.isUser() && user != null) {
            return user.unknown(0, e.getMessage());
        }
        if (!e.isUser() && group != null && group.value.equals(e.name())) {
            return group.unknown(0, e.getMessage());
        }
        Setting groups = given.get(Key.GROUPS);
        for (Word word : e.isUser() || groups == null ? Collections.<Word>emptyList() : groups.words(0)) {
            if (word.text.equals(e.name())) {
                return groups.unknown(word.offset, e.getMessage());
            }
        }
        return new PolicyException(e.getMessage());
    }

    public When when() {
        return when;
    }

    public Set<Integer> ports() {
        return ports;
    }

    /** Returns how many microseconds {@link #when()} may take, or 0 for any time. */
    public long deadlineUs() {
        return deadlineUs;
    }

    /** Whether the JVM goes on when the drop fails and nothing has changed. */
    public boolean warnsOnFailure(boolean attached) {
        return warnOnFailure == null ? attached : warnOnFailure;
    }

    /** Returns {@code halt}, {@code throw} or {@code warn}. */
    public String onDivergence() {
        return onDivergence;
    }

    public long maxPauseUs() {
        return maxPauseUs;
    }

    public long giveUpUs() {
        return giveUpUs;
    }

    /** Whether what the drop would break shall be mended where that is safe. */
    public boolean fixUps() {
        return fixUps;
    }

    /** Whether code of the application may broadcast. */
    public boolean api() {
        return api;
    }

    public LogLevel log() {
        return log;
    }

    private long deadline(Setting setting) {
        if (setting == null) {
            return when == When.LISTENING ? DEADLINE_US : 0;
        }
        if (when != When.LISTENING) {
            throw setting.bad("has nothing to limit: it goes with " + setting.name(Key.WHEN) + "=listening:PORT only");
        }
        return setting.value.equals("none") ? 0 : Times.read(setting, 1, 8_760L * 3_600_000);
    }

    /** One attempt cannot last longer than all attempts together; a default gives way, a wish does not. */
    private long maxPause(Setting setting) {
        if (setting == null) {
            return Math.min(MAX_PAUSE_US, giveUpUs);
        }
        long pause = Times.read(setting, 1, 60_000);
        if (pause > giveUpUs) {
            throw setting.bad("is longer than " + setting.name(Key.GIVE_UP) + ", " + giveUpUs / 1000 + "ms");
        }
        return pause;
    }

    private boolean api(Given given) {
        Boolean wish = given.flag(Key.API, "on", "off");
        if (when == When.MANUAL && Boolean.FALSE.equals(wish)) {
            Setting setting = given.get(Key.API);
            throw setting.bad(
                    "contradicts " + setting.name(Key.WHEN) + "=manual: the application could not apply the plan");
        }
        return wish == null ? !drops() || when == When.MANUAL : wish;
    }

    /** What says how to drop is a mistake where nothing is. */
    private void requireDrop(Given given) {
        Setting policy = given.get(Key.POLICY);
        if (policy != null && !drops() && !hasChildProfile()) {
            throw policy.bad("asks for a drop, but there is nothing to drop in that file: give User, Group, Groups,"
                    + " KeepCapabilities or another change there, without # or ; before it");
        }
        for (Key key : new Key[] {Key.WHEN, Key.IO_URING, Key.FIX_UPS}) {
            Setting setting = given.get(key);
            if (setting != null && !drops()) {
                throw setting.bad("has nothing to drop: give " + setting.name(Key.USER) + ", "
                        + setting.name(Key.GROUP) + ", " + setting.name(Key.GROUPS) + ", " + setting.name(Key.CAPS)
                        + " or another change too");
            }
        }
    }

    private List<Object> asList() {
        List<Object> all = privileges.asList();
        all.addAll(children.asList());
        all.addAll(Arrays.<Object>asList(
                when, ports, deadlineUs, warnOnFailure, onDivergence, maxPauseUs, giveUpUs, fixUps, api, log));
        return all;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PolicySettings && asList().equals(((PolicySettings) other).asList());
    }

    @Override
    public int hashCode() {
        return asList().hashCode();
    }
}
