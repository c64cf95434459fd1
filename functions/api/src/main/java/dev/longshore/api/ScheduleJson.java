package dev.longshore.api;

import dev.longshore.job.key.ApiKey;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.job.schedule.Schedule.Firing;
import dev.longshore.task.Cron;
import dev.longshore.task.Interval;
import dev.longshore.task.ScheduleSpec;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A schedule as clients see it. What it does not have is left out. */
final class ScheduleJson {
    /** How many of its next instants an answer has. */
    static final int INSTANTS = 5;

    private ScheduleJson() {}

    /** All of it that the caller's key may see: the payload needs {@code read}. */
    static Map<String, Object> forCaller(ApiKey caller, Schedule schedule, Instant now) {
        Map<String, Object> json = withoutPayload(schedule, now);
        if (JobJson.mayRead(caller)) {
            json.put("payload", schedule.spec().payload());
        }
        return json;
    }

    /** As in a list. */
    static Map<String, Object> withoutPayload(Schedule schedule, Instant now) {
        ScheduleSpec spec = schedule.spec();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", schedule.name());
        json.put("task", schedule.task());
        switch (spec.times()) {
            case Cron cron -> {
                json.put("cron", cron.text());
                json.put("zone", spec.zone());
            }
            case Interval interval -> {
                json.put("every", interval.every());
                json.put("anchor", interval.anchor());
            }
        }
        json.put("overlap", wireName(spec.overlap()));
        json.put("catchUp", wireName(spec.catchUp()));
        json.put("catchUpLimit", spec.catchUpLimit());
        json.put("jitterSeconds", spec.jitterSeconds());
        json.put("paused", schedule.paused());
        json.put("declared", schedule.declared());
        json.put("next", spec.after(now).limit(INSTANTS).toList());
        Firing last = schedule.last();
        if (last != null) {
            json.put("last", last(last));
        }
        json.put("skipped", schedule.skipped());
        if (spec.maxAttempts() != null) {
            json.put("maxAttempts", spec.maxAttempts());
        }
        if (!spec.tags().isEmpty()) {
            json.put("tags", spec.tags());
        }
        if (spec.fairKey() != null) {
            json.put("fairKey", spec.fairKey());
        }
        return json;
    }

    private static Map<String, Object> last(Firing last) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", last.instant());
        json.put("outcome", wireName(last.outcome()));
        if (last.job() != null) {
            json.put("job", last.job().text());
        }
        return json;
    }

    private static String wireName(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
