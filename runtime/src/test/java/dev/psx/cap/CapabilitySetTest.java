package dev.psx.cap;

import static dev.psx.cap.Capability.CHOWN;
import static dev.psx.cap.Capability.KILL;
import static dev.psx.cap.CapabilitySet.Flag.EFFECTIVE;
import static dev.psx.cap.CapabilitySet.Flag.INHERITABLE;
import static dev.psx.cap.CapabilitySet.Flag.PERMITTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapabilitySetTest {

    private static final List<Function<String, Object>> PARSERS =
            List.of(CapabilitySet::parse, Iab::parse, SecureBits::parse, Capability::parseList, Capability::number);

    /** What libcap's manual pages and the description of its text forms give as examples. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cap_chown=p cap_chown+e | cap_chown=ep",
                "all=pe cap_chown-e cap_kill-pe | =ep cap_chown-e cap_kill-ep",
                "all=p | =p",
                "cap_fowner=ep | cap_fowner=ep",
                "all= | =",
                "= | =",
                "'' | =",
                "=ep cap_chown= | =ep cap_chown-ep",
                "all+p | =p",
                "=i cap_fowner-i | =i cap_fowner-i",
                "cap_fowner+p-i | cap_fowner=p",
                "cap_fowner+p cap_fowner-i | cap_fowner=p",
                "cap_fowner+pe-i | cap_fowner=ep",
                "cap_fowner=+pe | cap_fowner=ep",
                "=ep cap_sys_resource-ep | =ep cap_sys_resource-ep",
                "cap_net_bind_service=ip cap_setuid,cap_setpcap+ep | cap_net_bind_service=ip cap_setuid,cap_setpcap+ep",
                "CAP_KILL,Cap_Chown=eip | cap_chown,cap_kill=eip",
                "41=e | = 41+e",
                "=e 41,0x3f+p | =e 41,63+p",
            })
    void examplesOfTheManualPages(String text, String canonical) {
        CapabilitySet set = CapabilitySet.parse(text);
        if (Capability.count() == Capability.values().length) {
            assertThat(set).hasToString(canonical);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "cap_chown, 9",
        "'cap_chown ', 9",
        "+e, 0",
        "-e, 0",
        "'=e +p', 3",
        "=+e, 1",
        "=e+p, 2",
        "cap_chown=e+, 12",
        "cap_chown=+, 11",
        "cap_chown+, 10",
        "cap_chown=x, 10",
        "cap_chown=eE, 11",
        "cap_chown=e=p, 11",
        "'cap_chown,=e', 10",
        "',cap_chown=e', 0",
        "'cap_chown, cap_kill=e', 10",
        "chown=e, 0",
        "64=e, 0",
        "'cap_chown=e all_=p', 12",
        "cap_chown1=e, 9",
        "0x=e, 1",
        "08=e, 1",
    })
    void badTextIsRefusedWithItsPosition(String text, int position) {
        assertThatThrownBy(() -> CapabilitySet.parse(text))
                .isInstanceOfSatisfying(
                        CapabilityTextException.class,
                        e -> assertThat(e.position()).isEqualTo(position));
    }

    /** Whatever a text is, there is one exception for it; its position is inside the text. */
    @Test
    void anyTextIsReadOrRefused() {
        Random random = new Random(22);
        String characters = "=+-,eip all cap_kill 0x9 \t\n!^%\0\u00e4\u0661\ud83d\udc18\uffff\"\\";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append(characters.charAt(random.nextInt(characters.length())));
            }
            for (Function<String, Object> parser : PARSERS) {
                try {
                    assertThat(parser.apply(text.toString())).isNotNull();
                } catch (CapabilityTextException e) {
                    assertThat(e.position()).isBetween(0, text.length());
                }
            }
        }
    }

    @Test
    void aNulIsNoEnd() {
        assertThatThrownBy(() -> CapabilitySet.parse("=e\0")).isInstanceOf(CapabilityTextException.class);
        assertThatThrownBy(() -> CapabilitySet.parse("\0")).isInstanceOf(CapabilityTextException.class);
        assertThatThrownBy(() -> CapabilitySet.parse("0\0=e")).isInstanceOf(CapabilityTextException.class);
    }

    /** The same text means other sets where the kernel knows more or fewer capabilities, and round trips with each. */
    @Test
    void roundTripsWithWhateverTheKernelKnows() {
        Texts texts = new Texts(21);
        for (int i = 0; i < 5000; i++) {
            CapabilitySet set = texts.set();
            int count = 1 + i % 64;
            String text = SetPrinter.print(set, count);
            assertThat(new SetParser(text, Capability.below(count)).parse()).isEqualTo(set);
        }
        assertThat(SetPrinter.print(CapabilitySet.of(0xff, 0, 0), 8)).isEqualTo("=p");
        assertThat(SetPrinter.print(CapabilitySet.of(0xff, 0, 0), 6)).isEqualTo("=p cap_setgid,cap_setuid+p");
    }

    @Test
    void changesMakeNewValues() {
        CapabilitySet set = CapabilitySet.EMPTY.raise(PERMITTED, CHOWN, KILL).raise(EFFECTIVE, KILL);
        assertThat(CapabilitySet.EMPTY).hasToString("=");
        assertThat(set).isEqualTo(CapabilitySet.of(0x21, 0x20, 0)).hasToString("cap_kill=ep cap_chown+p");
        assertThat(set.has(EFFECTIVE, KILL)).isTrue();
        assertThat(set.has(EFFECTIVE, CHOWN)).isFalse();
        assertThat(set.lower(PERMITTED, KILL)).isEqualTo(CapabilitySet.of(1, 0x20, 0));
        assertThat(set.clear(EFFECTIVE)).isEqualTo(CapabilitySet.of(0x21, 0, 0));
        assertThat(set.fill(INHERITABLE, PERMITTED)).isEqualTo(CapabilitySet.of(0x21, 0x20, 0x21));
        assertThat(CapabilitySet.EMPTY.fill(PERMITTED, set, EFFECTIVE)).isEqualTo(CapabilitySet.of(0x20, 0, 0));
        assertThat(set.with(INHERITABLE, -1).inheritable()).isEqualTo(-1);
        assertThat(set.get(PERMITTED)).isEqualTo(0x21);
    }

    @Test
    void comparesSetBySet() {
        CapabilitySet set = CapabilitySet.of(1, 2, 3);
        assertThat(set.compare(CapabilitySet.of(1, 2, 3))).isEmpty();
        assertThat(set.compare(CapabilitySet.of(1, 0, 0))).containsExactly(EFFECTIVE, INHERITABLE);
        assertThat(set.compare(CapabilitySet.of(1L << 63, 2, 3))).containsExactly(PERMITTED);
        assertThat(set).isEqualTo(CapabilitySet.of(1, 2, 3)).hasSameHashCodeAs(CapabilitySet.of(1, 2, 3));
        assertThat(set).isNotEqualTo(CapabilitySet.of(1, 3, 2)).isNotEqualTo("=");
    }

    @Test
    void externalFormIsChecked() {
        byte[] external = CapabilitySet.of(-1, 1, 1L << 63).toExternal();
        assertThat(CapabilitySet.fromExternal(external)).isEqualTo(CapabilitySet.of(-1, 1, 1L << 63));
        byte[] shorter = Arrays.copyOf(external, 5 + 3 * 2);
        shorter[4] = 2;
        assertThat(CapabilitySet.fromExternal(shorter)).isEqualTo(CapabilitySet.of(0xffff, 1, 0));
        for (int length = 0; length < external.length; length++) {
            byte[] cut = Arrays.copyOf(external, length);
            assertThatThrownBy(() -> CapabilitySet.fromExternal(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        byte[] other = external.clone();
        other[1]++;
        assertThatThrownBy(() -> CapabilitySet.fromExternal(other)).isInstanceOf(IllegalArgumentException.class);
    }
}
