package dev.longshore.client;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** A schedule's definition. Immutable: each method returns another definition. What is not given is as by default. */
public final class ScheduleRequest {
    private final Fields fields;

    private ScheduleRequest(Fields fields) {
        this.fields = fields;
    }

    /** By a cron expression of five fields, in UTC. */
    public static ScheduleRequest cron(String task, String expression) {
        return new ScheduleRequest(new Fields().with("task", task).with("cron", expression));
    }

    /** By a distance of a minute to 366 days. */
    public static ScheduleRequest every(String task, Duration distance) {
        return new ScheduleRequest(new Fields().with("task", task).with("every", distance.toString()));
    }

    /** The time zone of the cron expression; an IANA name. */
    public ScheduleRequest zone(ZoneId zone) {
        return with("zone", zone.getId());
    }

    /** The instant from which the others are counted, with a distance. */
    public ScheduleRequest anchor(Instant time) {
        return with("anchor", time);
    }

    /** What each job gets; 64 KB of UTF-8 at most. */
    public ScheduleRequest payload(Object payload) {
        return with("payload", Json.tree(payload, "The payload of the schedule"));
    }

    /** {@code allow}, {@code skip} or {@code cancel}: while the job before is not finished. */
    public ScheduleRequest overlap(String policy) {
        return with("overlap", policy);
    }

    /** {@code none}, {@code latest} or {@code all}: what an outage has missed. */
    public ScheduleRequest catchUp(String policy) {
        return with("catchUp", policy);
    }

    /** The newest so many of {@code all}; 1 to 1,000. */
    public ScheduleRequest catchUpLimit(int instants) {
        return with("catchUpLimit", instants);
    }

    /** Each job is put off by a part of it; a day at most. */
    public ScheduleRequest jitter(Duration atMost) {
        return with("jitterSeconds", atMost.toSeconds());
    }

    /** Whether it makes no jobs by itself; stays as it is when not given. */
    public ScheduleRequest paused(boolean paused) {
        return with("paused", paused);
    }

    /** Of its jobs; 1 to 100. */
    public ScheduleRequest maxAttempts(int attempts) {
        return with("maxAttempts", attempts);
    }

    /** Of its jobs; 15 at most. */
    public ScheduleRequest tags(String... tags) {
        return with("tags", List.of(tags));
    }

    /** Of its jobs. */
    public ScheduleRequest fairKey(String key) {
        return with("fairKey", key);
    }

    Fields fields() {
        return fields;
    }

    private ScheduleRequest with(String name, Object value) {
        return new ScheduleRequest(fields.with(name, value));
    }

    @Override
    public String toString() {
        return "ScheduleRequest" + fields;
    }
}
