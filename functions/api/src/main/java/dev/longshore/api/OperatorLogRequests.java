package dev.longshore.api;

import dev.longshore.job.Page;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.operatorlog.OperatorLog;
import dev.longshore.job.operatorlog.OperatorLog.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The request about what operators did. */
final class OperatorLogRequests {
    private static final Duration DEFAULT_WINDOW = Duration.ofDays(7);
    private static final String LIST = "operator-log";

    private final Engines engines;
    private final Cursors cursors;

    OperatorLogRequests(Engines engines) {
        this.engines = engines;
        this.cursors = new Cursors(engines.keys());
    }

    HttpResponse list(HttpRequest request, String none, ApiKey caller) {
        QueryParameters asked = new QueryParameters(request.query());
        Instant now = engines.clock().instant();
        Instant to = Objects.requireNonNullElse(asked.time("to"), now);
        Instant from = Objects.requireNonNullElseGet(asked.time("from"), () -> to.minus(DEFAULT_WINDOW));
        TimeRange range = TimeRange.between(from, to);
        Instant kept = now.minus(OperatorLog.RETENTION);
        Page<Entry, String> page = engines.operatorLog()
                .list(
                        range.from().isBefore(kept) ? kept : range.from(),
                        range.to(),
                        asked.limit(),
                        asked.cursor(cursors, LIST));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(
                "entries",
                page.items().stream().map(OperatorLogRequests::toJson).toList());
        if (page.next() != null) {
            answer.put("cursor", asked.cursor(cursors, LIST, page.next()));
        }
        return HttpResponse.json(200, answer);
    }

    private static Map<String, Object> toJson(Entry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", entry.at());
        json.put("key", entry.keyId());
        json.put("action", entry.action());
        if (entry.target() != null) {
            json.put("target", entry.target());
        }
        json.put("outcome", outcome(entry.status()));
        if (entry.status() != null) {
            json.put("status", entry.status());
        }
        return json;
    }

    /** A call that failed on our side may have taken effect before. */
    private static String outcome(@Nullable Integer status) {
        if (status == null || status >= 500) {
            return "unknown";
        }
        return status < 400 ? "done" : "refused";
    }
}
