package dev.psx.agent.cli;

import dev.psx.ErrnoException;
import dev.psx.agent.bootstrap.AgentFailure;
import dev.psx.agent.install.ConfigurationException;
import dev.psx.agent.install.Engine;
import dev.psx.agent.install.OptionParser;
import dev.psx.check.Checks;
import dev.psx.drop.CheckResult;
import dev.psx.drop.ChildRules;
import dev.psx.drop.DropSpec;
import dev.psx.policy.PolicySettings;
import dev.psx.policy.When;
import dev.psx.spi.ChildProfile;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        description = {
            "Show what the agent's OPTIONS would drop, try it, and say what would break afterwards.",
            "",
            "The drop is tried on a disposable process, which then looks whether the JVM could still use its files. Nothing is"
                    + " changed. Without --pid the JVM is one that is started like this command: same java, directory, limits and"
                    + " environment."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:The drop is feasible, whatever it breaks.",
            "1:It is not: one of its calls fails, or it would be refused.",
            "2:The command line, or an option of the agent, is wrong.",
            "3:There is no such process, it is no JVM, or it may not be looked at."
        })
final class CheckCommand implements Callable<Integer> {

    private final PrintStream out;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "OPTIONS", description = "As given to the agent: user=www-data,groups=none ...")
    private String options;

    @Option(
            names = "--pid",
            paramLabel = "PID",
            description = "Look at the files, limits and command line of this JVM.",
            converter = Pid.class)
    private Integer pid;

    @Option(
            names = "--attach",
            description = "With --pid: attach to that JVM for system properties that its command line does not tell.")
    private boolean attach;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    CheckCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws CommandFailure {
        PolicySettings settings = settings();
        CheckTarget target = pid == null ? CheckTarget.own() : CheckTarget.of(ProcessFiles.of(pid), attach);
        Function<Object[], Object> engine = engine(settings);
        DropSpec wanted = settings.drops() ? resolve(settings, engine) : null;
        ChildProfile children = settings.hasChildProfile() ? resolveChildren(settings, engine, wanted) : null;
        CheckReport report = new CheckReport(target, wanted);
        try {
            if (wanted != null) {
                check(target, wanted, engine, settings.fixUps(), report);
            }
            if (children != null) {
                boolean atOnce = wanted == null || settings.when() == When.START;
                String obstacle = ChildRules.obstacle(children, wanted, target.credentials());
                report.children(ChildRules.describe(children), obstacle, atOnce);
            }
            target.checkUnchanged();
        } catch (ErrnoException | IllegalStateException e) {
            report.fails(e);
        } catch (IOException e) {
            throw target.unreadable(e);
        }
        out.print(json ? report.json() : report.text());
        return report.feasible() ? ExitCode.FEASIBLE : ExitCode.NOT_FEASIBLE;
    }

    private static void check(
            CheckTarget target, DropSpec wanted, Function<Object[], Object> engine, boolean fixUps, CheckReport report)
            throws IOException, CommandFailure {
        CheckResult result = target.check(wanted, engine);
        report.tried(result);
        if (result.failure() == null) {
            report.found(Checks.run(engine, target.program(result.program(), engine), target.subject(), fixUps));
        }
    }

    private PolicySettings settings() {
        try {
            PolicySettings settings = OptionParser.parse(options);
            if (!settings.drops() && !settings.hasChildProfile()) {
                throw usage("nothing to drop: give user, group, groups, caps or another change");
            }
            return settings;
        } catch (ConfigurationException e) {
            throw usage("bad option: " + e.getMessage());
        }
    }

    private static Function<Object[], Object> engine(PolicySettings settings) throws CommandFailure {
        try {
            return Engine.start(settings);
        } catch (AgentFailure e) {
            throw new CommandFailure(ExitCode.NOT_FEASIBLE, e.getMessage());
        }
    }

    private DropSpec resolve(PolicySettings settings, Function<Object[], Object> engine) throws CommandFailure {
        try {
            return Engine.resolve(settings, engine);
        } catch (ConfigurationException e) {
            throw usage("bad option: " + e.getMessage());
        } catch (AgentFailure e) {
            throw new CommandFailure(ExitCode.NOT_FEASIBLE, e.getMessage());
        }
    }

    private ChildProfile resolveChildren(PolicySettings settings, Function<Object[], Object> engine, DropSpec wanted)
            throws CommandFailure {
        try {
            return Engine.resolveChildren(settings, engine, wanted);
        } catch (ConfigurationException e) {
            throw usage("bad option: " + e.getMessage());
        } catch (AgentFailure e) {
            throw new CommandFailure(ExitCode.NOT_FEASIBLE, e.getMessage());
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
