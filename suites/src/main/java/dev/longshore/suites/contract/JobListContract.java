package dev.longshore.suites.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Body;
import dev.longshore.job.Field;
import dev.longshore.job.HistoryEntry;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobRows;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.NewJob;
import dev.longshore.job.Page;
import dev.longshore.job.Row;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a {@link JobStore} lists: jobs by time and tag, and those of an hour. The same in 16 and in 256 shards a day. */
public abstract class JobListContract extends JobStoreSteps {
    /** Writes a row without any check: one that only older, newer or broken code would write. */
    protected abstract void plant(JobId id, Row row);

    // ---- listing

    @Test
    void jobsAreListedNewestFirstInPagesWithoutAGapOrADouble() {
        String tag = UUID.randomUUID().toString();
        List<JobId> ids = IntStream.range(0, 25)
                .mapToObj(i ->
                        created(tagged(tag, NOW.minus(Duration.ofHours(i)))).id())
                .toList();
        created(tagged("another", NOW));

        List<JobId> listed = new ArrayList<>();
        JobId before = null;
        do {
            Page<Job, JobId> page =
                    store().list(query(tag, NOW.minus(Duration.ofDays(3)), NOW.plusSeconds(1), 4, before));
            assertThat(page.items()).hasSizeLessThanOrEqualTo(4);
            page.items().forEach(job -> listed.add(job.id()));
            before = page.next();
        } while (before != null);

        assertThat(listed)
                .isEqualTo(ids.stream().sorted(Comparator.reverseOrder()).toList());
    }

    @Test
    void aListKeepsToItsTimes() {
        String tag = UUID.randomUUID().toString();
        for (int hour = 0; hour < 5; hour++) {
            created(tagged(tag, NOW.minus(Duration.ofHours(hour))));
        }

        Page<Job, JobId> page =
                store().list(query(tag, NOW.minus(Duration.ofHours(3)), NOW.minus(Duration.ofHours(1)), 100, null));

        assertThat(page.items())
                .extracting(Job::createdAt)
                .containsExactly(
                        NOW.minus(Duration.ofHours(1)), NOW.minus(Duration.ofHours(2)), NOW.minus(Duration.ofHours(3)));
    }

    @Test
    void cursorOlderThanTheEarliestTimeEndsTheList() {
        String tag = UUID.randomUUID().toString();
        created(tagged(tag, NOW));
        JobId sameDay = JobId.next(NOW.minus(Duration.ofHours(1)), random);
        JobId dayBefore = JobId.next(NOW.minus(Duration.ofDays(1)), random);

        for (JobId before : List.of(sameDay, dayBefore)) {
            assertThat(store().list(query(tag, NOW, NOW.plusSeconds(1), 10, before)))
                    .isEqualTo(new Page<>(List.of(), null));
        }
        assertThat(store().list(query(tag, NOW, NOW.plusSeconds(1), 10, JobId.of(NOW.toEpochMilli(), 0, 0))))
                .isEqualTo(new Page<>(List.of(), null));
    }

    // ---- an hour

    @Test
    void anHourOfAShardIsReadOldestFirstInPagesWithoutItsNeighbours() {
        String shard = shard();
        Instant hour = Instant.parse("2026-02-03T23:00:00Z").minus(Duration.ofHours(random.nextInt(1_000) * 24L));
        List<Job> made = IntStream.range(0, 7)
                .mapToObj(i -> created(at(hour.plusSeconds(i * 599L), shard)))
                .toList();
        created(at(hour.minusMillis(1), shard));
        created(at(hour.plus(Duration.ofHours(1)), shard));
        created(at(hour, neighbour()));

        List<JobId> read = new ArrayList<>();
        JobId after = null;
        do {
            Page<Job, JobId> page = store().hour(hour, shard, after, 3);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(3);
            page.items().forEach(job -> read.add(job.id()));
            after = page.next();
        } while (after != null);

        assertThat(read).isEqualTo(made.stream().map(Job::id).toList());
        assertThat(store().hour(hour.plus(Duration.ofHours(2)), shard, null, 3)).isEqualTo(new Page<>(List.of(), null));
    }

