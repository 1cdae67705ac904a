package dev.psx.agent.instrument;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;

/** Applies {@link ProfileChange} to the class of the JDK that makes processes, and remembers whether that was all of it. */
final class ProfileTransformer implements ClassFileTransformer {

    private final String type;
    private final String internalName;
    private volatile int insertions;
    private volatile int others;
    private volatile Throwable failure;

    ProfileTransformer(String type) {
        this.type = type;
        this.internalName = type.replace('.', '/');
    }

    @Override
    public byte[] transform(
            ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] classFile) {
        if (loader != null || !internalName.equals(name)) {
            return null;
        }
        try {
            ProfileChange change = new ProfileChange(internalName);
            byte[] changed = ClassFile.change(classFile, change);
            insertions = change.insertions();
            others = change.others();
            return changed;
        } catch (Throwable e) {
            failure = e;
            return null;
        }
    }

    /** Children without the profile would be more than the options allow. */
    void verify() {
        if (insertions == 0 || others != 0) {
            String why = failure != null
                    ? failure.toString()
                    : others != 0 ? "it has arguments that are not known" : "no call of it was found";
            throw new IllegalStateException(
                    "cannot give children a profile: " + type + "." + ProfileChange.FORK + " on Java "
                            + System.getProperty("java.version") + ": " + why
                            + "; use a JDK that psx-agent supports (HotSpot 8 to 25), or leave child-user, child-no-new-privs"
                            + " and child-ambient out",
                    failure);
        }
    }
}
