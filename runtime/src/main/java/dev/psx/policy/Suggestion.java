package dev.psx.policy;

import java.util.ArrayList;
import java.util.List;

/** Which key may have been meant by one that does not exist. */
final class Suggestion {

    /** What others call it, and the option. Letters and digits only, in lower case. */
    private static final String[][] SYNONYMS = {
        {"uid", "user"},
        {"username", "user"},
        {"runas", "user"},
        {"gid", "group"},
        {"supplementarygroups", "groups"},
        {"initgroups", "groups"},
        {"capabilities", "caps"},
        {"capability", "caps"},
        {"cap", "caps"},
        {"keep", "caps"},
        {"keepcaps", "caps"},
        {"permitted", "caps"},
        {"effective", "caps"},
        {"inheritable", "ambient"},
        {"ambientcaps", "ambient"},
        {"boundingset", "bounding"},
        {"capdrop", "bounding"},
        {"nnp", "no-new-privs"},
        {"nonewprivileges", "no-new-privs"},
        {"root", "chroot"},
        {"rootdir", "chroot"},
        {"jail", "chroot"},
        {"cwd", "chdir"},
        {"dir", "chdir"},
        {"directory", "chdir"},
        {"workdir", "chdir"},
        {"uring", "io-uring"},
        {"port", "when"},
        {"ports", "when"},
        {"listen", "when"},
        {"listening", "when"},
        {"timeout", "deadline"},
        {"file", "policy"},
        {"config", "policy"},
        {"conf", "policy"},
        {"verbose", "log"},
        {"debug", "log"},
        {"loglevel", "log"},
    };

    private static final int LONGEST = 40;
    private static final int SHOWN = 3;

    private Suggestion() {}

    /** Returns at most three names of keys, the likeliest first; none if nothing is near. */
    static List<String> names(String wrong, boolean file) {
        List<String> names = new ArrayList<>();
        String plain = plain(wrong);
        if (plain.isEmpty() || plain.length() > LONGEST) {
            return names;
        }
        Key meant = synonym(plain);
        if (meant != null) {
            add(names, meant, file);
            return names;
        }
        int most = plain.length() <= 3 ? 1 : plain.length() <= 7 ? 2 : 3;
        for (Key key : Key.values()) {
            int distance = distance(plain, key);
            if (distance < most) {
                names.clear();
                most = distance;
            }
            if (distance == most && names.size() < SHOWN) {
                add(names, key, file);
            }
        }
        return names;
    }

    private static void add(List<String> names, Key key, boolean file) {
        String name = file ? key.inFile() : key.option();
        if (name != null) {
            names.add(name);
        }
    }

    private static Key synonym(String plain) {
        for (String[] pair : SYNONYMS) {
            if (pair[0].equals(plain)) {
                return byOption(pair[1]);
            }
        }
        String resource = plain.startsWith("rlimit") ? plain.substring("rlimit".length()) : plain;
        return byOption("limit-" + resource);
    }

    private static Key byOption(String option) {
        for (Key key : Key.values()) {
            if (key.option().equals(option)) {
                return key;
            }
        }
        return null;
    }

    private static int distance(String plain, Key key) {
        int option = distance(plain, plain(key.option()));
        return key.inFile() == null ? option : Math.min(option, distance(plain, plain(key.inFile())));
    }

    /** Hyphens, underscores and capitals are what is most often wrong. */
    private static String plain(String name) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < name.length() && plain.length() <= LONGEST; i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                plain.append((char) (c + 'a' - 'A'));
            } else if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    /** Letters to insert, delete, replace, or exchange with their neighbour. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + same);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                cost[i][j] = swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
            }
        }
        return cost[a.length()][b.length()];
    }
}
