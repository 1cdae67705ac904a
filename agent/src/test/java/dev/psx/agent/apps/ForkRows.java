package dev.psx.agent.apps;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * All that an application can see of ProcessBuilder and Runtime.exec, one row each. Nothing here knows of the agent: with and without a
 * profile the rows must be the same. Arguments: a directory that {@code ChildProfileIT} has laid out, and the rows, or none for all.
 */
public final class ForkRows {

    private static File directory;
    private static List<String> only;

    private ForkRows() {}

    public static void main(String[] arguments) throws Exception {
        directory = new File(arguments[0]);
        only = Arrays.asList(arguments).subList(1, arguments.length);
        streams();
        redirects();
        surroundings();
        programs();
        failures();
        life();
        row("descriptors left", ForkRows::left);
        System.out.println("done");
    }

    private static void streams() {
        row("plain", () -> run(shell("echo out; echo err >&2; exit 7")));
        row("input", () -> {
            Process cat = new ProcessBuilder("cat").start();
            cat.getOutputStream().write("to the child".getBytes(StandardCharsets.UTF_8));
            cat.getOutputStream().close();
            return all(cat.getInputStream()) + " " + cat.waitFor();
        });
        row("merged", () -> run(shell("echo out; echo err >&2").redirectErrorStream(true)));
        row("runtime", () -> seen(Runtime.getRuntime().exec("echo one two")));
        row(
                "runtime with all",
                () -> seen(Runtime.getRuntime()
                        .exec(
                                new String[] {"sh", "-c", "echo $A; pwd"},
                                new String[] {"A=b", "PATH=/bin"},
                                new File("/usr"))));
        row("pipeline", () -> {
            List<Process> line = ProcessBuilder.startPipeline(List.of(
                    new ProcessBuilder("printf", "b\na\n"),
                    new ProcessBuilder("sort"),
                    new ProcessBuilder("tr", "a", "c")));
            StringBuilder codes = new StringBuilder(all(line.get(2).getInputStream()));
            for (Process each : line) {
                codes.append(' ').append(each.waitFor());
            }
            return codes.toString();
        });
        row("large", () -> {
            Process child = shell("head -c 3000000 /dev/zero; cat >/dev/null").start();
            child.getOutputStream().close();
            return Integer.toString(child.getInputStream().readAllBytes().length) + " " + child.waitFor();
        });
    }

    private static void redirects() {
        File out = new File(directory, "out");
        row("to a file", () -> run(shell("echo one; echo err >&2").redirectOutput(out)) + content(out));
        row("append", () -> run(shell("echo two").redirectOutput(Redirect.appendTo(out))) + content(out));
        row(
                "both to a file",
                () -> run(shell("echo o; echo e >&2").redirectErrorStream(true).redirectOutput(out)) + content(out));
        row("error to a file", () -> run(shell("echo o; echo e >&2").redirectError(out)) + content(out));
        row("from a file", () -> run(new ProcessBuilder("cat").redirectInput(out)));
        row("discard", () -> run(shell("echo gone; echo err >&2").redirectOutput(Redirect.DISCARD)));
        row("inherit", () -> {
            System.out.flush();
            return run(shell("echo inherited").inheritIO());
        });
        row("inherit error only", () -> run(shell("echo o; echo inherited >&2").redirectError(Redirect.INHERIT)));
        row("from a missing file", () -> run(new ProcessBuilder("cat").redirectInput(new File("/missing/file"))));
    }

    private static void surroundings() {
        row("environment", () -> run(shell("echo $HERE $THERE")));
        row("more environment", () -> {
            ProcessBuilder builder = shell("echo $HERE $THERE");
            builder.environment().put("THERE", "grüße");
            return run(builder);
        });
        row("no environment", () -> {
            ProcessBuilder builder = new ProcessBuilder("env");
            builder.environment().clear();
            return run(builder);
        });
        row("a child's path is not searched", () -> {
            ProcessBuilder builder = new ProcessBuilder("only-there");
            builder.environment().put("PATH", directory + "/elsewhere");
            return run(builder);
        });
        row("directory", () -> run(new ProcessBuilder("pwd").directory(new File("/usr/lib"))));
        row("arguments", () -> run(new ProcessBuilder("printf", "<%s>", "", "a b", "grüße", "$x", "\t\n")));
        row("descriptors", () -> run(shell("cd /proc/self/fd; echo *")));
        row("blocked signals", () -> run(shell("grep SigBlk /proc/self/status")));
        row("session and group", () -> run(shell("[ $(ps -o sid= -p $$) = $(ps -o sid= -p $PPID) ]; echo $?")));
        row("umask and limits", () -> run(shell("umask; ulimit -n; ulimit -c")));
    }

    private static void programs() {
        row("by path", () -> run(new ProcessBuilder("/bin/echo", "x")));
        row("from the directory", () -> run(new ProcessBuilder("./tool", "y").directory(new File(directory, "good"))));
        row("behind what is denied", () -> run(new ProcessBuilder("tool", "z")));
        row("script without interpreter", () -> run(new ProcessBuilder(directory + "/good/script", "a b", "c")));
        row("from the working directory", () -> run(new ProcessBuilder("in-the-working-directory")));
        row("from the working directory with an environment", () -> {
            ProcessBuilder builder = new ProcessBuilder("in-the-working-directory");
            builder.environment().put("A", "b");
            return run(builder);
        });
        row("behind a loop", () -> run(new ProcessBuilder("loop")));
        row("behind a loop with an environment", () -> {
            ProcessBuilder builder = new ProcessBuilder("loop");
            builder.environment().put("A", "b");
            return run(builder);
        });
        row("the same in PATH", () -> run(new ProcessBuilder("script", "d")));
        row("the same with an environment", () -> {
            ProcessBuilder builder = new ProcessBuilder("script", "e");
            builder.environment().put("A", "b");
            return run(builder);
        });
    }

