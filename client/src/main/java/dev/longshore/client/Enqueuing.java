package dev.longshore.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Enqueues jobs, one or many, so that a repeated request makes none of them twice. */
final class Enqueuing {
    private static final int PAYLOAD_BYTES = 5 * 1024 * 1024;
    private static final int BATCH_JOBS = 100;
    /** Payloads of a batch together, uploads included (docs/limits.md). */
    private static final long BATCH_PAYLOAD_BYTES = 20_000_000;

    private static final Size BATCH_FRAME = Size.of("{\"jobs\":[]}");

    private final Transport transport;

    Enqueuing(Transport transport) {
        this.transport = transport;
    }

    /** A request that Longshore recognises when it is repeated, as JSON. */
    private record Prepared(int index, @Nullable String traceparent, String json, Size size, long payloadBytes) {}

    Job enqueue(JobRequest request) {
        Prepared job = prepare(request, 0);
        Call call = Call.of("POST", "/v1/jobs").json(job.json()).traceparent(job.traceparent());
        return transport.send(call, Job.class);
    }

    List<EnqueueResult> enqueueAll(List<JobRequest> requests) {
        @Nullable EnqueueResult[] results = new EnqueueResult[requests.size()];
        Batch batch = new Batch();
        for (int index = 0; index < requests.size(); index++) {
            try {
                Prepared job = prepare(requests.get(index), index);
                if (!batch.takes(job)) {
                    send(batch, results);
                    batch = new Batch();
                }
                batch.add(job);
            } catch (LongshoreException failed) {
                results[index] = EnqueueResult.failed(failed);
            }
        }
        send(batch, results);
        return Arrays.stream(results).map(Objects::requireNonNull).toList();
    }

    String upload(Object payload) {
        return upload(Json.write(payload, "The payload"), "The payload");
    }

    private String upload(String json, String what) {
        int bytes = json.getBytes(StandardCharsets.UTF_8).length;
        requirePayload(bytes);
        Call opening = Call.of("POST", "/v1/uploads").body(Map.of("bytes", bytes), what);
        Answers.Upload upload = transport.send(opening, Answers.Upload.class);
        transport.send(Call.elsewhere(upload.method(), URI.create(upload.url()), upload.headers(), json));
        return upload.payloadRef();
    }

    private Prepared prepare(JobRequest request, int index) {
        JobRequest recognisable = request.isRecognisable()
                ? request
                : request.id(JobId.at(transport.pacing().now()));
        JsonNode payload = request.payload();
        if (payload == null) {
            String json = recognisable.toJson();
            return new Prepared(index, request.traceparent().orElse(null), json, Size.of(json), 0);
        }
        String payloadJson = Json.write(payload, "The payload");
        long payloadBytes = Size.of(payloadJson).utf8();
        requirePayload(payloadBytes);
        String json = recognisable.toJson(payloadJson);
        if (!BATCH_FRAME.plus(Size.of(json)).fits()) {
            json = recognisable.uploaded(upload(payloadJson, "The payload")).toJson();
        }
        return new Prepared(index, request.traceparent().orElse(null), json, Size.of(json), payloadBytes);
    }

    private static final class Batch {
        final List<Prepared> jobs = new ArrayList<>();
        private Size size = BATCH_FRAME;
        private long payloads;

        boolean takes(Prepared job) {
            if (jobs.isEmpty()) {
                return true;
            }
            return jobs.size() < BATCH_JOBS
                    && size.plus(job.size()).fits()
                    && payloads + job.payloadBytes() <= BATCH_PAYLOAD_BYTES
                    // the header is that of all jobs of a batch
                    && Objects.equals(jobs.get(0).traceparent(), job.traceparent());
        }

        void add(Prepared job) {
            jobs.add(job);
            size = size.plus(job.size());
            payloads += job.payloadBytes();
        }
    }

    /** Sends a batch, and again those of its jobs whose result says that this may help. */
    private void send(Batch batch, @Nullable EnqueueResult[] results) {
        long end = transport.pacing().elapsed()
                + transport.settings().totalTimeout().toMillis();
        List<Prepared> pending = batch.jobs;
        for (int tries = 1; !pending.isEmpty(); tries++) {
            long left = Math.max(1, end - transport.pacing().elapsed());
            pending = sendOnce(pending, results, Duration.ofMillis(left));
            if (pending.isEmpty()) {
                return;
            }
            LongshoreException first = Objects.requireNonNull(
                    Objects.requireNonNull(results[pending.get(0).index()]).failure());
            Duration wait = transport.wait(tries, first);
            if (tries >= transport.settings().maxTries() || transport.pacing().elapsed() + wait.toMillis() >= end) {
                return;
            }
            transport.sleep(wait, "POST /v1/jobs/batch");
        }
    }

    /** Keeps the results; returns the jobs that may be sent again. */
    private List<Prepared> sendOnce(List<Prepared> jobs, @Nullable EnqueueResult[] results, Duration atMost) {
        String body = "{\"jobs\":["
                + String.join(",", jobs.stream().map(Prepared::json).toList()) + "]}";
        Call call = Call.of("POST", "/v1/jobs/batch")
                .json(body)
                .traceparent(jobs.get(0).traceparent())
                .atMost(atMost);
        Answers.Batch answer;
        try {
            answer = transport.send(call, Answers.Batch.class);
        } catch (LongshoreException failed) {
            jobs.forEach(job -> results[job.index()] = EnqueueResult.failed(failed));
            return List.of();
        }
        List<Prepared> again = new ArrayList<>();
        for (int place = 0; place < jobs.size(); place++) {
            EnqueueResult result =
                    place < answer.results().size() ? result(answer.results().get(place), place) : noResult();
            results[jobs.get(place).index()] = result;
            if (result.failure() != null && result.failure().retryable()) {
                again.add(jobs.get(place));
            }
        }
        return again;
    }

    private static EnqueueResult result(Answers.Result result, int place) {
        if (result.job() != null) {
            return EnqueueResult.of(result.job());
        }
        return result.problem() == null
                ? noResult()
                : EnqueueResult.failed(LongshoreException.of(
                        Failure.of(result.status(), result.problem(), null).ofTheJobAlone(place)));
    }

    private static EnqueueResult noResult() {
        return EnqueueResult.failed(LongshoreException.of(
                Failure.own("No result", "The answer to the batch has no result for this job", 500, false, null)));
    }

    private static void requirePayload(long bytes) {
        if (bytes > PAYLOAD_BYTES) {
            throw new RefusedException(new Failure(
                    "https://longshore.dev/problems/too-large",
                    "Payload too large",
                    "The payload has " + bytes + " bytes of UTF-8, and " + PAYLOAD_BYTES
                            + " are the limit. Put what is large into the file store, and its name here",
                    413,
                    "/payload",
                    null,
                    List.of(),
                    null,
                    false,
                    null,
                    null,
                    null));
        }
    }
}
