package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.local.ClockedDeployment.Answer;
import dev.longshore.local.EarlierData.Fixture;
import dev.longshore.local.EarlierData.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Rows, messages and files that code of an earlier commit has left are read, and brought to their end, by today's. */
class EarlierDataTest {
    private static final EarlierData DATA = EarlierData.OF_8923120;
    private static final String POOL = "default";
    private static final AtomicInteger TABLES = new AtomicInteger();

    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    @TempDir
    Path files;

    private final EarlierTasks tasks = EarlierTasks.repaired();
    private Fixture fixture;
    private ClockedDeployment deployment;

    @BeforeEach
    void load() throws IOException {
        String table = "earlier-" + TABLES.incrementAndGet();
        stage.createTable(table);
        DATA.loadTable(stage.dynamoDb, table);
        DATA.copyFilesTo(files);
        fixture = DATA.fixture();
        deployment = new ClockedDeployment(stage.dynamoDb, table, files, fixture.at(), tasks.ofApi(), tasks::addTo);
        for (Waiting message : DATA.messages()) {
            if (message.deadLetter()) {
                deployment.queue.sendToDeadLetters(message.pool(), message.body());
            } else {
                deployment.queue.sendRaw(message.pool(), message.body());
            }
        }
    }

    @Test
    void everythingReadsAsItDid() throws IOException {
        DATA.answers()
                .forEach((path, then) -> assertThat(
                                EarlierData.partIn(then, deployment.get(path).body()))
                        .as(path)
                        .isEqualTo(then));

        assertThat(deployment.get("/v1/jobs/" + id("purged")).status()).isEqualTo(404);
        assertThat(deployment
                        .get("/v1/tasks")
                        .body()
                        .path("tasks")
                        .valueStream()
                        .filter(task -> task.has("paused"))
                        .map(task -> task.path("name").asString("") + " since "
                                + task.path("paused").path("since").asString("") + ", " + task.path("setAside")
                                + " held"))
                .containsExactly("wait since 2026-03-10T11:58:00.000Z, 1 held");
        assertThat(deployment.get("/v1/jobs?limit=2&cursor=" + fixture.cursor()).status())
                .isEqualTo(200);
    }

    @Test
    void everyJobThatWaitsOrRunsFinishes() {
        deployment.post("/v1/tasks/wait/resume", Map.of());
        deployment.post("/v1/queues/heavy/resume", Map.of());
        workFor(Duration.ofHours(4));

        assertThat(fixture.jobs().entrySet().stream()
                        .filter(job -> !job.getKey().equals("purged"))
                        .map(job -> job.getKey() + ": " + end(job.getValue()))
                        .collect(Collectors.joining("\n")))
                .isEqualTo("""
                        succeeded: SUCCEEDED {"n":1}
                        with bodies as items: SUCCEEDED "wSIHkfnBxYmngSRd+nxLiMQPmM0U
                        with bodies as files: SUCCEEDED "efXxC0Z1Fu9A1j/rQ1IUN4IVencb
                        under a key: SUCCEEDED {"n":2}
                        leading to another: SUCCEEDED "019cd6f9-7a80-740a-9ca5-faa0
                        walked: SUCCEEDED "walked on from page 3"
                        expired: DEAD expired
                        exhausted: SUCCEEDED "arrived at attempt 1"
                        undecodable: DEAD undecodable
                        of an unknown task: DEAD unknown_task
                        with a result too large: DEAD result_too_large
                        without its payload: DEAD payload_missing
                        cancelled: CANCELLED
                        crashed: DEAD crashed
                        a repetition: SUCCEEDED {"n":1}
                        held by its task's pause: SUCCEEDED "waited"
                        held by its pool's pause: SUCCEEDED "rendered"
                        retrying, its message hidden: SUCCEEDED "arrived at attempt 2"
                        retrying, held: SUCCEEDED "arrived at attempt 2"
                        snoozed: SUCCEEDED "awake at attempt 1"
                        running: SUCCEEDED "continued from 7"
                        running, its cancellation requested: CANCELLED
                        dead, not reported: DEAD discarded
                        dead, then redriven with another payload: SUCCEEDED "arrived at attempt 1"
                        queued: SUCCEEDED {"n":3}
                        queued, its payload an item: SUCCEEDED "ciUS5d8V+N8yGAcwPEGbNkVT2aF/
                        queued, its payload a file: SUCCEEDED "F+JFDUYFaftJ5s8OrouE5IDlle6A
                        delayed: SUCCEEDED {}
                        scheduled: SUCCEEDED {}
                        scheduled, its payload a file: SUCCEEDED "VM9CPNyhDc0p7ecO8Kcgfg8GjhLr""");
    }

    private String end(String id) {
        JsonNode job = deployment.get("/v1/jobs/" + id).body();
        String reason = job.path("deadReason").asString("");
        String result = job.path("result").toString();
        return (job.path("state").asString("") + " " + reason + result.substring(0, Math.min(29, result.length())))
                .strip();
    }

