package dev.psx.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of the builder's methods in README.md: complete, with the types of the arguments. */
class BuilderTableTest {

    private static final Pattern SIGNATURE = Pattern.compile("`(\\w+\\([^`]*\\))`");

    @Test
    void hasEveryMethodAndNoOther() throws IOException {
        TreeSet<String> methods = new TreeSet<>();
        for (Method method : PrivilegePlanBuilder.class.getDeclaredMethods()) {
            if (method.getReturnType() == PrivilegePlanBuilder.class) {
                methods.add(signature(method));
            }
        }

        assertThat(documented()).containsExactlyInAnyOrderElementsOf(methods).hasSizeGreaterThan(20);
    }

    private static String signature(Method method) {
        String types =
                Stream.of(method.getParameterTypes()).map(Class::getSimpleName).collect(Collectors.joining(", "));
        return method.getName() + "(" + (method.isVarArgs() ? types.replace("[]", "...") : types) + ")";
    }

    private static List<String> documented() throws IOException {
        String readme =
                String.join("\n", Files.readAllLines(Paths.get(System.getProperty("basedir", "."), "README.md")));
        int start = readme.indexOf("| asked for |");
        String table = readme.substring(start, readme.indexOf("\n\n", start));
        List<String> found = new java.util.ArrayList<>();
        for (String line : table.split("\n")) {
            Matcher matcher = SIGNATURE.matcher(line.split("\\|")[1]);
            while (matcher.find()) {
                found.add(matcher.group(1));
            }
        }
        return found;
    }
}
