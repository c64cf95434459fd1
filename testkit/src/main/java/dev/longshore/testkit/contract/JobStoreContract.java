package dev.longshore.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Change;
import dev.longshore.job.Change.Outcome;
import dev.longshore.job.Condition;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Field;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.JobStore.Page;
import dev.longshore.job.JobStore.Query;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.Tokens;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a {@link JobStore} has to do. Every test makes jobs of its own, so that one store serves all. */
public abstract class JobStoreContract {
    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
    private static final Instant KEY_EXPIRES = NOW.plus(Duration.ofDays(7));

    private final Random random = new Random();
    private final Tokens tokens = new Tokens(random);

    /** The store to test; the same one for a whole test. */
    protected abstract JobStore store();

    // ---- creating

    @Test
    void aJobIsFoundAsItWasCreated() {
        NewJob job = new NewJob(
                JobId.next(NOW, random),
                "process-video",
                "heavy",
                7,
                Json.parse("{\"a\":1.50,\"b\":\"\u6771\ud83d\udea2\"}"),
                NOW,
                NOW.plusSeconds(90),
                NOW.plusSeconds(900),
                List.of("blue", "green"),
                "customer-1",
                null,
                "hash",
                Map.of("tenant", "t1"),
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                tokens.next());

        Job created = created(job);

        assertThat(found(job.id())).isEqualTo(created);
        assertThat(created.state()).isEqualTo(JobState.SCHEDULED);
        assertThat(created.task()).isEqualTo("process-video");
        assertThat(created.pool()).isEqualTo("heavy");
        assertThat(created.maxAttempts()).isEqualTo(7);
        assertThat(created.createdAt()).isEqualTo(NOW);
        assertThat(created.due()).isEqualTo(created.runAt()).isEqualTo(NOW.plusSeconds(90));
        assertThat(created.expiresAt()).isEqualTo(NOW.plusSeconds(900));
        assertThat(created.tags()).containsExactly("blue", "green");
        assertThat(created.fairKey()).isEqualTo("customer-1");
        assertThat(created.requestHash()).isEqualTo("hash");
        assertThat(created.meta()).isEqualTo(Map.of("tenant", "t1"));
        assertThat(created.traceparent()).isEqualTo(job.traceparent());
        assertThat(created.attempt()).isZero();
        assertThat(created.fence()).isZero();
        assertThat(store().payload(created)).isEqualTo(job.payload());
        assertThat(store().result(created)).isNull();
    }

    @Test
    void whatIsNotThereIsNotFoundAndNotChanged() {
        JobId id = JobId.next(NOW, random);

        assertThat(store().find(id)).isEmpty();
        assertThat(store().apply(id, claim())).isInstanceOf(Outcome.Missing.class);
        assertThat(store().find(id)).isEmpty();
    }

    @Test
    void aCreationWhoseAnswerWasLostIsKnownAgain() {
        NewJob job = newJob();
        created(job);

        assertThat(store().create(job, KEY_EXPIRES)).isInstanceOf(Creation.Created.class);
    }

    @Test
    void aSecondJobUnderAnIdIsTheFirstOne() {
        NewJob job = newJob();
        created(job);

        NewJob other = NewJob.of(job.id(), "other", "default", 1, Json.parse("2"), NOW, tokens.next());

        assertThat(store().create(other, KEY_EXPIRES)).isEqualTo(new Creation.Exists(found(job.id())));
        assertThat(found(job.id()).task()).isEqualTo("rehearse");
    }

    @Test
    void aSecondJobUnderAKeyIsTheFirstOneAndLeavesNothingBehind() {
        String key = UUID.randomUUID().toString();
        Job first = created(newJob().underKey(key, "hash"));
        NewJob second = newJob().underKey(key, "hash");

        assertThat(store().create(second, KEY_EXPIRES)).isEqualTo(new Creation.Exists(first));
        assertThat(store().find(second.id())).isEmpty();
        assertThat(first.idempotencyKey()).isEqualTo(key);
    }

    @Test
    void aCreationUnderAKeyWhoseAnswerWasLostIsKnownAgain() {
        NewJob job = newJob().underKey(UUID.randomUUID().toString(), "hash");
        created(job);

        assertThat(store().create(job, KEY_EXPIRES)).isInstanceOf(Creation.Created.class);
    }

    @Test
    void ofManyCreationsUnderOneKeyAtOnceOneMakesTheJob() throws Exception {
        String key = UUID.randomUUID().toString();

        List<Creation> creations = atOnce(8, () -> store().create(newJob().underKey(key, "hash"), KEY_EXPIRES));

        assertThat(creations.stream().filter(Creation.Created.class::isInstance))
                .hasSize(1);
        assertThat(creations.stream().map(JobStoreContract::idOf).distinct()).hasSize(1);
    }

