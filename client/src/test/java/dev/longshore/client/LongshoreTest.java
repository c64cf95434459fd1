package dev.longshore.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LongshoreTest {
    record Video(String source) {}

    record Receipt(int amount) {}

    private static final String UNAVAILABLE =
            "{\"type\":\"https://longshore.dev/problems/unavailable\",\"title\":\"Temporarily unavailable\",\"status\":503,"
                    + "\"detail\":\"A call of DynamoDB failed\",\"retryable\":true,\"requestId\":\"request-7\"}";

    private final RecordedPacing pacing = new RecordedPacing();
    private ScriptedApi api;
    private Longshore longshore;

    @BeforeEach
    void start() throws IOException {
        api = new ScriptedApi();
        longshore = api.client(pacing).build();
    }

    @AfterEach
    void stop() {
        longshore.close();
        api.close();
    }

    @Test
    void enqueueSendsAnIdOfItsOwnAndIgnoresUnknownFields() {
        api.then(202, ScriptedApi.JOB.formatted("QUEUED"));

        Job job = longshore.enqueue("rehearse", new Video("s3://films/1"));

        assertThat(job.state()).isEqualTo(JobState.QUEUED);
        assertThat(job.createdAt()).isEqualTo(Instant.parse("2026-11-24T13:06:36.107Z"));
        ScriptedApi.Received request = api.requests().get(0);
        JsonNode body = Json.MAPPER.readTree(request.body());
        assertThat(body.get("payload").get("source").asString()).isEqualTo("s3://films/1");
        UUID id = UUID.fromString(body.get("id").asString());
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(JobId.timeOf(id.toString())).isEqualTo(Instant.ofEpochMilli(1_795_000_000_000L));
        assertThat(request.headers())
                .containsEntry("Authorization", "Bearer " + ScriptedApi.KEY)
                .containsEntry("Content-Type", "application/json")
                .hasEntrySatisfying("User-Agent", agent -> assertThat(agent).matches("longshore-java/\\d.*"))
                .doesNotContainKey("traceparent");
    }

    @Test
    void everyFieldOfARequestIsSent() {
        api.then(202, ScriptedApi.JOB.formatted("SCHEDULED"));

        longshore.enqueue(JobRequest.of("rehearse", Map.of("a", 1))
                .delay(Duration.ofMillis(90_500))
                .tags("a", "b")
                .meta(Map.of("tenant", "7"))
                .idempotencyKey("order-1")
                .maxAttempts(4)
                .expiresAt(Instant.parse("2027-01-01T00:00:00Z"))
                .fairKey("customer-1")
                .limitKey("acme")
                .traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));

        ScriptedApi.Received request = api.requests().get(0);
        assertThat(Json.MAPPER.readTree(request.body())).isEqualTo(Json.MAPPER.readTree("""
                        {"task": "rehearse", "payload": {"a": 1}, "delaySeconds": 90.5, "tags": ["a", "b"], "meta": {"tenant": "7"},
                         "idempotencyKey": "order-1", "maxAttempts": 4, "expiresAt": "2027-01-01T00:00:00Z", "fairKey": "customer-1",
                         "limitKey": "acme"}"""));
        assertThat(request.headers())
                .containsEntry("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    }

    @Test
    void repeatsHaveTheSameIdAndWaitForRetryAfter() {
        api.then(503, UNAVAILABLE)
                .then(503, "application/problem+json", UNAVAILABLE, Map.of("Retry-After", "7"))
                .then(202, ScriptedApi.JOB.formatted("QUEUED"));

        longshore.enqueue("rehearse", Map.of());

        assertThat(api.requests())
                .extracting(ScriptedApi.Received::body)
                .hasSize(3)
                .containsOnly(api.requests().get(0).body());
        assertThat(pacing.waits).containsExactly(Duration.ofMillis(100), Duration.ofSeconds(7));
    }

    @Test
    void afterFiveTriesTheExceptionHasTheProblem() {
        for (int i = 0; i < 6; i++) {
            api.then(503, UNAVAILABLE);
        }

        ServerException failed = catchThrowableOfType(
                ServerException.class, () -> longshore.enqueue("rehearse", Map.of("card", "4711")));

        assertThat(failed.type()).isEqualTo("https://longshore.dev/problems/unavailable");
        assertThat(failed.status()).hasValue(503);
        assertThat(failed.requestId()).contains("request-7");
        assertThat(failed.retryable()).isTrue();
        assertThat(failed.tries()).isEqualTo(5);
        assertThat(failed.getMessage())
                .isEqualTo("Temporarily unavailable: A call of DynamoDB failed (request request-7)")
                .doesNotContain("4711");
        assertThat(api.requests()).hasSize(5);
    }

    @Test
    void refusalIsNotRepeatedAndHasItsFields() {
        api.then(422, """
                {"type": "https://longshore.dev/problems/refused", "title": "Request refused", "status": 422, "detail": "two are wrong",
                 "field": "/payload/runMs", "errors": [{"field": "/payload/runMs", "detail": "a"}, {"field": "/delaySeconds", "detail": "b"}],
                 "retryable": false, "requestId": "request-8"}""");

        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> longshore.enqueue("rehearse", Map.of()));

        assertThat(refused.field()).contains("/payload/runMs");
        assertThat(refused.errors())
                .extracting(LongshoreException.FieldError::field)
                .containsExactly("/payload/runMs", "/delaySeconds");
        assertThat(api.requests()).hasSize(1);
    }

    @Test
    void aRetryOfADeadJobIsRepeatedAfter429Alone() {
        api.then(429, "{}").then(503, UNAVAILABLE);

        assertThatThrownBy(() -> longshore.retry("01a20daa-53cb-7379-8fde-b2d1272cc745"))
                .isInstanceOf(ServerException.class);

        assertThat(api.requests()).hasSize(2);
    }

    @Test
    void aRepeatedDeleteOfWhatIsDeletedIsSuccess() {
        api.then(502, "")
                .then(
                        404,
                        "{\"type\":\"https://longshore.dev/problems/not-found\",\"title\":\"a\",\"status\":404,\"detail\":\"b\"}");

        longshore.schedules().delete("nightly");

        assertThat(api.requests()).hasSize(2);
    }

    @Test
    void aRepeatedDeleteThatHasAnAnswerIsNotFoundWhenItsLimitIsNot() {
        api.then(502, "")
                .then(
                        404,
                        "{\"type\":\"https://longshore.dev/problems/not-found\",\"title\":\"a\",\"status\":404,\"detail\":\"b\"}");

        assertThatThrownBy(() -> longshore.limits().reset("crm-ap")).isInstanceOf(NotFoundException.class);
        assertThat(api.requests()).hasSize(2);
    }

    @Test
    void limitsAreSetResetAndReadWithTheirKeys() {
        String limit = """
                {"name": "crm-api", "concurrent": 3, "perKey": true, "tasks": ["sync"], "code": 5, "setAt": "2026-11-24T13:06:36.107Z",
                 "setBy": "ops", "used": 3, "waiting": 2, "oldestWaiting": "2026-11-24T13:07:00.000Z",
                 "keys": [{"key": "acme", "used": 3, "waiting": 2, "oldestWaiting": "2026-11-24T13:07:00.000Z"}]}""";
        api.then(200, "{\"limits\":[" + limit + "]}")
                .then(200, limit)
                .then(
                        200,
                        "{\"name\":\"sync\",\"concurrent\":5,\"perKey\":false,\"tasks\":[\"sync\"],\"used\":0,\"waiting\":0}");

        Limit listed = longshore.limits().list().get(0);
        assertThat(longshore.limits().set("crm-api", 3)).isEqualTo(listed);
        assertThat(longshore.limits().reset("sync"))
                .isEqualTo(new Limit("sync", 5, false, List.of("sync"), null, null, null, 0, 0, null, List.of()));

        assertThat(listed.code()).isEqualTo(5);
        assertThat(listed.keys()).containsExactly(new Limit.Key("acme", 3, 2, Instant.parse("2026-11-24T13:07:00Z")));
        assertThat(listed.toString()).doesNotContain("acme");
        assertThat(api.requests().get(1).call()).isEqualTo("PUT /v1/limits/crm-api");
        assertThat(api.requests().get(1).body()).isEqualTo("{\"concurrent\":3}");
        assertThat(api.requests().get(2).call()).isEqualTo("DELETE /v1/limits/sync");
    }

    @Test
    void aHeldJobHasItsKeyAndWhatHoldsIt() {
        api.then(
                200,
                ScriptedApi.JOB
                        .formatted("QUEUED")
                        .replace(
                                "\"history\"",
                                "\"limitKey\":\"acme\",\"waitReason\":\"limit\",\"held\":\"limit crm-api, key acme, 12 before it\",\"history\""));

        Job job = longshore.get("01a20daa-53cb-7379-8fde-b2d1272cc745");

        assertThat(job.limitKey()).isEqualTo("acme");
        assertThat(job.held()).isEqualTo("limit crm-api, key acme, 12 before it");
        assertThat(job.toString()).doesNotContain("acme");
    }

    @Test
    void awaitReadsLessAndLessOftenAndNamesTheStateAtItsEnd() {
        for (int i = 0; i < 60; i++) {
            api.then(200, ScriptedApi.JOB.formatted("RUNNING"));
        }

        assertThatThrownBy(() -> longshore.await("01a20daa-53cb-7379-8fde-b2d1272cc745", Duration.ofSeconds(60)))
                .isInstanceOf(CallTimeoutException.class)
                .hasMessageContaining("is RUNNING after 60000 ms");
        assertThat(pacing.waits)
                .startsWith(Duration.ofMillis(250), Duration.ofMillis(375))
                .contains(Duration.ofSeconds(5));
        assertThat(pacing.waits.stream().mapToLong(Duration::toMillis).sum()).isEqualTo(60_000);
    }

    @Test
    void awaitSurvivesFailedReadsAndReturnsTheTypedResult() {
        api.then(200, ScriptedApi.JOB.formatted("STATE_OF_LATER"))
                .then(500, "{\"type\":\"x\",\"title\":\"a\",\"status\":500,\"detail\":\"b\",\"retryable\":true}")
                .then(
                        200,
                        ScriptedApi.JOB
                                .formatted("SUCCEEDED")
                                .replace("\"history\"", "\"result\":{\"amount\":42},\"history\""));

        Job job = longshore.await("01a20daa-53cb-7379-8fde-b2d1272cc745", Duration.ofSeconds(60));

        assertThat(job.result(Receipt.class)).isEqualTo(new Receipt(42));
        assertThatThrownBy(() -> job.result(Integer.class))
                .hasMessageContaining("cannot be read as java.lang.Integer")
                .message()
                .doesNotContain("42");
    }

    @Test
    void batchesAreSplitAtAHundredJobsAndResultsKeepTheirOrder() {
        String result = "{\"status\":202,\"job\":" + ScriptedApi.JOB.formatted("QUEUED") + "}";
        String refused =
                "{\"status\":422,\"problem\":{\"type\":\"x\",\"title\":\"t\",\"status\":422,\"detail\":\"/jobs/1/task is wrong\","
                        + "\"field\":\"/jobs/1/task\",\"retryable\":false}}";
        String later = "{\"status\":503,\"problem\":" + UNAVAILABLE + "}";
        List<String> first = new ArrayList<>(java.util.Collections.nCopies(100, result));
        first.set(1, refused);
        first.set(99, later);
        api.then(207, "{\"results\":[" + String.join(",", first) + "]}")
                .then(207, "{\"results\":[" + result + "]}")
                .then(207, "{\"results\":[" + String.join(",", java.util.Collections.nCopies(20, result)) + "]}");

        List<EnqueueResult> results =
                longshore.enqueueAll(java.util.Collections.nCopies(120, JobRequest.of("rehearse", Map.of())));

        assertThat(results).hasSize(120);
        assertThat(results.get(1).failure()).isInstanceOf(RefusedException.class);
        assertThat(results.get(1).failure().field()).contains("/task");
        assertThat(results).filteredOn(EnqueueResult::succeeded).hasSize(119);
        List<JsonNode> sent = api.requests().stream()
                .map(one -> Json.MAPPER.readTree(one.body()).get("jobs"))
                .toList();
        assertThat(sent).extracting(JsonNode::size).containsExactly(100, 1, 20);
        assertThat(sent.get(1).get(0))
                .as("the job that failed for a while, with its id")
                .isEqualTo(sent.get(0).get(99));
    }

    @Test
    void aPayloadThatIsWrittenAlreadyIsTakenAsItIs() {
        JobRequest request = JobRequest.of("rehearse", Map.of("a", 1)).tags("eu");

        assertThat(request.toJson("[1.50, {}]"))
                .isEqualTo("{\"task\":\"rehearse\",\"payload\":[1.50, {}],\"tags\":[\"eu\"]}");
    }

    @Test
    void aPayloadThatNoRequestCarriesIsUploaded() {
        api.then(
                        201,
                        "{\"url\":\"{url}/files/1?signature=s\",\"method\":\"PUT\",\"headers\":{\"x-checksum\":\"c\"},\"payloadRef\":\"ref-1\"}")
                .then(200, "")
                .then(202, ScriptedApi.JOB.formatted("QUEUED"));

        longshore.enqueue("rehearse", Map.of("text", "ü".repeat(2_000_000)));

        List<ScriptedApi.Received> requests = api.requests();
        assertThat(requests)
                .extracting(ScriptedApi.Received::call)
                .containsExactly("POST /v1/uploads", "PUT /files/1?signature=s", "POST /v1/jobs");
        assertThat(requests.get(1).headers()).containsEntry("x-checksum", "c").doesNotContainKey("Authorization");
        assertThat(requests.get(0).body())
                .contains(String.valueOf(
                        requests.get(1).body().getBytes(java.nio.charset.StandardCharsets.UTF_8).length));
        assertThat(requests.get(2).body()).contains("\"payloadRef\":\"ref-1\"").doesNotContain("\"payload\"");
    }

    @Test
    void aPayloadOverFiveMegabytesIsRefusedWithoutARequest() {
        assertThatThrownBy(() -> longshore.enqueue("rehearse", Map.of("text", "x".repeat(5_300_000))))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("5300011 bytes")
                .hasMessageContaining("5242880");
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void listReadsAPageWhenItsFirstJobIsNeeded() {
        String job = ScriptedApi.JOB.formatted("DEAD");
        api.then(200, "{\"jobs\":[" + job + "],\"cursor\":\"a b\"}")
                .then(200, "{\"jobs\":[],\"cursor\":\"c\"}")
                .then(200, "{\"jobs\":[" + job + "]}");
        var jobs =
                longshore.list(JobFilter.all().state(JobState.DEAD).tag("ü&1")).iterator();

        assertThat(api.requests()).isEmpty();
        jobs.next();
        assertThat(api.requests()).hasSize(1);
        jobs.next();
        assertThat(jobs.hasNext()).isFalse();

        assertThat(api.requests()).hasSize(3);
        assertThat(api.requests().get(1).path()).contains("cursor=a%20b", "tag=%C3%BC%261", "state=DEAD", "limit=100");
    }

    @Test
    void traceparentComesFromTheSupplierUnlessItIsNone() {
        String valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        List<String> contexts = new ArrayList<>(List.of(valid, "not\nof that form"));
        api.then(200, ScriptedApi.JOB.formatted("QUEUED")).then(200, ScriptedApi.JOB.formatted("QUEUED"));

        try (Longshore traced =
                api.client(pacing).traceparent(() -> contexts.remove(0)).build()) {
            traced.get("a");
            traced.get("a");
        }

        assertThat(api.requests().get(0).headers()).containsEntry("traceparent", valid);
        assertThat(api.requests().get(1).headers()).doesNotContainKey("traceparent");
    }

    @Test
    void asyncCallsEndWithTheirResultOrException() {
        api.then(202, ScriptedApi.JOB.formatted("QUEUED"))
                .then(404, "{\"type\":\"x\",\"title\":\"a\",\"status\":404,\"detail\":\"b\"}");

        assertThat(longshore.enqueueAsync("rehearse", Map.of()).join().state()).isEqualTo(JobState.QUEUED);
        assertThat(longshore.async(same -> same.get("b")))
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withCauseInstanceOf(NotFoundException.class);
    }

    @Test
    void neitherKeyNorPayloadIsInAnyText() {
        assertThatThrownBy(() -> Longshore.builder().key("ls_x_secret with space"))
                .message()
                .doesNotContain("secret with");
        assertThat(longshore.toString()).isEqualTo("Longshore[" + api.url() + "]");
        assertThat(JobRequest.of("t", Map.of("card", "4711")).toString()).doesNotContain("4711");
        assertThatThrownBy(() -> JobRequest.of("t", new Leaking()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Leaking")
                .hasNoCause()
                .message()
                .doesNotContain("4711");
        ApiKey about = new ApiKey("a", "n", List.of(), List.of(), Instant.EPOCH, null, null, null, null);
        assertThat(new CreatedKey(about, "ls_a_secret").toString()).doesNotContain("secret");
    }

    public static final class Leaking {
        public String getCard() {
            return List.<String>of().stream().findFirst().orElseThrow(() -> new IllegalStateException("card 4711"));
        }
    }

    @Test
    void delayOfTenMinutesIsWrittenAsSixHundredSeconds() {
        api.then(202, ScriptedApi.JOB.formatted("SCHEDULED"));

        longshore.enqueue(JobRequest.of("rehearse", Map.of()).delay(Duration.ofMinutes(10)));

        assertThat(api.requests().get(0).body()).containsPattern("\"delaySeconds\":600[,}]");
    }

    @Test
    void anAddressAtWhichNothingListensIsNamed() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        try (Longshore unreachable = api.client(new RecordedPacing())
                .url("http://127.0.0.1:" + free + "/behind")
                .build()) {
            assertThatThrownBy(() -> unreachable.get("a"))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("could not connect to http://127.0.0.1:" + free + "/ (")
                    .hasMessageNotContaining("may have taken effect");
        }
    }

    @Test
    void noThreadIsLeftAfterClose() throws InterruptedException {
        api.then(200, ScriptedApi.JOB.formatted("QUEUED"));
        Longshore closed = api.client(Pacing.system()).build();
        closed.async(same -> same.get("a")).join();
        List<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                .filter(one -> one.getName().startsWith("longshore-"))
                .toList();
        assertThat(threads).isNotEmpty();

        closed.close();

        for (Thread thread : threads) {
            thread.join(20_000);
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
        assertThatThrownBy(() -> closed.get("a")).isInstanceOf(ConnectionException.class);
    }
}
