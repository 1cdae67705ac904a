package dev.psx.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;

/** The socket that jcmd and its like talk to: made when one is used for the first time, as the user whom the JVM has then. */
final class AttachSocketCheck implements Check {

    @Override
    public void run(Context context) {
        if (context.fixUps || !context.userChanges() || !context.subject.running()) {
            return;
        }
        String socket = path(context.subject);
        Integer owner = owner(context.subject, socket);
        if (owner != null && owner != context.after.uid()) {
            context.findings.hinders(
                    "attach-socket",
                    context.describe(socket) + " was made before the drop, and tools accept it only from its owner",
                    "jcmd, jstack or another tool attaches as " + context.user() + "; as root it works",
                    "fix-ups=yes, or chown " + context.user() + " " + socket + " after the drop");
        }
    }

    static String path(Subject subject) {
        return "/tmp/.java_pid" + subject.innermostPid();
    }

    /** Returns the owner, or null if there is no such socket. */
    static Integer owner(Subject subject, String socket) {
        try {
            return (Integer) Files.getAttribute(subject.outside(socket), "unix:uid", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return null;
        }
    }
}
