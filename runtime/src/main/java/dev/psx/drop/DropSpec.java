package dev.psx.drop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Internal: the state that a drop shall bring about, with all names resolved. Immutable. {@link DropSpecBuilder} makes it. */
public final class DropSpec {

    /** Where something shall stay as it is, its field is null. */
    final Integer uid;

    final String userName;
    final Integer gid;
    private final int[] groups;

    /** Permitted and effective; null for what is there, which a change of user then leaves. */
    final Long capabilities;

    final Long ambient;
    final Long bounding;
    final Integer secureBits;
    final boolean noNewPrivileges;
    final Boolean dumpable;
    final Integer umask;
    private final Limit[] limits;
    final String root;
    private final FileId rootFile;
    final String directory;
    final boolean privateKeyring;

    /** Whether that was asked for; otherwise it comes with the user. */
    final boolean keyringAsked;

    final RingPolicy rings;

    /** Whether what the drop breaks shall be mended where that is safe. */
    final boolean fixUps;

    DropSpec(DropSpecBuilder asked, Names.User user, Integer gid, int[] groups, FileId rootFile, boolean nnp) {
        this.uid = user == null ? null : Integer.valueOf(user.uid);
        this.userName = user == null ? null : user.name;
        this.gid = gid;
        this.groups = groups;
        this.capabilities = asked.kept();
        this.ambient = asked.inherited();
        this.bounding = asked.bounded();
        this.secureBits = asked.secureBits;
        this.noNewPrivileges = nnp;
        this.dumpable = asked.dumpable;
        this.umask = asked.umask;
        this.limits = asked.limits.toArray(new Limit[0]);
        this.root = asked.root;
        this.rootFile = rootFile;
        this.directory = asked.directory;
        this.privateKeyring = asked.hasPrivateKeyring();
        this.keyringAsked = asked.asksForKeyring();
        this.rings = asked.rings;
        this.fixUps = asked.fixUps;
    }

    private DropSpec(Object[] fields) {
        uid = (Integer) fields[0];
        userName = (String) fields[1];
        gid = (Integer) fields[2];
        groups = fields[3] == null ? null : ((int[]) fields[3]).clone();
        capabilities = (Long) fields[4];
        ambient = (Long) fields[5];
        bounding = (Long) fields[6];
        secureBits = (Integer) fields[7];
        noNewPrivileges = (Boolean) fields[8];
        dumpable = (Boolean) fields[9];
        umask = (Integer) fields[10];
        limits = Limit.decoded((long[]) fields[11]);
        root = (String) fields[12];
        directory = (String) fields[13];
        privateKeyring = (Boolean) fields[14];
        rings = RingPolicy.valueOf((String) fields[15]);
        rootFile = FileId.decoded((long[]) fields[16]);
        keyringAsked = (Boolean) fields[17];
        fixUps = (Boolean) fields[18];
    }

    /** Returns the spec in types that cross the port; {@link #decoded} reads it. */
    public Object[] encoded() {
        return new Object[] {
            uid,
            userName,
            gid,
            groups(),
            capabilities,
            ambient,
            bounding,
            secureBits,
            noNewPrivileges,
            dumpable,
            umask,
            Limit.encoded(limits),
            root,
            directory,
            privateKeyring,
            rings.name(),
            FileId.encoded(rootFile),
            keyringAsked,
            fixUps
        };
    }

    public static DropSpec decoded(Object[] fields) {
        return new DropSpec(fields);
    }

    /** Returns the same but for capabilities that are not kept or handed on, and secure bits that are not set. */
    DropSpec without(long lost, int bits) {
        Object[] fields = encoded();
        fields[4] = capabilities == null ? null : Long.valueOf(capabilities & ~lost);
        fields[5] = ambient == null ? null : Long.valueOf(ambient & ~lost);
        fields[7] = secureBits == null ? null : Integer.valueOf(secureBits & ~bits);
        return decoded(fields);
    }

    int[] groups() {
        return groups == null ? null : groups.clone();
    }

    /** The root directory as it was when the plan was made; null if there was none, or it stays. */
    FileId rootFile() {
        return rootFile;
    }

    List<Limit> limits() {
        return Collections.unmodifiableList(Arrays.asList(limits));
    }

    /** Returns one line for each thing that the drop sees to, in the order in which it is done. */
    public List<String> describe() {
        return new Description(this).lines();
    }

    /** The lines of {@link #describe}. */
    private static final class Description {

        private final DropSpec spec;
        private final List<String> lines = new ArrayList<>();

        Description(DropSpec spec) {
            this.spec = spec;
        }

        List<String> lines() {
            for (Limit limit : spec.limits) {
                lines.add("limit " + limit);
            }
            line("root directory: ", spec.root);
            line("umask: ", spec.umask == null ? null : DirectorySteps.octal(spec.umask));
            ids();
            capabilities();
            line("secure bits: ", spec.secureBits == null ? null : "0x" + Integer.toHexString(spec.secureBits));
            line("no_new_privs: ", spec.noNewPrivileges ? "set" : null);
            line("working directory: ", spec.directory);
            line("session keyring: ", spec.privateKeyring ? "a fresh one" : null);
            line("dumpable: ", spec.dumpable == null ? null : spec.dumpable ? "yes" : "no");
            boolean mends = spec.fixUps && spec.uid != null;
            line("fix-ups: ", mends ? "hsperfdata, attach socket, user.name, user.home" : null);
            return lines;
        }

        private void line(String title, String value) {
            if (value != null) {
                lines.add(title + value);
            }
        }

        private void ids() {
            if (spec.groups != null) {
                line("supplementary groups: ", spec.groups.length == 0 ? "none" : list(spec.groups));
            }
            if (spec.gid != null) {
                line("group ids (real, effective, saved, file system): ", Integer.toUnsignedString(spec.gid));
            }
            if (spec.uid != null) {
                String name = spec.userName == null ? "" : " (" + spec.userName + ")";
                line("user ids (real, effective, saved, file system): ", Integer.toUnsignedString(spec.uid) + name);
            }
        }

        private void capabilities() {
            if (none(spec.capabilities) && none(spec.ambient) && none(spec.bounding)) {
                line("capabilities (permitted, effective, inheritable, ambient, bounding): ", "none");
                return;
            }
            line("capabilities (permitted, effective): ", text(spec.capabilities));
            line("capabilities of children (inheritable, ambient): ", text(spec.ambient));
            line("bounding set: ", text(spec.bounding));
        }

        private static boolean none(Long set) {
            return set != null && set == 0;
        }

        private static String text(Long set) {
            return set == null ? null : CapabilityNames.list(set);
        }
    }

    static String list(int[] ids) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(text.length() == 0 ? "" : ", ").append(Integer.toUnsignedString(id));
        }
        return text.toString();
    }

    /** Returns what {@link #describe} says in one line. */
    @Override
    public String toString() {
        return String.join("; ", describe());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DropSpec && Arrays.deepEquals(encoded(), ((DropSpec) other).encoded());
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(encoded());
    }
}
