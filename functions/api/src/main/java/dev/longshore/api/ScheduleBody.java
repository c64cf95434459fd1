package dev.longshore.api;

import dev.longshore.job.key.ApiKey;
import dev.longshore.task.Cron;
import dev.longshore.task.Interval;
import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.ScheduleSpec.CatchUp;
import dev.longshore.task.ScheduleSpec.Overlap;
import dev.longshore.task.TaskDescription;
import dev.longshore.task.TimeZones;
import dev.longshore.task.Times;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The schedule in a {@code PUT /v1/schedules/{name}}, or what is wrong with it. */
final class ScheduleBody {
    private static final Set<String> FIELDS = new LinkedHashSet<>(List.of(
            "task",
            "payload",
            "cron",
            "zone",
            "every",
            "anchor",
            "overlap",
            "catchUp",
            "catchUpLimit",
            "jitterSeconds",
            "paused",
            "maxAttempts",
            "tags",
            "fairKey"));
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}[a-z0-9]|[a-z]");
    private static final int LONGEST_CRON = 200;
    private static final int DEFAULT_CATCH_UP = 100;

    private final EnqueueRequests jobs;

    ScheduleBody(EnqueueRequests jobs) {
        this.jobs = jobs;
    }

    /** @param paused null when nothing is said of it: it stays as it is */
    record Asked(String task, ScheduleSpec spec, @Nullable Boolean paused) {}

    /** @throws Problem 413, 403 when the key is restricted to other tasks, or 422 with all fields that are wrong */
    Asked read(String name, Map<String, Json> request, ApiKey caller) {
        if (!NAME.matcher(name).matches()) {
            throw Problem.refused(
                    "A schedule's name takes 1 to 64 of a-z, 0-9 and -, a letter first and no - last, as in"
                            + " nightly-report");
        }
        Refusals refusals = new Refusals();
        Fields fields = new Fields(request, FIELDS, refusals);
        TaskDescription task = refusals.read(() -> jobs.task(fields, caller));
        Times times = refusals.read(() -> fields.has("every") ? interval(fields, refusals) : cron(fields));
        String zone = refusals.read(() -> zone(fields));
        Json payload =
                task == null ? null : refusals.read(() -> jobs.payload(fields, task, ScheduleSpec.LARGEST_PAYLOAD));
        Overlap overlap = refusals.read(() -> fields.oneOf("overlap", Overlap.class));
        CatchUp catchUp = refusals.read(() -> fields.oneOf("catchUp", CatchUp.class));
        Integer catchUpLimit = refusals.read(() -> fields.integer("catchUpLimit", 1, ScheduleSpec.MOST_CAUGHT_UP));
        Integer jitter = refusals.read(() -> fields.integer("jitterSeconds", 0, ScheduleSpec.LONGEST_JITTER));
        Integer maxAttempts = refusals.read(() -> fields.integer("maxAttempts", 1, RetryPolicy.MOST_ATTEMPTS));
        List<String> tags =
                refusals.read(() -> fields.distinctTexts("tags", ScheduleSpec.MOST_TAGS, ScheduleSpec.LONGEST_TAG));
        String fairKey = refusals.read(() -> EnqueueRequests.fairKey(fields));
        Boolean paused = refusals.read(() -> fields.bool("paused"));
        refusals.requireNone();
        ScheduleSpec spec = new ScheduleSpec(
                Objects.requireNonNull(times),
                Objects.requireNonNull(zone),
                Objects.requireNonNull(payload),
                Objects.requireNonNullElse(overlap, Overlap.ALLOW),
                Objects.requireNonNullElse(catchUp, CatchUp.LATEST),
                Objects.requireNonNullElse(catchUpLimit, DEFAULT_CATCH_UP),
                Objects.requireNonNullElse(jitter, 0),
                maxAttempts,
                Objects.requireNonNull(tags),
                fairKey);
        return new Asked(Objects.requireNonNull(task).name(), spec, paused);
    }

    private static Cron cron(Fields fields) {
        String cron = fields.text("cron", LONGEST_CRON);
        if (cron == null) {
            throw Problem.refused(
                    "/cron",
                    "is missing; it takes five fields, such as '0 3 * * *', or @daily. For equal distances give every, such as"
                            + " PT90M, in its place");
        }
        if (fields.has("anchor")) {
            throw Problem.refused("/anchor", "belongs to every, and a cron expression has none");
        }
        try {
            return Cron.parse(cron);
        } catch (IllegalArgumentException e) {
            throw Problem.refused("/cron", String.valueOf(e.getMessage()));
        }
    }

    private static Interval interval(Fields fields, Refusals refusals) {
        for (String name : List.of("cron", "zone")) {
            if (fields.has(name)) {
                refusals.add(() -> Problem.refused("/" + name, "does not go with every; give one of cron and every"));
            }
        }
        Duration every = fields.duration("every", Interval.SHORTEST, Interval.LONGEST);
        Instant anchor = Objects.requireNonNullElse(fields.time("anchor"), Instant.EPOCH);
        if (!anchor.equals(anchor.truncatedTo(ChronoUnit.SECONDS))) {
            throw Problem.refused("/anchor", "takes whole seconds");
        }
        return new Interval(Objects.requireNonNull(every), anchor);
    }

    private static String zone(Fields fields) {
        String zone = Objects.requireNonNullElse(fields.text("zone", 64), "UTC");
        if (!TimeZones.exists(zone)) {
            throw Problem.refused(
                    "/zone", "takes the IANA name of a time zone, such as Europe/Berlin" + TimeZones.end(zone));
        }
        return zone;
    }
}
