package dev.psx.check;

/** The JVM asks for its user once, when it starts: {@code user.name} and {@code user.home} stay those of root. */
final class UserPropertiesCheck implements Check {

    @Override
    public void run(Context context) {
        if (context.fixUps || !context.userChanges()) {
            return;
        }
        Account before = context.account(context.subject.uid());
        String name = context.subject.property("user.name", before.name);
        String home = context.subject.property("user.home", before.home);
        Obstacle obstacle = home == null || home.equals("?")
                ? null
                : context.obstacle(home, DroppedProcess.WRITE | DroppedProcess.SEARCH);
        if (obstacle == null && context.user().equals(name)) {
            return;
        }
        context.findings.note(
                "user-properties",
                "user.name stays " + name + " and user.home " + home + (obstacle == null ? "" : ": " + obstacle.reason),
                "the application uses them, such as java.util.prefs (\"Lock file access denied\") or a cache in the home directory",
                "fix-ups=yes, or start the JVM with -Duser.name=" + context.user() + " -Duser.home=DIR");
    }
}
