package dev.longshore.api;

import dev.longshore.job.key.ApiKey;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.job.schedule.Schedule.Firing;
import dev.longshore.task.Cron;
import dev.longshore.task.Every;
import dev.longshore.task.Interval;
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
            json.put("payload", schedule.every().payload());
        }
        return json;
    }

    /** As in a list. */
    static Map<String, Object> withoutPayload(Schedule schedule, Instant now) {
        Every every = schedule.every();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", schedule.name());
        json.put("task", schedule.task());
        switch (every.times()) {
            case Cron cron -> {
                json.put("cron", cron.text());
                json.put("zone", every.zone());
            }
            case Interval interval -> {
                json.put("every", interval.every());
                json.put("anchor", interval.anchor());
            }
        }
        json.put("overlap", wireName(every.overlap()));
        json.put("catchUp", wireName(every.catchUp()));
        json.put("catchUpLimit", every.catchUpLimit());
        json.put("jitterSeconds", every.jitterSeconds());
        json.put("paused", schedule.paused());
        json.put("declared", schedule.declared());
        json.put("next", every.after(now).limit(INSTANTS).toList());
        Firing last = schedule.last();
        if (last != null) {
            json.put("last", last(last));
        }
        json.put("skipped", schedule.skipped());
        if (every.maxAttempts() != null) {
            json.put("maxAttempts", every.maxAttempts());
        }
        if (!every.tags().isEmpty()) {
            json.put("tags", every.tags());
        }
        if (every.fairKey() != null) {
            json.put("fairKey", every.fairKey());
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
