package dev.psx.agent.install;

/** The names of the options. */
final class Keys {

    static final String USER = "user";
    static final String GROUP = "group";
    static final String GROUPS = "groups";
    static final String NO_NEW_PRIVS = "no-new-privs";
    static final String WHEN = "when";
    static final String DEADLINE = "deadline";
    static final String ON_FAILURE = "on-failure";
    static final String ON_DIVERGENCE = "on-divergence";
    static final String MAX_PAUSE = "max-pause";
    static final String GIVE_UP = "give-up";
    static final String API = "api";
    static final String LOG = "log";

    private static final String[] SUPPORTED = {
        USER, GROUP, GROUPS, NO_NEW_PRIVS, WHEN, DEADLINE, ON_FAILURE, ON_DIVERGENCE, MAX_PAUSE, GIVE_UP, API, LOG
    };

    /** Names that are part of the agent's language but come with later versions: nobody should take them for misspelt. */
    private static final String[] LATER =
            ("policy caps ambient bounding securebits dumpable umask chroot chdir keyring io-uring"
                            + " guard guard-interval child-user child-no-new-privs child-ambient fix-ups jmx limit-as limit-core"
                            + " limit-cpu limit-data limit-fsize limit-locks limit-memlock limit-msgqueue limit-nice limit-nofile"
                            + " limit-nproc limit-rss limit-rtprio limit-rttime limit-sigpending limit-stack")
                    .split(" ");

    private Keys() {}

    /** Returns the names in the order in which the documents list them. */
    static String[] supported() {
        return SUPPORTED.clone();
    }

    static void check(String key) {
        if (contains(SUPPORTED, key)) {
            return;
        }
        String why = contains(LATER, key) ? " is not supported by this version; " : " is not an option; ";
        throw new ConfigurationException(Values.quote(key) + why + "the options are " + Values.join(SUPPORTED));
    }

    private static boolean contains(String[] names, String key) {
        for (String name : names) {
            if (name.equals(key)) {
                return true;
            }
        }
        return false;
    }
}
