package dev.psx.agent.testing;

import java.util.stream.Collectors;

/** Options of the agent that children of the JVM inherit, and what those have lost that the options keep. */
public enum Inheritance {
    USER("user=daemon"),
    USER_ALONE(
            "user=daemon,group=keep,groups=keep,bounding=keep,keyring=keep,no-new-privs=no,dumpable=yes,io-uring=allow",
            3),
    GROUP("group=daemon"),
    GROUPS("groups=1+2"),
    GROUPS_NONE("groups=none,no-new-privs=no"),

    /** Root has again what the bounding set lets it have, and that is the same. */
    CAPS_OF_ROOT("caps=net_bind_service+kill"),
    CAPS("user=daemon,caps=net_bind_service", "cap_net_bind_service;", "(ambient=net_bind_service)"),
    CAPS_NONE("caps=none,no-new-privs=no"),
    CAPS_KEEP("user=daemon,caps=keep"),
    AMBIENT("user=daemon,caps=kill+net_bind_service,ambient=kill+net_bind_service"),
    AMBIENT_IN_PART(
            "user=daemon,caps=kill+net_bind_service,ambient=kill",
            "cap_net_bind_service;",
            "(ambient=kill+net_bind_service)"),
    AMBIENT_INVERTED("caps=kill+net_bind_service,ambient=~kill"),
    BOUNDING("bounding=kill+chown"),
    BOUNDING_KEEP("user=daemon,bounding=keep,caps=kill", "cap_kill;", "(ambient=kill)"),
    BOUNDING_APART("caps=kill,bounding=chown", "cap_kill;", "(ambient=kill)"),
    SECUREBITS("securebits=noroot+noroot-locked"),
    SECUREBITS_KEEP_CAPS("securebits=noroot+keep-caps", "the secure bit keep-caps;", "always clears keep-caps"),
    SECUREBITS_AND_CAPS(
            "user=daemon,caps=kill,securebits=keep-caps",
            "cap_kill, the secure bit keep-caps;",
            "always clears keep-caps"),

    /** Root may set it again. */
    SECUREBITS_OF_ROOT("securebits=keep-caps"),
    NO_NEW_PRIVS("no-new-privs=yes"),
    UMASK("umask=127"),
    UMASK_OF_USER("user=daemon,umask=777"),
    CHDIR("user=daemon,chdir=/var"),
    DUMPABLE("user=daemon,dumpable=no,caps=kill", "cap_kill;", "(ambient=kill)"),
    KEYRING("keyring=private"),
    IO_URING("user=daemon,io-uring=refuse"),
    LIMITS("user=daemon,caps=kill,{limits}", "cap_kill;", "(ambient=kill)"),
    HOW(
            "user=daemon,when=start,on-failure=halt,on-divergence=halt,max-pause=300ms,give-up=4s,fix-ups=yes,api=off,log=info"),
    LATER("user=daemon,caps=kill,when=listening:{port},deadline=1m", "cap_kill;", "(ambient=kill)"),
    CHILDREN("user=daemon,caps=kill,ambient=kill,child-user=daemon,child-no-new-privs=yes,child-ambient=kill"),
    POLICY("policy={policy}", "cap_kill;", "(ambient=kill)");

    /** What {@code POLICY} reads. */
    public static final String FILE = "[Psx]\nUser=daemon\nKeepCapabilities=kill\n";

    /** Two parts of the one warning of each descendant; null if there is none. */
    public final String lost;

    public final String remedy;

    /** How many warnings there are on every start. */
    public final int others;

    private final String options;

    Inheritance(String options) {
        this(options, 0);
    }

    Inheritance(String options, int others) {
        this(options, null, null, others);
    }

    Inheritance(String options, String lost, String remedy) {
        this(options, lost, remedy, 0);
    }

    Inheritance(String options, String lost, String remedy, int others) {
        this.options = options;
        this.others = others;
        this.lost = lost;
        this.remedy = remedy;
    }

    public boolean listens() {
        return options.contains("{port}");
    }

    public String options(String policy, int port) {
        String limits =
                Limits.own().stream().map(limit -> limit.lowered().word()).collect(Collectors.joining(","));
        return options.replace("{limits}", limits)
                .replace("{policy}", policy)
                .replace("{port}", Integer.toString(port));
    }
}