    @Test
    void aRequestUnderAnEarlierKeyIsAnsweredWithTheFirstJob() {
        for (Map.Entry<String, String> key :
                Map.of("order-17", "under a key", "order-18", "queued").entrySet()) {
            Answer other = enqueueUnder(key.getKey(), Map.of("n", 99));
            assertThat(other.status()).isEqualTo(422);
            assertThat(other.body().path("firstJob").asString("")).isEqualTo(id(key.getValue()));
        }
        assertThat(enqueueUnder("order-17", Map.of("n", 2)).status()).isEqualTo(200);
        assertThat(enqueueUnder("order-17", Map.of("n", 2)).text("id")).isEqualTo(id("under a key"));
    }

    private Answer enqueueUnder(String idempotencyKey, Object payload) {
        return deployment.request(
                ClockedDeployment.KEY,
                "POST",
                "/v1/jobs",
                Map.of("task", "echo", "payload", payload),
                Map.of("idempotency-key", idempotencyKey));
    }

    @Test
    void keysOpenWhatTheyDidAndNothingElse() {
        assertThat(enqueueAs("shop", "echo")).isEqualTo(202);
        assertThat(enqueueAs("shop", "fail")).isEqualTo(403);
        assertThat(enqueueAs("rotated", "fail"))
                .as("its secret before, for an hour more")
                .isEqualTo(202);
        assertThat(enqueueAs("revoked", "echo")).isEqualTo(401);
        deployment.clock.advance(Duration.ofHours(1));
        assertThat(enqueueAs("rotated", "fail")).isEqualTo(401);
    }

    private int enqueueAs(String key, String task) {
        return deployment
                .request(
                        fixture.keys().get(key),
                        "POST",
                        "/v1/jobs",
                        Map.of("task", task, "payload", Map.of()),
                        Map.of())
                .status();
    }

    @Test
    void schedulesMakeTheirNextJobAndAHandoverThatWasInterruptedIsFinished() {
        String ahead = deployment
                .get("/v1/schedules/half-way")
                .body()
                .path("last")
                .path("job")
                .asString("");
        workFor(Duration.ofHours(2));

        assertThat(deployment.get("/v1/jobs/" + ahead).text("state")).isEqualTo("CANCELLED");
        assertThat(lastOf("half-way")).isEqualTo("2026-03-10T12:00:00.000Z echo SUCCEEDED {\"version\":2}");
        assertThat(lastOf("changed")).isEqualTo("2026-03-10T12:00:00.000Z echo SUCCEEDED {\"version\":2}");
        assertThat(lastOf("hourly")).startsWith("2026-03-10T13:00:00.000Z echo SUCCEEDED");
        assertThat(lastOf("ninety")).startsWith("2026-03-10T13:30:00.000Z echo SUCCEEDED");
        assertThat(deployment.get("/v1/schedules/nightly").body().has("last")).isFalse();
    }

    private String lastOf(String schedule) {
        JsonNode last = deployment.get("/v1/schedules/" + schedule).body().path("last");
        JsonNode job =
                deployment.get("/v1/jobs/" + last.path("job").asString("")).body();
        return String.join(
                " ",
                last.path("at").asString(""),
                job.path("task").asString(""),
                job.path("state").asString(""),
                job.path("payload").toString());
    }

    @Test
    void aDeathIsReportedUnlessItWasBefore() {
        deployment.drainDeadLetters(POOL);

        assertThat(tasks.reported).containsExactly(id("dead, not reported"));
        deployment.queue.sendToDeadLetters(
                POOL, "{\"v\":1,\"id\":\"" + id("dead, not reported") + "\",\"task\":\"discard\"}");
        deployment.drainDeadLetters(POOL);
        assertThat(tasks.reported).hasSize(1);
    }

    @Test
    void filesEndWithTheirJobs() throws IOException {
        assertThat(filesOf("with bodies as files")).hasSize(2);

        deployment.clock.set(fixture.at().plus(Duration.ofDays(1)));
        deployment.tick();

        assertThat(filesOf("with bodies as files")).isEmpty();
        assertThat(filesOf("scheduled, its payload a file")).hasSize(1);
    }

    private List<Path> filesOf(String label) throws IOException {
        try (Stream<Path> all = Files.walk(files)) {
            return all.filter(
                            file -> Files.isRegularFile(file) && file.toString().contains(id(label)))
                    .toList();
        }
    }

    private String id(String label) {
        return fixture.jobs().get(label);
    }

    /** A tick each ten minutes, and workers after it. */
    private void workFor(Duration time) {
        for (Duration left = time; left.isPositive(); left = left.minusMinutes(10)) {
            deployment.tick();
            deployment.work(POOL);
            deployment.work("heavy");
            deployment.drainDeadLetters(POOL);
            deployment.clock.advance(Duration.ofMinutes(10));
        }
    }
}
