package dev.longshore.client.testing;

import dev.longshore.client.Exchange;
import dev.longshore.client.JobState;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers a client's requests as the API does, out of the jobs of a fake. */
final class FakeExchange implements Exchange {
    private final FakeJobs jobs;
    private final JsonMapper json;
    private final Map<String, JsonNode> uploads = new ConcurrentHashMap<>();

    FakeExchange(FakeJobs jobs, JsonMapper json) {
        this.jobs = jobs;
        this.json = json;
    }

    @Override
    public Answer send(Request request) {
        String path = request.uri().getPath();
        String call = request.method() + " " + path;
        Optional<String> traceparent = Optional.ofNullable(request.headers().get("traceparent"));
        byte[] body = request.body();
        JsonNode sent = body == null ? json.createObjectNode() : json.readTree(body);
        return switch (call) {
            case "POST /v1/jobs" -> one(sent, traceparent);
            case "POST /v1/jobs/batch" -> batch(sent, traceparent);
            case "POST /v1/uploads" -> upload();
            case "GET /v1/jobs" -> list(query(request));
            case "GET /v1/health" -> answer(200, json.createObjectNode().put("status", "ok"));
            default -> ofPath(call, path, sent);
        };
    }

    private Answer ofPath(String call, String path, JsonNode sent) {
        if (call.startsWith("PUT /uploads/")) {
            uploads.put(path.substring("/uploads/".length()), sent);
            return new Answer(200, Map.of(), new byte[0]);
        }
        return path.startsWith("/v1/jobs/")
                ? ofJob(call.substring(0, call.indexOf(' ')), path.split("/", -1))
                : missing(call);
    }

    private Answer one(JsonNode sent, Optional<String> traceparent) {
        String refusal = jobs.refusal(sent.path("task").asString(""));
        return refusal == null
                ? answer(202, jobs.enqueue(uploaded(sent), traceparent))
                : problem(422, "refused", refusal);
    }

    private Answer batch(JsonNode sent, Optional<String> traceparent) {
        ObjectNode answer = json.createObjectNode();
        ArrayNode results = answer.putArray("results");
        sent.path("jobs").forEach(job -> {
            Answer one = one(job, traceparent);
            results.addObject()
                    .put("status", one.status())
                    .set(one.status() < 300 ? "job" : "problem", json.readTree(one.body()));
        });
        return answer(207, answer);
    }

    private Answer upload() {
        String ref = UUID.randomUUID().toString();
        ObjectNode upload = json.createObjectNode()
                .put("url", "http://longshore.invalid/uploads/" + ref)
                .put("method", "PUT")
                .put("payloadRef", ref);
        upload.putObject("headers");
        return answer(201, upload);
    }

    private JsonNode uploaded(JsonNode sent) {
        JsonNode payload = uploads.get(sent.path("payloadRef").asString(""));
        return payload == null ? sent : ((ObjectNode) sent.deepCopy()).set("payload", payload);
    }

    private Answer list(Map<String, String> filter) {
        ObjectNode page = json.createObjectNode();
        jobs.list(filter).forEach(page.putArray("jobs")::add);
        return answer(200, page);
    }

    private Answer ofJob(String method, String[] parts) {
        String call = method + " /v1/jobs/{id}" + (parts.length > 4 ? "/" + parts[4] : "");
        Optional<ObjectNode> found = jobs.find(parts[3]);
        if (found.isEmpty()) {
            return problem(404, "not-found", "There is no job " + parts[3]);
        }
        ObjectNode job = found.get();
        return switch (call) {
            case "GET /v1/jobs/{id}" -> answer(200, job);
            case "GET /v1/jobs/{id}/payload" ->
                answer(200, job.optional("payload").orElseGet(json::createObjectNode));
            case "POST /v1/jobs/{id}/cancel" -> cancel(job);
            default -> missing(call);
        };
    }

    private Answer cancel(ObjectNode job) {
        JobState state = FakeJobs.state(job);
        if (state == JobState.SUCCEEDED || state == JobState.DEAD) {
            return problem(409, "conflict", "The job is " + state + " already; what has ended is not cancelled");
        }
        return answer(200, jobs.cancel(job.path("id").asString()));
    }

    private Answer missing(String call) {
        return problem(404, "not-found", "FakeLongshore has no " + call + "; its Javadoc lists the calls that it has");
    }

    private Answer problem(int status, String type, String detail) {
        ObjectNode problem = json.createObjectNode()
                .put("type", "https://longshore.dev/problems/" + type)
                .put("title", "Refused by FakeLongshore")
                .put("status", status)
                .put("detail", detail)
                .put("retryable", false);
        return new Answer(status, Map.of("content-type", "application/problem+json"), json.writeValueAsBytes(problem));
    }

    private Answer answer(int status, JsonNode body) {
        return new Answer(status, Map.of("content-type", "application/json"), json.writeValueAsBytes(body));
    }

    private static Map<String, String> query(Request request) {
        Map<String, String> query = new HashMap<>();
        String raw = request.uri().getRawQuery();
        for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            query.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return query;
    }
}
