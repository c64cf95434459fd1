package dev.longshore.suites.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Change.Outcome;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Field;
import dev.longshore.job.Fingerprint;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.JobStore.IndexPlace;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.Page;
import dev.longshore.job.Row;
import dev.longshore.job.RowStore;
import dev.longshore.job.pause.Pausable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a {@link JobStore} finds in its attention index: jobs whose time has come, those held by a pause, and dead ones. */
public abstract class AttentionIndexContract extends JobStoreSteps {
    /** Writes a row without any check: one that only older, newer or broken code would write. */
    protected abstract void plant(JobId id, Row row);

    // ---- the due index

    @Test
    void jobsHeldUntilDueAreFoundEarliestFirst() {
        Job later = created(newJob().at(NOW.plus(Duration.ofHours(2))));
        Job sooner = created(inShard(later.id().shard()).at(NOW.plus(Duration.ofHours(1))));
        created(inShard(later.id().shard()).at(NOW.plusSeconds(10)));
        String shard = later.id().shard();

        assertThat(later.isHeldUntilDue()).isTrue();
        assertThat(due(shard, NOW.plus(Duration.ofHours(1)), List.of(sooner, later)))
                .containsExactly(sooner.id());
        assertThat(due(shard, NOW.plus(Duration.ofHours(2)), List.of(sooner, later)))
                .containsExactly(sooner.id(), later.id());
        assertThat(store().held(HoldReason.DUE, shard, NOW.plus(Duration.ofHours(2)), null, 1)
                        .items())
                .hasSize(1);
        IndexPlace afterTheSooner = new IndexPlace(sooner.due(), sooner.id());
        assertThat(store().held(HoldReason.DUE, shard, NOW.plus(Duration.ofHours(2)), afterTheSooner, 1_000)
                        .items())
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
            done(
                    all.get(i).id(),
                    new Lifecycle(NOW.plusSeconds(i), tokens.next())
                            .hold(all.get(i), HoldReason.paused(task), NOW.plusSeconds(i)));
        }
        broken(all.get(0), task, NOW);
        broken(all.get(2), task, NOW.plusSeconds(2));

        List<JobId> found = new ArrayList<>();
        IndexPlace after = null;
        do {
            Page<Job, IndexPlace> page = store().held(HoldReason.paused(task), shard, RowStore.ANY_TIME, after, 1);
            page.items().forEach(job -> found.add(job.id()));
            after = page.next();
        } while (after != null);

