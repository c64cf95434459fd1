package dev.longshore.api;

import static dev.longshore.api.ApiStage.POOL;
import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.ApiStage.Answer;
import dev.longshore.job.Change;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class EnqueueTest {
    private final ApiStage stage = new ApiStage();

    @Test
    void aJobIsAnswered202WithItsPlaceAndItself() {
        Answer answer = stage.post(
                "/v1/jobs", """
                {"task": "echo", "payload": {"b": 1, "a": "\u00fc"}, "tags": ["x"], "meta": {"tenant": "t"},
                 "maxAttempts": 2, "fairKey": "c-1"}""", Map.of("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

        assertThat(answer.status()).isEqualTo(202);
        Job job = stage.job(new JobId(answer.text("id")));
        assertThat(answer.header("Location")).isEqualTo("/v1/jobs/" + job.id());
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.text("state")).isEqualTo("QUEUED");
        assertThat(answer.json().get("payload").toString()).isEqualTo("{\"b\":1,\"a\":\"\u00fc\"}");
        assertThat(job.maxAttempts()).isEqualTo(2);
        assertThat(job.tags()).containsExactly("x");
        assertThat(job.meta()).isEqualTo(Map.of("tenant", "t"));
        assertThat(job.fairKey()).isEqualTo("c-1");
        assertThat(job.traceparent()).startsWith("00-0af76519");
        assertThat(stage.memory.queue().receive(POOL, 10)).hasSize(1);
    }

    @Test
    void theAnswerHasThePayloadOfTheRequestAndDoesNotReadItBack() {
        stage.memory.bodies().apartAbove(0, 0);
        stage.faults.refuse("readBody", 1);

        Answer answer = stage.post("/v1/jobs", "{\"task\": \"echo\", \"payload\": {\"b\": 1}}");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().get("payload").toString()).isEqualTo("{\"b\":1}");
        assertThat(stage.faults.calls()).doesNotContain("readBody");
    }

    @Test
    void textsAreAsLongAsTheirLimitInCodePoints() {
        String ship = "\ud83d\udea2";
        String tag = ship.repeat(64);

        JobId id = stage.enqueued("{\"task\":\"echo\",\"tags\":[\"" + tag + "\"],\"meta\":{\"" + tag + "\":\"\"},"
                + "\"idempotencyKey\":\"" + ship.repeat(255) + "\"}");

        assertThat(stage.job(id).tags()).containsExactly(tag);
        assertThat(stage.job(id).meta()).containsEntry(tag, "");
        assertThat(stage.get("/v1/jobs?tag=" + "%F0%9F%9A%A2".repeat(64))
                        .json()
                        .get("jobs")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void aWholeNumberIsWholeHoweverItIsWritten() {
        for (String three : List.of("3", "3.0", "0.3e1", "30e-1")) {
            assertThat(stage.job(stage.enqueued("{\"task\":\"echo\",\"maxAttempts\":" + three + "}"))
                            .maxAttempts())
                    .as(three)
                    .isEqualTo(3);
        }
    }

    @Test
    void whatOnlyARecordsConstructorRefusesIsTakenAsOnAws() {
        JobId id = stage.enqueued("{\"task\":\"process-image\",\"payload\":{\"file\":\"a\",\"width\":-1}}");

        assertThat(stage.job(id).state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void aTagThatIsThereTwiceIsKeptOnce() {
        JobId id = stage.enqueued("{\"task\":\"echo\",\"tags\":[\"b\",\"a\",\"b\"]}");

        assertThat(stage.job(id).tags()).containsExactly("b", "a");
    }

    @Test
    void aJobIsOnlySentToThePoolOfItsTask() {
        stage.enqueued("{\"task\":\"process-image\",\"payload\":{\"file\":\"a.png\",\"width\":10}}");

        assertThat(stage.memory.queue().receive("heavy", 10)).hasSize(1);
        assertThat(stage.memory.queue().receive(POOL, 10)).isEmpty();
    }

    @Test
    void aDelayedJobIsScheduledAndItsMessageComesWhenItIsDue() {
        JobId id = stage.enqueued("{\"task\":\"echo\",\"delaySeconds\":90}");

        assertThat(stage.job(id).state()).isEqualTo(JobState.SCHEDULED);
        assertThat(stage.memory.queue().receive(POOL, 10)).isEmpty();
        stage.memory.clock().advance(Duration.ofSeconds(90));
        assertThat(stage.memory.queue().receive(POOL, 10)).hasSize(1);
        assertThat(stage.get("/v1/jobs/" + id).text("state")).isEqualTo("QUEUED");
    }

    @Test
    void aJobOfTheFarFutureWaitsInTheDueIndex() {
        JobId id = stage.enqueued("{\"task\":\"echo\",\"runAt\":\"2031-03-10T13:00:00+01:00\"}");

        assertThat(stage.job(id).isHeldUntilDue()).isTrue();
        assertThat(stage.get("/v1/jobs/" + id).text("runAt")).isEqualTo("2031-03-10T12:00:00.000Z");
    }

    // ---- the same request twice

    @Test
    void theSameKeyAndBodyInAnyOrderIs200WithTheFirstJob() {
        Map<String, String> key = Map.of("idempotency-key", "order-7");
        Answer first = stage.post("/v1/jobs", "{\"task\":\"echo\",\"payload\":{\"a\":1,\"b\":[2]}}", key);

        Answer again = stage.post("/v1/jobs", "{ \"payload\": {\"b\":[2],\"a\":1}, \"task\": \"echo\" }", key);

        assertThat(first.status()).isEqualTo(202);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("id")).isEqualTo(first.text("id"));
    }

    @Test
    void aRepeatedRequestSendsTheMessageAgainUntilTheJobWasClaimed() {
        Map<String, String> key = Map.of("idempotency-key", "order-7");
        stage.post("/v1/jobs", "{\"task\":\"echo\"}", key);
        stage.memory.queue().loseAll(POOL);

        stage.post("/v1/jobs", "{\"task\":\"echo\"}", key);

        assertThat(stage.memory.queue().receive(POOL, 10)).hasSize(1);
    }

    @Test
    void theSameKeyForAnotherBodyIsRefusedWithTheFirstJobsId() {
        Map<String, String> key = Map.of("idempotency-key", "order-7");
        String first =
                stage.post("/v1/jobs", "{\"task\":\"echo\",\"payload\":1}", key).text("id");

        Answer other = stage.post("/v1/jobs", "{\"task\":\"echo\",\"payload\":2}", key);

        problem(other, 422, "Idempotency-Key", first);
        assertThat(other.text("firstJob")).isEqualTo(first);
    }

    @Test
    void aKeyTakenByAnEnqueueThatFailedIsFreeAgain() {
        Map<String, String> key = Map.of("idempotency-key", "order-7");
        stage.faults.refuse("send", 1).refuse("hold", 1);
        problem(stage.post("/v1/jobs", "{\"task\":\"echo\"}", key), 503);

        assertThat(stage.post("/v1/jobs", "{\"task\":\"echo\"}", key).status()).isEqualTo(202);
    }

    @Test
    void aClientsOwnIdIsTheCheapestIdempotency() {
        JobId id = JobId.next(stage.memory.clock().instant(), new Random());
        String body = "{\"task\":\"echo\",\"payload\":1,\"id\":\"" + id + "\"}";

        assertThat(stage.post("/v1/jobs", body).status()).isEqualTo(202);
        assertThat(stage.post("/v1/jobs", body).status()).isEqualTo(200);
        problem(stage.post("/v1/jobs", body.replace(":1,", ":2,")), 422, "id", id.text());
        assertThat(stage.memory.rows().all()).hasSize(1);
    }

    @Test
    void aClientsIdOfAnotherDayIsRefused() {
        JobId old = JobId.next(stage.memory.clock().instant().minus(Duration.ofHours(25)), new Random());

        problem(stage.post("/v1/jobs", "{\"task\":\"echo\",\"id\":\"" + old + "\"}"), 422, "/id", "more than a day");
        problem(stage.post("/v1/jobs", "{\"task\":\"echo\",\"id\":\"7\"}"), 422, "/id", "UUID of version 7");
    }

    // ---- engines that fail

    @Test
    void aQueueThatDoesNotTakeTheMessageCostsNoJob() {
        stage.faults.refuse("send", 1);

        JobId id = stage.enqueued("{\"task\":\"echo\"}");

        assertThat(stage.memory
                        .jobs()
                        .held(HoldReason.DUE, id.shard(), stage.memory.clock().instant(), null, 10)
                        .items())
                .extracting(Job::id)
                .containsExactly(id);
    }

    @Test
    void whatNeitherQueueNorTableTakesIs503AndNoJob() {
        stage.faults.refuse("send", 1).refuse("hold", 1);

        Answer answer = problem(stage.post("/v1/jobs", "{\"task\":\"echo\"}"), 503, "try again");

        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(stage.memory.rows().all()).isEmpty();
    }

    @Test
    void aTableThatDoesNotAnswerIs503() {
        stage.faults.refuse("create", 1);

        problem(stage.post("/v1/jobs", "{\"task\":\"echo\"}"), 503);
    }

    // ---- batches

    @Test
    void aBatchAnswersForEachJobInOrder() {
        Answer answer = stage.post("/v1/jobs/batch", """
                {"jobs": [{"task": "echo", "payload": 1}, {"task": "ecko"}, {"task": "echo", "delay": 5},
                          {"task": "process-image", "payload": {"file": "a", "width": "b"}}, {"task": "echo"}]}""");

        assertThat(answer.status()).isEqualTo(207);
        JsonNode results = answer.json().get("results");
        assertThat(results.valueStream().map(result -> result.get("status").asInt()))
                .containsExactly(202, 422, 422, 422, 202);
        assertThat(results.get(1).get("problem").get("detail").asString()).contains("did you mean 'echo'?");
        assertThat(results.get(2).get("problem").get("field").asString()).isEqualTo("/jobs/2/delay");
        assertThat(results.get(3).get("problem").get("field").asString()).isEqualTo("/jobs/3/payload/width");
        assertThat(stage.memory.rows().all()).hasSize(2);
        assertThat(stage.memory.queue().requests())
                .as("messages go ten a request")
                .isEqualTo(1);
    }

    @Test
    void aBatchTakesOneToAHundredJobs() {
        String job = "{\"task\":\"echo\"}";

        problem(stage.post("/v1/jobs/batch", "{\"jobs\":[]}"), 422, "takes 1 to 100 jobs, and got 0");
        problem(
                stage.post("/v1/jobs/batch", "{\"jobs\":[" + (job + ",").repeat(100) + job + "]}"),
                422,
                "takes 1 to 100 jobs, and got 101");
        assertThat(stage.memory.rows().all()).isEmpty();
    }

    @Test
    void ofABatchWhoseRowsAreRefusedInPartTheRestIsTaken() {
        stage.faults.refuse("create", 2);

        Answer answer = stage.post(
                "/v1/jobs/batch", "{\"jobs\":[{\"task\":\"echo\"},{\"task\":\"echo\"},{\"task\":\"echo\"}]}");

        List<Integer> statuses = answer.json()
                .get("results")
                .valueStream()
                .map(result -> result.get("status").asInt())
                .sorted()
                .toList();
        assertThat(statuses).containsExactly(202, 503, 503);
        assertThat(stage.memory.rows().all()).hasSize(1);
    }

    // ---- what goes in comes out

    @Test
    void everyPayloadComesBackAsItWent() {
        Random random = new Random(41);
        for (int i = 0; i < 500; i++) {
            String payload = anything(random, 0);

            JobId id = stage.enqueued("{\"task\":\"echo\",\"payload\":" + payload + "}");

            assertThat(stage.get("/v1/jobs/" + id + "/payload").body()).isEqualTo(payload);
            assertThat(stage.get("/v1/jobs/" + id).body()).contains("\"payload\":" + payload);
        }
    }

    /** Compact JSON of any kind and depth, with numbers and characters that are easily lost. */
    private static String anything(Random random, int depth) {
        return switch (random.nextInt(depth > 4 ? 5 : 7)) {
            case 0 -> List.of("true", "false", "null").get(random.nextInt(3));
            case 1 -> Long.toString(random.nextLong()) + random.nextLong(Long.MAX_VALUE);
            case 2 -> random.nextInt() + "." + "0".repeat(random.nextInt(30)) + random.nextInt(1, 1_000);
            case 3 -> random.nextInt(1, 10) + "E" + (random.nextBoolean() ? "-" : "+") + random.nextInt(1_000);
            case 4 -> text(random);
            case 5 -> {
                StringBuilder array = new StringBuilder("[");
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.append(anything(random, depth + 1)).append(i == 1 ? "" : ",");
                }
                yield array.append(']').toString();
            }
            default -> {
                StringBuilder object = new StringBuilder("{");
                for (int i = random.nextInt(4); i > 0; i--) {
                    String name = text(random);
                    object.append(name, 0, name.length() - 1)
                            .append(i)
                            .append("\":")
                            .append(anything(random, depth + 1))
                            .append(i == 1 ? "" : ",");
                }
                yield object.append('}').toString();
            }
        };
    }

    private static String text(Random random) {
        return Json.of(random.ints(random.nextInt(12), 0, Character.MAX_CODE_POINT + 1)
                        .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString())
                .text();
    }

    /** The key is promised for seven days, and the task keeps its jobs for one. */
    @Test
    void anIdempotencyKeyAnswersForSevenDaysWhateverItsTasksRetention() {
        Map<String, String> key = Map.of("Idempotency-Key", "k");
        Answer first = stage.post("/v1/jobs", "{\"task\":\"echo\"}", key);
        JobId id = new JobId(first.text("id"));
        Instant now = stage.memory.clock().instant();
        Job running = ((Change.Outcome.Done)
                        stage.memory.jobs().apply(id, new Lifecycle(now, "claim").claim(id, now.plusSeconds(60))))
                .job();
        stage.memory.jobs().apply(id, new Lifecycle(now, "succeed").succeed(running, null, null, Duration.ofDays(1)));

        stage.memory.clock().advance(NewJob.KEY_RETENTION.minusSeconds(1));
        Answer again = stage.post("/v1/jobs", "{\"task\":\"echo\"}", key);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("id")).isEqualTo(id.text());
        assertThat(again.text("state")).isEqualTo("SUCCEEDED");
    }
}
