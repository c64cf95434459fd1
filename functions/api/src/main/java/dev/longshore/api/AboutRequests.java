package dev.longshore.api;

import dev.longshore.job.JobId;
import dev.longshore.job.JobQueue;
import dev.longshore.job.Parallel;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.pause.Pausable;
import dev.longshore.task.NamedLimit;
import dev.longshore.task.TaskDescription;
import dev.longshore.task.Unique;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The requests about Longshore itself: tasks, queues, health. */
final class AboutRequests {
    private static final Duration HEALTH_REMEMBERED = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(AboutRequests.class);

    private final Engines engines;
    private final AcceptedTasks tasks;
    private final PauseJson pauses;
    private volatile Instant seenWell = Instant.EPOCH;

    AboutRequests(Engines engines, AcceptedTasks tasks) {
        this.engines = engines;
        this.tasks = tasks;
        this.pauses = new PauseJson(engines.pauses(), engines.jobs());
    }

    HttpResponse tasks(HttpRequest request, String none, ApiKey caller) {
        PauseJson.Look look = pauses.look();
        return HttpResponse.json(
                200,
                Map.of(
                        "tasks",
                        tasks.all().stream()
                                .filter(task -> tasks.allows(caller, task.name()))
                                .map(task -> task(task, look))
                                .toList()));
    }

    private static Map<String, Object> task(TaskDescription task, PauseJson.Look look) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", task.name());
        if (!task.aliases().isEmpty()) {
            json.put("aliases", task.aliases());
        }
        json.put("pool", task.pool());
        json.put("timeoutSeconds", task.timeoutMillis() / 1_000.0);
        json.put("maxAttempts", task.maxAttempts());
        json.put("retentionSeconds", task.retentionSeconds());
        json.put("payload", task.payload());
        if (task.example() != null) {
            json.put("example", task.example());
        }
        if (task.unique() != null) {
            json.put("unique", unique(task.unique()));
        }
        if (!task.limits().isEmpty()) {
            json.put("limits", task.limits().stream().map(NamedLimit::name).toList());
        }
        look.addTo(PauseJson.names(task), json);
        return json;
    }

    private static Map<String, Object> unique(Unique unique) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("fields", unique.fields());
        json.put("onDuplicate", unique.onDuplicate().name().toLowerCase(Locale.ROOT));
        json.put("uniqueWhile", unique.uniqueWhile().name().toLowerCase(Locale.ROOT));
        if (unique.debounceMaxSeconds() != null) {
            json.put("debounceMaxSeconds", unique.debounceMaxSeconds());
        }
        return json;
    }

    HttpResponse queues(HttpRequest request, String none, ApiKey caller) {
        PauseJson.Look look = pauses.look();
        List<Map<String, Object>> queues =
                Parallel.each(List.copyOf(tasks.pools()), pool -> queue(pool, depth(pool), look));
        return HttpResponse.json(200, Map.of("queues", queues));
    }

    /** Empty when the call of the pool's queue failed; the other pools are still shown. */
    private Optional<JobQueue.Depth> depth(String pool) {
        try {
            return Optional.of(engines.queue().depth(pool));
        } catch (StoreUnavailableException e) {
            LOG.atWarn().setCause(e).log("The depth of pool {}'s queue is unknown", pool);
            return Optional.empty();
        }
    }

    private static Map<String, Object> queue(String pool, Optional<JobQueue.Depth> depth, PauseJson.Look look) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("pool", pool);
        depth.ifPresentOrElse(read -> putDepth(read, json), () -> json.put("depthUnknown", true));
        look.addTo(List.of(Pausable.pool(pool)), json);
        return json;
    }

    private static void putDepth(JobQueue.Depth depth, Map<String, Object> json) {
        json.put("visible", depth.visible());
        json.put("inFlight", depth.inFlight());
        json.put("delayed", depth.delayed());
        json.put("deadLetters", depth.deadLetters());
        if (depth.oldestAge() != null) {
            json.put("oldestAgeSeconds", depth.oldestAge().toSeconds());
        }
    }

    /** Whether the table responds. Checked every 5 s at most, since this request needs no key. */
    HttpResponse health(HttpRequest request) {
        Instant now = engines.clock().instant();
        if (!now.isBefore(seenWell.plus(HEALTH_REMEMBERED))) {
            try {
                engines.jobs().find(JobId.next(now, engines.random()));
                seenWell = now;
            } catch (StoreUnavailableException e) {
                LOG.atWarn().setCause(e).log("Unhealthy: the DynamoDB call failed");
                throw Problem.unavailable("The DynamoDB call failed");
            }
        }
        return HttpResponse.json(200, Map.of("status", "ok"));
    }
}
