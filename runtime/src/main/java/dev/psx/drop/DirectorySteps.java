package dev.psx.drop;

import dev.psx.spi.Mark;
import dev.psx.spi.Program;
import dev.psx.spi.TaskSnapshot;
import java.util.List;

/** Internal: the parts of a drop that concern what tasks share as their view of the file system, or each have for themselves. */
final class DirectorySteps {

    private DirectorySteps() {}

    static String octal(int bits) {
        String digits = Integer.toOctalString(bits);
        return "0000".substring(Math.min(4, digits.length())) + digits;
    }

    private static Program addPath(Program program, String call, String path) {
        return program.addShown(call + "(" + path + ")", call, (Object) FileId.zeroTerminated(path))
                .mark(Mark.PER_FILE_SYSTEM);
    }

    /** Returns a task whose link leads elsewhere, or null. */
    private static TaskSnapshot elsewhere(Before before, String link, FileId wanted) {
        for (TaskSnapshot task : before.tasks) {
            FileId found = before.file(task, link);
            if (!wanted.equals(found) && !(found == null && task.hasEnded(before.port))) {
                return task;
            }
        }
        return null;
    }

    private static String wrong(After after, String link, FileId wanted) {
        for (TaskSnapshot task : after.tasks) {
            FileId found = after.file(task, link);
            if (found == null ? !after.ended(task) : !found.equals(wanted)) {
                return "the " + link + " directory of " + task.label() + " is another one";
            }
        }
        return null;
    }

    /** The root directory, and the working directory with it: one that stayed outside would be a way out. */
    static final class Root extends DropStep {

        private final String path;

        /** The directory when the plan was made: from inside its path leads nowhere. */
        private final FileId known;

        private FileId wanted;

        Root(String path, FileId known) {
            super("root directory", false);
            this.path = path;
            this.known = known;
        }

        String path() {
            return path;
        }

        @Override
        boolean needed(Before before) {
            if (before.isElsewhere()) {
                return true;
            }
            FileId found = FileId.of(before.port, path);
            wanted = found == null ? known : found;
            return wanted == null || elsewhere(before, "root", wanted) != null;
        }

        @Override
        void addTo(Program program, Before before) {
            addPath(program, "chroot", path);
            addPath(program, "chdir", "/");
        }

        @Override
        String wrong(After after) {
            return DirectorySteps.wrong(after, "root", wanted);
        }
    }

    /** The working directory, reached with the rights that are left, as systemd does: it may be on a network file system. */
    static final class Working extends DropStep {

        private final String path;
        private final Root root;

        /** @param root may be null */
        Working(String path, Root root) {
            super("working directory", false);
            this.path = path;
            this.root = root;
        }

        @Override
        boolean isPrivilege() {
            return false;
        }

        @Override
        boolean needed(Before before) {
            if (before.isElsewhere() || (root != null && root.needed(before))) {
                return true;
            }
            FileId wanted = FileId.of(before.port, path);
            return wanted == null || elsewhere(before, "cwd", wanted) != null;
        }

        @Override
        void addTo(Program program, Before before) {
            addPath(program, "chdir", path);
        }

        @Override
        String wrong(After after) {
            return DirectorySteps.wrong(after, "cwd", after.file(path));
        }
    }

    /** Which bits new files lack. */
    static final class Umask extends DropStep {

        private final int bits;

        Umask(int bits) {
            super("umask", false);
            this.bits = bits;
        }

        @Override
        boolean isPrivilege() {
            return false;
        }

        /** A kernel that does not show it is asked to set it again. */
        @Override
        boolean needed(Before before) {
            return before.isElsewhere() || differing(before.tasks, true) != null;
        }

        @Override
        void addTo(Program program, Before before) {
            program.addShown("umask(" + octal(bits) + ")", "umask", bits)
                    .mark(Mark.PER_FILE_SYSTEM)
                    .anyResult();
        }

        @Override
        String wrong(After after) {
            TaskSnapshot task = differing(after.tasks, false);
            return task == null ? null : "the umask of " + task.label() + " is " + octal(task.umask());
        }

        private TaskSnapshot differing(List<TaskSnapshot> tasks, boolean orUnknown) {
            for (TaskSnapshot task : tasks) {
                if (task.umask() == null ? orUnknown : task.umask() != bits) {
                    return task;
                }
            }
            return null;
        }
    }
}
