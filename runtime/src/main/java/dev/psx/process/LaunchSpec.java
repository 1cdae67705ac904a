package dev.psx.process;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What a builder has collected. A launcher has its own copy, which does not change any more. Null: not asked for. */
final class LaunchSpec {

    List<String> command = new ArrayList<>();
    String argv0;
    Map<String, String> environment;
    String directory;

    final Stdio[] stdio = {Stdio.PIPE, Stdio.PIPE, Stdio.PIPE};
    boolean mergeError;
    final Map<Integer, Integer> descriptors = new TreeMap<>();
    boolean closeOthers = true;

    IdChange ids = new IdChange();
    Long ambient;
    Long inheritable;
    Long bounding;
    Integer secureBits;
    Boolean noNewPrivileges;
    Integer landlock;
    int landlockFlags;
    final List<byte[]> filters = new ArrayList<>();

    long cloned;
    long unshared;
    List<IdMap> uidMap = new ArrayList<>();
    List<IdMap> gidMap = new ArrayList<>();
    boolean setgroupsAllowed;
    String chroot;
    Integer cgroup;
    String cgroupPath;

    boolean setsid;
    Integer pgid;
    Integer foreground;
    Integer setctty;
    boolean noctty;
    Integer pdeathsig;
    boolean ptrace;

    final Map<Integer, long[]> limits = new TreeMap<>();
    Integer umask;
    Integer nice;
    Integer oomScore;
    SchedulingPolicy policy;
    int priority;
    long giveUpNanos = TimeUnit.SECONDS.toNanos(30);

    /** Of most launchers every child gets the same. */
    private volatile EncodedEnvironment encoded;

    /** Returns what the kernel gets of an environment that nobody changes any more. */
    byte[][] encoded(Map<String, String> variables) {
        EncodedEnvironment last = encoded;
        if (last == null || last.variables != variables) {
            last = new EncodedEnvironment(variables);
            encoded = last;
        }
        return last.strings;
    }

    LaunchSpec copy() {
        LaunchSpec copy = new LaunchSpec();
        copy.command = new ArrayList<>(command);
        copy.argv0 = argv0;
        copy.environment = environment == null ? null : new LinkedHashMap<>(environment);
        copy.directory = directory;
        System.arraycopy(stdio, 0, copy.stdio, 0, stdio.length);
        copy.mergeError = mergeError;
        copy.descriptors.putAll(descriptors);
        copy.closeOthers = closeOthers;
        copyRights(copy);
        copySurroundings(copy);
        return copy;
    }

    private void copyRights(LaunchSpec copy) {
        copy.ids = ids.copy();
        copy.ambient = ambient;
        copy.inheritable = inheritable;
        copy.bounding = bounding;
        copy.secureBits = secureBits;
        copy.noNewPrivileges = noNewPrivileges;
        copy.landlock = landlock;
        copy.landlockFlags = landlockFlags;
        copy.filters.addAll(filters);
        copy.cloned = cloned;
        copy.unshared = unshared;
        copy.uidMap = new ArrayList<>(uidMap);
        copy.gidMap = new ArrayList<>(gidMap);
        copy.setgroupsAllowed = setgroupsAllowed;
        copy.chroot = chroot;
        copy.cgroup = cgroup;
        copy.cgroupPath = cgroupPath;
    }

    private void copySurroundings(LaunchSpec copy) {
        copy.setsid = setsid;
        copy.pgid = pgid;
        copy.foreground = foreground;
        copy.setctty = setctty;
        copy.noctty = noctty;
        copy.pdeathsig = pdeathsig;
        copy.ptrace = ptrace;
        copy.limits.putAll(limits);
        copy.umask = umask;
        copy.nice = nice;
        copy.oomScore = oomScore;
        copy.policy = policy;
        copy.priority = priority;
        copy.giveUpNanos = giveUpNanos;
    }

    boolean newNamespace(Namespace namespace) {
        return ((cloned | unshared) & namespace.mask()) != 0;
    }

    boolean hasMaps() {
        return !uidMap.isEmpty() || !gidMap.isEmpty();
    }

    /** What the child is told its name is, and its arguments. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(command);
        if (argv0 != null) {
            arguments.set(0, argv0);
        }
        return arguments;
    }

    /** The user and group ids of a child. Null: as the parent's. */
    static final class IdChange {

        String user;
        String group;
        List<String> groupNames;
        boolean keepGroups;

        Integer uid;
        Integer gid;
        int[] groups;

        /** The agent's {@code child-user}, where the launcher names no user. */
        String ofProfile;

        IdChange copy() {
            IdChange copy = new IdChange();
            copy.user = user;
            copy.group = group;
            copy.groupNames = groupNames;
            copy.keepGroups = keepGroups;
            copy.uid = uid;
            copy.gid = gid;
            copy.groups = groups;
            copy.ofProfile = ofProfile;
            return copy;
        }
    }

    private static final class EncodedEnvironment {

        final Map<String, String> variables;
        final byte[][] strings;

        EncodedEnvironment(Map<String, String> variables) {
            this.variables = variables;
            List<String> entries = new ArrayList<>(variables.size());
            for (Map.Entry<String, String> each : variables.entrySet()) {
                entries.add(each.getKey() + "=" + each.getValue());
            }
            strings = Texts.zeroTerminated(entries);
        }
    }
}
