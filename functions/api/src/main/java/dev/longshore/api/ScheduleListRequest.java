package dev.longshore.api;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code GET /v1/schedules} is asked for. */
final class ScheduleListRequest {
    private static final String LIST = "schedules";

    private static final Set<String> PARAMETERS = new LinkedHashSet<>(List.of("limit", "cursor"));

    private final QueryParameters parameters;

    /** @throws Problem 400 for an unknown or repeated parameter */
    ScheduleListRequest(Map<String, List<String>> query) {
        this.parameters = new QueryParameters(query, PARAMETERS);
    }

    int limit() {
        return parameters.limit(ListRequest.DEFAULT_LIMIT, ListRequest.MOST);
    }

    @Nullable
    String after(Cursors cursors) {
        return parameters.cursor(cursors, LIST);
    }

    String cursor(Cursors cursors, String next) {
        return parameters.cursor(cursors, LIST, next);
    }
}
