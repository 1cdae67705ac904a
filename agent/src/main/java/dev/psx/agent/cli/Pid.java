package dev.psx.agent.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** So that a bad one is told in the words of a user and not in those of the compiler. */
final class Pid implements ITypeConverter<Integer> {

    @Override
    public Integer convert(String text) {
        try {
            int pid = Integer.parseInt(text);
            if (pid > 0) {
                return pid;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new TypeConversionException("'" + text + "' is not a process id, a positive whole number");
    }
}
