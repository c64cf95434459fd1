package dev.longshore.api;

import dev.longshore.job.HoldReason;
import dev.longshore.job.JobId;
import dev.longshore.job.Parallel;
import dev.longshore.job.RowStore;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.HeldJobs;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.pause.Pausable;
import dev.longshore.job.pause.Pausable.Kind;
import dev.longshore.job.pause.Pause;
import dev.longshore.task.Spelling;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.TaskDescription;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The requests that pause and resume pools and tasks. */
final class PauseRequests {
    private static final Logger LOG = LoggerFactory.getLogger(PauseRequests.class);

    private final Engines engines;
    private final AcceptedTasks tasks;
    private final PauseJson json;

    PauseRequests(Engines engines, AcceptedTasks tasks) {
        this.engines = engines;
        this.tasks = tasks;
        this.json = new PauseJson(engines.pauses(), engines.jobs());
    }

    HttpResponse pausePool(HttpRequest request, String pool, ApiKey caller) {
        return pause(request, pool(pool), caller);
    }

    HttpResponse resumePool(HttpRequest request, String pool, ApiKey caller) {
        return resume(request, pool(pool));
    }

    HttpResponse pauseTask(HttpRequest request, String task, ApiKey caller) {
        tasks.requireAllowed(caller, task);
        return pause(request, task(task), caller);
    }

    HttpResponse resumeTask(HttpRequest request, String task, ApiKey caller) {
        tasks.requireAllowed(caller, task);
        return resume(request, task(task));
    }

    /** What is paused under an alias already stays so; else it is paused under the name of today. */
    private HttpResponse pause(HttpRequest request, List<Pausable> names, ApiKey caller) {
        JsonBody.requireEmpty(request);
        Pausable what = engines.pauses().all().stream()
                .filter(pause -> pause.holds() && names.contains(pause.what()))
                .map(Pause::what)
                .findFirst()
                .orElse(names.getFirst());
        engines.pauses().pause(what, engines.clock().instant(), caller.id());
        return state(names);
    }

    private HttpResponse resume(HttpRequest request, List<Pausable> names) {
        JsonBody.requireEmpty(request);
        for (Pausable what : names) {
            if (engines.pauses().resume(what, engines.clock().instant()).isPresent()) {
                sendFirstJobs(what);
            }
        }
        return state(names);
    }

    /** Releases the first jobs at once. The dispatcher releases the rest, and those whose release fails here. */
    private void sendFirstJobs(Pausable what) {
        HeldJobs heldJobs = new HeldJobs(engines);
        Parallel.each(JobId.SHARDS, shard -> {
            try {
                return heldJobs.releasePage(HoldReason.paused(what), shard, RowStore.ANY_TIME, null)
                        .released();
            } catch (RuntimeException e) {
                LOG.atWarn().setCause(e).log("Shard {} of the jobs held by {} is left to the dispatcher", shard, what);
                return 0;
            }
        });
    }

    private HttpResponse state(List<Pausable> names) {
        Pausable what = names.getFirst();
        Map<String, Object> state = new LinkedHashMap<>();
        state.put(what.kind().name().toLowerCase(Locale.ROOT), what.name());
        json.look().addTo(names, state);
        return HttpResponse.json(200, state);
    }

    private List<Pausable> pool(String name) {
        Pausable pool = Pausable.pool(name);
        if (!tasks.pools().contains(name) && !isPaused(pool)) {
            throw unknown(pool, tasks.pools());
        }
        return List.of(pool);
    }

    /** A task under its name of today, then under its aliases: it may have been paused when it had one of these. */
    private List<Pausable> task(String name) {
        if (name.startsWith(TaskCatalog.RESERVED)) {
            throw Problem.refused("The tasks " + TaskCatalog.RESERVED + "… are Longshore's own and are never paused");
        }
        return tasks.find(name)
                .map(PauseJson::names)
                .or(() -> Optional.of(List.of(Pausable.task(name))).filter(names -> isPaused(names.getFirst())))
                .orElseThrow(() -> unknown(
                        Pausable.task(name),
                        tasks.all().stream().map(TaskDescription::name).toList()));
    }

    /** What was paused before a deployment took it away can still be resumed. */
    private boolean isPaused(Pausable what) {
        return engines.pauses().all().stream().anyMatch(pause -> pause.what().equals(what));
    }

    private static Problem unknown(Pausable what, Collection<String> names) {
        boolean pool = what.kind() == Kind.POOL;
        return Problem.notFound("There is no " + (pool ? "pool" : "task") + " '" + Problem.cut(what.name()) + "'"
                + Spelling.end(what.name(), names) + " GET " + (pool ? "/v1/queues" : "/v1/tasks") + " lists all");
    }
}
