package dev.psx.agent.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "version", description = "Show the version.")
final class VersionCommand implements Callable<Integer> {

    private final PrintStream out;

    VersionCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        out.println(new Version().getVersion()[0]);
        return 0;
    }
}
