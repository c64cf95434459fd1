package dev.longshore.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When a schedule fires, and what happens then. Immutable; each method returns a changed copy and refuses impossible
 * settings at once.
 *
 * <pre>{@code
 * ScheduleSpec.cron("0 3 * * *", ZoneId.of("Europe/Berlin")).payload(new Cleanup("temp")).overlap(ScheduleSpec.Overlap.SKIP)
 * }</pre>
 *
 * @param times a cron expression, or an interval
 * @param zone the IANA name of the zone whose wall clock a cron expression is about
 * @param payload what each job gets; {@code {}} when not set
 * @param overlap what happens while the job of the firing before is not finished
 * @param catchUp what happens to instants that an outage has missed
 * @param catchUpLimit how many missed instants {@link CatchUp#ALL} makes up for: the newest 1 to {@value #MOST_CAUGHT_UP}
 * @param jitterSeconds by how much each job is put off at most, so that many schedules do not start as one
 * @param maxAttempts instead of the task's own number
 * @param tags what its jobs are listed by, besides {@code schedule:<name>}: at most {@value #MOST_TAGS} of {@value
 *     #LONGEST_TAG} characters ({@link ShortText}), each once
 * @param fairKey the customer for whom SQS's fair queues count its jobs
 */
public record ScheduleSpec(
        @JsonProperty("cron") Times times,
        String zone,
        Json payload,
        Overlap overlap,
        CatchUp catchUp,
        int catchUpLimit,
        int jitterSeconds,
        @Nullable Integer maxAttempts,
        List<String> tags,
        @Nullable String fairKey) {
    /** The most missed instants that are made up for at once. */
    public static final int MOST_CAUGHT_UP = 1_000;

    /** The longest jitter, in seconds: a day. */
    public static final int LONGEST_JITTER = 86_400;

    /** The largest payload, in bytes of UTF-8: schedules are small items, read each time they fire. */
    public static final int LARGEST_PAYLOAD = 64 * 1024;

    /** The most tags: its jobs have {@code schedule:<name>} besides, and a job takes 16. */
    public static final int MOST_TAGS = 15;

    /** The longest tag, in Unicode code points. */
    public static final int LONGEST_TAG = 64;

    private static final int DEFAULT_CATCH_UP = 100;

    /** What happens at an instant when the job before is not finished. */
    public enum Overlap {
        /** Both run. */
        ALLOW,
        /** The instant makes no job. */
        SKIP,
        /** The older job is cancelled; if it runs, its cancellation is requested. */
        CANCEL
    }

    /** What happens to instants that no tick handled for more than five minutes. */
    public enum CatchUp {
        /** They are left out. */
        NONE,
        /** The last of them makes a job. */
        LATEST,
        /** All of them make jobs, up to a limit. */
        ALL
    }

    public ScheduleSpec {
        requireZone(zone);
        if (catchUpLimit < 1 || catchUpLimit > MOST_CAUGHT_UP) {
            throw new IllegalArgumentException(
                    "catchUp takes a limit from 1 to " + MOST_CAUGHT_UP + " missed instants, and got " + catchUpLimit);
        }
        if (jitterSeconds < 0 || jitterSeconds > LONGEST_JITTER) {
            throw new IllegalArgumentException(
                    "jitter takes 0 to " + LONGEST_JITTER + " seconds, and got " + jitterSeconds);
        }
        if (payload.utf8Length() > LARGEST_PAYLOAD) {
            throw new IllegalArgumentException("The payload of a schedule takes " + LARGEST_PAYLOAD + " bytes, and got "
                    + payload.utf8Length() + "; put what is large into the file store");
        }
        if (maxAttempts != null) {
            RetryPolicy.never().maxAttempts(maxAttempts);
        }
        tags = tags.stream().map(ScheduleSpec::requireTag).distinct().toList();
        if (tags.size() > MOST_TAGS) {
            throw new IllegalArgumentException(
                    "A schedule takes at most " + MOST_TAGS + " tags, and got " + tags.size());
        }
    }

    /** At the times of a cron expression on the wall clocks of a zone. */
    public static ScheduleSpec cron(String cron, ZoneId zone) {
        return of(Cron.parse(cron), zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId());
    }

    /**
     * At equal distances: {@code interval(Duration.ofMinutes(90))} at 00:00, 01:30, 03:00 UTC. They are counted from 1970-01-01,
     * 00:00 UTC, so that no deployment moves them.
     *
     * @param interval a minute to 366 days, in whole seconds
     */
    public static ScheduleSpec interval(Duration interval) {
        return interval(interval, Instant.EPOCH);
    }

    /**
     * At equal distances from an instant on.
     *
     * @param interval a minute to 366 days, in whole seconds
     * @param anchor the first instant, in whole seconds; may be past
     */
    public static ScheduleSpec interval(Duration interval, Instant anchor) {
        return of(new Interval(interval, anchor), "UTC");
    }

    private static ScheduleSpec of(Times times, String zone) {
        return new ScheduleSpec(
                times, zone, new Json("{}"), Overlap.ALLOW, CatchUp.LATEST, DEFAULT_CATCH_UP, 0, null, List.of(), null);
    }

    /** What each job gets. */
    public ScheduleSpec payload(Object payload) {
        return with(Json.of(payload), overlap, catchUp, catchUpLimit, jitterSeconds, maxAttempts, tags);
    }

    /** What happens while the older job is not finished. {@link Overlap#ALLOW} when not set. */
    public ScheduleSpec overlap(Overlap overlap) {
        return with(payload, overlap, catchUp, catchUpLimit, jitterSeconds, maxAttempts, tags);
    }

    /** What happens after an outage. {@link CatchUp#LATEST} when not set. */
    public ScheduleSpec catchUp(CatchUp catchUp) {
        return with(payload, overlap, catchUp, catchUpLimit, jitterSeconds, maxAttempts, tags);
    }

    /** Makes up for the newest {@code limit} missed instants after an outage. */
    public ScheduleSpec catchUpAll(int limit) {
        return with(payload, overlap, CatchUp.ALL, limit, jitterSeconds, maxAttempts, tags);
    }

    /** Puts each job off by a part of this; always the same part for the same instant. */
    public ScheduleSpec jitter(Duration longest) {
        Durations.requireWithin(longest, Duration.ZERO, Duration.ofSeconds(LONGEST_JITTER), "jitter");
        return with(payload, overlap, catchUp, catchUpLimit, (int) longest.toSeconds(), maxAttempts, tags);
    }

    /** Instead of the task's own number of attempts. */
    public ScheduleSpec maxAttempts(int attempts) {
        return with(payload, overlap, catchUp, catchUpLimit, jitterSeconds, attempts, tags);
    }

    /** What its jobs are listed by. */
    public ScheduleSpec tags(String... more) {
        return with(payload, overlap, catchUp, catchUpLimit, jitterSeconds, maxAttempts, List.of(more));
    }

    private ScheduleSpec with(
            Json payload,
            Overlap overlap,
            CatchUp catchUp,
            int catchUpLimit,
            int jitterSeconds,
            @Nullable Integer maxAttempts,
            List<String> tags) {
        return new ScheduleSpec(
                times, zone, payload, overlap, catchUp, catchUpLimit, jitterSeconds, maxAttempts, tags, fairKey);
    }

    /** The instants after {@code after}, in order. */
    public Stream<Instant> after(Instant after) {
        return times.after(after, ZoneId.of(zone));
    }

    /** The first instant after {@code after}. */
    public Instant next(Instant after) {
        return after(after)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("'" + times.text() + "' has no time after " + after));
    }

    /** Whether both mean the same instants. */
    public boolean firesLike(ScheduleSpec other) {
        return times.equals(other.times) && zone.equals(other.zone);
    }

    private static String requireTag(String tag) {
        Optional<String> mistake = ShortText.mistake(tag, LONGEST_TAG);
        if (mistake.isPresent()) {
            throw new IllegalArgumentException("A tag of a schedule " + mistake.get());
        }
        return tag;
    }

    private static void requireZone(String zone) {
        if (!TimeZones.exists(zone)) {
            throw new IllegalArgumentException("'" + zone + "' is no time zone" + TimeZones.end(zone)
                    + " It takes an IANA name, such as Europe/Berlin, or UTC");
        }
    }
}
