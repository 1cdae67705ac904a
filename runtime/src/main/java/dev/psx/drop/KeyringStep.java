package dev.psx.drop;

import dev.psx.spi.Errno;
import dev.psx.spi.Mark;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.nio.charset.StandardCharsets;

/**
 * Internal: the part of a drop that gives up the session keyring. Whoever possesses one may use its keys, whatever his user id is.
 *
 * <p>Each task has its own session keyring, and a nameless one would be another for each. So the caller makes one with a name that
 * nobody can guess and lets its owner find it; then all join it by that name; then it can no longer be found.
 */
final class KeyringStep extends DropStep {

    private static final int GET_KEYRING_ID = 0;
    private static final int JOIN_SESSION_KEYRING = 1;
    private static final int SETPERM = 5;
    private static final int DESCRIBE = 6;
    private static final int SESSION_KEYRING = -3;

    /** All for those who possess it; for its owner as a new one has it: view, read, link. */
    private static final int USUAL = 0x3f130000;

    /** The owner can search for it, too. */
    private static final int FINDABLE = 0x3f1b0000;

    private static final String PREFIX = "psx.";
    private static final int RANDOM_BYTES = 16;
    private static final int LONGEST_DESCRIPTION = 256;

    private static final Program WHICH = new Program()
            .addShown(
                    "keyctl(KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING)",
                    "keyctl",
                    GET_KEYRING_ID,
                    SESSION_KEYRING,
                    0);

    private final IdSteps.Uid uid;
    private final boolean asked;
    private Boolean needed;

    /**
     * @param uid the user that the keyring comes with, or null
     * @param asked whether it was asked for by itself
     */
    KeyringStep(IdSteps.Uid uid, boolean asked) {
        super("session keyring", false);
        this.uid = uid;
        this.asked = asked;
    }

    /** Where keyctl does not exist or is refused altogether, no task can reach a key. */
    static boolean reachable(Before before) {
        long answer = before.isElsewhere() ? 0 : before.own(WHICH).result;
        return answer != -Errno.ENOSYS && answer != -Errno.EPERM;
    }

    @Override
    boolean needed(Before before) {
        if (needed == null) {
            needed = before.isElsewhere()
                    ? asked || uid == null || uid.needed(before) // another process does not show which one it has
                    : reachable(before) && !(ours(before.own(describe())) && before.agree(WHICH));
        }
        return needed;
    }

    @Override
    void addTo(Program program, Before before) {
        String name = PREFIX + random(before);
        byte[] argument = FileId.zeroTerminated(name);
        String join = "keyctl(KEYCTL_JOIN_SESSION_KEYRING, " + name + ")";
        program.addShown(join, "keyctl", JOIN_SESSION_KEYRING, argument).mark(Mark.BEFORE);
        permissions(program, FINDABLE).mark(Mark.BEFORE);
        program.addShown(join, "keyctl", JOIN_SESSION_KEYRING, argument).anyResult();
        program.addShown(WHICH.describe(0), "keyctl", GET_KEYRING_ID, SESSION_KEYRING, 0);
    }

    @Override
    String wrong(After after) {
        long answer = after.own(WHICH).result;
        boolean gone = answer == -Errno.ENOSYS || answer == -Errno.EPERM;
        return gone || ours(after.own(describe())) ? null : "the session keyring is not the new one";
    }

    /** What remains to be done when all have joined. */
    DropStep last() {
        return new DropStep(what, forExecOnly) {
            @Override
            boolean needed(Before before) {
                return KeyringStep.this.needed(before);
            }

            @Override
            void addTo(Program program, Before before) {
                permissions(program, USUAL).mark(Mark.AFTER);
            }
        };
    }

    private static Program permissions(Program program, int bits) {
        String shown = "keyctl(KEYCTL_SETPERM, KEY_SPEC_SESSION_KEYRING, 0x" + Integer.toHexString(bits) + ")";
        return program.addShown(shown, "keyctl", SETPERM, SESSION_KEYRING, bits);
    }

    private static Program describe() {
        return new Program()
                .addShown(
                        "keyctl(KEYCTL_DESCRIBE, KEY_SPEC_SESSION_KEYRING)",
                        "keyctl",
                        DESCRIBE,
                        SESSION_KEYRING,
                        new byte[LONGEST_DESCRIPTION],
                        LONGEST_DESCRIPTION);
    }

    /** The description is {@code keyring;uid;gid;permissions;name}. */
    private static boolean ours(OwnCall description) {
        if (description.result <= 0 || description.result > LONGEST_DESCRIPTION) {
            return false;
        }
        String text = new String(description.blob(0), 0, (int) description.result - 1, StandardCharsets.US_ASCII);
        return text.substring(text.lastIndexOf(';') + 1).startsWith(PREFIX);
    }

    private static String random(Before before) {
        if (before.isElsewhere()) {
            return "random";
        }
        Program question = new Program().addShown("getrandom()", "getrandom", new byte[RANDOM_BYTES], RANDOM_BYTES, 0);
        StringBuilder text = new StringBuilder();
        for (byte each : OwnCall.require(before.port, question).blob(0)) {
            text.append(Character.forDigit(each >> 4 & 15, 16)).append(Character.forDigit(each & 15, 16));
        }
        return text.toString();
    }
}
