package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Change;
import dev.longshore.job.Change.Outcome;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.RunsAs;
import dev.longshore.job.Uniqueness;
import dev.longshore.job.WriteTokens;
import dev.longshore.task.Json;
import dev.longshore.task.OnDuplicate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * DynamoDB applies a write, the connection breaks before the response comes, and the SDK retries it: the writer must
 * recognise the write as its own.
 */
class LostAnswersTest {
    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    private final FaultyHttpClient connection = FaultyHttpClient.onDemand(UrlConnectionHttpClient.create());
    private final DynamoDbClient lossy = stage.clientOver(connection, builder -> {});
    private final Random random = new Random();
    private final WriteTokens tokens = new WriteTokens(random);
    private final JobStore store = stage.store(lossy);
    private final JobStore others = stage.store();

    @AfterEach
    void close() {
        lossy.close();
    }

    @Test
    void everyRetriedWriteOfAJobIsRecognised() {
        JobId id = JobId.next(NOW, random);
        NewJob job = NewJob.of(id, "rehearse", "default", 3, Json.parse("1"), NOW, tokens.next());

        connection.loseNextAnswer();
        assertThat(store.create(job, NOW)).isInstanceOf(Creation.Created.class);

        connection.loseNextAnswer();
        Job running = done(store.apply(id, new Lifecycle(NOW, tokens.next()).claim(id, NOW.plusSeconds(60))));
        assertThat(running.attempt()).isEqualTo(1);
        assertThat(running.fence()).isEqualTo(1);

        connection.loseNextAnswer();
        done(store.apply(
                id, new Lifecycle(NOW, tokens.next()).retry(running, Duration.ZERO, false, new JobError("T", "m"))));
        Job again = done(store.apply(id, new Lifecycle(NOW, tokens.next()).claim(id, NOW.plusSeconds(60))));

        connection.loseNextAnswer();
        Job ended = done(store.apply(id, new Lifecycle(NOW, tokens.next()).succeed(again, null, null, Duration.ZERO)));

        assertThat(ended.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(ended.attempt()).isEqualTo(2);
        assertThat(ended.fence()).isEqualTo(2);
        assertThat(ended.history()).hasSize(5);
        assertThat(connection.faults()).isEqualTo(Map.of(FaultyHttpClient.Fault.TIME_OUT_AFTER, 4));
    }

    @Test
    void aRetriedCreationUnderAnIdempotencyKeyIsRecognised() {
        NewJob job = NewJob.of(JobId.next(NOW, random), "rehearse", "default", 3, Json.parse("1"), NOW, tokens.next())
                .underKey("key-" + tokens.next(), "hash");

        connection.loseNextAnswer();

        assertThat(store.create(job, NOW.plusSeconds(60))).isInstanceOf(Creation.Created.class);
    }

    @Test
    void aRetriedCreationWithAUniqueKeyIsRecognised() {
        NewJob job = small().unique(Uniqueness.of("key-" + tokens.next(), OnDuplicate.KEEP));

        connection.afterNextCall(() -> {}); // the key's holder
        connection.loseNextAnswer();

        assertThat(store.create(job, NOW.plusSeconds(60))).isInstanceOf(Creation.Created.class);
        assertThat(connection.faults()).containsKey(FaultyHttpClient.Fault.TIME_OUT_AFTER);
    }

    @Test
    void aRetriedRedriveThatTakesAUniqueKeyIsRecognised() {
        Job dead = deadUnique();

        connection.afterNextCall(() -> {}); // the key's holder
        connection.afterNextCall(() -> {}); // the row
        connection.loseNextAnswer();
        Job back = done(
                store.apply(dead.id(), new OperatorChanges(NOW, tokens.next()).redrive(dead, dead.pool(), NOW, "me")));

        assertThat(back.state()).isEqualTo(JobState.QUEUED);
        assertThat(others.find(dead.id())).contains(back);
        assertThat(connection.faults()).containsKey(FaultyHttpClient.Fault.TIME_OUT_AFTER);
    }

    // ---- two writers: another acts between the lost answer and the SDK's retry

    @Test
    void aPayloadStaysThatTheRowNamesThoughItsCreationWasAcknowledgedBeforeTheRetry() {
        NewJob job = large(JobId.next(NOW, random));

        connection.afterNextCall(() -> {}); // its payload
        connection.loseNextAnswer(
                () -> others.apply(job.id(), new Lifecycle(Instant.EPOCH, tokens.next()).acknowledge()));
        store.create(job, NOW);

        assertThat(others.payload(others.find(job.id()).orElseThrow())).isEqualTo(job.payload());
    }

    @Test
    void anotherPayloadStaysThoughItsJobWasClaimedBeforeTheRetry() {
        NewJob job = large(JobId.next(NOW, random));
        store.create(job, NOW);
        Job running = done(store.apply(job.id(), claim(job.id())));
        Job dead = done(store.apply(
                job.id(),
                new Lifecycle(NOW, tokens.next()).kill(running, DeadReason.EXHAUSTED, new JobError("T", "m"))));
        Json other = noise();

        connection.afterNextCall(() -> {}); // the other payload
        connection.loseNextAnswer(() -> others.apply(job.id(), claim(job.id())));
        store.apply(
                job.id(),
                new OperatorChanges(NOW, tokens.next())
                        .redriveWithPayload(dead, new RunsAs(dead.task(), dead.pool()), other, false, "me"));

        Job claimed = others.find(job.id()).orElseThrow();
        assertThat(claimed.state()).isEqualTo(JobState.RUNNING);
        assertThat(others.payload(claimed)).isEqualTo(other);
    }

    @Test
    void aWithdrawalLeavesTheKeyToAnotherThatHasTakenItMeanwhile() {
        String key = "key-" + tokens.next();
        NewJob first = small().underKey(key, "hash");
        NewJob second = small().underKey(key, "hash");
        Job created = created(store.create(first, NOW.plusSeconds(60)));

        connection.afterNextCall(() -> created(others.create(second, NOW.plusSeconds(60))));
        assertThat(store.withdraw(created)).isTrue();

        assertThat(others.create(small().underKey(key, "hash"), NOW.plusSeconds(60)))
                .as("the key is the second one's")
                .isInstanceOfSatisfying(
                        Creation.Exists.class,
                        exists -> assertThat(exists.job().id()).isEqualTo(second.id()));
    }

    @Test
    void aWithdrawalLeavesTheUniqueKeyToTheSameJobMadeAgainMeanwhile() {
        Uniqueness unique = Uniqueness.of("key-" + tokens.next(), OnDuplicate.KEEP);
        NewJob first = small().unique(unique);
        Job created = created(store.create(first, NOW));
        NewJob again = NewJob.of(first.id(), "rehearse", "default", 3, Json.parse("1"), NOW, tokens.next())
                .unique(unique);

        connection.afterNextCall(() -> created(others.create(again, NOW)));
        assertThat(store.withdraw(created)).isTrue();

        assertThat(others.create(small().unique(unique), NOW))
                .as("the key is the job's that was made again")
                .isEqualTo(new Creation.Duplicate(others.find(first.id()).orElseThrow()));
    }

    @Test
    void aRedriveBetweenTheReadsAndTheTransactionOfATakerKeepsTheKey() {
        Job dead = deadUnique();
        Uniqueness unique = Uniqueness.of(String.valueOf(dead.uniqueKey()), OnDuplicate.KEEP);

        connection.afterNextCall(() -> {}); // the key's holder
        connection.afterNextCall(() -> done(others.apply(
                dead.id(), new OperatorChanges(NOW, tokens.next()).redrive(dead, dead.pool(), NOW, "me"))));

        assertThat(store.create(small().unique(unique), NOW))
                .isEqualTo(new Creation.Duplicate(others.find(dead.id()).orElseThrow()));
    }

    private Job deadUnique() {
        NewJob job = small().unique(Uniqueness.of("key-" + tokens.next(), OnDuplicate.KEEP));
        created(others.create(job, NOW));
        Job running = done(others.apply(job.id(), claim(job.id())));
        return done(others.apply(
                job.id(),
                new Lifecycle(NOW, tokens.next()).kill(running, DeadReason.EXHAUSTED, new JobError("T", "m"))));
    }

    private Change claim(JobId id) {
        return new Lifecycle(NOW, tokens.next()).claim(id, NOW.plusSeconds(60));
    }

    private NewJob small() {
        return NewJob.of(JobId.next(NOW, random), "rehearse", "default", 3, Json.parse("1"), NOW, tokens.next());
    }

    private NewJob large(JobId id) {
        return NewJob.of(id, "rehearse", "default", 3, noise(), NOW, tokens.next());
    }

    private Json noise() {
        byte[] noise = new byte[5_000];
        random.nextBytes(noise);
        return Json.of(noise);
    }

    private static Job created(Creation creation) {
        assertThat(creation).isInstanceOf(Creation.Created.class);
        return creation.job();
    }

    private static Job done(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done(Job job) -> job;
            case Outcome.Refused(Job job) -> throw new AssertionError("refused in state " + job.state());
            case Outcome.Missing() -> throw new AssertionError("missing");
        };
    }
}
