package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Field;
import dev.longshore.job.JobState;
import dev.longshore.local.ClockedDeployment.Answer;
import dev.longshore.local.EarlierData.Fixture;
import dev.longshore.local.EarlierData.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * Makes the folder of {@link EarlierData}, with the code of the commit that it is named after. A morning of a deployment: all
 * that comes into being goes through HTTP and the functions, under one clock and one seed; two runs differ in the write tokens
 * that the dispatcher's threads draw, and in nothing else.
 *
 * <pre>{@code
 * mvn test -pl local -am -Dtest=EarlierDataWriter -Dsurefire.failIfNoSpecifiedTests=false -Dfixture.write=<folder>
 * }</pre>
 */
@EnabledIfSystemProperty(named = "fixture.write", matches = ".+", disabledReason = "writes what the tests read")
class EarlierDataWriter {
    private static final Instant NINE = Instant.parse("2026-03-10T09:00:00Z");
    private static final String POOL = "default";
    private static final String DEAD_LETTER = "7d3c4a52-0f6e-4a3c-9d0e-6c1f5b2a8e90";

    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    private final EarlierData data = new EarlierData(Path.of(System.getProperty("fixture.write", "")));
    private final EarlierTasks tasks = EarlierTasks.asTheyWere();
    private final ClockedDeployment deployment =
            new ClockedDeployment(stage.dynamoDb, stage.table, data.files(), NINE, tasks.ofApi(), tasks::addTo);
    private final Random noise = new Random(NINE.getEpochSecond());
    private final Map<String, String> jobs = new LinkedHashMap<>();
    private final Map<String, String> keys = new LinkedHashMap<>();
    private final List<Thread> hanging = new ArrayList<>();

    @Test
    void write() throws Exception {
        data.clear();
        deployment.putKey();
        atNineJobsEnd();
        untilNoonTheLedgerIsKept();
        beforeNoonJobsWait();
        String cursor = deployment.get("/v1/jobs?limit=2").text("cursor");
        Map<String, JsonNode> answers = answers();
        data.writeTable(stage.dynamoDb, stage.table);
        data.writeMessages(messages());
        data.writeFixture(new Fixture(deployment.clock.instant(), jobs, keys, cursor));
        data.writeAnswers(answers);

        tasks.end.countDown();
        for (Thread handler : hanging) {
            handler.join();
        }
        assertThatNothingIsLeftOut();
    }

    // ---- 9:00

    private void atNineJobsEnd() throws InterruptedException, IOException {
        makeKeys();
        makeSchedules();
        enqueue(
                "succeeded",
                "echo",
                Map.of("n", 1),
                Map.of("tags", List.of("shop", "spring"), "meta", Map.of("a", "b")));
        enqueue("with bodies as items", "echo", noise(5_000), Map.of());
        enqueue("with bodies as files", "echo-briefly", noise(12_000), Map.of());
        enqueue("under a key", "echo", Map.of("n", 2), Map.of(), Map.of("idempotency-key", "order-17"));
        enqueue("leading to another", "lead", Map.of(), Map.of());
        enqueue("walked", "walk", Map.of(), Map.of());
        enqueue("expired", "wait", Map.of(), Map.of("delaySeconds", 60, "expiresAt", time(Duration.ofMinutes(2))));
        enqueue("exhausted", "fail", Map.of(), Map.of("maxAttempts", 1));
        enqueue("purged", "fail", Map.of("purged", true), Map.of("maxAttempts", 1, "tags", List.of("purge-me")));
        enqueue("undecodable", "count", Map.of("number", "many"), Map.of());
        enqueue("of an unknown task", "retired", Map.of(), Map.of());
        enqueue("with a result too large", "echo", noise(300_000), Map.of());
        enqueue("without its payload", "echo", noise(9_000), Map.of("delaySeconds", 60));
        enqueue("cancelled", "wait", Map.of(), Map.of("runAt", time(Duration.ofHours(1))));
        ok(deployment.post("/v1/jobs/" + jobs.get("cancelled") + "/cancel", Map.of()));
        losePayload("without its payload");
        workFor(Duration.ofMinutes(30));

        hang("crashed", Map.of("maxAttempts", 1));
        deployment.clock.advance(Duration.ofMinutes(5));
        deployment.queue.sendToDeadLetters(POOL, message("crashed"));
        deployment.deadLetter(POOL, DEAD_LETTER, "no message of Longshore");
        deployment.drainDeadLetters(POOL);
        String rerun = ok(deployment.post("/v1/jobs/" + jobs.get("succeeded") + "/rerun", Map.of()))
                .text("id");
        jobs.put("a repetition", rerun);
        ok(deployment.post("/v1/jobs/purge", Map.of("tag", "purge-me")));
        workFor(Duration.ofMinutes(5));
    }

    private void makeKeys() {
        makeKey("shop", Map.of("scopes", List.of("enqueue", "read"), "tasks", List.of("echo", "wait")));
        makeKey("rotated", Map.of("scopes", List.of("enqueue"), "expiresAt", time(Duration.ofDays(30))));
        makeKey("revoked", Map.of("scopes", List.of("operate")));
        ok(deployment.delete("/v1/keys/" + idOf("revoked")));
    }

