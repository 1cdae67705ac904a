package dev.psx.check;

/** A change of user makes a process undumpable, see PR_SET_DUMPABLE in prctl(2): its core and its /proc files are root's only. */
final class CoreDumpCheck implements Check {

    @Override
    public void run(Context context) {
        boolean wanted = context.subject.limits().soft("Max core file size") != 0
                && context.subject.arguments().flag("CreateCoredumpOnCrash", true);
        if (wanted && context.userChanges() && context.after.dumpable() == 0) {
            context.findings.note(
                    "core-dump",
                    "the JVM becomes undumpable",
                    "it crashes: no core is written; and profilers or debuggers of " + context.user() + " look into it",
                    "prctl(PR_SET_DUMPABLE, 1) after the drop, which lets other processes of that user look into it, too");
        }
    }
}
