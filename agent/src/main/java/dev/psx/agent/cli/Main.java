package dev.psx.agent.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs one command of {@code java -jar psx-agent.jar}. */
public final class Main {

    private static final int WIDTH = 100;

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args, System.out, System.err));
    }

    /** Returns the exit code. Results go to {@code out}, errors as one line to {@code err}. */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        CommandLine commands = new CommandLine(new RootCommand())
                .addSubcommand(new StatusCommand(out))
                .addSubcommand(new CheckCommand(out))
                .addSubcommand(new VersionCommand(out))
                .addSubcommand(new CommandLine.HelpCommand());
        PrintWriter writer = new PrintWriter(new OutputStreamWriter(out), true);
        commands.setOut(writer)
                .setExpandAtFiles(false)
                .setUsageHelpWidth(WIDTH)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setParameterExceptionHandler((e, rejected) -> usageError(e, err))
                .setExecutionExceptionHandler((e, command, parsed) -> failure(e, err));
        int code = commands.execute(args);
        writer.flush();
        out.flush();
        return code;
    }

    private static int usageError(ParameterException e, PrintStream err) {
        CommandLine command = e.getCommandLine();
        boolean root = command.getParent() == null;
        String message = root && e instanceof UnmatchedArgumentException
                ? "unknown command " + String.join(" ", ((UnmatchedArgumentException) e).getUnmatched())
                : e.getMessage();
        String help = root ? "help" : "help " + command.getCommandName();
        err.println("psx-agent: " + Text.plain(message) + " (see: java -jar psx-agent.jar " + help + ")");
        return ExitCode.USAGE;
    }

    private static int failure(Exception e, PrintStream err) {
        if (e instanceof CommandFailure) {
            err.println("psx-agent: " + Text.plain(e.getMessage()));
            return ((CommandFailure) e).exitCode();
        }
        if (e instanceof ParameterException) {
            return usageError((ParameterException) e, err);
        }
        err.println("psx-agent: BUG, please report it: " + Text.plain(e.toString()));
        e.printStackTrace(err);
        return ExitCode.NO_PROCESS;
    }
}
