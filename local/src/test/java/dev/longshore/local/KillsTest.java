package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.suites.e2e.Api;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * {@code kill -9} of the whole runtime at random moments under load, again and again on the same data: what was
 * acknowledged is there, and ends once. {@code -Dlongshore.kills=200} for the run of {@code docs/reliability.md}.
 */
class KillsTest {
    private static final int KILLS = Integer.getInteger("longshore.kills", 3);
    private static final long SEED = Long.getLong("longshore.seed", System.nanoTime());
    private static final int AT_ONCE = 10;
    /** So many that being killed again and again does not use them up: that is another promise. */
    private static final int ATTEMPTS = 100;

    @TempDir
    Path data;

    private final Random random = new Random(SEED);
    private final Map<String, Integer> acknowledged = new ConcurrentHashMap<>();
    private int sent;

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void whatWasAcknowledgedEndsOnceHoweverOftenTheRuntimeIsKilled() throws Exception {
        Instant start = Instant.now();
        try (RuntimeProcess runtime = new RuntimeProcess(data)) {
            Api api = runtime.api(Duration.ofMinutes(10));
            for (int kill = 0; kill < KILLS; kill++) {
                runtime.start();
                CountDownLatch working = new CountDownLatch(random.nextInt(4)); // 0: killed while it wakes up
                Thread load = Thread.ofVirtual().start(() -> enqueueUntilItDies(api, working));
                working.await();
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(1_500)).toNanos()); // a moment like any other
                runtime.kill();
                load.join();
            }
            runtime.start();
            check(api);
        }
        System.out.printf(
                "%d kills (seed %d) in %d s: %d jobs acknowledged of %d sent, lost 0, ended twice 0%n",
                KILLS, SEED, Duration.between(start, Instant.now()).toSeconds(), acknowledged.size(), sent);
    }

    private void enqueueUntilItDies(Api api, CountDownLatch working) {
        try {
            while (true) {
                enqueue(api);
                working.countDown();
            }
        } catch (UncheckedIOException killed) {
            // what this call requested may be there or not
        }
    }

    private void enqueue(Api api) {
        List<Map<String, ?>> jobs = new ArrayList<>();
        int first = sent;
        for (int i = 0; i < AT_ONCE; i++) {
            jobs.add(Map.of(
                    "task",
                    "rehearse",
                    "id",
                    JobId.next(Instant.now(), random).text(),
                    "maxAttempts",
                    ATTEMPTS,
                    "payload",
                    Map.of("value", sent++, "runMs", random.nextInt(100))));
        }
        Api.Answer answer = api.post("/v1/jobs/batch", Map.of("jobs", jobs));
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(207);
        JsonNode results = answer.json().get("results");
        for (int i = 0; i < AT_ONCE; i++) {
            JsonNode result = results.get(i);
            if (result.get("status").asInt() == 202) {
                acknowledged.put(result.get("job").get("id").asString(), first + i);
            }
        }
    }

    private void check(Api api) {
        assertThat(acknowledged).isNotEmpty();
        acknowledged.forEach((id, value) -> {
            JsonNode job = api.await(id, "ended", now -> now.has("finishedAt"));
            assertThat(job.get("state").asString()).as(job.toString()).isEqualTo("SUCCEEDED");
            assertThat(job.get("result").get("value").asInt()).isEqualTo(value);
            assertThat(Api.states(job)).containsOnlyOnce("SUCCEEDED").doesNotContain("DEAD", "CANCELLED");
        });
    }
}