    @Test
    void aKeyWhoseTimeIsOverIsFreeAgain() {
        String key = UUID.randomUUID().toString();
        assertThat(store().create(newJob().underKey(key, "hash"), NOW.minusSeconds(1)))
                .isInstanceOf(Creation.Created.class);

        assertThat(store().create(newJob().underKey(key, "hash"), KEY_EXPIRES)).isInstanceOf(Creation.Created.class);
    }

    @Test
    void aWithdrawnJobIsGoneAndItsKeyIsFree() {
        String key = UUID.randomUUID().toString();
        Job job = created(newJob().underKey(key, "hash"));

        assertThat(store().withdraw(job)).isTrue();

        assertThat(store().find(job.id())).isEmpty();
        assertThat(store().withdraw(job)).isFalse();
        assertThat(store().create(newJob().underKey(key, "hash"), KEY_EXPIRES)).isInstanceOf(Creation.Created.class);
    }

    @Test
    void aJobThatWasClaimedMeanwhileIsNotWithdrawn() {
        Job job = created(newJob());
        Job running = done(job.id(), claim());

        assertThat(store().withdraw(job)).isFalse();
        assertThat(found(job.id())).isEqualTo(running);
    }

    // ---- bodies

    @Test
    void bodiesOfEverySizeComeBackWhole() {
        for (int bytes : new int[] {0, 1, 511, 512, 513, 4_096, 100_000, 262_144, 300_000, 2_000_000}) {
            byte[] noise = new byte[bytes];
            random.nextBytes(noise);
            Json body = Json.of(noise);
            NewJob job = NewJob.of(JobId.next(NOW, random), "rehearse", "default", 3, body, NOW, tokens.next());
            created(job);
            Job running = done(job.id(), claim());

            Job finished = done(
                    job.id(),
                    Lifecycle.succeed(
                            running, NOW, store().keepResult(running, body), 100, NOW.plusSeconds(60), tokens.next()));
            store().expireBodies(finished, NOW.plusSeconds(60));

            assertThat(store().payload(found(job.id())))
                    .as("payload of %d bytes", bytes)
                    .isEqualTo(body);
            assertThat(store().result(found(job.id())))
                    .as("result of %d bytes", bytes)
                    .isEqualTo(body);
        }
    }

    @Test
    void thePayloadOfADeadJobIsKeptWhenItGoesBackToWork() {
        byte[] noise = new byte[50_000];
        random.nextBytes(noise);
        Json body = Json.of(noise);
        NewJob job = NewJob.of(JobId.next(NOW, random), "rehearse", "default", 3, body, NOW, tokens.next());
        created(job);
        Job dead = dead(job.id());
        store().expireBodies(dead, NOW.plusSeconds(60));

        store().keepBodies(dead);
        Job back = done(job.id(), Lifecycle.sendBack(NOW, "operator", tokens.next()));

        assertThat(store().payload(back)).isEqualTo(body);
    }

    // ---- changing

    @Test
    void aChangeWhoseGuardHoldsIsSeenByEverybody() {
        Job job = created(newJob());

        Job running = done(job.id(), claim());

        assertThat(running.state()).isEqualTo(JobState.RUNNING);
        assertThat(running.attempt()).isEqualTo(1);
        assertThat(running.fence()).isEqualTo(1);
        assertThat(found(job.id())).isEqualTo(running);
    }

    @Test
    void aRefusedChangeLeavesTheJobAsItIsAndTellsHowItIs() {
        Job job = created(newJob());
        Job running = done(job.id(), claim());

        assertThat(store().apply(job.id(), claim())).isEqualTo(new Outcome.Refused(running));
        assertThat(found(job.id())).isEqualTo(running);
    }

    @Test
    void aChangeWhoseAnswerWasLostIsDoneAndNotDoneTwice() {
        Job job = created(newJob());
        var claim = claim();
        Job running = done(job.id(), claim);

        assertThat(store().apply(job.id(), claim)).isEqualTo(new Outcome.Done(running));
        assertThat(found(job.id()).fence()).isEqualTo(1);
    }

