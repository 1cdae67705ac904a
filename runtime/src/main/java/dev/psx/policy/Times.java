package dev.psx.policy;

/** The agent's own times: an integer and its unit. */
final class Times {

    private Times() {}

    /** Returns microseconds. */
    static long read(Setting setting, long minMillis, long maxMillis) {
        String value = setting.value;
        int unit = value.length();
        while (unit > 0 && value.charAt(unit - 1) >= 'a' && value.charAt(unit - 1) <= 'z') {
            unit--;
        }
        long count = Text.number(value.substring(0, unit), maxMillis);
        long millis = millisPerUnit(value.substring(unit));
        if (count < 0 || millis == 0 || count > maxMillis / millis || count * millis < minMillis) {
            throw setting.bad("is not a time from " + show(minMillis) + " to " + show(maxMillis)
                    + "; write a number and its unit ms, s, m or h");
        }
        return count * millis * 1000;
    }

    private static long millisPerUnit(String unit) {
        switch (unit) {
            case "ms":
                return 1;
            case "s":
                return 1000;
            case "m":
                return 60_000;
            case "h":
                return 3_600_000;
            default:
                return 0;
        }
    }

    private static String show(long millis) {
        for (String unit : new String[] {"h", "m", "s"}) {
            if (millis % millisPerUnit(unit) == 0) {
                return millis / millisPerUnit(unit) + unit;
            }
        }
        return millis + "ms";
    }
}
