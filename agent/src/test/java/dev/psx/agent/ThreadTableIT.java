package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.Cli;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The agent's thread table against what the JVM itself says about its threads. */
@RootOnly
class ThreadTableIT {

    /** JDK 17 prints nid=0x1f, newer ones nid=31. Threads without {@code #} are the JVM's own, which are no Java threads. */
    private static final Pattern THREAD = Pattern.compile("^\"(.*)\" #\\d+ .*nid=(0x)?([0-9a-f]+) .*");

    /** Java threads that HotSpot hides from JVMTI. */
    private static final Pattern HIDDEN =
            Pattern.compile("C[12] CompilerThread\\d+|Sweeper thread|Service Thread|Monitor Deflation Thread"
                    + "|StringDedupThread.*|JVMCI.*");

    @EachJdk
    void holdsEveryJavaThreadAtItsKernelThread(Jdk jdk) throws IOException {
        try (Child child = Jvm.of(jdk).fixture().agent("").start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("crowd 40 10 3")).startsWith("ok");
            Map<Integer, String> dump = threadDump(jdk, child);
            Map<Integer, Map<?, ?>> tasks = status(jdk, child);
            assertThat(dump.values()).contains("main", "crowd-idle-0", "native-attached", "Reference Handler");
            dump.forEach((tid, name) -> assertEntry(tid, name, tasks.get(tid)));
            tasks.forEach((tid, task) -> {
                if (!dump.containsKey(tid)) {
                    assertThat(task.get("registered")).as("%s", task).isEqualTo(false);
                }
            });
        }
    }

    private static void assertEntry(int tid, String name, Map<?, ?> task) {
        assertThat(task).as("task %d %s in status", tid, name).isNotNull();
        String who = name + " " + task;
        if (HIDDEN.matcher(name).matches()) {
            assertThat(task.get("kind")).as(who).isEqualTo("vm");
            return;
        }
        assertThat(task.get("registered")).as(who).isEqualTo(true);
        assertThat(task.get("kind")).as(who).isEqualTo("java");
        assertThat(task.get("thread")).as(who).isEqualTo(name);
    }

    private static Map<Integer, String> threadDump(Jdk jdk, Child child) {
        Map<Integer, String> threads = new HashMap<>();
        List<String> command = List.of(jdk.tool("jcmd").toString(), Long.toString(child.pid()), "Thread.print");
        try (Child jcmd = Child.run(command)) {
            assertThat(jcmd.exitCode()).as(jcmd.transcript()).isZero();
            for (String line : jcmd.stdout()) {
                Matcher matcher = THREAD.matcher(line);
                if (matcher.matches()) {
                    int radix = matcher.group(2) == null ? 10 : 16;
                    threads.put(Integer.parseInt(matcher.group(3), radix), matcher.group(1));
                }
            }
        }
        return threads;
    }

    private static Map<Integer, Map<?, ?>> status(Jdk jdk, Child child) throws IOException {
        Map<Integer, Map<?, ?>> byTid = new HashMap<>();
        try (Child status = Cli.run(jdk, "status", Long.toString(child.pid()), "--json")) {
            assertThat(status.exitCode()).as(status.transcript()).isZero();
            Map<String, Object> json = JSON.std.mapFrom(String.join("\n", status.stdout()));
            assertThat(json.get("consistent")).isEqualTo(true);
            for (Object task : (List<?>) json.get("tasks")) {
                byTid.put((Integer) ((Map<?, ?>) task).get("tid"), (Map<?, ?>) task);
            }
        }
        return byTid;
    }
}