    private void makeKey(String name, Map<String, Object> settings) {
        Map<String, Object> key = new HashMap<>(settings);
        key.put("name", name);
        keys.put(name, ok(deployment.post("/v1/keys", key)).text("key"));
    }

    private String idOf(String key) {
        return keys.get(key).split("_", -1)[1];
    }

    private void makeSchedules() {
        schedule("hourly", Map.of("task", "echo", "cron", "0 * * * *", "payload", Map.of("every", "hour")));
        schedule("nightly", Map.of("task", "wait", "cron", "30 2 * * *", "zone", "Europe/Berlin", "paused", true));
        schedule("ninety", Map.of("task", "echo", "every", "PT90M", "overlap", "skip", "tags", List.of("interval")));
        schedule("changed", Map.of("task", "wait", "cron", "0 12 * * *", "jitterSeconds", 60));
        schedule("half-way", Map.of("task", "wait", "cron", "0 12 * * *", "payload", Map.of("version", 1)));
        ok(deployment.post("/v1/schedules/hourly/run", Map.of()));
    }

    private void schedule(String name, Map<String, Object> definition) {
        ok(deployment.put("/v1/schedules/" + name, definition));
    }

    /** The file is gone, as when an operator deletes it by hand. */
    private void losePayload(String label) throws IOException {
        try (Stream<Path> files = Files.walk(data.files())) {
            List<Path> ofJob = files.filter(
                            file -> Files.isRegularFile(file) && file.toString().contains(jobs.get(label)))
                    .toList();
            assertThat(ofJob).hasSize(1);
            Files.delete(ofJob.getFirst());
        }
    }

    // ---- 9:35 to 11:58

    private void untilNoonTheLedgerIsKept() {
        workFor(Duration.between(deployment.clock.instant(), NINE.plus(Duration.ofMinutes(178))));
    }

    /** A tick each five minutes, and workers after it. */
    private void workFor(Duration time) {
        Instant end = deployment.clock.instant().plus(time);
        while (deployment.clock.instant().isBefore(end)) {
            deployment.tick();
            deployment.work(POOL);
            deployment.work("heavy");
            deployment.drainDeadLetters(POOL);
            deployment.clock.advance(Duration.ofMinutes(5));
        }
        deployment.clock.set(end);
    }

    // ---- 11:58