    @Test
    void aJobOfAnHourHasItsStateAndIndex() {
        String shard = shard();
        Instant hour = Instant.parse("2025-02-03T11:00:00Z").minus(Duration.ofHours(random.nextInt(1_000) * 24L));
        Job held = created(at(hour.plusSeconds(1), shard).at(hour.plus(Duration.ofDays(3))));
        Job dead = dead(created(at(hour.plusSeconds(2), shard)).id());

        List<Job> read = store().hour(hour, shard, null, 10).items();

        assertThat(read)
                .usingRecursiveFieldByFieldElementComparatorOnFields(
                        "id",
                        "task",
                        "pool",
                        "state",
                        "attempt",
                        "maxAttempts",
                        "fence",
                        "createdAt",
                        "due",
                        "leaseUntil",
                        "startedAt",
                        "finishedAt",
                        "expiresAt",
                        "fairKey",
                        "index",
                        "indexedAt",
                        "keptUntil",
                        "deathHandled",
                        "format")
                .containsExactly(held, dead);
    }

    private String shard() {
        return store().dayShards().all().get(7);
    }

    /** Another shard; of 256, one whose ids end in the same digit. */
    private String neighbour() {
        return store().dayShards().all().get(7 + store().dayShards().count() / 16);
    }

    private NewJob at(Instant time, String shard) {
        return tagged("of an hour", time, shard);
    }

    private NewJob tagged(String tag, Instant time, String shard) {
        return Stream.generate(() -> tagged(tag, time))
                .filter(job -> store().dayShards().of(job.id()).equals(shard))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void rowThatCannotBeReadDoesNotEndAListOrAnHour() {
        String tag = UUID.randomUUID().toString();
        Instant hour = Instant.parse("2024-02-03T11:00:00Z").minus(Duration.ofHours(random.nextInt(1_000) * 24L));
        List<JobId> ids = IntStream.range(0, 8)
                .mapToObj(
                        i -> created(tagged(tag, hour.plusSeconds(i), shard())).id())
                .toList();
        plant(ids.get(1), new Row().put(Field.FORMAT, 1).put(Field.TASK, "t").put(Field.TAGS, List.of(tag)));
        plant(ids.get(6), new Row().put(Field.FORMAT, 1).put(Field.TASK, "t").put(Field.TAGS, List.of(tag)));
        List<JobId> readable = List.of(ids.get(0), ids.get(2), ids.get(3), ids.get(4), ids.get(5), ids.get(7));

        List<JobId> listed = new ArrayList<>();
        JobId before = null;
        do {
            Page<Job, JobId> page = store().list(query(tag, hour, hour.plus(Duration.ofHours(1)), 2, before));
            page.items().forEach(job -> listed.add(job.id()));
            before = page.next();
        } while (before != null);
        List<JobId> read = new ArrayList<>();
        JobId after = null;
        do {
            Page<Job, JobId> page = store().hour(hour, shard(), after, 2);
            page.items().forEach(job -> read.add(job.id()));
            after = page.next();
        } while (after != null);

        assertThat(listed).isEqualTo(readable.reversed());
        assertThat(read).isEqualTo(readable);
    }

    @Test
    void aStateThatNewerCodeHasWrittenIsUnknownAndTheRestOfTheRowIsRead() {
        Job job = created(newJob());
        Row row = JobRows.of(newJob(), new Body.Inline(Json.parse("1")))
                .put(Field.STATE, "WAITING")
                .put(Field.DEAD_REASON, "BORED")
                .put(Field.HISTORY, List.of("Q1", "W2;a1"));
        plant(job.id(), row);

        Job found = store().find(job.id()).orElseThrow();

        assertThat(found.state()).isEqualTo(JobState.UNKNOWN);
        assertThat(found.isFromNewerCode()).isTrue();
        assertThat(found.deadReason()).isNull();
        assertThat(found.history()).extracting(HistoryEntry::state).containsExactly(JobState.QUEUED, JobState.UNKNOWN);
    }
}
