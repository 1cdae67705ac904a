package dev.psx.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Whatever the text: settings, or one clear error with its place. A fixed slice runs with every build; {@code -Dpsx.fuzz.count=1000000
 * -Dpsx.fuzz.seed=N} is the long mode.
 */
class PolicyFuzzTest {

    private static final int COUNT = Integer.getInteger("psx.fuzz.count", 50_000);
    private static final long SEED = Long.getLong("psx.fuzz.seed", 4);
    private static final Pattern IN_OPTIONS =
            Pattern.compile("(line [1-9][0-9]*, )?column [1-9][0-9]*( of /etc/passwd)?: .{10,}");
    private static final Pattern IN_FILE =
            Pattern.compile("line [1-9][0-9]*, column [1-9][0-9]* of fuzz\\.conf: .{10,}");

    private int accepted;
    private int refused;

    @Test
    void optionsAreUnderstoodOrRefusedWithTheirPlace() {
        FuzzedText texts = new FuzzedText(SEED);
        for (int i = 0; i < COUNT; i++) {
            String text = texts.options();
            judge(text, i, IN_OPTIONS, () -> PolicyParser.options(text));
        }
        requireBoth();
    }

    @Test
    void filesAreUnderstoodOrRefusedWithTheirPlace() {
        FuzzedText texts = new FuzzedText(SEED);
        for (int i = 0; i < COUNT; i++) {
            String text = texts.file();
            byte[] bytes = texts.bytes(text);
            judge(text, i, IN_FILE, () -> PolicyParser.text("fuzz.conf", bytes));
        }
        requireBoth();
    }

    private interface Parser {
        PolicySettings parse();
    }

    private void judge(String text, int number, Pattern clear, Parser parser) {
        try {
            PolicySettings settings = parser.parse();
            if (!settings.equals(parser.parse())) {
                throw new AssertionError("not the same twice: " + shown(text, number));
            }
            accepted++;
        } catch (PolicyException e) {
            refused++;
            String message = e.getMessage();
            if (!clear.matcher(message).matches()
                    || message.length() > 1200
                    || message.chars().anyMatch(Character::isISOControl)) {
                throw new AssertionError("no clear error: " + message + " for " + shown(text, number), e);
            }
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(shown(text, number), e);
        }
    }

    private static String shown(String text, int number) {
        return "text " + number + " of seed " + SEED + ": " + Text.quote(text);
    }

    /** A generator that makes nothing but noise would test little. */
    private void requireBoth() {
        System.err.println("fuzzed with seed " + SEED + ": " + accepted + " accepted, " + refused + " refused");
        assertThat(accepted).isGreaterThan(COUNT / 20);
        assertThat(refused).isGreaterThan(COUNT / 4);
    }
}
