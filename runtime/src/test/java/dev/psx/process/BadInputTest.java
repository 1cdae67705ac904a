package dev.psx.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a caller gives that is nothing, or no number of its kind, is refused by a method of the builder: nothing is made by then. */
class BadInputTest {

    /** What is no mistake. */
    private static final Set<String> MAY_BE_NEGATIVE = Set.of("nice", "oomScoreAdjustment", "limit", "landlock");

    static Stream<Method> methods() {
        return Arrays.stream(LauncherBuilder.class.getMethods())
                .filter(method -> method.getDeclaringClass() != Object.class)
                .filter(method -> !Modifier.isStatic(method.getModifiers()) && method.getParameterCount() > 0);
    }

    private static Object harmless(Class<?> type) {
        if (type == int.class || type == long.class) {
            return type == int.class ? (Object) 5 : (Object) 5L;
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        return type == boolean.class
                ? false
                : type == String.class ? "x" : type.isArray() ? Array.newInstance(type.getComponentType(), 0) : null;
    }

    private static Throwable outcome(Method method, Object... arguments) {
        LauncherBuilder builder = Launcher.builder("/bin/x");
        return catchThrowable(() -> {
            try {
                method.invoke(builder, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            builder.build();
        });
    }

    @ParameterizedTest
    @MethodSource("methods")
    void nullIsRefused(Method method) {
        Class<?>[] types = method.getParameterTypes();
        for (int i = 0; i < types.length; i++) {
            boolean may = types[i].isPrimitive()
                    || types[0] == File.class && method.getName().equals("directory");
            if (!may) {
                Object[] arguments =
                        Arrays.stream(types).map(BadInputTest::harmless).toArray();
                arguments[i] = null;
                assertThat(outcome(method, arguments)).as(method + " " + i).isInstanceOf(NullPointerException.class);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void nothingAmongOthersIsRefused(Method method) {
        Class<?>[] types = method.getParameterTypes();
        int last = types.length - 1;
        if (types[last].isArray() && !types[last].getComponentType().isPrimitive()) {
            Object[] arguments =
                    Arrays.stream(types).map(BadInputTest::harmless).toArray();
            arguments[last] = Array.newInstance(types[last].getComponentType(), 1);
            assertThat(outcome(method, arguments)).as(method.toString()).isInstanceOf(NullPointerException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void negativeNumbersAreRefused(Method method) {
        Class<?>[] types = method.getParameterTypes();
        for (int i = 0; i < types.length; i++) {
            if (types[i] == int.class && !MAY_BE_NEGATIVE.contains(method.getName())) {
                Object[] arguments =
                        Arrays.stream(types).map(BadInputTest::harmless).toArray();
                arguments[i] = -1;
                assertThat(outcome(method, arguments))
                        .as(method + " " + i)
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void negativeNumbersAmongOthersAreRefused() {
        refused(x -> x.groups(1, -1), "negative");
        refused(x -> x.credential(1, 2, 3, -1), "negative");
        refused(x -> x.landlock(-1, 0), "no descriptor -1");
        refused(x -> x.giveUp(-1, TimeUnit.SECONDS), "needs some time");
        refused(x -> x.oomScoreAdjustment(1001), "not from -1000 to 1000");
        refused(x -> x.nice(-21), "not from -20 to 19");
        refused(x -> x.user("4294967295"), "give a name that the system knows, or a uid");
    }

    @Test
    void theCharacterZeroIsRefusedEverywhere() {
        refused(x -> x.command("/bin/x\0"), "contains the character 0");
        refused(x -> x.command("/bin/x", "", "\0"), "contains the character 0");
        refused(x -> x.argv0("\0x"), "contains the character 0");
        refused(x -> x.environment(Map.of("A", "\0")), "contains the character 0");
        refused(x -> x.environment(Map.of("\0", "b")), "contains the character 0");
        refused(x -> x.directory(new File("/\0")), "contains the character 0");
        refused(x -> x.redirectInput(new File("/\0")), "contains the character 0");
        refused(x -> x.redirectOutput(new File("/\0")), "contains the character 0");
        refused(x -> x.redirectError(Redirect.appendTo(new File("/\0"))), "contains the character 0");
    }

    @Test
    void mapsThatCannotBeAreRefused() {
        refused(x -> IdMap.of(0, 0, 1L << 32), "ids go from 0");
        refused(x -> IdMap.of(1L << 32, 0, 1), "ids go from 0");
        refused(x -> IdMap.of(0, 4_294_967_295L, 1), "ids go from 0");
        refused(x -> IdMap.of(0, 0, Long.MAX_VALUE), "ids go from 0");
        refused(x -> IdMap.of(Long.MAX_VALUE, 0, Long.MAX_VALUE), "ids go from 0");
        assertThat(IdMap.of(0, 0, 4_294_967_295L)).hasToString("0 0 4294967295");
        IdMap same = IdMap.of(0, 1000, 1);
        refused(x -> x.namespaces(Namespace.USER).uidMap(same, same), "overlap");
    }

    @Test
    void aNullInTheEnvironmentIsRefused() {
        Map<String, String> variables = new HashMap<>();
        variables.put("A", null);
        assertThatThrownBy(() -> Launcher.builder("/bin/x").environment(variables))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Launcher.builder("/bin/x").environment(Collections.singletonMap(null, "b")))
                .isInstanceOf(NullPointerException.class);
    }

    private static void refused(Consumer<LauncherBuilder> mistake, String message) {
        LauncherBuilder builder = Launcher.builder("/bin/x");
        assertThatThrownBy(() -> {
                    mistake.accept(builder);
                    builder.build();
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