    @Test
    void anothersChangeIsNotTakenForOnesOwn() {
        Job job = created(newJob());
        var claim = claim();
        Job running = done(job.id(), claim);
        done(job.id(), Lifecycle.snooze(running, NOW, NOW.plusSeconds(60), false, tokens.next()));

        assertThat(store().apply(job.id(), claim)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void ofManyWorkersThatClaimAtOnceOneGetsTheJob() throws Exception {
        Job job = created(newJob());

        List<Outcome> outcomes = atOnce(8, () -> store().apply(job.id(), claim()));

        assertThat(outcomes.stream().filter(Outcome.Done.class::isInstance)).hasSize(1);
        assertThat(found(job.id()).attempt()).isEqualTo(1);
    }

    @Test
    void aHistoryTellsTheWholeWay() {
        Job job = created(newJob());
        Job running = done(job.id(), claim());
        done(
                job.id(),
                Lifecycle.retry(running, NOW.plusSeconds(1), NOW, false, new JobError("T", "m", "s"), tokens.next()));
        Job again = done(job.id(), claim());
        Job succeeded =
                done(job.id(), Lifecycle.succeed(again, NOW.plusSeconds(2), null, null, KEY_EXPIRES, tokens.next()));

        assertThat(succeeded.history())
                .extracting(entry -> entry.state() + " " + entry.attempt() + " " + entry.error())
                .containsExactly(
                        "QUEUED null null", "RUNNING 1 null", "RETRYING 1 T: m", "RUNNING 2 null", "SUCCEEDED 2 null");
        assertThat(succeeded.error()).as("the error of an attempt before").isNull();
    }

    @Test
    void aCheckpointIsThereForTheNextAttempt() {
        Job job = created(newJob());
        Job running = done(job.id(), claim());
        done(job.id(), Lifecycle.checkpoint(running, Json.parse("{\"next\":\"\u00e9\"}")));
        done(job.id(), Lifecycle.progress(running, 40));
        done(job.id(), Lifecycle.snooze(running, NOW, NOW, false, tokens.next()));

        Job again = done(job.id(), claim());

        assertThat(again.checkpoint()).isEqualTo(Json.parse("{\"next\":\"\u00e9\"}"));
        assertThat(again.progress()).as("a new attempt starts at nothing").isNull();
    }

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
    }

    @Test
    void aParkedJobLeavesTheIndexWhenItsMessageWasSentWhenItIsClaimedAndWhenItIsCancelled() {
        Instant due = NOW.plus(Duration.ofHours(1));
        Job sent = created(newJob().at(due));
        Job claimed = created(inShard(sent.id().shard()).at(due));
        Job cancelled = created(inShard(sent.id().shard()).at(due));

        done(sent.id(), Lifecycle.unpark(sent, due));
        done(claimed.id(), Lifecycle.claim(due, due.plusSeconds(60), tokens.next()));
        done(cancelled.id(), Lifecycle.cancelWaiting(NOW, "operator", KEY_EXPIRES, tokens.next()));

        assertThat(due(sent.id().shard(), due, List.of(sent, claimed, cancelled)))
                .isEmpty();
    }

    @Test
    void aJobWhoseMessageCouldNotBeSentIsParkedAndFoundAtOnce() {
        Job job = created(newJob());

        done(job.id(), Lifecycle.park(job, NOW));

        assertThat(due(job.id().shard(), NOW, List.of(job))).containsExactly(job.id());
    }

    // ---- in this suite's words

    private NewJob newJob() {
        return NewJob.of(
                JobId.next(NOW, random), "rehearse", "default", 3, Json.parse("{\"value\":1}"), NOW, tokens.next());
    }

    private NewJob inShard(String shard) {
        NewJob job = newJob();
        return job.id().shard().equals(shard) ? job : inShard(shard);
    }

    private NewJob tagged(String tag, Instant at) {
        return new NewJob(
                JobId.next(at, random),
                "rehearse",
                "default",
                3,
                Json.parse("1"),
                at,
                null,
                null,
                List.of("x", tag),
                null,
                null,
                null,
                Map.of(),
                null,
                tokens.next());
    }

    private Query query(String tag, Instant from, Instant to, int limit, @Nullable JobId before) {
        return new Query(from, to, new Condition.Contains(Field.TAGS, tag), limit, before);
    }

    private List<JobId> due(String shard, Instant until, List<Job> among) {
        List<JobId> ids = among.stream().map(Job::id).toList();
        return store().due(shard, until, 1_000).stream()
                .map(Job::id)
                .filter(ids::contains)
                .toList();
    }

    private Change claim() {
        return Lifecycle.claim(NOW, NOW.plusSeconds(60), tokens.next());
    }

    private Job created(NewJob job) {
        return switch (store().create(job, KEY_EXPIRES)) {
            case Creation.Created(Job created) -> created;
            case Creation.Exists exists ->
                throw new AssertionError(
                        "there was one before: " + exists.first().id());
        };
    }

    private Job done(JobId id, Change change) {
        return switch (store().apply(id, change)) {
            case Outcome.Done(Job job) -> job;
            case Outcome.Refused(Job job) ->
                throw new AssertionError(change + " was refused: the job is " + job.state());
            case Outcome.Missing() -> throw new AssertionError(change + " met no job");
        };
    }

    private Job dead(JobId id) {
        Job running = done(id, claim());
        return done(
                id,
                Lifecycle.kill(
                        running,
                        NOW,
                        DeadReason.EXHAUSTED,
                        new JobError("T", "m"),
                        NOW.plusSeconds(60),
                        tokens.next()));
    }

    private Job found(JobId id) {
        return store().find(id).orElseThrow();
    }

    private static JobId idOf(Creation creation) {
        return switch (creation) {
            case Creation.Created(Job job) -> job.id();
            case Creation.Exists(Job job) -> job.id();
        };
    }

    private static <T> List<T> atOnce(int times, Callable<T> call) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(Collections.nCopies(times, call))) {
                results.add(future.get());
            }
            return results;
        }
    }
}
