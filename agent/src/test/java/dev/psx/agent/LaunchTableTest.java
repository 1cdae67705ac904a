package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.LaunchTable;
import dev.psx.process.LaunchStep;
import dev.psx.process.LauncherBuilder;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of launched children are complete: no attribute and no step without a child that has it and one that is refused. */
class LaunchTableTest {

    private static final Set<String> NO_ATTRIBUTES = Set.of("build", "start");

    /** Errors whose own words say what is wrong. */
    private static final Predicate<String> PLAIN =
            row -> row.matches(".*: (ENOENT|ENOTDIR|EISDIR|ELOOP|ENAMETOOLONG) \\([^)]*\\)(; nothing was started)?");

    private static final Map<String, String> EXEMPT = LaunchTable.of("cannot-be-refused");

    private static Stream<Method> methods() {
        return Arrays.stream(LauncherBuilder.class.getMethods())
                .filter(method -> method.getDeclaringClass() != Object.class)
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> !NO_ATTRIBUTES.contains(method.getName()));
    }

    private static Set<String> attributes() {
        return methods().map(Method::getName).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<Map.Entry<String, String>> rows(List<String> tables) {
        return tables.stream()
                .flatMap(table -> LaunchTable.of(table).entrySet().stream())
                .filter(row -> row.getKey().contains(": "));
    }

    /** The first word of a row's name. */
    private static Set<String> attributesOf(List<String> tables) {
        return rows(tables)
                .map(row -> row.getKey().substring(0, row.getKey().indexOf(':')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyAttributeIsSeen() {
        assertThat(attributesOf(LaunchTable.SEEN)).isEqualTo(attributes());
    }

    @Test
    void everyAttributeIsRefusedOrCannotBe() {
        Set<String> refused = attributesOf(LaunchTable.REFUSED);
        assertThat(refused).doesNotContainAnyElementsOf(EXEMPT.keySet());
        refused.addAll(EXEMPT.keySet());
        refused.removeAll(steps());
        assertThat(refused).isEqualTo(attributes());
        assertThat(EXEMPT.values()).allMatch(because -> because.length() > 10);
    }

    @Test
    void everyStepIsRefused() {
        Set<String> steps = rows(LaunchTable.REFUSED)
                .map(row -> row.getValue().split(" ")[0])
                .collect(Collectors.toCollection(TreeSet::new));
        steps.remove("SOMEWHERE");
        assertThat(steps).doesNotContainAnyElementsOf(EXEMPT.keySet());
        EXEMPT.keySet().stream().filter(steps()::contains).forEach(steps::add);
        assertThat(steps).isEqualTo(steps());
    }

    /** By the attribute that has it taken. */
    @Test
    void everyStepIsSeen() {
        Map<String, String> attributes = LaunchTable.of("steps");
        assertThat(attributes.keySet()).isEqualTo(steps());
        assertThat(attributesOf(LaunchTable.SEEN)).containsAll(attributes.values());
    }

    private static Set<String> steps() {
        return Arrays.stream(LaunchStep.values()).map(Enum::name).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyRefusalSaysWhy() {
        assertThat(rows(LaunchTable.REFUSED))
                .allMatch(row -> row.getValue().contains("; ")
                        || row.getValue().contains(" the child ")
                        || PLAIN.test(row.getValue()));
    }

    /** A row's name alone would prove nothing: also each overload is called by the classes that make the rows. */
    @Test
    void everyMethodIsCalled() {
        Set<String> called = new ClassFileImporter()
                .importPath(Artifacts.testClasses().resolve("dev/psx/agent/apps")).stream()
                        .filter(type -> type.getSimpleName().matches("Launch.*|TerminalApp"))
                        .map(JavaClass::getMethodCallsFromSelf)
                        .flatMap(Set::stream)
                        .map(JavaMethodCall::getTarget)
                        .filter(target -> target.getOwner().isAssignableTo(LauncherBuilder.class))
                        .map(target -> target.getName()
                                + target.getRawParameterTypes().stream()
                                        .map(JavaClass::getName)
                                        .toList())
                        .collect(Collectors.toSet());
        assertThat(called)
                .containsAll(methods()
                        .map(method -> method.getName()
                                + Arrays.stream(method.getParameterTypes())
                                        .map(Class::getName)
                                        .toList())
                        .toList());
    }
}
