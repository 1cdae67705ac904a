package dev.psx.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VmArgumentsTest {

    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> files = new HashMap<>();

    private VmArguments parse(String... command) {
        return VmArguments.parse(Arrays.asList(command), environment, files::get);
    }

    @Test
    void whatFollowsTheProgramIsNotForTheJvm() {
        VmArguments main = parse("java", "-Da=1", "-cp", "x:y", "Main", "-Da=2", "-cp", "z");
        assertThat(main.last("-Da=")).isEqualTo("1");
        assertThat(main.classPath()).isEqualTo("x:y");
        VmArguments jar = parse("java", "-cp", "x", "-jar", "app.jar", "-Da=2");
        assertThat(jar.last("-Da=")).isNull();
        assertThat(jar.classPath()).isEqualTo("app.jar");
        VmArguments module = parse("java", "-p", "mods", "-m", "a/b.C", "-Da=2");
        assertThat(module.modulePath()).isEqualTo("mods");
        assertThat(module.classPath()).isEmpty();
        assertThat(module.last("-Da=")).isNull();
    }

    @Test
    void theClassPathComesFromTheEnvironmentOrIsHere() {
        assertThat(parse("java", "Main").classPath()).isEqualTo(".");
        environment.put("CLASSPATH", "e");
        assertThat(parse("java", "Main").classPath()).isEqualTo("e");
        assertThat(parse("java", "--class-path=o", "Main").classPath()).isEqualTo("o");
        assertThat(parse("java", "--class-path", "o", "Main").classPath()).isEqualTo("o");
    }

    @Test
    void optionsOfTheEnvironmentCountInTheOrderOfTheJvm() {
        environment.put("JAVA_TOOL_OPTIONS", "-Da=tool \"-Db=with space\"");
        environment.put("JDK_JAVA_OPTIONS", "-Da=launcher -Dc=launcher");
        environment.put("_JAVA_OPTIONS", "-Dc=last");
        VmArguments arguments = parse("java", "-Da=line", "Main");
        assertThat(arguments.last("-Da=")).isEqualTo("line");
        assertThat(arguments.last("-Db=")).isEqualTo("with space");
        assertThat(arguments.last("-Dc=")).isEqualTo("last");
        assertThat(arguments.all("-Da=")).containsExactly("tool", "launcher", "line");
    }

    @Test
    void valuesInTheNextWordAreNotTheProgram() {
        VmArguments arguments =
                parse("java", "--add-opens", "java.base/java.lang=ALL-UNNAMED", "--add-modules", "x", "-Da=1", "Main");
        assertThat(arguments.last("-Da=")).isEqualTo("1");
    }

    @Test
    void argumentFilesAreRead() {
        files.put("opts", "-Da=1 # why\n-cp \"a b:c\\\\d\"\n'-Db=x y' @more");
        files.put("more", "-Dc=1");
        VmArguments arguments = parse("java", "@opts", "@missing", "Main");
        assertThat(arguments.classPath()).isEqualTo("a b:c\\d");
        assertThat(arguments.last("-Db=")).isEqualTo("x y");
        assertThat(arguments.last("-Dc=")).isEqualTo("1");
        files.put("vm", "-XX:+HeapDumpOnOutOfMemoryError");
        assertThat(parse("java", "-XX:VMOptionsFile=vm", "Main").flag("HeapDumpOnOutOfMemoryError"))
                .isTrue();
    }

    /** Argument files cannot name others in the JVM; where one names itself here, the reading must end all the same. */
    @Test
    void aFileThatNamesItselfComesToAnEnd() {
        files.put("loop", "-Da=1 @loop");
        assertThat(parse("java", "@loop", "Main").last("-Da=")).isEqualTo("1");
    }

    @Test
    void theLastFlagCounts() {
        assertThat(parse("java", "-XX:+X", "-XX:-X", "Main").flag("X")).isFalse();
        assertThat(parse("java", "-XX:-X", "-XX:+X", "Main").flag("X")).isTrue();
        assertThat(parse("java", "-XX:+Xtra", "Main").flag("X")).isFalse();
    }

    @Test
    void anythingIsAccepted() {
        for (List<String> odd : Arrays.asList(
                Arrays.<String>asList(),
                Arrays.asList("java"),
                Arrays.asList("java", "-cp"),
                Arrays.asList("java", "-jar"),
                Arrays.asList("java", "@", "-"),
                Arrays.asList("", "", ""))) {
            assertThat(parse(odd.toArray(new String[0])).all("-D")).isEmpty();
        }
    }
}
