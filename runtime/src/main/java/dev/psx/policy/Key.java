package dev.psx.policy;

import java.util.ArrayList;
import java.util.List;

/** Internal: the keys in the order in which the documents list them, with their names in options and in policy files. */
public enum Key {
    USER("user", "User"),
    GROUP("group", "Group"),
    GROUPS("groups", "Groups"),
    CAPS("caps", "KeepCapabilities"),
    AMBIENT("ambient", "AmbientCapabilities"),
    BOUNDING("bounding", "CapabilityBoundingSet"),
    SECUREBITS("securebits", "SecureBits"),
    NO_NEW_PRIVS("no-new-privs", "NoNewPrivileges"),
    DUMPABLE("dumpable", "Dumpable"),
    UMASK("umask", "UMask"),
    CHROOT("chroot", "RootDirectory"),
    CHDIR("chdir", "WorkingDirectory"),
    KEYRING("keyring", "KeyringMode"),
    IO_URING("io-uring", "IoUring"),
    WHEN("when", "When"),
    DEADLINE("deadline", "Deadline"),
    ON_FAILURE("on-failure", "OnFailure"),
    ON_DIVERGENCE("on-divergence", "OnDivergence"),
    MAX_PAUSE("max-pause", "MaxPause"),
    GIVE_UP("give-up", "GiveUp"),
    CHILD_USER("child-user", "ChildUser"),
    CHILD_NO_NEW_PRIVS("child-no-new-privs", "ChildNoNewPrivileges"),
    CHILD_AMBIENT("child-ambient", "ChildAmbient"),
    FIX_UPS("fix-ups", "FixUps"),
    API("api", "Api"),
    LOG("log", "LogLevel"),

    /** In options only. */
    POLICY("policy", null),

    LIMIT_AS,
    LIMIT_CORE,
    LIMIT_CPU,
    LIMIT_DATA,
    LIMIT_FSIZE,
    LIMIT_LOCKS,
    LIMIT_MEMLOCK,
    LIMIT_MSGQUEUE,
    LIMIT_NICE,
    LIMIT_NOFILE,
    LIMIT_NPROC,
    LIMIT_RSS,
    LIMIT_RTPRIO,
    LIMIT_RTTIME,
    LIMIT_SIGPENDING,
    LIMIT_STACK;

    /** Names that are part of the language but come with a later version: nobody should take them for misspelt. */
    private static final String[] LATER = {"guard", "guard-interval", "jmx"};

    private static final String[] LATER_IN_FILE = {"Guard", "GuardInterval", "Jmx"};

    private static final Key[] ALL = values();

    private final String option;
    private final String inFile;

    Key(String option, String inFile) {
        this.option = option;
        this.inFile = inFile;
    }

    /** A resource limit: the names follow from that of the constant. */
    Key() {
        String resource = name().substring("LIMIT_".length());
        this.option = "limit-" + lowerCase(resource);
        this.inFile = "Limit" + resource;
    }

    /** Not by the locale's rules, in which an I may lose its dot. */
    private static String lowerCase(String capitals) {
        char[] letters = capitals.toCharArray();
        for (int i = 0; i < letters.length; i++) {
            letters[i] += 'a' - 'A';
        }
        return new String(letters);
    }

    public String option() {
        return option;
    }

    /** Returns null if the key has no place in a policy file. */
    public String inFile() {
        return inFile;
    }

    /** Whether a list may be given, whose elements are joined by + in options. */
    boolean isList() {
        return this == GROUPS
                || this == CAPS
                || this == AMBIENT
                || this == BOUNDING
                || this == SECUREBITS
                || this == CHILD_AMBIENT
                || this == WHEN;
    }

    /** Returns the kernel's name of the resource in lower case, or null if this is no limit. */
    String resource() {
        return option.startsWith("limit-") ? option.substring("limit-".length()) : null;
    }

    /** Returns all names, as options or as in a file. */
    public static String[] names(boolean file) {
        List<String> names = new ArrayList<>();
        for (Key key : ALL) {
            String name = file ? key.inFile : key.option;
            if (name != null) {
                names.add(name);
            }
        }
        return names.toArray(new String[0]);
    }

    static Key of(String name, Place place) {
        boolean file = place.isInFile();
        for (Key key : ALL) {
            if (name.equals(file ? key.inFile : key.option)) {
                return key;
            }
        }
        String kind = file ? " the keys are " : " the options are ";
        throw new PolicyException(place, place.quote(name) + why(name, file) + kind + Text.join(names(file)));
    }

    private static String why(String name, boolean file) {
        for (String later : file ? LATER_IN_FILE : LATER) {
            if (later.equals(name)) {
                return " is not supported by this version, it comes with a later version;";
            }
        }
        for (Key key : ALL) {
            if (file && name.equals(key.option)) {
                return key.inFile == null
                        ? " has no place in a policy file;"
                        : " is called " + key.inFile + " in a policy file;";
            }
            if (!file && name.equals(key.inFile)) {
                return " is not an option, it is called " + key.option + " there;";
            }
        }
        if (file && name.equals("SupplementaryGroups")) {
            return " is not a key: it is Groups here, which names all supplementary groups, where systemd's adds to the user's"
                    + " own;";
        }
        List<String> meant = Suggestion.names(name, file);
        return (file ? " is not a key;" : " is not an option;")
                + (meant.isEmpty() ? "" : " did you mean " + String.join(" or ", meant) + "?");
    }
}
