package dev.psx.drop;

import dev.psx.spi.TaskSnapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * Internal: what the tasks have as their root directory before it is changed. The calling task changes it, and so does each that
 * does not share an fs_struct with it: so the path must lead each of these to the same directory, and no two of them may share
 * theirs, for the second would start from inside.
 */
final class Roots {

    private final LookedAt process;
    private final List<TaskSnapshot> tasks;
    private final Kcmp kcmp;

    /** @param kcmp compares with the task that is going to make the drop */
    Roots(LookedAt process, List<TaskSnapshot> tasks, Kcmp kcmp) {
        this.process = process;
        this.tasks = tasks;
        this.kcmp = kcmp;
    }

    /**
     * Checks that the root directory of all tasks can be changed.
     *
     * @throws IllegalStateException if it cannot
     */
    void refuse(String path) {
        if (!kcmp.works()) {
            throw refusal("this kernel lacks kcmp, or a seccomp filter refuses it;"
                    + " without it nobody can tell which threads share their root directory");
        }
        TaskSnapshot first = tasks.get(0);
        FileId common = process.root(first.tid());
        List<TaskSnapshot> apart = new ArrayList<>();
        for (TaskSnapshot task : tasks) {
            FileId root = process.root(task.tid());
            if (root != null && !root.equals(common)) {
                throw refusal(task.label() + " has another root directory than " + first.label()
                        + ", so a path means something else to it");
            }
            if (!kcmp.shares(task.tid(), Kcmp.FS)) {
                apart.add(task);
            }
        }
        refuseOtherMounts(apart, path);
        refuseCompany(apart);
    }

    /** In a mount namespace of its own a task may see another directory at the same path. */
    private void refuseOtherMounts(List<TaskSnapshot> apart, String path) {
        FileId wanted = process.file(kcmp.own, path);
        for (TaskSnapshot task : apart) {
            FileId seen = process.file(task.tid(), path);
            if (seen != null && !seen.equals(wanted)) {
                throw refusal("in the mount namespace of " + task.label() + " " + path + " is another directory");
            }
        }
    }

    private void refuseCompany(List<TaskSnapshot> apart) {
        for (int i = 0; i < apart.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (kcmp.share(apart.get(i).tid(), apart.get(j).tid(), Kcmp.FS)) {
                    throw refusal(
                            apart.get(j).label() + " and " + apart.get(i).label()
                                    + " share their root directory with each other, but not with the calling thread, and only one of"
                                    + " them could change it; have the application call unshare(CLONE_FS) for each thread, or none");
                }
            }
        }
    }

    private static IllegalStateException refusal(String why) {
        return new IllegalStateException("the drop was not begun: " + why + "; nothing has changed");
    }
}
