package dev.psx.policy;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Sums of numbers with units, as systemd.time(7) and systemd's sizes have them: {@code 1.5G}, {@code 1min 30s}. */
final class Quantities {

    /** No quantity has more digits, and arithmetic with more would be slow. */
    private static final int DIGITS = 20;

    private static final String[] SIZE_UNITS = {"E", "P", "T", "G", "M", "K", "B", ""};

    private static final String[][] TIME_UNITS = {
        {"us", "usec", "µs", "μs"},
        {"ms", "msec"},
        {"s", "sec", "second", "seconds"},
        {"m", "min", "minute", "minutes"},
        {"h", "hr", "hour", "hours"},
        {"d", "day", "days"},
        {"w", "week", "weeks"},
        {"M", "month", "months"},
        {"y", "year", "years"}
    };

    private static final long[] MICROS = {
        1,
        1_000,
        1_000_000,
        60_000_000L,
        3_600_000_000L,
        86_400_000_000L,
        604_800_000_000L,
        2_629_800_000_000L,
        31_557_600_000_000L
    };

    private final String text;
    private int at;

    private Quantities(String text) {
        this.text = text;
    }

    /** Returns bytes; null if the text is no size. Units go from large to small, each once. */
    static BigDecimal bytes(String text) {
        Quantities quantities = new Quantities(text);
        BigDecimal sum = BigDecimal.ZERO;
        int units = 0;
        do {
            BigDecimal number = quantities.number();
            int unit = number == null ? -1 : index(SIZE_UNITS, quantities.unit(), units);
            if (unit < 0) {
                return null;
            }
            int shift = Math.max(0, 10 * (SIZE_UNITS.length - 2 - unit));
            sum = sum.add(number.multiply(BigDecimal.valueOf(1L << shift)).setScale(0, RoundingMode.FLOOR));
            units = unit + 1;
        } while (quantities.more());
        return sum;
    }

    /**
     * Returns microseconds; null if the text is no time.
     *
     * @param micros the unit of a number without one
     */
    static BigDecimal micros(String text, long micros) {
        Quantities quantities = new Quantities(text);
        BigDecimal sum = BigDecimal.ZERO;
        do {
            BigDecimal number = quantities.number();
            long factor = number == null ? -1 : microsOf(quantities.unit(), micros);
            if (factor < 0) {
                return null;
            }
            sum = sum.add(number.multiply(BigDecimal.valueOf(factor)).setScale(0, RoundingMode.FLOOR));
        } while (quantities.more());
        return sum;
    }

    private static long microsOf(String unit, long otherwise) {
        if (unit.isEmpty()) {
            return otherwise;
        }
        for (int i = 0; i < MICROS.length; i++) {
            if (index(TIME_UNITS[i], unit, 0) >= 0) {
                return MICROS[i];
            }
        }
        return -1;
    }

    private static int index(String[] units, String unit, int from) {
        for (int i = from; i < units.length; i++) {
            if (units[i].equals(unit)) {
                return i;
            }
        }
        return -1;
    }

    /** Digits, perhaps with a fraction; null if there are none. */
    private BigDecimal number() {
        int start = at;
        int whole = digits();
        int fraction = 0;
        boolean point = at < text.length() && text.charAt(at) == '.';
        if (point) {
            at++;
            fraction = digits();
        }
        if (whole == 0 || point && fraction == 0 || whole > DIGITS || fraction > DIGITS) {
            return null;
        }
        return new BigDecimal(text.substring(start, at));
    }

    private int digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at - start;
    }

    /** The letters that follow, perhaps behind blanks. */
    private String unit() {
        skipBlanks();
        int start = at;
        while (at < text.length() && Character.isLetter(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private boolean more() {
        skipBlanks();
        return at < text.length();
    }

    private void skipBlanks() {
        while (at < text.length() && Text.isBlank(text.charAt(at))) {
            at++;
        }
    }
}
