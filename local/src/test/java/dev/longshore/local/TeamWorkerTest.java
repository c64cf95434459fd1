package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.suites.e2e.Api;
import dev.longshore.task.DeathHook.DeadJob;
import dev.longshore.task.FileStore;
import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.TaskHandler;
import dev.longshore.worker.WorkerFunction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The local runtime runs a team's worker class, the one that Lambda runs. */
class TeamWorkerTest {
    @TempDir
    Path data;

    private final ShopWorker worker = new ShopWorker();
    private LocalRuntime runtime;
    private Api api;

    /** A worker with services: one in a field, and one that a supplier opens. */
    private static final class ShopWorker extends WorkerFunction {
        private final BlockingQueue<DeadJob> deaths = new LinkedBlockingQueue<>();
        private final AtomicInteger opened = new AtomicInteger();

        @Override
        protected void tasks(TaskCatalog tasks) {
            BlockingQueue<DeadJob> pager = deaths; // null if this ran before the fields were set
            tasks.add("ship", Json.class, this::shipping)
                    .pool("shop")
                    .retry(RetryPolicy.never())
                    .onDead(pager::add);
        }

        private TaskHandler<Json, Object> shipping() {
            int service = opened.incrementAndGet();
            FileStore files = files();
            return (order, job) -> {
                if (order.tree().has("lost")) {
                    throw new IllegalStateException("lost at sea");
                }
                files.write("labels/" + job.id(), order.utf8());
                return "shipped by service " + service;
            };
        }
    }

    @BeforeEach
    void start() {
        runtime = LocalRuntime.start(new LocalSettings(0, data, Optional.empty()), worker);
        api = new Api(runtime.url(), runtime.key(), Duration.ofSeconds(60));
    }

    @AfterEach
    void stop() {
        runtime.close();
    }

    @Test
    void jobsRunInTheWorkerItselfAndItsServicesAreOpenedAtTheFirstOne() {
        assertThat(worker.opened)
                .as("the API and the pools were made of the catalogue alone")
                .hasValue(0);

        String first = api.enqueue(Map.of("task", "ship", "payload", Map.of("to", "Oslo")));
        String second = api.enqueue(Map.of("task", "ship", "payload", Map.of("to", "Riga")));

        assertThat(api.await(first, "SUCCEEDED").get("result").asString()).isEqualTo("shipped by service 1");
        assertThat(api.await(second, "SUCCEEDED").get("result").asString()).isEqualTo("shipped by service 1");
        assertThat(runtime.files().resolve("labels").resolve(first)).hasContent("{\"to\":\"Oslo\"}");
    }

    @Test
    void hookOfTheWorkerRunsWhenItsJobIsDead() throws Exception {
        String id = api.enqueue(Map.of("task", "ship", "payload", Map.of("lost", true)));

        api.await(id, "DEAD");

        DeadJob dead = worker.deaths.poll(60, TimeUnit.SECONDS);
        assertThat(dead).isNotNull();
        assertThat(dead.id()).isEqualTo(id);
        assertThat(dead.payload().text()).isEqualTo("{\"lost\":true}");
    }
}
