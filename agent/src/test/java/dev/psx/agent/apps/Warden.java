package dev.psx.agent.apps;

import dev.psx.plan.PrivilegePlan;
import dev.psx.spi.Program;
import java.util.Locale;

/** Has one call of a plan's program fail with EIO, for one task and once. The JNI functions of warden.c. */
final class Warden {

    /** Who makes the call that fails; nobody does for the control. */
    private enum Pass {
        TRIAL,
        CALLER,
        OTHER,
        NOBODY
    }

    static {
        System.load(System.getProperty("psx.fixture"));
    }

    private Warden() {}

    /** Returns the program's calls as messages show them. */
    static String start(PrivilegePlan plan) throws ReflectiveOperationException {
        Program program = Inside.program(plan);
        long pid = watch(program.encoded());
        if (pid < 0) {
            throw new IllegalStateException("errno " + -pid);
        }
        return String.join("|", program.describe());
    }

    static String arm(String pass, int call) {
        arm(Pass.valueOf(pass.toUpperCase(Locale.ROOT)).ordinal(), call);
        return pass;
    }

    private static native long watch(long[] program);

    private static native void arm(int pass, int call);

    static native int refused();
}
