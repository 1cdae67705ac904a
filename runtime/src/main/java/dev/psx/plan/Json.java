package dev.psx.plan;

import dev.psx.Credentials;
import java.util.Collection;
import java.util.List;

/** One JSON object. The application's class path may have any JSON library or none, so it is written by hand. */
final class Json {

    private final StringBuilder text = new StringBuilder("{");

    Json add(String name, boolean value) {
        return raw(name, Boolean.toString(value));
    }

    Json add(String name, long value) {
        return raw(name, Long.toString(value));
    }

    Json add(String name, String value) {
        return raw(name, value == null ? "null" : quote(value));
    }

    Json add(String name, List<String> values) {
        StringBuilder list = new StringBuilder("[");
        for (String value : values) {
            list.append(list.length() == 1 ? "" : ",").append(quote(value));
        }
        return raw(name, list.append(']').toString());
    }

    /** The values are JSON already. */
    Json addAll(String name, Collection<Json> values) {
        StringBuilder list = new StringBuilder("[");
        for (Json value : values) {
            list.append(list.length() == 1 ? "" : ",").append(value);
        }
        return raw(name, list.append(']').toString());
    }

    /** The fields that the command {@code status --json} has for a task, too. */
    static Json of(Credentials c) {
        return new Json()
                .raw("uid", ids(c.realUid(), c.effectiveUid(), c.savedUid(), c.fileSystemUid()))
                .raw("gid", ids(c.realGid(), c.effectiveGid(), c.savedGid(), c.fileSystemGid()))
                .raw("groups", ids(c.groups()))
                .add("capInheritable", hex(c.inheritable()))
                .add("capPermitted", hex(c.permitted()))
                .add("capEffective", hex(c.effective()))
                .add("capBounding", hex(c.bounding()))
                .add("capAmbient", hex(c.ambient()))
                .add("noNewPrivs", c.noNewPrivs())
                .add("seccomp", c.seccomp());
    }

    private Json raw(String name, String value) {
        text.append(text.length() == 1 ? "" : ",")
                .append(quote(name))
                .append(':')
                .append(value);
        return this;
    }

    private static String ids(int... ids) {
        StringBuilder list = new StringBuilder("[");
        for (int id : ids) {
            list.append(list.length() == 1 ? "" : ",").append(Integer.toUnsignedString(id));
        }
        return list.append(']').toString();
    }

    private static String hex(long set) {
        String digits = Long.toHexString(set);
        return "0000000000000000".substring(digits.length()) + digits;
    }

    private static String quote(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
                String digits = Integer.toHexString(c);
                quoted.append("\\u").append("0000".substring(digits.length())).append(digits);
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
