package dev.longshore.job.aws;

import dev.longshore.job.DayShards;
import dev.longshore.job.Field;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore.Query;
import dev.longshore.job.Page;
import dev.longshore.job.Parallel;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists jobs by time without an index: the shards of a day are read side by side and merged, day before day. A call reads a
 * bounded number of pages of each shard, then returns what it found and where the next page starts.
 */
final class DynamoDbJobList {
    /** Pages that a call reads at most of each of 16 shards. */
    private static final int MOST_ROUNDS = 12;

    /** And of each of 256: 768 queries in place of 192. */
    private static final int MOST_ROUNDS_OF_256 = 3;

    private static final int SMALLEST_PAGE = 5;

    /** A function has 1,024 file descriptors ("Lambda quotas"), and each call side by side takes a connection. */
    private static final int AT_ONCE = 64;

    /** The fields of a job's status. A projection costs the same read units, and less time. */
    private static final List<Field> STATUS = List.of(
            Field.FORMAT,
            Field.STATE,
            Field.TASK,
            Field.POOL,
            Field.CREATED,
            Field.DUE,
            Field.ATTEMPT,
            Field.MAX_ATTEMPTS,
            Field.FENCE,
            Field.LEASE,
            Field.STARTED,
            Field.FINISHED,
            Field.FAIR_KEY,
            Field.EXPIRES,
            Field.DEATH_HANDLED,
            Field.INDEX,
            Field.INDEX_AT,
            Field.TTL,
            Field.PAYLOAD_PLACE, // with its size and the key: what is renewed of a job that waits for months
            Field.PAYLOAD_SIZE,
            Field.UNIQUE_KEY);

    private final Table table;
    private final DayShards shards;
    private final int mostRounds;

    DynamoDbJobList(Table table, DayShards shards) {
        this.table = table;
        this.shards = shards;
        this.mostRounds = shards.equals(DayShards.SIXTEEN) ? MOST_ROUNDS : MOST_ROUNDS_OF_256;
    }

    Page<Job, JobId> list(Query query) {
        LocalDate first = day(query.from());
        JobId upper = firstIdAfter(query.to());
        if (query.before() != null && query.before().compareTo(upper) < 0) {
            upper = query.before();
        }
        if (upper.time().isBefore(query.from())) {
            return new Page<>(List.of(), null); // the cursor of a list whose earliest time has moved past it
        }
        List<Job> found = new ArrayList<>();
        LocalDate day = day(upper.time());
        for (int round = 0; round < mostRounds && !day.isBefore(first); round++) {
            List<Slice> slices = read(day, query, upper);
            JobId watermark = watermark(slices);
            for (Job job : merged(slices, watermark)) {
                if (found.size() == query.limit()) {
                    return new Page<>(found, found.getLast().id());
                }
                found.add(job);
            }
            if (watermark == null) {
                upper = JobId.of(day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli(), 0, 0);
                day = day.minusDays(1);
            } else {
                upper = watermark;
            }
        }
        return new Page<>(found, day.isBefore(first) ? null : upper);
    }

    /** One shard's page: all of its jobs after {@code reached} were read; null when all there are were read. */
    private record Slice(List<Job> jobs, @Nullable JobId reached) {}

    private static @Nullable JobId watermark(List<Slice> slices) {
        JobId highest = null;
        for (Slice slice : slices) {
            if (slice.reached() != null && (highest == null || slice.reached().compareTo(highest) > 0)) {
                highest = slice.reached();
            }
        }
        return highest;
    }

    private static List<Job> merged(List<Slice> slices, @Nullable JobId watermark) {
        return slices.stream()
                .flatMap(slice -> slice.jobs().stream())
                .filter(job -> watermark == null || job.id().compareTo(watermark) >= 0)
                .sorted(Comparator.comparing(Job::id).reversed())
                .toList();
    }

    private List<Slice> read(LocalDate day, Query query, JobId upper) {
        return Parallel.each(shards.all(), AT_ONCE, shard -> readShard(DayShards.partition(day, shard), query, upper));
    }

    private Slice readShard(String partition, Query query, JobId upper) {
        ItemQuery page = jobs(partition, query.from(), upper)
                .filter(query.filter())
                .backward()
                .limit(pageSize(query.limit()));
        Found found = table.query("Listing jobs", page);
        List<Job> jobs = found.readable(Item::job).stream()
                .filter(job -> job.id().compareTo(upper) < 0)
                .toList();
        return new Slice(jobs, found.next(Item::id));
    }

    /** The jobs from a time to an id, inclusive. */
    private static ItemQuery jobs(String partition, Instant from, JobId upper) {
        return ItemQuery.of(partition)
                .eventuallyConsistent()
                .between(JobId.of(from.toEpochMilli(), 0, 0).text(), upper.text());
    }

    /** Rows of a shard's page: a round of 256 as large as those of 16 would read far more than a list shows. */
    private int pageSize(int limit) {
        int ofSixteen = Math.clamp(limit / 4L, 20, 100);
        return Math.max(SMALLEST_PAGE, ofSixteen * DayShards.SIXTEEN.count() / shards.count());
    }

    Page<Job, JobId> hour(Instant hour, String shard, @Nullable JobId after, int limit) {
        Instant end = hour.plus(Duration.ofHours(1));
        ItemQuery page = jobs(DayShards.partition(day(hour), shard), hour, JobId.of(end.toEpochMilli(), 0, 0))
                .project(STATUS)
                .startAfter(after == null ? null : Item.of(shards, after))
                .limit(limit);
        Found found = table.query("Reading an hour", page);
        return new Page<>(
                found.readable(Item::job).stream()
                        .filter(job -> job.id().time().isBefore(end))
                        .toList(),
                found.next(Item::id));
    }

    private static LocalDate day(Instant time) {
        return time.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    private static JobId firstIdAfter(Instant time) {
        return JobId.of(time.toEpochMilli() + 1, 0, 0);
    }
}
