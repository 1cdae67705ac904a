package dev.psx.cap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.cap.CapabilitySet.Flag;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Our text and binary forms beside those of the system's libcap: what it accepts, what it makes of it, what it prints. */
class LibcapTextTest {

    private static final int ROUNDS = 20_000;

    /** Of so many texts at least these must be good, and bad: otherwise the texts would prove little. */
    private static final int SHARE = ROUNDS / 5;

    @BeforeAll
    static void libcapIsThere() {
        Libcap.required();
    }

    @Test
    void printsSetsLikeLibcap() {
        Texts texts = new Texts(1);
        for (int i = 0; i < ROUNDS; i++) {
            CapabilitySet set = texts.set();
            byte[] external = set.toExternal();
            assertThat(set.toString()).as("sets %s", i).isEqualTo(Libcap.print(external));
            assertThat(CapabilitySet.parse(set.toString())).isEqualTo(set);
            assertThat(CapabilitySet.fromExternal(external)).isEqualTo(set);
        }
    }

    @Test
    void readsSetsLikeLibcap() {
        Texts texts = new Texts(2);
        int good = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String text = texts.setText();
            Optional<byte[]> theirs = Libcap.parse(text);
            byte[] ours = null;
            try {
                CapabilitySet set = CapabilitySet.parse(text);
                ours = set.toExternal();
                good++;
            } catch (CapabilityTextException e) {
                assertThat(e.position()).as(text).isBetween(0, text.length());
            }
            assertThat(ours).as("\"%s\"", text).isEqualTo(theirs.orElse(null));
        }
        assertThat(good).isBetween(SHARE, ROUNDS - SHARE);
    }

    @Test
    void comparesLikeLibcap() {
        Texts texts = new Texts(3);
        for (int i = 0; i < ROUNDS; i++) {
            CapabilitySet set = texts.set();
            CapabilitySet other = i % 4 == 0 ? set : texts.set().fill(Flag.values()[i % 3], set, Flag.values()[i % 3]);
            int expected = Libcap.compare(set.toExternal(), other.toExternal());
            int ours = set.compare(other).stream()
                    .mapToInt(flag -> 1 << flag.ordinal())
                    .sum();
            assertThat(ours).isEqualTo(expected);
            assertThat(set.equals(other)).isEqualTo(expected == 0);
        }
    }

    @Test
    void printsVectorsLikeLibcap() {
        Texts texts = new Texts(4);
        for (int i = 0; i < ROUNDS; i++) {
            long inheritable = texts.mask();
            long ambient = texts.mask();
            long blocked = texts.mask();
            Iab iab = Iab.of(inheritable, ambient, blocked);
            assertThat(iab.toString()).isEqualTo(Libcap.printIab(inheritable, ambient, blocked));
            assertThat(known(Iab.parse(iab.toString()))).isEqualTo(known(iab));
        }
    }

    @Test
    void readsVectorsLikeLibcap() {
        Texts texts = new Texts(5);
        int good = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String text = texts.iabText();
            long[] theirs = Libcap.parseIab(text);
            long[] ours = null;
            try {
                ours = known(Iab.parse(text));
                good++;
            } catch (CapabilityTextException e) {
                assertThat(e.position()).as(text).isBetween(0, text.length());
            }
            assertThat(ours).as("\"%s\"", text).isEqualTo(theirs);
        }
        assertThat(good).isBetween(SHARE, ROUNDS - SHARE);
    }

    private static long[] known(Iab iab) {
        long all = Capability.all();
        return new long[] {iab.inheritable() & all, iab.ambient() & all, iab.blocked() & all};
    }

    @Test
    void knowsTheSameNames() {
        for (int number = 0; number < Capability.PLACES; number++) {
            String theirs = Libcap.name(number);
            boolean newer = number >= Capability.values().length && !Character.isDigit(theirs.charAt(0));
            if (!newer) {
                assertThat(Capability.name(number)).isEqualTo(theirs);
                assertThat(Capability.number(theirs)).isEqualTo(number).isEqualTo(Libcap.number(theirs));
            }
        }
        assertThat(Capability.count()).isEqualTo(Libcap.call("cap_max_bits"));
    }
}
