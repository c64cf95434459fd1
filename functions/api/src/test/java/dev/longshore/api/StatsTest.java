package dev.longshore.api;

import static dev.longshore.api.ApiStage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Change;
import dev.longshore.job.Change.Outcome;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.Page;
import dev.longshore.job.RowStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class StatsTest {
    private final ApiStage stage = new ApiStage();
    private int token;

    @Test
    void waitAndRunAreGivenInExactPercentiles() {
        for (int i = 1; i <= 100; i++) {
            JobId id = stage.enqueued("{\"task\":\"echo\"}");
            end(id, Duration.ofMillis(i), Duration.ofMillis(10L * i));
        }
        stage.enqueued("{\"task\":\"process-image\",\"payload\":{\"file\":\"a.png\",\"width\":1},\"delaySeconds\":99}");

        JsonNode stats = stage.get("/v1/stats").json();

        assertThat(stats.get("complete").asBoolean()).isTrue();
        assertThat(stats.get("jobs").asInt()).isEqualTo(101);
        assertThat(stats.get("states").get("SUCCEEDED").asInt()).isEqualTo(100);
        assertThat(stats.get("states").get("SCHEDULED").asInt()).isEqualTo(1);
        assertThat(stats.get("endedPerMinute").asDouble()).isEqualTo(1.667); // 100 jobs in the last hour
        assertThat(stats.get("waitMillis").toString())
                .isEqualTo("{\"count\":100,\"p50\":50,\"p90\":90,\"p99\":99,\"max\":100}");
        assertThat(stats.get("runMillis").toString())
                .isEqualTo("{\"count\":100,\"p50\":500,\"p90\":900,\"p99\":990,\"max\":1000}");
        assertThat(stats.get("tasks").get(0).get("task").asString()).isEqualTo("echo");
        assertThat(stats.get("tasks").get(1).get("jobs").asInt()).isEqualTo(1);
        assertThat(stats.get("tasks").get(1).get("waitMillis").toString()).isEqualTo("{\"count\":0}");
    }

    @Test
    void aWaitIsCountedFromTheRequestedTimeToTheFirstStart() {
        JobId id = stage.enqueued("{\"task\":\"echo\",\"delaySeconds\":60}");
        stage.memory.clock().advance(Duration.ofSeconds(62));
        Job first = claim(id);
        done(id, new Lifecycle(now(), token()).retry(first, Duration.ofSeconds(10), false, new JobError("T", "m")));
        stage.memory.clock().advance(Duration.ofSeconds(10));
        Job second = claim(id);
        stage.memory.clock().advance(Duration.ofSeconds(3));
        done(id, new Lifecycle(now(), token()).kill(second, DeadReason.EXHAUSTED, new JobError("T", "m")));

        JsonNode stats = stage.get("/v1/stats").json();

        assertThat(stats.get("waitMillis").get("max").asLong()).isEqualTo(2_000);
        assertThat(stats.get("runMillis").get("max").asLong()).isEqualTo(3_000);
        assertThat(stats.get("states").get("DEAD").asInt()).isEqualTo(1);
    }

    @Test
    void moreJobsThanOneCallReadsAreCountedAsFarAsItCame() {
        Instant start = now();
        IntStream.rangeClosed(0, StatsRequests.MOST).forEach(i -> {
            stage.memory.clock().advance(Duration.ofMillis(10));
            stage.enqueue("1");
        });

        JsonNode stats = stage.get("/v1/stats").json();

        assertThat(stats.get("complete").asBoolean()).isFalse();
        assertThat(stats.get("jobs").asInt()).isEqualTo(StatsRequests.MOST);
        assertThat(stats.get("readBackTo").asString())
                .isEqualTo(start.plusMillis(20).toString());
    }

    @Test
    void jobsBehindManyEmptyDaysAreCountedThoughOneListDoesNotReachThem() {
        IntStream.range(0, 3).forEach(i -> stage.enqueue("1"));
        Instant created = now();
        stage.memory.clock().advance(Duration.ofDays(20));
        stage.enqueue("2");
        ApiStage paged = stage.on(stage.memory.engines(inPagesOf(Duration.ofDays(6)), stage.memory.queue()));

        JsonNode stats = paged.get("/v1/stats?from=" + created.minus(Duration.ofDays(10)))
                .json();

        assertThat(stats.get("jobs").asInt()).isEqualTo(4);
        assertThat(stats.get("complete").asBoolean()).isTrue();
        assertThat(stats.has("readBackTo")).isFalse();
    }

    @Test
    void aListThatDoesNotComeToItsEndSaysHowFarItCame() {
        stage.enqueue("1");
        ApiStage paged = stage.on(stage.memory.engines(inPagesOf(Duration.ofMinutes(1)), stage.memory.queue()));
        Instant to = now();

        JsonNode stats =
                paged.get("/v1/stats?from=" + to.minus(Duration.ofDays(1))).json();

        assertThat(stats.get("jobs").asInt()).isEqualTo(1);
        assertThat(stats.get("complete").asBoolean()).isFalse();
        assertThat(stats.get("readBackTo").asString())
                .isEqualTo(ApiStage.time(to.minus(Duration.ofMinutes(StatsRequests.MOST_LISTS))));
    }

    /** A store of which one list goes only so far back, as that on DynamoDB reads only so many days. */
    private RowStore inPagesOf(Duration time) {
        RowStore store = stage.memory.rows();
        return (RowStore) Proxy.newProxyInstance(
                StatsTest.class.getClassLoader(),
                new Class<?>[] {RowStore.class},
                (proxy, method, arguments) -> arguments[0] instanceof JobStore.Query query
                        ? page(store, query, time)
                        : method.invoke(store, arguments));
    }

    private static Page<Job, JobId> page(RowStore store, JobStore.Query query, Duration time) {
        Instant start = (query.before() == null ? query.to() : query.before().time()).minus(time);
        if (!start.isAfter(query.from())) {
            return store.list(query);
        }
        Page<Job, JobId> page =
                store.list(new JobStore.Query(start, query.to(), query.filter(), query.limit(), query.before()));
        return page.next() == null ? new Page<>(page.items(), JobId.of(start.toEpochMilli(), 0, 0)) : page;
    }

    @Test
    void onlyJobsOfTheTimeAreCounted() {
        stage.enqueue("1");
        stage.memory.clock().advance(Duration.ofMinutes(61));
        stage.enqueue("2");

        assertThat(stage.get("/v1/stats").json().get("jobs").asInt()).isEqualTo(1);
        assertThat(stage.get("/v1/stats?from=2026-03-10T12:00:00Z")
                        .json()
                        .get("jobs")
                        .asInt())
                .isEqualTo(2);
        problem(stage.get("/v1/stats?tusk=echo"), 400, "'tusk' is unknown");
        problem(stage.get("/v1/stats?from=2025-03-10T12:00:00Z"), 400, "more than 31 days");
    }

    private void end(JobId id, Duration wait, Duration run) {
        Instant created = stage.job(id).createdAt();
        Job held = ((Outcome.Done) stage.memory
                        .jobs()
                        .apply(id, new Lifecycle(created.plus(wait), token()).claim(id, created.plusSeconds(60))))
                .job();
        Instant end = created.plus(wait).plus(run);
        done(id, new Lifecycle(end, token()).succeed(held, null, null, Duration.ofDays(7)));
    }

    private Job claim(JobId id) {
        return done(id, new Lifecycle(now(), token()).claim(id, now().plusSeconds(60)));
    }

    private Job done(JobId id, Change change) {
        return ((Outcome.Done) stage.memory.jobs().apply(id, change)).job();
    }

    private String token() {
        return "t" + token++;
    }

    private Instant now() {
        return stage.memory.clock().instant();
    }
}
