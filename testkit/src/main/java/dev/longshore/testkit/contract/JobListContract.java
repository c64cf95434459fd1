package dev.longshore.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Body;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Field;
import dev.longshore.job.Fingerprint;
import dev.longshore.job.HistoryEntry;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobRows;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.JobStore.IndexPage;
import dev.longshore.job.JobStore.IndexPlace;
import dev.longshore.job.JobStore.Page;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.Pausable;
import dev.longshore.job.Row;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a {@link JobStore} has to find: jobs by time and tag, and those whose time has come. */
public abstract class JobListContract extends JobStoreWords {
    /** Puts a row in as it stands: what only older, newer or broken code would write. */
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
            Page page = store().list(query(tag, NOW.minus(Duration.ofDays(3)), NOW.plusSeconds(1), 4, before));
            assertThat(page.jobs()).hasSizeLessThanOrEqualTo(4);
            page.jobs().forEach(job -> listed.add(job.id()));
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

        Page page = store().list(query(tag, NOW.minus(Duration.ofHours(3)), NOW.minus(Duration.ofHours(1)), 100, null));

        assertThat(page.jobs())
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
                    .isEqualTo(new Page(List.of(), null));
        }
        assertThat(store().list(query(tag, NOW, NOW.plusSeconds(1), 10, JobId.of(NOW.toEpochMilli(), 0, 0))))
                .isEqualTo(new Page(List.of(), null));
    }

    // ---- an hour

    @Test
    void anHourOfAShardIsReadOldestFirstInPagesWithoutItsNeighbours() {
        Instant hour = Instant.parse("2026-02-03T23:00:00Z").minus(Duration.ofHours(random.nextInt(1_000) * 24L));
        List<Job> made = IntStream.range(0, 7)
                .mapToObj(i -> created(at(hour.plusSeconds(i * 599L), "7")))
                .toList();
        created(at(hour.minusMillis(1), "7"));
        created(at(hour.plus(Duration.ofHours(1)), "7"));
        created(at(hour, "8"));

        List<JobId> read = new ArrayList<>();
        JobId after = null;
        do {
            Page page = store().hour(hour, "7", after, 3);
            assertThat(page.jobs()).hasSizeLessThanOrEqualTo(3);
            page.jobs().forEach(job -> read.add(job.id()));
            after = page.next();
        } while (after != null);

        assertThat(read).isEqualTo(made.stream().map(Job::id).toList());
        assertThat(store().hour(hour.plus(Duration.ofHours(2)), "7", null, 3)).isEqualTo(new Page(List.of(), null));
    }

    @Test
    void aJobOfAnHourTellsWhereItStands() {
        Instant hour = Instant.parse("2025-02-03T11:00:00Z").minus(Duration.ofHours(random.nextInt(1_000) * 24L));
        Job parked = created(at(hour.plusSeconds(1), "3").at(hour.plus(Duration.ofDays(3))));
        Job dead = dead(created(at(hour.plusSeconds(2), "3")).id());

        List<Job> read = store().hour(hour, "3", null, 10).jobs();

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
                        "deathNoted",
                        "format")
                .containsExactly(parked, dead);
    }

    private NewJob at(Instant time, String shard) {
        JobId id = JobId.next(time, random);
        return id.shard().equals(shard)
                ? NewJob.of(id, "rehearse", "default", 3, Json.parse("1"), time, tokens.next())
                : at(time, shard);
    }

    // ---- the due index

    @Test
    void parkedJobsAreFoundWhenTheyAreDueEarliestFirst() {
        Job later = created(newJob().at(NOW.plus(Duration.ofHours(2))));
        Job sooner = created(inShard(later.id().shard()).at(NOW.plus(Duration.ofHours(1))));
        created(inShard(later.id().shard()).at(NOW.plusSeconds(10)));
        String shard = later.id().shard();

        assertThat(later.isParked()).isTrue();
        assertThat(due(shard, NOW.plus(Duration.ofHours(1)), List.of(sooner, later)))
                .containsExactly(sooner.id());
        assertThat(due(shard, NOW.plus(Duration.ofHours(2)), List.of(sooner, later)))
                .containsExactly(sooner.id(), later.id());
        assertThat(store().due(shard, NOW.plus(Duration.ofHours(2)), 1)).hasSize(1);
        IndexPlace afterTheSooner = new IndexPlace(sooner.due(), sooner.id());
        assertThat(store().due(shard, NOW.plus(Duration.ofHours(2)), afterTheSooner, 1_000)
                        .jobs())
                .extracting(Job::id)
                .contains(later.id())
                .doesNotContain(sooner.id());
    }

    @Test
    void aRowThatCannotBeReadKeepsNoOtherFromBeingRead() {
        Pausable task = Pausable.task("t-" + UUID.randomUUID());
        Job first = created(newJob());
        String shard = first.id().shard();
        List<Job> all = List.of(first, created(inShard(shard)), created(inShard(shard)), created(inShard(shard)));
        for (int i = 0; i < all.size(); i++) {
            done(all.get(i).id(), Lifecycle.setAside(all.get(i).id(), NOW.plusSeconds(i), task, tokens.next()));
        }
        broken(all.get(0), task, NOW);
        broken(all.get(2), task, NOW.plusSeconds(2));

        List<JobId> found = new ArrayList<>();
        IndexPlace after = null;
        do {
            IndexPage page = store().setAside(task, shard, after, 1);
            page.jobs().forEach(job -> found.add(job.id()));
            after = page.next();
        } while (after != null);

        assertThat(found).containsExactly(all.get(1).id(), all.get(3).id());
    }

    @Test
    void rowThatCannotBeReadDoesNotEndAListOrAnHour() {
        String tag = UUID.randomUUID().toString();
        Instant hour = Instant.parse("2024-02-03T11:00:00Z").minus(Duration.ofHours(random.nextInt(1_000) * 24L));
        List<JobId> ids = IntStream.range(0, 8)
                .mapToObj(i -> created(inShardSeven(tag, hour.plusSeconds(i))).id())
                .toList();
        plant(ids.get(1), new Row().put(Field.FORMAT, 1).put(Field.TASK, "t").put(Field.TAGS, List.of(tag)));
        plant(ids.get(6), new Row().put(Field.FORMAT, 1).put(Field.TASK, "t").put(Field.TAGS, List.of(tag)));
        List<JobId> readable = List.of(ids.get(0), ids.get(2), ids.get(3), ids.get(4), ids.get(5), ids.get(7));

        List<JobId> listed = new ArrayList<>();
        JobId before = null;
        do {
            Page page = store().list(query(tag, hour, hour.plus(Duration.ofHours(1)), 2, before));
            page.jobs().forEach(job -> listed.add(job.id()));
            before = page.next();
        } while (before != null);
        List<JobId> read = new ArrayList<>();
        JobId after = null;
        do {
            Page page = store().hour(hour, "7", after, 2);
            page.jobs().forEach(job -> read.add(job.id()));
            after = page.next();
        } while (after != null);

        assertThat(listed).isEqualTo(readable.reversed());
        assertThat(read).isEqualTo(readable);
    }

    private NewJob inShardSeven(String tag, Instant time) {
        NewJob job = tagged(tag, time);
        return job.id().shard().equals("7") ? job : inShardSeven(tag, time);
    }

    /** As broken code might write it: a row without a state. */
    private void broken(Job job, Pausable task, Instant at) {
        plant(
                job.id(),
                new Row()
                        .put(Field.FORMAT, 1)
                        .put(Field.TASK, job.task())
                        .put(Field.INDEX, task.index(job.id().shard()))
                        .put(Field.INDEX_AT, at));
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

    @Test
    void aParkedJobLeavesTheIndexWhenItsMessageWasSentWhenItIsClaimedAndWhenItIsCancelled() {
        Instant due = NOW.plus(Duration.ofHours(1));
        Job sent = created(newJob().at(due));
        Job claimed = created(inShard(sent.id().shard()).at(due));
        Job cancelled = created(inShard(sent.id().shard()).at(due));

        done(sent.id(), Lifecycle.unpark(sent, due));
        done(claimed.id(), Lifecycle.claim(due, due.plusSeconds(60), tokens.next()));
        done(cancelled.id(), OperatorChanges.cancelWaiting(NOW, "operator", KEY_EXPIRES, tokens.next()));

        assertThat(due(sent.id().shard(), due, List.of(sent, claimed, cancelled)))
                .isEmpty();
    }

    // ---- what a pause has set aside

    @Test
    void jobsThatAPauseHasSetAsideAreFoundInTheOrderOfThatAndInNoOtherIndex() {
        Pausable task = Pausable.task("t-" + UUID.randomUUID());
        Job second = created(newJob());
        Job first = created(inShard(second.id().shard()));
        Job ofThePool = created(inShard(second.id().shard()));
        String shard = second.id().shard();

        done(second.id(), Lifecycle.setAside(second.id(), NOW.plusSeconds(1), task, tokens.next()));
        done(first.id(), Lifecycle.setAside(first.id(), NOW, task, tokens.next()));
        done(ofThePool.id(), Lifecycle.setAside(ofThePool.id(), NOW, Pausable.pool(task.name()), tokens.next()));

        List<Job> found = store().setAside(task, shard, 10);
        assertThat(found).extracting(Job::id).containsExactly(first.id(), second.id());
        assertThat(found).allSatisfy(job -> {
            assertThat(job.isSetAside()).isTrue();
            assertThat(job.isParked()).isFalse();
            assertThat(job.pool()).isEqualTo("default");
            assertThat(job.token()).isEqualTo(found(job.id()).token());
        });
        assertThat(store().setAside(task, shard, 1)).hasSize(1);
        assertThat(due(shard, NOW.plusSeconds(60), List.of(first, second, ofThePool)))
                .isEmpty();
    }

    @Test
    void aJobThatWasSetAsideLeavesTheIndexWhenItsMessageWasSentWhenItIsClaimedAndWhenItIsCancelled() {
        Pausable task = Pausable.task("t-" + UUID.randomUUID());
        Job sent = created(newJob());
        Job claimed = created(inShard(sent.id().shard()));
        Job cancelled = created(inShard(sent.id().shard()));
        for (Job job : List.of(sent, claimed, cancelled)) {
            done(job.id(), Lifecycle.setAside(job.id(), NOW, task, tokens.next()));
        }

        done(sent.id(), Lifecycle.takeUp(found(sent.id()), task));
        done(claimed.id(), claim());
        done(cancelled.id(), OperatorChanges.cancelWaiting(NOW, "operator", KEY_EXPIRES, tokens.next()));

        assertThat(store().setAside(task, sent.id().shard(), 10)).isEmpty();
    }

    @Test
    void aJobWhoseMessageCouldNotBeSentIsParkedAndFoundAtOnce() {
        Job job = created(newJob());

        done(job.id(), Lifecycle.park(job, NOW));

        assertThat(due(job.id().shard(), NOW, List.of(job))).containsExactly(job.id());
    }

    // ---- the dead index

    @Test
    void deadJobsAreFoundByTheTimeOfTheirDeathInPagesEarliestFirst() {
        Job first = killed(created(newJob()).id(), NOW.plusSeconds(1));
        String shard = first.id().shard();
        Job third = killed(created(inShard(shard)).id(), NOW.plusSeconds(3));
        Job second = killed(created(inShard(shard)).id(), NOW.plusSeconds(2));
        List<JobId> ours = List.of(first.id(), second.id(), third.id());

        assertThat(deadIn(shard, NOW, NOW.plusSeconds(3), 2))
                .filteredOn(ours::contains)
                .isEqualTo(ours);
        assertThat(deadIn(shard, NOW.plusSeconds(2), NOW.plusSeconds(2), 2))
                .filteredOn(ours::contains)
                .containsExactly(second.id());
    }

    @Test
    void theIndexTellsOfADeadJobWhatItsFiltersNeed() {
        Job dead = killed(created(tagged("blue", NOW)).id(), NOW.plusSeconds(1));

        Job inIndex = store().dead(dead.id().shard(), NOW, NOW.plusSeconds(1), null, 1_000).jobs().stream()
                .filter(job -> job.id().equals(dead.id()))
                .findFirst()
                .orElseThrow();

        assertThat(inIndex.state()).isEqualTo(JobState.DEAD);
        assertThat(inIndex.task()).isEqualTo("rehearse");
        assertThat(inIndex.pool()).isEqualTo("default");
        assertThat(inIndex.fence()).isEqualTo(dead.fence());
        assertThat(inIndex.deadReason()).isEqualTo(DeadReason.EXHAUSTED);
        assertThat(inIndex.fingerprint())
                .isEqualTo(dead.fingerprint())
                .isEqualTo(Fingerprint.of("rehearse", new JobError("T", "m")));
        assertThat(inIndex.tags()).containsExactly("x", "blue");
        assertThat(inIndex.indexedAt()).isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void aJobLeavesTheDeadWhenItGoesBackToWorkAndWhenItIsForgotten() {
        Job back = killed(created(newJob()).id(), NOW.plusSeconds(1));
        Job forgotten = killed(created(inShard(back.id().shard())).id(), NOW.plusSeconds(1));

        done(back.id(), OperatorChanges.redrive(back, back.pool(), NOW, NOW, "operator", tokens.next()));
        Job gone = done(forgotten.id(), OperatorChanges.purge(forgotten, NOW, tokens.next()));

        assertThat(deadIn(back.id().shard(), NOW, NOW.plusSeconds(1), 100)).doesNotContain(back.id(), forgotten.id());
        assertThat(gone.isForgotten(NOW)).isTrue();
        assertThat(found(back.id()).fingerprint()).isNull();
    }

    @Test
    void aPageOfDeadJobsGoesOnBehindOneThatHasLeftTheIndex() {
        Job first = killed(created(newJob()).id(), NOW.plusSeconds(1));
        Job second = killed(created(inShard(first.id().shard())).id(), NOW.plusSeconds(2));
        done(first.id(), OperatorChanges.redrive(first, first.pool(), NOW, NOW, "operator", tokens.next()));

        IndexPage page = store().dead(
                        first.id().shard(),
                        NOW,
                        NOW.plusSeconds(2),
                        new IndexPlace(NOW.plusSeconds(1), first.id()),
                        1_000);

        assertThat(page.jobs()).extracting(Job::id).contains(second.id());
    }

    private Job killed(JobId id, Instant at) {
        Job running = done(id, claim());
        JobError error = new JobError("T", "m");
        return done(id, Lifecycle.kill(running, at, DeadReason.EXHAUSTED, error, NOW.plusSeconds(60), tokens.next()));
    }

    private List<JobId> deadIn(String shard, Instant from, Instant to, int pageSize) {
        List<JobId> ids = new ArrayList<>();
        IndexPlace after = null;
        do {
            IndexPage page = store().dead(shard, from, to, after, pageSize);
            assertThat(page.jobs()).hasSizeLessThanOrEqualTo(pageSize);
            page.jobs().forEach(job -> ids.add(job.id()));
            after = page.next();
        } while (after != null);
        return ids;
    }
}
