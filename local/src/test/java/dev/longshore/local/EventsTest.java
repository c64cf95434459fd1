package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.longshore.api.ApiFunction;
import dev.longshore.api.ApiKeys;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.engines.Engines;
import dev.longshore.keeper.DeadLetterFunction;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.memory.InMemoryEngines;
import dev.longshore.memory.LambdaRunner;
import dev.longshore.task.Json;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The samples of {@code events/} are true: each is given to its function, and what that answers is the sample answer. */
class EventsTest {
    private static final Path EVENTS = Path.of("..", "events");
    private static final String KEY = "ls_docs_a-secret-of-these-samples-alone";
    private static final JobId FIRST = new JobId("019cd7a5-6400-7d6f-8a3c-2f1e0b9c8d71");
    private static final JobId SECOND = new JobId("019cd7a5-6401-7b02-9c11-7d5a4e3f2b10");

    private final InMemoryEngines memory = InMemoryEngines.create();
    private final Engines engines = memory.engines();
    private final WriteTokens tokens = new WriteTokens(memory.random());

    @Test
    void anHttpApisEventEnqueuesAJob() throws IOException {
        assertAnswers("api-http-2.0", api());

        assertThat(memory.jobs().find(new JobId("019cd7a5-6400-7a10-8b20-0c0ffee00001")))
                .isPresent();
    }

    @Test
    void aRestApisEventListsJobs() throws IOException {
        create(FIRST, "{\"value\":1}");
        create(SECOND, "{\"value\":2}");

        assertAnswers("api-rest-1.0", api());
    }

    @Test
    void aBatchOfMessagesIsWorkedOnAndTheFailedOneIsNamed() throws IOException {
        create(FIRST, "{\"fail\":false}");
        create(SECOND, "{\"fail\":true}");

        assertAnswers("sqs-batch", worker());

        assertThat(state(FIRST)).isEqualTo(JobState.SUCCEEDED);
        assertThat(state(SECOND)).isEqualTo(JobState.RETRYING);
    }

    @Test
    void aDeadLetterOfAJobWithAttemptsLeftRescuesIt() throws IOException {
        create(FIRST, "{}");
        memory.jobs().apply(FIRST, new Lifecycle(now(), tokens.next()).claim(FIRST, now().plusSeconds(60)));
        memory.clock().advance(Duration.ofMinutes(6));

        assertAnswers("dead-letter", new DeadLetterFunction(engines, new TaskCatalog()));

        assertThat(state(FIRST)).isEqualTo(JobState.RETRYING);
    }

    @Test
    void aTickSendsTheJobsThatAreDue() throws IOException {
        Job job = create(FIRST, "{}");
        memory.jobs().apply(FIRST, new Lifecycle(Instant.EPOCH, "held").hold(job, HoldReason.DUE, now()));

        assertAnswers("tick", new DispatcherFunction(engines, List.of()));

        assertThat(memory.queue().receive("default", 10)).hasSize(1);
    }

    @Test
    void theDailyInvocationsChangeNothing() throws IOException {
        assertAnswers("daily-batch", worker());
        assertAnswers("daily-batch", new DeadLetterFunction(engines, new TaskCatalog()));
        assertAnswers("daily-api", api());

        assertThat(memory.rows().writes()).isZero();
    }

    @Test
    void everySampleHasItsAnswerAndIsNamedInTheReadme() throws IOException {
        String readme = Files.readString(EVENTS.resolve("README.md"));
        try (Stream<Path> files = Files.list(EVENTS)) {
            List<String> samples = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json") && !name.endsWith(".answer.json"))
                    .toList();
            assertThat(samples).hasSize(7).allSatisfy(sample -> {
                assertThat(readme).contains("`" + sample + "`");
                assertThat(EVENTS.resolve(sample.replace(".json", ".answer.json")))
                        .exists();
            });
        }
    }

    private RequestStreamHandler worker() {
        return new WorkerFunction() {
            @Override
            protected void tasks(TaskCatalog tasks) {
                addTo(tasks);
            }
        }.on(engines);
    }

    private ApiFunction api() {
        memory.keys().putApiKey(ApiKeys.withAllScopes(KEY, now()));
        TaskCatalog tasks = new TaskCatalog();
        addTo(tasks);
        return new ApiFunction(engines, tasks.descriptions());
    }

    private static void addTo(TaskCatalog tasks) {
        tasks.add("rehearse", Json.class, (payload, job) -> {
            if (payload.tree().path("fail").asBoolean(false)) {
                throw new IllegalStateException("as ordered");
            }
            return payload;
        });
    }

    private void assertAnswers(String sample, RequestStreamHandler function) throws IOException {
        Json event = new Json(Files.readString(EVENTS.resolve(sample + ".json")));

        Json answer = new LambdaRunner(function, memory.clock(), Duration.ofMinutes(1)).invoke(event);

        JsonNode expected = Json.mapper().readTree(Files.readAllBytes(EVENTS.resolve(sample + ".answer.json")));
        assertThat(answer.tree().toPrettyString()).isEqualTo(expected.toPrettyString());
    }

    private Job create(JobId id, String payload) {
        NewJob job = NewJob.of(id, "rehearse", "default", 3, Json.parse(payload), now(), tokens.next());
        return ((JobStore.Creation.Created) memory.jobs().create(job, now())).job();
    }

    private JobState state(JobId id) {
        return memory.jobs().find(id).orElseThrow().state();
    }

    private Instant now() {
        return memory.clock().instant();
    }
}
