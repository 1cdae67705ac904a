package dev.psx.policy;

import dev.psx.drop.Limit;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** One limit or {@code soft:hard}, in the units that systemd.exec(5) gives to each resource. Immutable. */
final class LimitText {

    private static final BigDecimal INFINITY = new BigDecimal("18446744073709551615");
    private static final String BYTES = " fsize data stack core rss as memlock msgqueue ";
    private static final int LOWEST_NICE = 20;
    private static final int MICROS_PER_SECOND = 1_000_000;

    final int resource;
    final long soft;
    final long hard;

    private LimitText(int resource, long soft, long hard) {
        this.resource = resource;
        this.soft = soft;
        this.hard = hard;
    }

    static LimitText read(Setting setting) {
        String value = setting.value;
        int colon = value.indexOf(':');
        long soft = one(setting, 0, colon < 0 ? value.length() : colon);
        long hard = colon < 0 ? soft : one(setting, colon + 1, value.length());
        if (Long.compareUnsigned(soft, hard) > 0) {
            throw setting.bad("has a soft limit above the hard one; write soft:hard");
        }
        return new LimitText(Limit.resource(setting.key.resource()), soft, hard);
    }

    private static long one(Setting setting, int start, int end) {
        String text = setting.value.substring(start, end);
        if (text.equals("infinity") || text.equals("unlimited")) { // as ulimit has it
            return Limit.INFINITY;
        }
        BigDecimal limit = parse(setting.key.resource(), text);
        if (limit == null || limit.compareTo(INFINITY) >= 0) {
            throw setting.bad(
                    start,
                    "has " + setting.quote(text) + ", which is not " + form(setting.key.resource())
                            + "; write one limit, soft:hard or infinity");
        }
        return limit.longValue();
    }

    private static BigDecimal parse(String resource, String text) {
        if (isBytes(resource)) {
            return Quantities.bytes(text);
        }
        switch (resource) {
            case "cpu":
                BigDecimal micros = Quantities.micros(text, MICROS_PER_SECOND);
                return micros == null
                        ? null
                        : micros.divide(BigDecimal.valueOf(MICROS_PER_SECOND), 0, RoundingMode.CEILING);
            case "rttime":
                return Quantities.micros(text, 1);
            case "nice":
                return nice(text);
            default:
                return number(text);
        }
    }

    /** A nice value has a sign; without one it is the kernel's number, which grows as the priority does. */
    private static BigDecimal nice(String text) {
        if (text.startsWith("+")) {
            long nice = Text.number(text.substring(1), LOWEST_NICE - 1);
            return nice < 0 ? null : BigDecimal.valueOf(LOWEST_NICE - nice);
        }
        if (text.startsWith("-")) {
            long nice = Text.number(text.substring(1), LOWEST_NICE);
            return nice < 0 ? null : BigDecimal.valueOf(LOWEST_NICE + nice);
        }
        long raw = Text.number(text, 2 * LOWEST_NICE);
        return raw < 0 ? null : BigDecimal.valueOf(raw);
    }

    private static BigDecimal number(String text) {
        boolean decimal = Text.isDigits(text) && text.length() <= 20 && (text.length() == 1 || text.charAt(0) != '0');
        return decimal ? new BigDecimal(text) : null;
    }

    private static String form(String resource) {
        if (isBytes(resource)) {
            return "a number of bytes, perhaps with a unit K, M, G, T, P or E";
        }
        switch (resource) {
            case "cpu":
                return "a time in seconds, or with units such as min";
            case "rttime":
                return "a time in microseconds, or with units such as ms";
            case "nice":
                return "a nice value with its sign, -20 to +19, or a number from 0 to 40";
            default:
                return "a number";
        }
    }

    private static boolean isBytes(String resource) {
        return BYTES.contains(" " + resource + " ");
    }
}
