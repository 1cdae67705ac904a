package dev.psx.drop;

import dev.psx.spi.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Internal: the calls of a program in order; calls in a row that differ only in their last number are one line. */
public final class CallList {

    private static final Pattern CALL = Pattern.compile("(.*, )(\\d+)(\\).*)");

    private final List<String> lines = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();
    private String start;
    private String end;

    private CallList() {}

    public static List<String> of(Program program) {
        return of(program.describe());
    }

    /** With each call the tasks that make it. */
    public static List<String> withTasks(Program program) {
        return of(CheckResult.describe(program));
    }

    private static List<String> of(List<String> calls) {
        CallList list = new CallList();
        for (String call : calls) {
            list.add(call);
        }
        list.endRow();
        return list.lines;
    }

    private void add(String call) {
        Matcher matcher = CALL.matcher(call);
        if (!matcher.matches()) {
            endRow();
            lines.add(call);
            return;
        }
        if (!matcher.group(1).equals(start) || !matcher.group(3).equals(end)) {
            endRow();
            start = matcher.group(1);
            end = matcher.group(3);
        }
        numbers.add(Long.parseLong(matcher.group(2)));
    }

    private void endRow() {
        if (!numbers.isEmpty()) {
            String each = end.length() == 1 ? " one by one" : ", one by one";
            lines.add(start + ranges() + end + (numbers.size() > 1 ? each : ""));
            numbers.clear();
        }
        start = null;
    }

    private String ranges() {
        StringBuilder text = new StringBuilder();
        for (int from = 0, to; from < numbers.size(); from = to + 1) {
            to = from;
            while (to + 1 < numbers.size() && numbers.get(to + 1) == numbers.get(to) + 1) {
                to++;
            }
            text.append(text.length() == 0 ? "" : " ").append(numbers.get(from));
            text.append(to == from ? "" : ".." + numbers.get(to));
        }
        return text.toString();
    }
}
