package dev.psx.agent.install;

import java.util.Collections;
import java.util.Map;
import java.util.Set;

/** The options as given, checked and completed with their defaults. Immutable. */
public final class Settings {

    private static final long MAX_PAUSE_US = 200_000;
    private static final long GIVE_UP_US = 3_000_000;
    private static final long DEADLINE_US = 300_000_000;
    private static final String LISTENING = "listening:";
    private static final String WHEN_CHOICES = "is not one of start, listening:PORT+PORT, manual";

    private final String user;
    private final String group;
    private final String[] groups;
    private final Boolean noNewPrivs;
    private final When when;
    private final Set<Integer> ports;
    private final long deadlineUs;
    private final Boolean warnOnFailure;
    private final String onDivergence;
    private final long maxPauseUs;
    private final long giveUpUs;
    private final boolean api;
    private final LogLevel log;

    Settings(Map<String, String> given) {
        user = nameOrId(given, Keys.USER);
        group = nameOrId(given, Keys.GROUP);
        groups = given.containsKey(Keys.GROUPS) ? Values.namesOrIds(Keys.GROUPS, given.get(Keys.GROUPS)) : null;
        noNewPrivs = choice(given, Keys.NO_NEW_PRIVS, "yes", "no");
        when = when(given.get(Keys.WHEN));
        ports = when == When.LISTENING ? ports(given.get(Keys.WHEN)) : Collections.<Integer>emptySet();
        deadlineUs = deadline(given.get(Keys.DEADLINE));
        warnOnFailure = choice(given, Keys.ON_FAILURE, "warn", "halt");
        onDivergence = onDivergence(given.get(Keys.ON_DIVERGENCE));
        giveUpUs = time(given, Keys.GIVE_UP, GIVE_UP_US, 10, 1_800_000);
        maxPauseUs = maxPause(given);
        api = api(choice(given, Keys.API, "on", "off"));
        log = log(given.get(Keys.LOG));
        checkThatWhenHasAnObject(given);
    }

    /** Tells whether there is something to drop. */
    public boolean drops() {
        return user != null || group != null || groups != null || Boolean.TRUE.equals(noNewPrivs);
    }

    /** Returns a name, a number, or null: unchanged. */
    public String user() {
        return user;
    }

    /** Returns a name, a number, {@code keep}, or null: the user's own. */
    public String group() {
        return group;
    }

    /** Returns names and numbers, {@code none} or {@code keep} alone, or null: the user's own. */
    public String[] groups() {
        return groups == null ? null : groups.clone();
    }

    /** Whether no_new_privs is asked for; the default is yes as soon as anything is dropped. */
    public boolean noNewPrivs() {
        return noNewPrivs == null ? drops() : noNewPrivs;
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

    /** Whether code of the application may broadcast. */
    public boolean api() {
        return api;
    }

    public LogLevel log() {
        return log;
    }

    private static String nameOrId(Map<String, String> given, String key) {
        String value = given.get(key);
        return value == null ? null : Values.nameOrId(key, value);
    }

    /** Returns null if the key is not given. */
    private static Boolean choice(Map<String, String> given, String key, String yes, String no) {
        String value = given.get(key);
        return value == null ? null : Boolean.valueOf(Values.choice(key, value, yes, no) == 0);
    }

    private static When when(String value) {
        if (value == null || value.equals("start")) {
            return When.START;
        }
        if (value.equals("manual")) {
            return When.MANUAL;
        }
        if (value.startsWith(LISTENING)) {
            return When.LISTENING;
        }
        boolean later = value.startsWith("after:") || value.startsWith("method:");
        throw Values.bad(Keys.WHEN, value, (later ? "is not supported by this version; it " : "") + WHEN_CHOICES);
    }

    private static Set<Integer> ports(String value) {
        return Collections.unmodifiableSet(Values.ports(Keys.WHEN, value, value.substring(LISTENING.length())));
    }

    private long deadline(String value) {
        if (value == null) {
            return when == When.LISTENING ? DEADLINE_US : 0;
        }
        if (when != When.LISTENING) {
            throw Values.bad(Keys.DEADLINE, value, "has nothing to limit: it goes with when=listening:PORT only");
        }
        return value.equals("none") ? 0 : Values.time(Keys.DEADLINE, value, 1, 8_760L * 3_600_000);
    }

    private static String onDivergence(String value) {
        if (value == null) {
            return "halt";
        }
        Values.choice(Keys.ON_DIVERGENCE, value, "halt", "throw", "warn");
        return value;
    }

    private static long time(Map<String, String> given, String key, long otherwise, long minMillis, long maxMillis) {
        String value = given.get(key);
        return value == null ? otherwise : Values.time(key, value, minMillis, maxMillis);
    }

    /** One attempt cannot last longer than all attempts together; a default gives way, a wish does not. */
    private long maxPause(Map<String, String> given) {
        String value = given.get(Keys.MAX_PAUSE);
        if (value == null) {
            return Math.min(MAX_PAUSE_US, giveUpUs);
        }
        long pause = Values.time(Keys.MAX_PAUSE, value, 1, 60_000);
        if (pause > giveUpUs) {
            throw Values.bad(Keys.MAX_PAUSE, value, "is longer than give-up, " + giveUpUs / 1000 + "ms");
        }
        return pause;
    }

    private boolean api(Boolean wish) {
        if (when == When.MANUAL && Boolean.FALSE.equals(wish)) {
            throw Values.bad(Keys.API, "off", "contradicts when=manual: the application could not apply the plan");
        }
        return wish == null ? !drops() || when == When.MANUAL : wish;
    }

    private static LogLevel log(String value) {
        return value == null
                ? LogLevel.INFO
                : LogLevel.values()[Values.choice(Keys.LOG, value, "error", "warn", "info", "debug")];
    }

    private void checkThatWhenHasAnObject(Map<String, String> given) {
        if (given.containsKey(Keys.WHEN) && !drops()) {
            throw Values.bad(
                    Keys.WHEN,
                    given.get(Keys.WHEN),
                    "has nothing to drop: give user, group, groups or no-new-privs=yes too");
        }
    }
}
