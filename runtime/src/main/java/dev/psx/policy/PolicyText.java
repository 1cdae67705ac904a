package dev.psx.policy;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the text of a policy file apart: one section {@code [Psx]}, a key and its value on each line, lines of comment. What looks
 * as if it meant more (comments behind values, lines that go on) is refused, not taken literally.
 */
final class PolicyText {

    private static final String SECTION = "[Psx]";

    private final String file;
    private final List<Setting> settings = new ArrayList<>();
    private boolean inSection;
    private String line;
    private int number;

    private PolicyText(String file) {
        this.file = file;
    }

    /** @param file the name for messages */
    static List<Setting> read(String file, byte[] content) {
        PolicyText text = new PolicyText(file);
        text.readLines(text.decode(content));
        if (!text.inSection) {
            throw new PolicyException(
                    Place.inFile(file, Math.max(1, text.number), 1), "there is no section " + SECTION);
        }
        return text.settings;
    }

    private String decode(byte[] content) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer chars = CharBuffer.allocate(content.length + 1);
        CoderResult result = decoder.decode(ByteBuffer.wrap(content), chars, true);
        chars.flip();
        String text = chars.toString();
        if (result.isError()) {
            int start = text.lastIndexOf('\n') + 1;
            number = 1;
            for (int i = 0; i < start; i++) {
                number += text.charAt(i) == '\n' ? 1 : 0;
            }
            line = text.substring(start);
            throw new PolicyException(place(line.length()), "this is not UTF-8");
        }
        return text;
    }

    private void readLines(String text) {
        int start = 0;
        while (start < text.length()) {
            int feed = text.indexOf('\n', start);
            int end = feed < 0 ? text.length() : feed;
            number++;
            line = text.substring(start, end > start && text.charAt(end - 1) == '\r' ? end - 1 : end);
            readLine();
            start = end + 1;
        }
    }

    private void readLine() {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (Text.isControl(c) && c != '\t' || c == '\ufeff') {
                throw new PolicyException(
                        place(i),
                        c == '\ufeff' ? "this is a byte order mark; leave it out" : "this is a control character");
            }
        }
        int start = afterBlanks(0);
        if (start == line.length() || line.charAt(start) == '#' || line.charAt(start) == ';') {
            return;
        }
        int end = beforeBlanks(line.length());
        if (line.charAt(start) == '[') {
            openSection(start, end);
        } else {
            add(start, end);
        }
    }

    private void openSection(int start, int end) {
        String section = line.substring(start, end);
        if (!section.equals(SECTION)) {
            boolean unit = section.equals("[Unit]") || section.equals("[Service]") || section.equals("[Install]");
            throw new PolicyException(
                    place(start),
                    quoteSection(section) + " is not a section; the one section is " + SECTION
                            + (unit
                                    ? "; a unit file cannot be used as it is: copy those lines of its [Service] that have keys here"
                                    : ""));
        }
        if (inSection) {
            throw new PolicyException(place(start), "there is a second section " + SECTION + "; write one");
        }
        inSection = true;
    }

    private static String quoteSection(String section) {
        boolean whole = section.endsWith("]");
        String name = Text.quoteWord(whole ? section.substring(1, section.length() - 1) : section);
        return "\"[" + name.substring(1, name.length() - 1) + "]\"";
    }

    private void add(int start, int end) {
        if (!inSection) { // this may be any file: of what it says, nothing is repeated
            throw new PolicyException(place(start), "this is in no section; a policy file begins with " + SECTION);
        }
        int equals = line.indexOf('=', start);
        if (equals < 0) {
            throw new PolicyException(
                    place(start),
                    Text.quoteWord(line.substring(start, end)) + " has no value; write Key=value, the keys are "
                            + Text.join(Key.names(true)));
        }
        Key key = Key.of(line.substring(start, Math.max(start, beforeBlanks(equals))), place(start));
        int valueStart = Math.min(end, afterBlanks(equals + 1));
        checkValue(valueStart, end);
        String value = line.substring(valueStart, end);
        settings.add(new Setting(key, value, place(start), place(valueStart)));
    }

    private void checkValue(int start, int end) {
        for (int i = start; i < end; i++) {
            char c = line.charAt(i);
            boolean begins = i > start && Text.isBlank(line.charAt(i - 1));
            if (begins && (c == '#' || c == ';')) {
                throw new PolicyException(place(i), "comments have lines of their own");
            }
        }
        if (end > start && line.charAt(end - 1) == '\\') {
            throw new PolicyException(place(end - 1), "a backslash at its end does not continue a line");
        }
    }

    private int afterBlanks(int from) {
        int i = from;
        while (i < line.length() && Text.isBlank(line.charAt(i))) {
            i++;
        }
        return i;
    }

    private int beforeBlanks(int to) {
        int i = to;
        while (i > 0 && Text.isBlank(line.charAt(i - 1))) {
            i--;
        }
        return i;
    }

    private Place place(int offset) {
        return Place.inFile(file, number, 1 + line.codePointCount(0, offset));
    }
}
