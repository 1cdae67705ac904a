package dev.psx.agent.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.psx.policy.LogLevel;
import dev.psx.policy.PolicySettings;
import dev.psx.policy.When;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;

class OptionParserTest {

    @ParameterizedTest
    @NullAndEmptySource
    void withoutOptionsNothingIsDropped(String options) {
        PolicySettings settings = OptionParser.parse(options);

        assertThat(settings.drops()).isFalse();
        assertThat(settings.api()).isTrue();
        assertThat(settings.when()).isEqualTo(When.START);
        assertThat(settings.deadlineUs()).isZero();
        assertThat(settings.maxPauseUs()).isEqualTo(200_000);
        assertThat(settings.giveUpUs()).isEqualTo(3_000_000);
        assertThat(settings.onDivergence()).isEqualTo("halt");
        assertThat(settings.log()).isEqualTo(LogLevel.INFO);
    }

    @Test
    void aUserAloneBringsTheDefaultsOfADrop() {
        PolicySettings settings = OptionParser.parse("user=nobody");

        assertThat(settings.drops()).isTrue();
        assertThat(settings.user()).isEqualTo("nobody");
        assertThat(settings.api()).isFalse();
        assertThat(settings.warnsOnFailure(false)).isFalse();
        assertThat(settings.warnsOnFailure(true)).isTrue();
    }

    @Test
    void everyKeyIsUnderstood() {
        PolicySettings settings = OptionParser.parse(
                "user=1001,group=1002,groups=audio+20+4294967294,no-new-privs=no,"
                        + "when=listening:443+80,deadline=90s,on-failure=warn,on-divergence=throw,max-pause=50ms,give-up=1m,api=on,log=debug");

        assertThat(settings.user()).isEqualTo("1001");
        assertThat(settings.when()).isEqualTo(When.LISTENING);
        assertThat(settings.ports()).containsExactly(80, 443);
        assertThat(settings.deadlineUs()).isEqualTo(90_000_000);
        assertThat(settings.warnsOnFailure(false)).isTrue();
        assertThat(settings.onDivergence()).isEqualTo("throw");
        assertThat(settings.maxPauseUs()).isEqualTo(50_000);
        assertThat(settings.giveUpUs()).isEqualTo(60_000_000);
        assertThat(settings.api()).isTrue();
        assertThat(settings.log()).isEqualTo(LogLevel.DEBUG);
    }

    @Test
    void thePlanOfAManualDropIsTheApplicationsToApply() {
        assertThat(OptionParser.parse("user=nobody,when=manual").api()).isTrue();
        assertThat(OptionParser.parse("user=nobody,when=listening:80").api()).isFalse();
    }

    @Test
    void aWaitHasADeadlineUnlessToldOtherwise() {
        assertThat(OptionParser.parse("user=nobody,when=listening:80").deadlineUs())
                .isEqualTo(300_000_000);
        assertThat(OptionParser.parse("user=nobody,when=listening:80,deadline=none")
                        .deadlineUs())
                .isZero();
    }

    @Test
    void aDefaultPauseGivesWayToAShortGiveUp() {
        assertThat(OptionParser.parse("give-up=100ms").maxPauseUs()).isEqualTo(100_000);
    }

    @Test
    void namesMayHaveTheCharactersOfADirectoryService() {
        assertThat(OptionParser.parse("user=CORP\\svc web@example.org").user()).isEqualTo("CORP\\svc web@example.org");
    }

    @ParameterizedTest
    @EnumSource(BadOption.class)
    void aBadOptionIsNamedTogetherWithTheChoices(BadOption bad) {
        assertThatThrownBy(() -> OptionParser.parse(bad.options))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(bad.parts)
                .message()
                .doesNotContainPattern("\\p{Cntrl}");
    }

    @Test
    void nothingIsMendedUnlessItIsAskedFor() {
        assertThat(OptionParser.parse("user=nobody").fixUps()).isFalse();
        assertThat(OptionParser.parse("user=nobody,fix-ups=no").fixUps()).isFalse();
        assertThat(OptionParser.parse("user=nobody,fix-ups=yes").fixUps()).isTrue();
    }
}
