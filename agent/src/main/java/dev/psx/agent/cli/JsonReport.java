package dev.psx.agent.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.psx.spi.StatusFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code status --json} prints, and how: one document, whose names are part of the public contract. */
final class JsonReport {

    private JsonReport() {}

    static String of(Snapshot snapshot) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("pid", snapshot.pid());
        document.put("consistent", snapshot.verdict().consistent());
        document.put("tasks", snapshot.tasks().stream().map(JsonReport::task).collect(Collectors.toList()));
        return text(document);
    }

    /** Writes a document. */
    static String text(Map<String, Object> document) {
        try {
            // Pure ASCII: the same whatever the encoding of standard output, and nothing that a terminal would obey.
            JsonFactory ascii = JsonFactory.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .build();
            return JSON.builder(ascii)
                            .enable(JSON.Feature.WRITE_NULL_PROPERTIES)
                            .build()
                            .asString(document) + "\n";
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot be written", e);
        }
    }

    private static Map<String, Object> task(TaskRow task) {
        StatusFile status = task.status();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("tid", task.tid());
        fields.put("comm", status.name());
        fields.put("registered", task.registered());
        fields.put("thread", task.thread());
        fields.put("uid", ids(status.uid()));
        fields.put("gid", ids(status.gid()));
        fields.put("groups", ids(status.groups()));
        fields.put("capInheritable", hex(status.capInheritable()));
        fields.put("capPermitted", hex(status.capPermitted()));
        fields.put("capEffective", hex(status.capEffective()));
        fields.put("capBounding", hex(status.capBounding()));
        fields.put("capAmbient", hex(status.capAmbient()));
        fields.put("noNewPrivs", status.noNewPrivs());
        fields.put("seccomp", status.seccomp());
        fields.put("kind", task.kind().toString());
        return fields;
    }

    private static List<Long> ids(int[] ids) {
        return Arrays.stream(ids).mapToObj(Integer::toUnsignedLong).collect(Collectors.toList());
    }

    private static String hex(long set) {
        return String.format("%016x", set);
    }
}