        assertThat(found).containsExactly(all.get(1).id(), all.get(3).id());
    }

    /** As broken code might write it: a row without a state. */
    private void broken(Job job, Pausable task, Instant at) {
        plant(
                job.id(),
                new Row()
                        .put(Field.FORMAT, 1)
                        .put(Field.TASK, job.task())
                        .put(Field.INDEX, HoldReason.paused(task).index(job.id().shard()))
                        .put(Field.INDEX_AT, at));
    }

    @Test
    void aHeldJobLeavesTheIndexWhenItIsReleasedClaimedOrCancelled() {
        Instant due = NOW.plus(Duration.ofHours(1));
        Job sent = created(newJob().at(due));
        Job claimed = created(inShard(sent.id().shard()).at(due));
        Job cancelled = created(inShard(sent.id().shard()).at(due));

        done(sent.id(), Lifecycle.release(sent));
        done(claimed.id(), new Lifecycle(due, tokens.next()).claim(claimed.id(), due.plusSeconds(60)));
        done(
                cancelled.id(),
                new OperatorChanges(NOW, tokens.next())
                        .cancelWaiting(cancelled, Duration.between(NOW, KEY_EXPIRES), "operator"));

        assertThat(due(sent.id().shard(), due, List.of(sent, claimed, cancelled)))
                .isEmpty();
    }

    // ---- jobs held by a pause

    @Test
    void jobsHeldByAPauseAreFoundInThatOrderAndInNoOtherIndex() {
        Pausable task = Pausable.task("t-" + UUID.randomUUID());
        Job second = created(newJob());
        Job first = created(inShard(second.id().shard()));
        Job ofThePool = created(inShard(second.id().shard()));
        String shard = second.id().shard();

        done(
                second.id(),
                new Lifecycle(NOW.plusSeconds(1), tokens.next())
                        .hold(second, HoldReason.paused(task), NOW.plusSeconds(1)));
        done(first.id(), new Lifecycle(NOW, tokens.next()).hold(first, HoldReason.paused(task), NOW));
        done(
                ofThePool.id(),
                new Lifecycle(NOW, tokens.next()).hold(ofThePool, HoldReason.paused(Pausable.pool(task.name())), NOW));

        List<Job> found = store().held(HoldReason.paused(task), shard, 10);
        assertThat(found).extracting(Job::id).containsExactly(first.id(), second.id());
        assertThat(found).allSatisfy(job -> {
            assertThat(job.isHeldByPause()).isTrue();
            assertThat(job.isHeldUntilDue()).isFalse();
            assertThat(job.pool()).isEqualTo("default");
            assertThat(job.token()).isEqualTo(found(job.id()).token());
        });
        assertThat(store().held(HoldReason.paused(task), shard, 1)).hasSize(1);
        assertThat(due(shard, NOW.plusSeconds(60), List.of(first, second, ofThePool)))
                .isEmpty();
    }

    @Test
    void jobThatAPauseHoldsLeavesTheIndexWhenItIsReleasedAndWhenItIsCancelled() {
        Pausable task = Pausable.task("t-" + UUID.randomUUID());
        Job sent = created(newJob());
        Job cancelled = created(inShard(sent.id().shard()));
        for (Job job : List.of(sent, cancelled)) {
            done(job.id(), new Lifecycle(NOW, tokens.next()).hold(job, HoldReason.paused(task), NOW));
        }

        done(sent.id(), Lifecycle.release(found(sent.id())));
        done(
                cancelled.id(),
                new OperatorChanges(NOW, tokens.next())
                        .cancelWaiting(cancelled, Duration.between(NOW, KEY_EXPIRES), "operator"));

        assertThat(store().held(HoldReason.paused(task), sent.id().shard(), 10)).isEmpty();
    }

    /** By a worker that was frozen since before the pause, and has a message of then. */
    @Test
    void jobThatAPauseHoldsIsClaimedOnlyOnceItIsReleased() {
        Job job = created(newJob());
        Job held = done(
                job.id(),
                new Lifecycle(NOW, tokens.next()).hold(job, HoldReason.paused(Pausable.task("rehearse")), NOW));

        assertThat(store().apply(job.id(), claim(job.id()))).isEqualTo(new Outcome.Refused(held));

        done(job.id(), Lifecycle.release(held));
        assertThat(done(job.id(), claim(job.id())).attempt()).isEqualTo(1);
    }

    @Test
    void aJobWhoseMessageCouldNotBeSentIsHeldUntilDueAndFoundAtOnce() {
        Job job = created(newJob());

        done(job.id(), new Lifecycle(Instant.EPOCH, "held").hold(job, HoldReason.DUE, NOW));

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
    void theIndexHasWhatTheFiltersOfDeadJobsNeed() {
        Job dead = killed(created(tagged("blue", NOW)).id(), NOW.plusSeconds(1));

        Job inIndex = store().dead(dead.id().shard(), NOW, NOW.plusSeconds(1), null, 1_000).items().stream()
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
    void aJobLeavesTheIndexOfTheDeadWhenItIsRedrivenOrPurged() {
        Job back = killed(created(newJob()).id(), NOW.plusSeconds(1));
        Job purged = killed(created(inShard(back.id().shard())).id(), NOW.plusSeconds(1));

        done(back.id(), new OperatorChanges(NOW, tokens.next()).redrive(back, back.pool(), NOW, "operator"));
        Job gone = done(purged.id(), new OperatorChanges(NOW, tokens.next()).purge(purged));

        assertThat(deadIn(back.id().shard(), NOW, NOW.plusSeconds(1), 100)).doesNotContain(back.id(), purged.id());
        assertThat(gone.isPurged(NOW)).isTrue();
        assertThat(found(back.id()).fingerprint()).isNull();
    }

    @Test
    void aPageOfDeadJobsContinuesAfterOneThatHasLeftTheIndex() {
        Job first = killed(created(newJob()).id(), NOW.plusSeconds(1));
        Job second = killed(created(inShard(first.id().shard())).id(), NOW.plusSeconds(2));
        done(first.id(), new OperatorChanges(NOW, tokens.next()).redrive(first, first.pool(), NOW, "operator"));

        Page<Job, IndexPlace> page = store().dead(
                        first.id().shard(),
                        NOW,
                        NOW.plusSeconds(2),
                        new IndexPlace(NOW.plusSeconds(1), first.id()),
                        1_000);

        assertThat(page.items()).extracting(Job::id).contains(second.id());
    }

    private Job killed(JobId id, Instant at) {
        Job running = done(id, claim(id));
        JobError error = new JobError("T", "m");
        return done(id, new Lifecycle(at, tokens.next()).kill(running, DeadReason.EXHAUSTED, error));
    }

    private List<JobId> deadIn(String shard, Instant from, Instant to, int pageSize) {
        List<JobId> ids = new ArrayList<>();
        IndexPlace after = null;
        do {
            Page<Job, IndexPlace> page = store().dead(shard, from, to, after, pageSize);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(pageSize);
            page.items().forEach(job -> ids.add(job.id()));
            after = page.next();
        } while (after != null);
        return ids;
    }
}
