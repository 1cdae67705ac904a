package dev.psx.examples.benchmarks;

import dev.psx.ExecLock;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the agent adds to an application's own work. {@link CompareAgent} runs it with and without the agent. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AgentCosts {

    /** The exec lock is held while the thread is created; the thread table is told of its start and its end. */
    @Benchmark
    public void threadStartAndJoin() throws InterruptedException {
        Thread thread = new Thread(AgentCosts::nothing);
        thread.start();
        thread.join();
    }

    /** The lock as native code that creates threads takes it, with nobody else there. */
    @Benchmark
    public void execLock() {
        ExecLock.shared().close();
    }

    private static void nothing() {}
}
