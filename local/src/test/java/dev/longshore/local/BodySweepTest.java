package dev.longshore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Body;
import dev.longshore.job.BodyStore;
import dev.longshore.job.Change;
import dev.longshore.job.Change.Outcome;
import dev.longshore.job.DayShards;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobError;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.WriteTokens;
import dev.longshore.job.engines.Engines;
import dev.longshore.job.engines.Uploads;
import dev.longshore.keeper.DispatcherFunction;
import dev.longshore.memory.InMemoryEngines;
import dev.longshore.memory.LambdaRunner;
import dev.longshore.suites.faults.Faults;
import dev.longshore.suites.faults.FaultyBodyStore;
import dev.longshore.suites.faults.FaultyRowStore;
import dev.longshore.task.FolderFileStore;
import dev.longshore.task.Json;
import dev.longshore.task.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    private final WriteTokens tokens = new WriteTokens(random);
    private final Faults faults = new Faults();
    private final JobStore store = stage.store();
    private final Engines engines = memory.engines(
            new FaultyRowStore(stage.rows(stage.dynamoDb), faults),
            new FaultyBodyStore(stage.bodies(stage.dynamoDb), faults),
            memory.queue());

    @Test
    void aFileEndsWithItsJobsRetentionThoughTheRowIsStillThere() {
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
    void aFileOutlivesAJobThatIsKeptAsLongAsUsualByADayAtMost() {
        Job job = running();
        Duration ran = Duration.ofMinutes(10);
        memory.clock().advance(ran);
        done(job.id(), new Lifecycle(now(), tokens.next()).succeed(job, null, null, Task.USUAL_RETENTION));

        memory.clock().advance(Task.USUAL_RETENTION.plusDays(1).minus(ran).plusMinutes(59));
        tick();
        assertThat(files(job)).hasSize(1);
        memory.clock().advance(Duration.ofMinutes(1));
        tick();

        assertThat(files(job)).isEmpty();
        assertThat(notes(job)).isZero();
    }

    @Test
    void theFileOfADeadJobIsThereForARedriveUntilItsRetentionIsOver() {
        Job job = running();
        Job dead = done(
                job.id(), new Lifecycle(now(), tokens.next()).kill(job, DeadReason.DISCARDED, new JobError("T", "m")));
        done(job.id(), new Lifecycle(now(), "handled").markDeathHandled(dead));

        for (int day = 1; day < 30; day++) {
            memory.clock().advance(Duration.ofDays(1));
            tick();
        }

        Job back = done(job.id(), new OperatorChanges(now(), tokens.next()).redrive(dead, dead.pool(), now(), "me"));
        assertThat(store.payload(back).utf8Length()).isGreaterThan(300_000);
    }

    @Test
    void theNoteOfADayThatOlderCodeWroteIsWrittenAnewAtTheJobsEnd() {
        Job job = running();
        stage.bodies(stage.dynamoDb)
                .postpone(BodyStore.Sweep.of(job.id(), (Body.Apart) job.payload()), now().plus(Duration.ofDays(1)));
        done(job.id(), new Lifecycle(now(), tokens.next()).succeed(job, null, null, Duration.between(now(), end())));

        memory.clock().advance(RETENTION);
        tick();
        assertThat(files(job)).hasSize(1);
        memory.clock().advance(Duration.ofHours(1));
        tick();

        assertThat(files(job)).isEmpty();
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
    void theFileOfARedrivenJobIsKeptUntilItsSecondEnd() {
        Job job = running();
        Job dead = done(
                job.id(), new Lifecycle(now(), tokens.next()).kill(job, DeadReason.DISCARDED, new JobError("T", "m")));
        memory.clock().advance(RETENTION.minusMinutes(1));
        done(job.id(), new OperatorChanges(now(), tokens.next()).redrive(dead, dead.pool(), now(), "me"));

        memory.clock().advance(Duration.ofHours(2));
        tick();
        assertThat(files(job)).as("it is at work").hasSize(1);

        Job again = done(job.id(), new Lifecycle(now(), tokens.next()).claim(job.id(), now().plusSeconds(60)));
        done(job.id(), new Lifecycle(now(), tokens.next()).succeed(again, null, null, Duration.between(now(), end())));
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

    @Test
    void theFileOfARowThatWasNeverWrittenEndsAfterTheUsualStay() {
        JobId id = JobId.next(now(), random);
        stage.bodies(stage.dynamoDb).keepPayload(id, "payload#x", noise(), now());

        memory.clock().advance(Duration.ofDays(8).plusMinutes(59));
        tick();
        assertThat(files(id)).as("its job may be in creation").hasSize(1);
        memory.clock().advance(Duration.ofMinutes(1));
        tick();

        assertThat(files(id)).isEmpty();
    }

    @Test
    void anUploadEndsADayAfterItWasOpened() throws IOException {
        String ref = new Uploads(engines).open("me", 5, null).ref();
        JobId upload = new JobId(ref.substring(0, 36));
        String name = new BodyStore.Sweep(upload, "upload-me-" + ref.substring(37)).file();
        new FolderFileStore(stage.files()).write(name, new byte[] {1, 2, 3, 4, 5});

        memory.clock().advance(Duration.ofDays(1).plusMinutes(59));
        tick();
        assertThat(files(upload)).hasSize(1);
        memory.clock().advance(Duration.ofMinutes(1));
        tick();

        assertThat(files(upload)).isEmpty();
    }

    @Test
    void theFileOfAnOutcomeThatDidNotCountEndsThoughItsJobContinues() {
        Job job = running();
        stage.bodies(stage.dynamoDb).keepResult(job.id(), "result#7", noise(), end());

        memory.clock().advance(RETENTION.plusHours(1));
        tick();

        assertThat(files(job.id())).singleElement().asString().contains("payload");
    }

    @Test
    void theFileOfAJobThatIsDueInDaysStaysUntilItHasRun() {
        Duration delay = Duration.ofDays(4);
        NewJob job = NewJob.of(JobId.next(now(), random), "t", "default", 3, noise(), now(), tokens.next())
                .at(now().plus(delay));
        store.create(job, now());

        memory.clock().advance(Duration.ofDays(2));
        tick();
        memory.clock().advance(delay.minusDays(2).plusHours(2));
        tick();

        assertThat(store.payload(store.find(job.id()).orElseThrow())).isEqualTo(job.payload());
    }

    private Json noise() {
        byte[] noise = new byte[300_000];
        random.nextBytes(noise);
        return Json.of(noise);
    }

    private Job running() {
        NewJob job = NewJob.of(JobId.next(now(), random), "t", "default", 3, noise(), now(), tokens.next());
        assertThat(store.create(job, now())).isInstanceOf(JobStore.Creation.Created.class);
        return done(job.id(), new Lifecycle(now(), tokens.next()).claim(job.id(), now().plusSeconds(60)));
    }

    private Job succeeded() {
        Job job = running();
        return done(
                job.id(),
                new Lifecycle(now(), tokens.next())
                        .succeed(job, store.payload(job), null, Duration.between(now(), end())));
    }

    private Job done(JobId id, Change change) {
        return ((Outcome.Done) store.apply(id, change)).job();
    }

    private void tick() {
        new LambdaRunner(new DispatcherFunction(engines, List.of()), memory.clock(), Duration.ofMinutes(1))
                .invoke(new Json("{}"));
    }

    private static List<Path> files(Job job) {
        return files(job.id());
    }

    private static List<Path> files(JobId id) {
        Path folder = stage.files().resolve("jobs/" + id.time().toString().substring(0, 10) + "/" + id);
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
                .query(query -> query.tableName(stage.table)
                        .keyConditionExpression("pk = :pk AND begins_with(sk, :sk)")
                        .expressionAttributeValues(Map.of(
                                ":pk", AttributeValue.fromS(DayShards.SIXTEEN.partition(job.id()) + "#bodies"),
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
