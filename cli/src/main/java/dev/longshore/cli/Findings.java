package dev.longshore.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** What a new worker could not run, grouped by task and mistake. */
final class Findings {
    /** before the name of a schedule, in place of a job's id */
    static final String SCHEDULE = "schedule:";

    private static final int EXAMPLES = 3;

    private final List<JsonNode> all;

    Findings(List<String> lines) {
        all = lines.stream().map(line -> Json.read(line, "The check's answer")).toList();
    }

    List<JsonNode> all() {
        return all;
    }

    void print(Output out) {
        Map<List<String>, List<String>> groups = new LinkedHashMap<>();
        for (JsonNode finding : all) {
            groups.computeIfAbsent(cause(finding), cause -> new ArrayList<>())
                    .add(finding.path("id").asString());
        }
        if (groups.isEmpty()) {
            return;
        }
        Table table = new Table("TASK", "JOBS", "EXAMPLES", "MISTAKE");
        groups.forEach((cause, ids) -> table.row(
                cause.get(0),
                ids.size(),
                String.join(" ", ids.subList(0, Math.min(EXAMPLES, ids.size()))),
                cause.get(1)));
        out.table(table, "");
    }

    /** The task, and all mistakes with their places; what the task's code says where there are none. */
    private static List<String> cause(JsonNode finding) {
        List<String> mistakes = StreamSupport.stream(finding.path("mistakes").spliterator(), false)
                .map(mistake -> (mistake.path("pointer").asString().isEmpty()
                                ? "the payload"
                                : mistake.path("pointer").asString())
                        + " " + mistake.path("message").asString())
                .toList();
        return List.of(
                finding.path("task").asString(),
                mistakes.isEmpty() ? finding.path("detail").asString() : String.join("; ", mistakes));
    }
}
