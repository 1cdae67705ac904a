package dev.psx.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the process can still read after the drop although its user may not: the descriptors are open. */
final class ReadFilesCheck implements Check {

    @Override
    public void run(Context context) {
        Map<String, Integer> open = new LinkedHashMap<>();
        for (OpenFile file : context.subject.openFiles()) {
            if (file.forReading() && !file.path.startsWith("/proc/") && !context.findings.isSpokenFor(file.path)) {
                open.put(file.path, file.descriptor);
            }
        }
        List<String> paths = new ArrayList<>(open.keySet());
        List<String> closed = new ArrayList<>();
        int[] errors = context.after.access(paths, DroppedProcess.READ);
        for (int i = 0; i < errors.length; i++) {
            if (errors[i] != 0) {
                closed.add(paths.get(i) + " (descriptor " + open.get(paths.get(i)) + ")");
            }
        }
        if (!closed.isEmpty()) {
            context.findings.note(
                    "open-files",
                    "open although " + context.user() + " may not open them: " + String.join(", ", closed),
                    "at any time: all code in the process can still read them",
                    "close them before the drop if they hold secrets");
        }
    }
}
