package dev.longshore.api;

import dev.longshore.task.Json;
import dev.longshore.task.Spelling;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The parameters of a list, each known and there once, and the two that every list has: {@code limit}, {@code cursor}. */
final class QueryParameters {
    static final int DEFAULT_LIMIT = 25;
    static final int MOST = 100;

    private final Map<String, String> parameters = new TreeMap<>();

    /** @throws Problem 400 for an unknown or repeated parameter */
    QueryParameters(Map<String, List<String>> query, Set<String> known) {
        query.forEach((name, values) -> {
            if (!known.contains(name)) {
                throw Problem.badParameter(
                        name, "is unknown" + Spelling.end(name, known) + " Known: " + String.join(", ", known));
            }
            if (values.size() != 1) {
                throw Problem.badParameter(name, "is there " + values.size() + " times; send it once");
            }
            parameters.put(name, values.getFirst());
        });
    }

    @Nullable
    String get(String name) {
        return parameters.get(name);
    }

    /** At most so many; 1 to {@value #MOST}. */
    int limit() {
        String limit = parameters.getOrDefault("limit", Integer.toString(DEFAULT_LIMIT));
        if (!limit.matches("[0-9]{1,3}") || Integer.parseInt(limit) < 1 || Integer.parseInt(limit) > MOST) {
            throw Problem.badParameter("limit", "takes a whole number from 1 to " + MOST);
        }
        return Integer.parseInt(limit);
    }

    /** What a cursor of this list must belong to. */
    String filters() {
        Map<String, String> filters = new TreeMap<>(parameters);
        filters.remove("cursor");
        filters.remove("limit");
        return Json.of(filters).text(); // quoted: no value can pass for two
    }

    /**
     * Where the cursor says to go on; null without one.
     *
     * @throws Problem 400 for a cursor that is not ours, or of another list
     */
    @Nullable
    String position(Cursors cursors, String filters) {
        String cursor = parameters.get("cursor");
        return cursor == null ? null : cursors.read(cursor, filters).orElseThrow(QueryParameters::badCursor);
    }

    static Problem badCursor() {
        return Problem.badParameter(
                "cursor",
                "is not one of ours, or belongs to a list with other filters; send it as it came, with the same filters");
    }
}
