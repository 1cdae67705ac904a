package dev.psx.agent.cli;

import dev.psx.spi.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The calls of a program in order; calls in a row that differ only in their last number are one line. */
final class CallList {

    private static final Pattern CALL = Pattern.compile("(.*, )(\\d+)(\\))");

    private final List<String> lines = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();
    private String start;

    private CallList() {}

    static List<String> of(Program program) {
        CallList list = new CallList();
        for (String call : program.describe()) {
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
        if (!matcher.group(1).equals(start)) {
            endRow();
            start = matcher.group(1);
        }
        numbers.add(Long.parseLong(matcher.group(2)));
    }

    private void endRow() {
        if (!numbers.isEmpty()) {
            lines.add(start + ranges() + ")" + (numbers.size() > 1 ? " one by one" : ""));
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
