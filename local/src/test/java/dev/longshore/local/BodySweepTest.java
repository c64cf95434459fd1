package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Change;
import dev.longshore.job.Change.Outcome;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Engines;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.Tokens;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.task.Json;
import dev.longshore.testkit.Faults;
import dev.longshore.testkit.FaultyJobStore;
import dev.longshore.testkit.InMemoryEngines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A body that is a file ends with its job, and not before. */
class BodySweepTest {
    private static final Duration RETENTION = Duration.ofDays(2);

    @RegisterExtension
    static final DynamoDbStage stage = new DynamoDbStage();

    private final InMemoryEngines memory = InMemoryEngines.create();
    private final Random random = new Random(); // the table outlives a test, and so must no id come twice
    private final Tokens tokens = new Tokens(random);
    private final Faults faults = new Faults();
    private final JobStore store = stage.store();
    private final Engines engines = memory.engines(new FaultyJobStore(store, faults), memory.queue());

    @Test
    void aFileEndsWhenItsJobIsForgottenThoughTheRowIsStillThere() {
        Job job = succeeded();
        assertThat(files(job)).hasSize(2);

        memory.clock().advance(RETENTION.plusMinutes(59));
        tick();
        assertThat(files(job)).hasSize(2);
        assertThat(store.payload(job).utf8Length()).isGreaterThan(300_000);
        memory.clock().advance(Duration.ofMinutes(1));
        tick();

        assertThat(files(job)).isEmpty();
        assertThat(notes(job)).isZero();
    }

    @Test
    void aFileEndsWhenItsRowIsGone() {
        Job job = succeeded();
        store.withdraw(store.find(job.id()).orElseThrow());

        memory.clock().advance(RETENTION.plusHours(1));
        tick();

        assertThat(files(job)).isEmpty();
    }

    @Test
    void theFileOfAJobThatWentBackToWorkStaysAndEndsWithItsSecondEnd() {
        Job job = running();
        Job dead = done(
                job.id(),
                Lifecycle.kill(job, now(), DeadReason.DISCARDED, new JobError("T", "m"), end(), tokens.next()));
        store.expireBodies(dead, end());
        memory.clock().advance(RETENTION.minusMinutes(1));
        store.keepBodies(dead);
        done(job.id(), OperatorChanges.redrive(dead, dead.pool(), now(), now(), "me", tokens.next()));

        memory.clock().advance(Duration.ofHours(2));
        tick();
        assertThat(files(job)).as("it is at work").hasSize(1);

        Job again = done(job.id(), Lifecycle.claim(now(), now().plusSeconds(60), tokens.next()));
        Job ended = done(job.id(), Lifecycle.succeed(again, now(), null, null, end(), tokens.next()));
        store.expireBodies(ended, end());
        memory.clock().advance(RETENTION);
        tick();
        assertThat(files(job)).as("kept as long as its row").hasSize(1);
        memory.clock().advance(Duration.ofHours(1));
        tick();
        assertThat(files(job)).isEmpty();
    }

    @Test
    void aDispatcherThatDiesBeforeOrAfterItDeletesAFileDoesItAtTheNextTick() {
        Job job = succeeded();
        memory.clock().advance(RETENTION.plusHours(1));
        faults.refuse("sweep", 1);
        tick();
        assertThat(files(job)).isNotEmpty();

        for (Path file : files(job)) {
            delete(file); // as one does that dies between the file and the note of it
        }
        assertThat(notes(job)).isPositive();
        tick();

        assertThat(files(job)).isEmpty();
        assertThat(notes(job)).isZero();
    }

    private Job running() {
        byte[] noise = new byte[300_000];
        random.nextBytes(noise);
        NewJob job = NewJob.of(JobId.next(now(), random), "t", "default", 3, Json.of(noise), now(), tokens.next());
        assertThat(store.create(job, now())).isInstanceOf(JobStore.Creation.Created.class);
        return done(job.id(), Lifecycle.claim(now(), now().plusSeconds(60), tokens.next()));
    }

    private Job succeeded() {
        Job job = running();
        Job ended = done(
                job.id(),
                Lifecycle.succeed(job, now(), store.keepResult(job, store.payload(job)), null, end(), tokens.next()));
        store.expireBodies(ended, end());
        return ended;
    }

    private Job done(JobId id, Change change) {
        return ((Outcome.Done) store.apply(id, change)).job();
    }

    private void tick() {
        try {
            LocalInvocation.invoke(
                    new DispatcherFunction(engines, List.of()),
                    "dispatcher",
                    Duration.ofMinutes(1),
                    "{}".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Job job) {
        Path folder = stage.files().resolve("jobs/" + job.id().time().toString().substring(0, 10) + "/" + job.id());
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int notes(Job job) {
        return stage.dynamoDb
                .query(query -> query.tableName(DynamoDbStage.TABLE)
                        .keyConditionExpression("pk = :pk AND begins_with(sk, :sk)")
                        .expressionAttributeValues(Map.of(
                                ":pk", AttributeValue.fromS(job.id().partition() + "#bodies"),
                                ":sk", AttributeValue.fromS(job.id() + "#sweep#"))))
                .count();
    }

    private Instant end() {
        return now().plus(RETENTION);
    }

    private Instant now() {
        return memory.clock().instant();
    }
}
