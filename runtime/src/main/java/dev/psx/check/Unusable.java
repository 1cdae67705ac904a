package dev.psx.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Paths that the dropped process cannot use, those with one obstacle together: one closed directory is one thing to mend. */
final class Unusable {

    private static final int SHOWN = 3;

    private final Map<Obstacle, List<String>> paths = new LinkedHashMap<>();

    private Unusable() {}

    /** Asks for all paths at once, and for the reason where the answer is no. */
    static Unusable among(Context context, List<String> paths, int mode) {
        Unusable unusable = new Unusable();
        int[] errors = context.after.access(paths, mode);
        for (int i = 0; i < errors.length; i++) {
            if (errors[i] != 0) {
                Obstacle obstacle = Obstacle.of(context, paths.get(i), mode, errors[i]);
                add(unusable.paths, obstacle, paths.get(i));
            }
        }
        return unusable;
    }

    static void add(Map<Obstacle, List<String>> paths, Obstacle obstacle, String path) {
        if (!paths.containsKey(obstacle)) {
            paths.put(obstacle, new ArrayList<String>());
        }
        paths.get(obstacle).add(path);
    }

    Map<Obstacle, List<String>> byObstacle() {
        return paths;
    }

    /** Returns the first few of a list, and how many there are besides. */
    static String some(List<String> paths) {
        String first = String.join(", ", paths.subList(0, Math.min(SHOWN, paths.size())));
        return paths.size() > SHOWN ? first + " and " + (paths.size() - SHOWN) + " more" : first;
    }
}
