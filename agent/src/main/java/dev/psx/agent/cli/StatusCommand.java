package dev.psx.agent.cli;

import java.io.PrintStream;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "status",
        description = {
            "Show what every task of a process may do, and whether all may do the same.",
            "",
            "Only /proc and the agent's own table are read: the process is neither signalled nor attached to."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:All tasks have the same credentials.",
            "1:Tasks differ.",
            "2:The command line is wrong.",
            "3:There is no such process, or it may not be looked at."
        })
final class StatusCommand implements Callable<Integer> {

    /** A drop that is under way while tasks are read looks like a divergence: only one that stays is one. */
    private static final int LOOKS = 3;

    private final PrintStream out;

    @Parameters(paramLabel = "PID", description = "The process.", converter = Pid.class)
    private int pid;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Option(
            names = "--attach",
            description =
                    "Attach to a JVM for the names of Java threads that /proc does not tell. The JVM notices; it gets a"
                            + " SIGQUIT if nothing has attached to it before.")
    private boolean attach;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    StatusCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws CommandFailure {
        ProcessFiles files = ProcessFiles.of(pid);
        Map<Integer, String> names = attach ? AttachedThreads.names(files) : Collections.<Integer, String>emptyMap();
        Snapshot snapshot = Snapshot.take(files, names);
        for (int look = 1; look < LOOKS && !snapshot.verdict().consistent(); look++) {
            snapshot = Snapshot.take(files, names);
        }
        files.checkUnchanged();
        out.print(json ? JsonReport.of(snapshot) : new TextReport(snapshot).text());
        return snapshot.verdict().consistent() ? ExitCode.CONSISTENT : ExitCode.DIVERGED;
    }
}
