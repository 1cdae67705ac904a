package dev.psx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NativeAccessTest {

    @Test
    void whatDeniesAccessIsNamedWithItsRemedy() {
        RuntimeException denied = new IllegalCallerException("Illegal native access from an unnamed module (file:/x/)");
        assertThat(NativeAccess.explain(denied))
                .isInstanceOf(IllegalStateException.class)
                .hasCause(denied)
                .hasMessageContaining("start it with --enable-native-access=ALL-UNNAMED (");
    }

    @Test
    void jnaAsAModuleNeedsItToo() {
        RuntimeException denied = new IllegalCallerException("Illegal native access from module com.sun.jna (file:/x)");
        assertThat(NativeAccess.explainJna(new ExceptionInInitializerError(denied)))
                .hasCause(denied)
                .hasMessageContaining("--enable-native-access=dev.psx.runtime,com.sun.jna (");
    }

    @Test
    void otherFailuresKeepTheirWords() {
        RuntimeException other = new SecurityException("no");
        assertThat(NativeAccess.explain(other)).isSameAs(other);
        assertThat(NativeAccess.explainJna(new UnsatisfiedLinkError("wrong ELF class")))
                .hasMessageContaining("JNA cannot be initialised")
                .hasMessageContaining("wrong ELF class");
    }
}
