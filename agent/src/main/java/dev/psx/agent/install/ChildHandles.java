package dev.psx.agent.install;

import dev.psx.agent.bootstrap.JdkChildren;
import dev.psx.agent.instrument.Instrumenter;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.lang.instrument.Instrumentation;
import java.util.function.Function;

/** Gives the JDK's children a pidfd, where there are any: without, they are what they are without the agent. */
final class ChildHandles {

    private ChildHandles() {}

    static void install(Function<Object[], Object> engine, Instrumentation instrumentation) {
        long self = OwnCall.make(engine, new Program().add("getpid")).result;
        if (JdkChildren.start(engine, self) && !Instrumenter.installChildHooks(instrumentation)) {
            JdkChildren.stop();
        }
    }
}
