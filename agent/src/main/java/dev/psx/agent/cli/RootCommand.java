package dev.psx.agent.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is there when no command is given: the general options, and an error. */
@Command(
        name = "java -jar psx-agent.jar",
        synopsisSubcommandLabel = "COMMAND",
        description = "Privilege changes that hold for every task of a JVM.",
        footer = {"", "As an agent: java -javaagent:psx-agent.jar[=OPTIONS] ..."},
        versionProvider = Version.class)
final class RootCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    private boolean version;

    @Override
    public void run() {
        CommandLine self = spec.commandLine();
        throw new ParameterException(
                self,
                "no command given; there are "
                        + String.join(", ", self.getSubcommands().keySet()));
    }
}
