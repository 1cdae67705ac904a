package dev.psx.agent.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoggerRedirectTest {

    @ParameterizedTest
    @ValueSource(strings = {"Native", "NativeLibrary", "Structure", "internal/Cleaner"})
    void classesOfJnaNoLongerNameTheLogger(String name) throws IOException {
        byte[] original = classFile("com/sun/jna/" + name);
        byte[] redirected = LoggerRedirect.apply(original);
        assertThat(text(original)).contains("java/util/logging/Logger");
        assertThat(text(redirected)).doesNotContain("java/util/logging").contains("dev/psx/engine/JnaLogger");
    }

    @Test
    void whatComesOutIsAClass() throws IOException {
        byte[] redirected = LoggerRedirect.apply(classFile("com/sun/jna/internal/Cleaner"));
        assertThat(new Defining().define(redirected).getSimpleName()).isEqualTo("Cleaner");
    }

    @Test
    void otherClassesStayAsTheyAre() throws IOException {
        byte[] original = classFile("com/sun/jna/Pointer");
        assertThat(LoggerRedirect.apply(original)).isEqualTo(original);
    }

    @Test
    void isForJnaAlone() {
        assertThat(LoggerRedirect.concerns("com.sun.jna.internal.Cleaner")).isTrue();
        assertThat(LoggerRedirect.concerns("dev.psx.engine.JnaLogger")).isFalse();
        assertThat(LoggerRedirect.concerns("picocli.CommandLine")).isFalse();
    }

    @Test
    void whatIsNoClassFileIsRefused() {
        assertThatThrownBy(() -> LoggerRedirect.apply(new byte[] {1, 2, 3})).isInstanceOf(IOException.class);
    }

    private static byte[] classFile(String name) throws IOException {
        try (InputStream in = LoggerRedirectTest.class.getClassLoader().getResourceAsStream(name + ".class")) {
            return in.readAllBytes();
        }
    }

    private static String text(byte[] classFile) {
        return new String(classFile, StandardCharsets.ISO_8859_1);
    }

    private static final class Defining extends ClassLoader {
        Class<?> define(byte[] classFile) {
            return defineClass(null, classFile, 0, classFile.length);
        }
    }
}
