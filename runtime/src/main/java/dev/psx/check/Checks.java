package dev.psx.check;

import dev.psx.spi.Program;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/** Internal: all checks. Nothing is changed by them, in the JVM or in the file system. */
public final class Checks {

    /** Those that know what a file is for come before those that look at any file. */
    static final Check[] ALL = {
        new JavaHomeCheck(),
        new CodeCheck(),
        new TempDirectoryCheck(),
        new WorkingDirectoryCheck(),
        new DumpCheck(),
        new VmLogCheck(),
        new RecordingCheck(),
        new PerfDataCheck(),
        new AttachSocketCheck(),
        new TaskLimitCheck(),
        new ResourceLimitCheck(),
        new UserPropertiesCheck(),
        new CoreDumpCheck(),
        new LowPortCheck(),
        new WrittenFilesCheck(),
        new ReadFilesCheck(),
        new DescriptorCheck(),
    };

    private Checks() {}

    /**
     * Finds what will break.
     *
     * @param port the engine of this process
     * @param program the calls of the drop; for another JVM those come first that give a process of ours its state
     * @param subject the JVM that is going to make the drop
     * @param fixUps whether the drop will mend what is safe to mend
     * @throws dev.psx.ErrnoException if a call of the program fails
     * @throws IllegalStateException if the engine cannot work
     * @throws IOException if the JVM cannot be looked at
     */
    public static List<Finding> run(Function<Object[], Object> port, Program program, Subject subject, boolean fixUps)
            throws IOException {
        Context context = new Context(port, program, subject, fixUps);
        for (Check check : ALL) {
            check.run(context);
        }
        return context.findings.sorted();
    }
}
