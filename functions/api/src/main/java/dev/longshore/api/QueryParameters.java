package dev.longshore.api;

import dev.longshore.task.Json;
import dev.longshore.task.ShortText;
import dev.longshore.task.Spelling;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The parameters of a query, by name and type. A wrong one is refused by its name. */
final class QueryParameters {
    private static final int DEFAULT_LIMIT = 25;
    private static final int MOST = 100;
    private static final int LONGEST_TEXT = 200;
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private final Map<String, String> parameters = new TreeMap<>();

    /** @throws Problem 400 for a repeated parameter */
    QueryParameters(Map<String, List<String>> query) {
        query.forEach((name, values) -> {
            if (values.size() != 1) {
                throw Problem.badParameter(name, "is there " + values.size() + " times; send it once");
            }
            parameters.put(name, values.getFirst());
        });
    }

    /** @throws Problem 400 for a parameter that is not among the possible ones; with the nearest that is */
    static void requirePossible(Map<String, List<String>> query, Set<String> possible) {
        for (String name : query.keySet()) {
            if (possible.isEmpty()) {
                throw Problem.badParameter(name, "is unknown; this call takes none");
            }
            if (!possible.contains(name)) {
                throw Problem.badParameter(
                        name,
                        "is unknown" + Spelling.end(name, possible) + " Possible: " + String.join(", ", possible));
            }
        }
    }

    @Nullable
    String raw(String name) {
        return parameters.get(name);
    }

    @Nullable
    String text(String name) {
        String text = parameters.get(name);
        Optional<String> mistake = Optional.ofNullable(text).flatMap(given -> ShortText.mistake(given, LONGEST_TEXT));
        if (mistake.isPresent()) {
            throw Problem.badParameter(name, mistake.get());
        }
        return text;
    }

    /** False when it is not there. */
    boolean truth(String name) {
        String text = parameters.getOrDefault(name, "false");
        if (!text.equals("true") && !text.equals("false")) {
            throw Problem.badParameter(name, "takes true or false");
        }
        return text.equals("true");
    }

    @Nullable
    Instant time(String name) {
        String text = parameters.get(name);
        if (text == null) {
            return null;
        }
        try {
            Instant time = OffsetDateTime.parse(text.replace(' ', '+')).toInstant(); // a + that was not escaped
            if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
                throw Problem.badParameter(name, "takes a time from 1970 to 9998");
            }
            return time;
        } catch (DateTimeException e) {
            throw Problem.badParameter(name, "takes a time in ISO 8601 with its offset, such as 2026-03-10T12:00:00Z");
        }
    }

    /** How many a page has at most. */
    int limit() {
        return limit(DEFAULT_LIMIT, MOST);
    }

    int limit(int otherwise, int most) {
        String limit = parameters.getOrDefault("limit", Integer.toString(otherwise));
        if (!limit.matches("[0-9]{1,3}") || Integer.parseInt(limit) < 1 || Integer.parseInt(limit) > most) {
            throw Problem.badParameter("limit", "takes a whole number from 1 to " + most);
        }
        return Integer.parseInt(limit);
    }

    /** Where to continue, out of the cursor of an answer before. */
    @Nullable
    String cursor(Cursors cursors, String list) {
        String cursor = parameters.get("cursor");
        return cursor == null
                ? null
                : cursors.read(cursor, filters(list))
                        .orElseThrow(
                                () -> Problem.badParameter(
                                        "cursor",
                                        "is not one of ours, or belongs to a list with other filters; send it as it came, with the same filters"));
    }

    String cursor(Cursors cursors, String list, String next) {
        return cursors.write(next, filters(list));
    }

    /** What a cursor of this list must belong to. */
    private String filters(String list) {
        Map<String, String> filters = new TreeMap<>(parameters);
        filters.remove("cursor");
        filters.remove("limit");
        return list + Json.of(filters).text(); // quoted: no value can pass for two
    }
}
