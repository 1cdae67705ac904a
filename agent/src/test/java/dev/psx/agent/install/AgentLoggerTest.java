package dev.psx.agent.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.policy.LogLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class AgentLoggerTest {

    private final Logger logger = LoggerFactory.getLogger("some.part");

    @AfterEach
    void restoreLevel() {
        Log.level(LogLevel.INFO);
    }

    @Test
    void isWhatOurCopyOfSlf4jFinds() {
        assertThat(logger).isInstanceOf(AgentLogger.class);
    }

    @ParameterizedTest
    @EnumSource
    void saysWhatTheLevelAllows(LogLevel level) {
        Log.level(level);

        assertThat(logger.isErrorEnabled()).isTrue();
        assertThat(logger.isWarnEnabled()).isEqualTo(level != LogLevel.ERROR);
        assertThat(logger.isInfoEnabled()).isEqualTo(level == LogLevel.INFO || level == LogLevel.DEBUG);
        assertThat(logger.isDebugEnabled()).isEqualTo(level == LogLevel.DEBUG);
        assertThat(logger.isTraceEnabled()).isFalse();
    }

    @Test
    void aMessageStaysOneLine() {
        assertThat(Log.oneLine("a\nb\r\nc")).isEqualTo("a b  c");
    }

    @Test
    void theApplicationsProviderIsNotMeantForOurCopy() {
        System.setProperty("slf4j.provider", "com.acme.Provider");
        try {
            AgentLoggingProvider.forestallApplicationChoice();
            assertThat(System.getProperty("slf4j.provider")).isEqualTo("com.acme.Provider");
        } finally {
            System.clearProperty("slf4j.provider");
        }
    }
}
