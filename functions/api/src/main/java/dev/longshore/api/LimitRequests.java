package dev.longshore.api;

import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.LimitKey;
import dev.longshore.job.Parallel;
import dev.longshore.job.RowStore;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.key.ApiKey;
import dev.longshore.job.limit.LimitState;
import dev.longshore.job.limit.LimitStore.SetNumber;
import dev.longshore.task.Limit;
import dev.longshore.task.NamedLimit;
import dev.longshore.task.Spelling;
import dev.longshore.task.TaskDescription;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The requests about limits: how many slots are used, who waits, and another number. */
final class LimitRequests {
    /** How many keys of a shard are read at most. Those above are the ones that were written last. */
    private static final int KEYS_OF_A_SHARD = 25;

    /** How many keys of a limit are shown: those with the most waiting jobs. */
    private static final int TOP_KEYS = 20;

    /** How many waiting jobs of a key are counted at most. */
    private static final int COUNTED = 1_000;

    private static final Set<String> OF_PUT = Set.of("concurrent");

    private final Engines engines;
    private final Map<String, NamedLimit> limits = new TreeMap<>();
    private final Map<String, List<String>> tasksOf = new TreeMap<>();

    LimitRequests(Engines engines, AcceptedTasks tasks) {
        this.engines = engines;
        for (TaskDescription task : tasks.all()) {
            for (NamedLimit limit : task.limits()) {
                limits.put(limit.name(), limit);
                tasksOf.merge(limit.name(), List.of(task.name()), LimitRequests::both);
            }
        }
    }

    private static List<String> both(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    // ---- GET /v1/limits

    HttpResponse list(HttpRequest request, String none, ApiKey caller) {
        return HttpResponse.json(200, Map.of("limits", toJson(limits.values())));
    }

    private List<Map<String, Object>> toJson(Collection<NamedLimit> shown) {
        Map<String, SetNumber> numbers = engines.limits().numbers();
        List<LimitKey> waiting = Parallel.each(
                        JobId.SHARDS,
                        shard -> engines.limits().waiting(shard, RowStore.ANY_TIME, null, KEYS_OF_A_SHARD))
                .stream()
                .flatMap(page -> page.items().stream())
                .toList();
        return shown.stream()
                .map(limit -> toJson(limit, numbers.get(limit.name()), waiting))
                .toList();
    }

    private Map<String, Object> toJson(NamedLimit limit, @Nullable SetNumber set, List<LimitKey> waiting) {
        Stream<LimitKey> keys = limit.limit().byKey()
                ? waiting.stream().filter(key -> key.name().equals(limit.name()))
                : Stream.of(new LimitKey(limit.name(), ""));
        List<Line> lines = Parallel.each(keys.toList(), this::line);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", limit.name());
        json.put("concurrent", set == null ? limit.limit().jobs() : set.jobs());
        json.put("perKey", limit.limit().byKey());
        json.put("tasks", Objects.requireNonNull(tasksOf.get(limit.name())));
        if (set != null) {
            json.put("code", limit.limit().jobs());
            json.put("setAt", set.since());
            json.put("setBy", set.by());
        }
        json.put("used", lines.stream().mapToInt(Line::used).sum());
        json.put("waiting", lines.stream().mapToInt(Line::waiting).sum());
        lines.stream()
                .flatMap(line -> Stream.ofNullable(line.oldest()))
                .min(Comparator.naturalOrder())
                .ifPresent(oldest -> json.put("oldestWaiting", oldest));
        if (limit.limit().byKey()) {
            json.put(
                    "keys",
                    lines.stream()
                            .sorted(Comparator.comparingInt(Line::waiting).reversed())
                            .limit(TOP_KEYS)
                            .map(Line::toJson)
                            .toList());
        }
        return json;
    }

    /** @param oldest since when the first job waits; null when none does */
    private record Line(
            String key, int used, int waiting, @Nullable Instant oldest) {
        Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("key", key);
            json.put("used", used);
            json.put("waiting", waiting);
            JobJson.put(json, "oldestWaiting", oldest);
            return json;
        }
    }

    private Line line(LimitKey key) {
        LimitState state = engines.limits().find(key);
        int used = state.used(engines.clock().instant());
        List<Job> held = engines.jobs()
                .held(HoldReason.limit(key), "", RowStore.ANY_TIME, null, COUNTED)
                .items();
        return new Line(
                key.key(),
                used,
                held.size(),
                held.isEmpty() ? null : held.getFirst().indexedAt());
    }

    // ---- PUT and DELETE /v1/limits/{name}

    /** Counts from now on, also after deployments; workers read it within 5 s. Slots above a lower number end as their jobs do. */
    HttpResponse set(HttpRequest request, String name, ApiKey caller) {
        NamedLimit limit = require(name);
        Refusals refusals = new Refusals();
        Fields fields = new Fields(JsonBody.object(request), OF_PUT, refusals);
        Integer jobs = refusals.read(() -> fields.integer("concurrent", 1, Limit.MOST));
        refusals.requireNone();
        if (jobs == null) {
            throw Problem.refused(
                    "/concurrent", "is missing; it takes how many jobs may run at once, 1 to " + Limit.MOST);
        }
        engines.limits().set(name, new SetNumber(jobs, engines.clock().instant(), caller.id()));
        return HttpResponse.json(200, toJson(List.of(limit)).getFirst());
    }

    /** The number of the code counts again. */
    HttpResponse reset(HttpRequest request, String name, ApiKey caller) {
        NamedLimit limit = require(name);
        engines.limits().reset(name);
        return HttpResponse.json(200, toJson(List.of(limit)).getFirst());
    }

    private NamedLimit require(String name) {
        NamedLimit limit = limits.get(name);
        if (limit == null) {
            throw Problem.notFound("There is no limit '" + Problem.cut(name) + "'" + Spelling.end(name, limits.keySet())
                    + " GET /v1/limits lists all");
        }
        return limit;
    }
}
