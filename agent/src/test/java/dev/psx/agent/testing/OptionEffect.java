package dev.psx.agent.testing;

import dev.psx.policy.Key;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an option of the agent changes, and thereby that it changes nothing else: lines of the status files of all tasks (sets of capabilities
 * without their leading zeros), and all else by its name in {@link WholeState}. The JVM has ambient capabilities and groups before.
 */
public enum OptionEffect {
    CAPS("caps=net_bind_service+kill", "CapPrm=420 CapEff=420 CapBnd=420 CapInh=0 CapAmb=0 NoNewPrivs=1"),
    CAPS_NONE("caps=none,no-new-privs=no", "CapPrm=0 CapEff=0 CapBnd=0 CapInh=0 CapAmb=0"),
    AMBIENT("caps=kill+setgid,ambient=kill", "CapPrm=60 CapEff=60 CapBnd=60 CapInh=20 CapAmb=20 NoNewPrivs=1"),
    AMBIENT_INVERTED(
            "caps=kill+setgid,ambient=~kill", "CapPrm=60 CapEff=60 CapBnd=60 CapInh=40 CapAmb=40 NoNewPrivs=1"),
    BOUNDING("bounding=kill+chown", "CapBnd=21"),
    BOUNDING_APART(
            "caps=kill,bounding=chown,ambient=none", "CapPrm=20 CapEff=20 CapBnd=1 CapInh=0 CapAmb=0 NoNewPrivs=1"),
    BOUNDING_INVERTED("bounding=~sys_admin+chown", "CapBnd={all-but-sys_admin-and-chown}"),
    SECUREBITS("securebits=noroot+noroot-locked", "secure-bits=3"),
    NO_NEW_PRIVS("no-new-privs=yes", "NoNewPrivs=1"),
    /** The kernel clears the dumpable flag with it. */
    GROUP("group=daemon", "Gid=1 NoNewPrivs=1 dumpable=*"),
    GROUPS("groups=1+2", "Groups=1,2 NoNewPrivs=1"),
    GROUPS_NONE("groups=none,no-new-privs=no", "Groups="),
    UMASK("umask=127", "Umask=0127"),
    CHDIR("chdir=/var", "cwd=/var"),
    CHROOT("chroot={root},chdir=/work", "root={root} cwd={root}/work"),
    DUMPABLE("dumpable=no", "dumpable=0"),
    KEYRING("keyring=private", "session-keyring=*"),
    LIMITS("{limits}", "limits=*"),

    /** All that comes with it. */
    USER(
            "user=daemon",
            "Uid=1 Gid=1 Groups=1 CapPrm=0 CapEff=0 CapBnd=0 CapInh=0 CapAmb=0 NoNewPrivs=1 dumpable=* session-keyring=*"),

    /** All that can be kept of it. */
    USER_ALONE(
            "user=daemon,group=keep,groups=keep,bounding=keep,keyring=keep,no-new-privs=no,dumpable=yes,io-uring=allow",
            "Uid=1 CapPrm=0 CapEff=0 CapInh=0 CapAmb=0"),

    /** Together. */
    ALL(
            "user=nobody,group=daemon,groups=1+2,caps=net_bind_service+kill,ambient=kill,bounding=~sys_admin+chown,dumpable=no,umask=0127,"
                    + "securebits=noroot+noroot-locked,no-new-privs=yes,chroot={root},chdir=/work,keyring=private,io-uring=forget,{limits}",
            "Uid=65534 Gid=1 Groups=1,2 CapPrm=420 CapEff=420 CapBnd={all-but-sys_admin-and-chown} CapInh=20 CapAmb=20 NoNewPrivs=1"
                    + " Umask=0127 secure-bits=3 root={root} cwd={root}/work session-keyring=* limits=* dumpable=0");

    /** Of a JVM of the tests. */
    private final String options;

    private final String effect;

    OptionEffect(String options, String effect) {
        this.options = options;
        this.effect = effect;
    }

    /** As the agent takes them; each limit is a little lower than the tests' own. */
    public String options(String root) {
        String limits =
                Limits.own().stream().map(limit -> limit.lowered().word()).collect(Collectors.joining(","));
        return options.replace("{root}", root).replace("{limits}", limits);
    }

    /** The same as a policy file. */
    public String file(String root) {
        StringBuilder text = new StringBuilder("[Psx]\n");
        for (String option : options(root).split(",")) {
            String name = option.substring(0, option.indexOf('='));
            Key key = Stream.of(Key.values())
                    .filter(each -> each.option().equals(name))
                    .findFirst()
                    .orElseThrow();
            text.append(key.inFile())
                    .append('=')
                    .append(option.substring(name.length() + 1).replace('+', ' '))
                    .append('\n');
        }
        return text.toString();
    }

    /** The values by their names as the kernel prints them; {@code *} for what is looked at in another way. */
    public Map<String, String> effects(String root, long boundingBefore) {
        Map<String, String> values = new TreeMap<>();
        long bounding = boundingBefore & ~(1L << 21 | 1L);
        String text =
                effect.replace("{root}", root).replace("{all-but-sys_admin-and-chown}", Long.toHexString(bounding));
        for (String word : text.split(" ")) {
            String name = word.substring(0, word.indexOf('='));
            values.put(name.replace('-', ' '), printed(name, word.substring(word.indexOf('=') + 1)));
        }
        return values;
    }

    private static String printed(String name, String value) {
        if (name.startsWith("Cap")) {
            return "0".repeat(16 - value.length()) + value;
        }
        return switch (name) {
            case "Uid", "Gid" -> String.join("\t", value, value, value, value);
            case "Groups" -> value.replace(',', ' ') + " ";
            default -> value;
        };
    }
}
