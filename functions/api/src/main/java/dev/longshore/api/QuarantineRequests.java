package dev.longshore.api;

import dev.longshore.job.ApiKey;
import dev.longshore.job.Engines;
import dev.longshore.job.Page;
import dev.longshore.job.Quarantine;
import dev.longshore.job.Quarantine.Label;
import dev.longshore.job.Quarantine.Quarantined;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** The requests about messages that nobody could read. */
final class QuarantineRequests {
    private static final String LIST = "quarantine";

    private final Engines engines;
    private final Quarantine quarantine;
    private final Cursors cursors;

    QuarantineRequests(Engines engines) {
        this.engines = engines;
        this.quarantine = engines.quarantine();
        this.cursors = new Cursors(engines.keys());
    }

    HttpResponse list(HttpRequest request, String none, ApiKey caller) {
        QueryParameters asked = new QueryParameters(request.query());
        Page<Label> page = quarantine.list(asked.limit(), asked.cursor(cursors, LIST));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(
                "messages",
                page.items().stream()
                        .filter(label -> label.expires().isAfter(now()))
                        .map(QuarantineRequests::told)
                        .toList());
        if (page.next() != null) {
            answer.put("cursor", asked.cursor(cursors, LIST, page.next()));
        }
        return HttpResponse.json(200, answer);
    }

    /** The bytes as Base64: answers are text, and what nobody could read may be anything. */
    HttpResponse get(HttpRequest request, String id, ApiKey caller) {
        Quarantined message = quarantine
                .find(id)
                .filter(kept -> kept.expires().isAfter(now()))
                .orElseThrow(QuarantineRequests::noSuchMessage);
        byte[] body = message.body().getBytes(StandardCharsets.UTF_8);
        Map<String, Object> told =
                told(new Label(message.id(), message.pool(), body.length, message.at(), message.expires()));
        told.put("body", Base64.getEncoder().encodeToString(body));
        return HttpResponse.json(200, told);
    }

    HttpResponse delete(HttpRequest request, String id, ApiKey caller) {
        if (!quarantine.remove(id)) {
            throw noSuchMessage();
        }
        return HttpResponse.json(200, Map.of("deleted", id));
    }

    private static Map<String, Object> told(Label label) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("id", label.id());
        told.put("pool", label.pool());
        told.put("size", label.size());
        told.put("at", label.at());
        told.put("expiresAt", label.expires());
        return told;
    }

    private static Problem noSuchMessage() {
        return Problem.notFound("There is no such message in quarantine; GET /v1/quarantine lists all");
    }

    private Instant now() {
        return engines.clock().instant();
    }
}