    private void beforeNoonJobsWait() throws InterruptedException {
        ok(deployment.post("/v1/keys/" + idOf("rotated") + "/rotate", Map.of("overlapSeconds", 3_600)));
        ok(deployment.post("/v1/tasks/render/pause", Map.of()));
        ok(deployment.post("/v1/tasks/render/resume", Map.of()));
        ok(deployment.post("/v1/tasks/wait/pause", Map.of()));
        ok(deployment.post("/v1/queues/heavy/pause", Map.of()));
        enqueue("held by its task's pause", "wait", Map.of(), Map.of());
        enqueue("held by its pool's pause", "render", Map.of(), Map.of());
        enqueue("retrying, its message hidden", "fail", Map.of(), Map.of());
        enqueue("retrying, held", "fail-long", Map.of(), Map.of());
        enqueue("snoozed", "snooze", Map.of(), Map.of());
        deployment.work(POOL);
        deployment.work("heavy");
        hang("running", Map.of());
        hang("running, its cancellation requested", Map.of());
        ok(deployment.post("/v1/jobs/" + jobs.get("running, its cancellation requested") + "/cancel", Map.of()));

        enqueue("dead, not reported", "discard", Map.of(), Map.of());
        deployment.work(POOL);
        deployment.queue.sendToDeadLetters(POOL, message("exhausted"));
        enqueue("dead, then redriven with another payload", "fail", Map.of(), Map.of("maxAttempts", 1));
        deployment.work(POOL);
        ok(deployment.post(
                "/v1/jobs/" + jobs.get("dead, then redriven with another payload") + "/retry",
                Map.of("payload", Map.of("mended", true))));

        enqueue(
                "queued",
                "echo",
                Map.of("n", 3),
                Map.of(
                        "tags", List.of("shop"),
                        "meta", Map.of("order", "18"),
                        "fairKey", "customer-7",
                        "expiresAt", time(Duration.ofHours(2))),
                Map.of(
                        "idempotency-key", "order-18",
                        "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        enqueue("queued, its payload an item", "echo", noise(2_000), Map.of());
        enqueue("queued, its payload a file", "echo", noise(8_000), Map.of());
        enqueue("delayed", "echo", Map.of(), Map.of("delaySeconds", 300));
        enqueue("scheduled", "echo", Map.of(), Map.of("runAt", time(Duration.ofHours(1))));
        enqueue("scheduled, its payload a file", "echo", noise(7_000), Map.of("runAt", time(Duration.ofHours(1))));
        ok(deployment.post("/v1/jobs/retry", Map.of("task", "fail")));
        ok(deployment.post("/v1/ledger/audit", Map.of()));
        changeASchedule();
    }

    /** Jobs of 12:00 are made a minute ahead; one change takes its job back, the other is interrupted before it does. */
    private void changeASchedule() {
        deployment.clock.set(NINE.plus(Duration.ofHours(3)).minusSeconds(30));
        deployment.tick();
        schedule("changed", Map.of("task", "echo", "cron", "0 12 * * *", "payload", Map.of("version", 2)));
        deployment.faults.refuse("cancelUnstarted", 20);
        Answer interrupted = deployment.put(
                "/v1/schedules/half-way",
                Map.of("task", "echo", "cron", "0 12 * * *", "payload", Map.of("version", 2)));
        assertThat(interrupted.status()).isEqualTo(503);
        deployment.faults.refuse("cancelUnstarted", 0);
    }

    // ---- steps

    private void enqueue(String label, String task, Object payload, Map<String, Object> settings) {
        enqueue(label, task, payload, settings, Map.of());
    }

    private void enqueue(
            String label, String task, Object payload, Map<String, Object> settings, Map<String, String> headers) {
        Map<String, Object> job = new HashMap<>(settings);
        job.put("task", task);
        job.put("payload", payload);
        jobs.put(
                label,
                ok(deployment.request(ClockedDeployment.KEY, "POST", "/v1/jobs", job, headers))
                        .text("id"));
    }

    /** Starts a handler that does not end before all is written. No other message may be visible. */
    private void hang(String label, Map<String, Object> settings) throws InterruptedException {
        enqueue(label, "hang", Map.of(), settings);
        hanging.add(Thread.startVirtualThread(() -> deployment.workOnOne(POOL)));
        tasks.begun.acquire();
    }

    private String message(String label) {
        return deployment.queue.bodies(POOL).stream()
                .filter(body -> body.contains(jobs.get(label)))
                .findFirst()
                .orElse("{\"v\":1,\"id\":\"" + jobs.get(label) + "\",\"task\":\"fail\"}");
    }

    private String time(Duration fromNow) {
        return deployment.clock.instant().plus(fromNow).toString();
    }

    /** Text that hardly gets shorter when it is packed. */
    private String noise(int bytes) {
        byte[] random = new byte[bytes];
        noise.nextBytes(random);
        return Base64.getEncoder().encodeToString(random);
    }

    private static Answer ok(Answer answer) {
        assertThat(answer.status()).as(answer.body().toString()).isBetween(200, 299);
        return answer;
    }

    // ---- what is written

    private Map<String, JsonNode> answers() {
        Map<String, JsonNode> answers = new LinkedHashMap<>();
        List<String> paths = new ArrayList<>(jobs.keySet().stream()
                .filter(label -> !label.equals("purged"))
                .map(label -> "/v1/jobs/" + jobs.get(label))
                .toList());
        keys.keySet().stream()
                .filter(name -> !name.equals("revoked"))
                .map(name -> "/v1/keys/" + idOf(name))
                .forEach(paths::add);
        Stream.of("hourly", "nightly", "ninety", "changed", "half-way")
                .map(name -> "/v1/schedules/" + name)
                .forEach(paths::add);
        paths.addAll(List.of(
                "/v1/jobs?limit=100",
                "/v1/jobs?limit=100&state=DEAD",
                "/v1/dead-letters",
                "/v1/quarantine",
                "/v1/quarantine/" + DEAD_LETTER,
                "/v1/operator-log?limit=100",
                "/v1/ledger?from=2026-03-10T09:00:00Z&to=2026-03-10T12:00:00Z",
                "/v1/stats"));
        paths.forEach(path -> answers.put(path, ok(deployment.get(path)).body()));
        return answers;
    }

    private List<Waiting> messages() {
        List<Waiting> messages = new ArrayList<>();
        for (String pool : List.of(POOL, "heavy")) {
            deployment.queue.bodies(pool).stream()
                    .sorted()
                    .forEach(body -> messages.add(new Waiting(pool, false, body)));
            deployment.queue.deadLetters(pool).stream()
                    .sorted()
                    .forEach(body -> messages.add(new Waiting(pool, true, body)));
        }
        return messages;
    }

    private void assertThatNothingIsLeftOut() throws IOException {
        String table = Files.readString(data.folder().resolve("table.jsonl"));
        assertThat(Field.values()).allSatisfy(field -> assertThat(table).contains("\"" + field.attribute() + "\":{"));
        Set<JobState> states = EnumSet.noneOf(JobState.class);
        data.answers().values().forEach(answer -> {
            if (answer.has("state")) {
                states.add(JobState.valueOf(answer.path("state").asString()));
            }
        });
        assertThat(states).isEqualTo(EnumSet.complementOf(EnumSet.of(JobState.UNKNOWN)));
        assertThat(table)
                .contains(
                        "\"due#",
                        "\"dead#",
                        "\"paused#task",
                        "\"paused#pool",
                        "\"cron#",
                        "#sweep#",
                        "\"apikey#",
                        "\"key#");
    }
}
