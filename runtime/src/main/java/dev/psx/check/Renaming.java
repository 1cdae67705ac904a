package dev.psx.check;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;

/** Whether the dropped process can put another file in the place of one: what the rotation of a log comes down to. */
final class Renaming {

    private static final int STICKY = 01000;

    private Renaming() {}

    /** Returns why not, or null if it can. The file need not exist. */
    static Obstacle obstacle(Context context, String file) {
        String directory = Obstacle.parent(file);
        Obstacle obstacle = context.obstacleToCreating(directory);
        return obstacle == null && sticky(context, directory, file)
                ? Obstacle.sticky(context, directory, file)
                : obstacle;
    }

    /** In a sticky directory a file may be renamed by its owner and the directory's only. */
    private static boolean sticky(Context context, String directory, String file) {
        try {
            Map<String, Object> attributes = Files.readAttributes(context.subject.outside(directory), "unix:mode,uid");
            boolean sticky = ((Integer) attributes.get("mode") & STICKY) != 0;
            int owner = (Integer) Files.getAttribute(context.subject.outside(file), "unix:uid");
            int uid = context.after.uid();
            return sticky && uid != 0 && owner != uid && (Integer) attributes.get("uid") != uid;
        } catch (IOException e) {
            return false; // there is no such file yet: nothing to rename
        }
    }
}