    private static void failures() {
        row("missing", () -> run(new ProcessBuilder("no-such-program")));
        row("missing path", () -> run(new ProcessBuilder("/no/such/program")));
        row("missing directory", () -> run(new ProcessBuilder("true").directory(new File("/no/such"))));
        row("a file as directory", () -> run(new ProcessBuilder("true").directory(new File("/etc/passwd"))));
        row("denied", () -> run(new ProcessBuilder(directory + "/denied/tool")));
        row("denied only", () -> run(new ProcessBuilder("denied-only")));
        row("a directory", () -> run(new ProcessBuilder("/usr")));
        row("below a file", () -> run(new ProcessBuilder("/etc/passwd/x")));
        row("empty name", () -> run(new ProcessBuilder("")));
        row("empty command", () -> run(new ProcessBuilder()));
        row("missing interpreter", () -> run(new ProcessBuilder(directory + "/good/bad-interpreter")));
        row("a name too long", () -> run(new ProcessBuilder("n".repeat(300))));
        row("a path too long", () -> run(new ProcessBuilder("/" + "n/".repeat(3000))));
        row("one argument too long", () -> run(new ProcessBuilder("true", "x".repeat(200_000))));
        row("arguments too long", () -> {
            List<String> many = new ArrayList<>(List.of("true"));
            for (int i = 0; i < 40; i++) {
                many.add("x".repeat(100_000));
            }
            return run(new ProcessBuilder(many));
        });
        row(
                "long arguments",
                () -> run(new ProcessBuilder("printf", "%.1s", "x".repeat(100_000), "y".repeat(100_000))));
        row("nul", () -> run(new ProcessBuilder("true", "a\0b")));
    }

    private static void life() {
        row("destroy", () -> end(Process::destroy));
        row("destroyForcibly", () -> end(Process::destroyForcibly));
        row("handle", () -> end(child -> child.toHandle().destroy()));
        row("waitFor", () -> {
            Process child = sleep();
            boolean early = child.waitFor(1, TimeUnit.MILLISECONDS);
            String value;
            try {
                value = "" + child.exitValue();
            } catch (IllegalThreadStateException e) {
                value = "has no value yet";
            }
            child.destroy();
            return early + " " + value + " " + child.waitFor(60, TimeUnit.SECONDS) + " " + child.exitValue();
        });
        row("onExit", () -> {
            Process child = shell("exit 5").start();
            int code = child.onExit().get(60, TimeUnit.SECONDS).exitValue();
            return code + " "
                    + child.toHandle().onExit().get(60, TimeUnit.SECONDS).isAlive();
        });
        row("parent", () -> {
            Process child = sleep();
            boolean mine = child.toHandle().parent().get().equals(ProcessHandle.current())
                    && ProcessHandle.current().children().anyMatch(each -> each.pid() == child.pid());
            String command =
                    child.info().command().map(path -> new File(path).getName()).orElse("?");
            child.destroyForcibly().waitFor();
            return mine + " " + command;
        });
        row("killed by itself", () -> run(shell("kill -9 $$")));
    }

    /** Does to a child what is given. */
    private interface Ending {
        void of(Process child);
    }

    private static String end(Ending ending) throws Exception {
        Process child = sleep();
        boolean alive = child.isAlive();
        ending.of(child);
        return alive + " " + child.waitFor() + " " + child.isAlive() + " "
                + child.toHandle().isAlive();
    }

    private static Process sleep() throws IOException {
        return new ProcessBuilder("sleep", "1000").start();
    }

    private static ProcessBuilder shell(String script) {
        return new ProcessBuilder("sh", "-c", script);
    }

    private static String run(ProcessBuilder builder) throws Exception {
        return seen(builder.start());
    }

    private static String seen(Process child) throws Exception {
        child.getOutputStream().close();
        String out = all(child.getInputStream());
        String error = all(child.getErrorStream());
        return "[" + out + "] [" + error + "] " + child.waitFor();
    }

    private static String all(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip().replace('\n', '|');
    }

    private static String content(File file) throws IOException {
        return " {" + Files.readString(file.toPath()).strip().replace('\n', '|') + "}";
    }

    /** Of children that ran and of such as could not, beyond what the JVM has opened for itself by then. */
    private static String left() throws Exception {
        int before = descriptors();
        for (int i = 0; i < 20; i++) {
            run(shell("exit 0"));
            for (ProcessBuilder failing : List.of(
                    new ProcessBuilder("no-such-program"),
                    new ProcessBuilder("true").directory(new File("/no/such")))) {
                try {
                    failing.start();
                    return "started";
                } catch (IOException e) {
                    continue;
                }
            }
        }
        for (int tries = 0; tries < 600 && descriptors() > before; tries++) {
            System.gc();
            Thread.sleep(10);
        }
        return Integer.toString(Math.max(0, descriptors() - before));
    }

    private static int descriptors() {
        return Path.of("/proc/self/fd").toFile().list().length;
    }

    private static void row(String name, Callable<String> action) {
        if (!only.isEmpty() && !only.contains(name)) {
            return;
        }
        String seen;
        try {
            seen = action.call();
        } catch (Exception e) {
            String message = String.valueOf(e.getMessage());
            seen = e.getClass().getSimpleName() + " " + message.substring(Math.max(0, message.length() - 200));
        }
        System.out.println(name + " = " + seen.replace('\0', '0'));
    }
}
