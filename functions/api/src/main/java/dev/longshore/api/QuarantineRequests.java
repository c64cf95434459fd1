package dev.longshore.api;

import dev.longshore.job.Page;
import dev.longshore.job.deadletter.Quarantine;
import dev.longshore.job.deadletter.Quarantine.Label;
import dev.longshore.job.deadletter.Quarantine.Quarantined;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.key.ApiKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** The requests about messages that no function could read. */
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
        Page<Label, String> page = quarantine.list(asked.limit(), asked.cursor(cursors, LIST));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(
                "messages",
                page.items().stream()
                        .filter(label -> label.expires().isAfter(now()))
                        .map(QuarantineRequests::toJson)
                        .toList());
        if (page.next() != null) {
            answer.put("cursor", asked.cursor(cursors, LIST, page.next()));
        }
        return HttpResponse.json(200, answer);
    }

    /** The bytes as Base64: answers are text, and an unreadable message may be anything. */
    HttpResponse get(HttpRequest request, String id, ApiKey caller) {
        Quarantined message = quarantine
                .find(id)
                .filter(kept -> kept.expires().isAfter(now()))
                .orElseThrow(QuarantineRequests::noSuchMessage);
        byte[] body = message.body().getBytes(StandardCharsets.UTF_8);
        Map<String, Object> json =
                toJson(new Label(message.id(), message.pool(), body.length, message.at(), message.expires()));
        json.put("body", Base64.getEncoder().encodeToString(body));
        return HttpResponse.json(200, json);
    }

    HttpResponse delete(HttpRequest request, String id, ApiKey caller) {
        if (!quarantine.remove(id)) {
            throw noSuchMessage();
        }
        return HttpResponse.json(200, Map.of("deleted", id));
    }

    private static Map<String, Object> toJson(Label label) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", label.id());
        json.put("pool", label.pool());
        json.put("size", label.size());
        json.put("at", label.at());
        json.put("expiresAt", label.expires());
        return json;
    }

    private static Problem noSuchMessage() {
        return Problem.notFound("There is no such message in quarantine; GET /v1/quarantine lists all");
    }

    private Instant now() {
        return engines.clock().instant();
    }
}
