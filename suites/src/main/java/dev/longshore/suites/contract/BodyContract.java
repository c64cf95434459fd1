package dev.longshore.suites.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Body;
import dev.longshore.job.BodyMissingException;
import dev.longshore.job.BodyStore;
import dev.longshore.job.Change;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.JobStore.Creation;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.OutdatedScheduleException;
import dev.longshore.job.Progress;
import dev.longshore.job.RunsAs;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.task.Json;
import dev.longshore.task.ScheduleSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What a {@link JobStore} has to do with payloads and results: they are where the row says for as long as the row needs them,
 * whatever answers are lost, and end with it. Of {@link #ITEM} random bytes a body is an item apart, of {@link #FILE} a file.
 */
public abstract class BodyContract extends JobStoreSteps {
    private static final int ITEM = 4_300;
    private static final int FILE = 12_000;

    /** When a body ends that is an item; null when there is none. */
    protected abstract @Nullable Instant endOfItem(JobId id, Body.Apart body);

    /** When a file is looked at next, whether a row still names it; null when it is not noted. */
    protected abstract @Nullable Instant nextLook(JobId id, Body.Apart body);

    /** The same store's bodies. */
    protected abstract BodyStore bodies();

    @Test
    void bodiesOfEverySizeComeBackWhole() {
        for (int bytes : new int[] {0, 1, 511, 512, 513, 4_096, 5_900, 6_000, 10_900, 11_000, 50_000, 2_000_000}) {
            Json body = noise(bytes);
            JobId id = created(body).id();

            done(id, succeed(done(id, claim(id)), body));

            assertThat(store().payload(found(id)))
                    .as("payload of %d bytes", bytes)
                    .isEqualTo(body);
            assertThat(store().result(found(id)))
                    .as("result of %d bytes", bytes)
                    .isEqualTo(body);
        }
    }

    @Test
    void bodiesEndWithTheRetentionOfTheirJob() {
        for (int bytes : new int[] {ITEM, FILE}) {
            JobId id = created(noise(bytes)).id();
            assertThat(end(id, found(id).payload()))
                    .as("%d bytes, at work", bytes)
                    .isNull();

            Job ended = done(id, succeed(done(id, claim(id)), noise(bytes)));

            for (Body body : List.of(ended.payload(), ended.result())) {
                assertThat(end(id, body)).as("%d bytes", bytes).isEqualTo(ended.keptUntil());
            }
        }
    }

    @Test
    void aResultHasItsEndFromItsFirstWriteOn() {
        Instant end = NOW.plus(Duration.ofDays(5));
        for (int bytes : new int[] {ITEM, FILE}) {
            JobId id = JobId.next(NOW, random);

            Body result = bodies().keepResult(id, "result#1", noise(bytes), end);

            assertThat(end(id, result)).as("%d bytes", bytes).isEqualTo(end);
        }
    }

    @Test
    void theNoteOfAFileIsLeftWhereItIsWithinADayAfterTheEnd() {
        Instant look = NOW.plus(Duration.ofDays(8));
        Map<Instant, Instant> looks = Map.of(
                look.plusSeconds(1),
                look.plusSeconds(1),
                look,
                look,
                look.minus(Duration.ofDays(1)),
                look,
                look.minus(Duration.ofDays(1)).minusSeconds(1),
                look.minus(Duration.ofDays(1)).minusSeconds(1));
        looks.forEach((end, expected) -> {
            Job job = created(noise(FILE));

            bodies().endAt(job.id(), (Body.Apart) job.payload(), end);

            assertThat(nextLook(job.id(), (Body.Apart) job.payload()))
                    .as("the end is at %s", end)
                    .isEqualTo(expected);
        });
    }

    @Test
    void thePayloadOfADeathThatIsNotHandledYetStaysAsLongAsTheRow() {
        JobId id = created(noise(ITEM)).id();

        Job dead = dead(id);

        assertThat(end(id, dead.payload())).isEqualTo(dead.rowEnds());
    }

    @Test
    void theBodiesOfAPurgedJobEndWithThePurgeOnceItsDeathIsHandled() {
        JobId id = created(noise(ITEM)).id();
        Job dead = dead(id);
        Job handled = done(id, new Lifecycle(NOW, "handled").markDeathHandled(dead));

        Job purged = done(id, new OperatorChanges(NOW.plusSeconds(9), tokens.next()).purge(handled));

        assertThat(end(id, purged.payload())).isEqualTo(NOW.plusSeconds(9));
    }

    @Test
    void aPayloadThatIsAnItemEndsAfter400DaysThoughItsEndIsNeverWritten() {
        Job job = created(noise(ITEM));

        assertThat(endOfItem(job.id(), (Body.Apart) job.payload())).isEqualTo(NOW.plus(Duration.ofDays(400)));
    }

    @Test
    void thePayloadOfAJobThatWaitsForMonthsIsRenewed() {
        for (int bytes : new int[] {1, ITEM, FILE}) {
            Json body = noise(bytes);
            Job job = created(body);

            store().renew(job, NOW.plus(Duration.ofDays(200)));

            if (bytes == ITEM) {
                assertThat(endOfItem(job.id(), (Body.Apart) job.payload())).isEqualTo(NOW.plus(Duration.ofDays(600)));
            }
            assertThat(store().payload(found(job.id()))).isEqualTo(body);
        }
    }

    @Test
    void aJobOfAnHourNamesItsPayloadSoThatItIsRenewed() {
        for (int bytes : new int[] {ITEM, FILE}) {
            Job job = created(noise(bytes));

            Job read = store().hour(NOW, store().dayShards().of(job.id()), null, 1_000).items().stream()
                    .filter(one -> one.id().equals(job.id()))
                    .findFirst()
                    .orElseThrow();

            assertThat(read.payload()).isEqualTo(job.payload());
        }
    }

    @Test
    void aFileIsNotedBeforeItIsWrittenSoThatNoneIsLeftBehind() {
        Job job = created(noise(FILE));

        assertThat(nextLook(job.id(), (Body.Apart) job.payload())).isEqualTo(NOW.plus(Duration.ofDays(8)));
    }

    @Test
    void thePayloadOfADeadJobIsKeptWhenItIsRedriven() {
        Json body = noise(ITEM);
        JobId id = created(body).id();
        Job dead = dead(id);

        Job back = done(id, new OperatorChanges(NOW, tokens.next()).redrive(dead, dead.pool(), NOW, "operator"));

        assertThat(store().payload(back)).isEqualTo(body);
        assertThat(end(id, back.payload())).isNull();
    }

    @Test
    void thePayloadOfAJobThatDidNotGoBackEndsWithItsRow() {
        JobId id = created(noise(ITEM)).id();
        Job dead = dead(id);
        Job purged = done(
                id,
                new OperatorChanges(NOW, tokens.next())
                        .purge(done(id, new Lifecycle(NOW, "handled").markDeathHandled(dead))));

        assertThat(store().apply(
                                id,
                                new OperatorChanges(NOW, tokens.next()).redrive(dead, dead.pool(), NOW, "operator")))
                .isInstanceOf(Change.Outcome.Refused.class);

        assertThat(end(id, purged.payload())).isEqualTo(purged.keptUntil());
    }

    @Test
    void thePayloadOfAJobThatWasRedrivenInBetweenIsKept() {
        Json body = noise(ITEM);
        JobId id = created(body).id();
        Job dead = dead(id);
        done(id, new OperatorChanges(NOW, tokens.next()).redrive(dead, dead.pool(), NOW, "another"));

        assertThat(store().apply(
                                id,
                                new OperatorChanges(NOW, tokens.next()).redrive(dead, dead.pool(), NOW, "operator")))
                .isInstanceOf(Change.Outcome.Refused.class);

        assertThat(end(id, found(id).payload())).isNull();
    }

    @Test
    void aDeadJobIsRedrivenWithAPayloadOfAnySizeAndTheOldOneEndsSoonAfter() {
        for (int before : new int[] {1, ITEM, FILE}) {
            for (int after : new int[] {1, ITEM, FILE}) {
                Json other = noise(after);
                JobId id = created(noise(before)).id();
                Job dead = dead(id);

                Job back = done(id, withPayload(dead, other, tokens.next()));

                assertThat(back.state()).isEqualTo(JobState.QUEUED);
                assertThat(store().payload(found(id)))
                        .as("%d to %d bytes", before, after)
                        .isEqualTo(other);
                assertThat(back.history().getLast().payloadReplaced()).isTrue();
                assertThat(end(id, back.payload())).isNull();
                if (before > 1) {
                    Instant ends = NOW.plus(Duration.ofHours(1));
                    assertThat(end(id, dead.payload())).isBetween(ends, ends.plus(BodyStore.LONGEST_OVERTIME));
                }
            }
        }
    }

    // ---- answers that are lost

    @Test
    void aCreationThatIsRepeatedAfterItsJobWasAcknowledgedLeavesThePayloadThatTheRowNames() {
        for (int bytes : new int[] {ITEM, FILE}) {
            NewJob job = job(noise(bytes));
            created(job);
            done(job.id(), new Lifecycle(Instant.EPOCH, tokens.next()).acknowledge());

            assertThat(store().create(job, KEY_EXPIRES)).isInstanceOf(Creation.Exists.class);

            assertThat(store().payload(found(job.id()))).isEqualTo(job.payload());
        }
    }

    @Test
    void aCreationUnderAKeyThatIsRepeatedLeavesThePayloadThatTheRowNames() {
        NewJob job = job(noise(ITEM)).underKey("key-" + tokens.next(), "hash");
        created(job);
        done(job.id(), claim(job.id()));

        store().create(job, KEY_EXPIRES);

        assertThat(store().payload(found(job.id()))).isEqualTo(job.payload());
    }

    @Test
    void anotherPayloadStaysThoughItsJobWasClaimedBeforeTheChangeWasRepeated() {
        Json other = noise(ITEM);
        JobId id = created(noise(ITEM)).id();
        Change back = withPayload(dead(id), other, tokens.next());
        done(id, back);
        done(id, claim(id));

        assertThat(store().apply(id, back)).isInstanceOf(Change.Outcome.Refused.class);

        assertThat(store().payload(found(id))).isEqualTo(other);
    }

    @Test
    void aBodyWhoseRowNamesAnotherIsTakenAway() {
        NewJob first = job(noise(ITEM));
        created(first);
        NewJob second = NewJob.of(first.id(), "rehearse", "default", 3, noise(ITEM), NOW, tokens.next());
        store().create(second, KEY_EXPIRES);
        assertGone(first.id(), "payload#" + second.token());

        Job running = done(first.id(), claim(first.id()));
        Change late = succeed(running, noise(ITEM));
        Job dead = killed(running);
        assertThat(store().apply(first.id(), late)).isInstanceOf(Change.Outcome.Refused.class);
        assertGone(first.id(), "result#" + running.fence());

        Change redrive = withPayload(dead, noise(ITEM), "a-token");
        done(first.id(), new OperatorChanges(NOW, tokens.next()).purge(dead));
        assertThat(store().apply(first.id(), redrive)).isInstanceOf(Change.Outcome.Refused.class);
        assertGone(first.id(), "payload#a-token");
    }

    @Test
    void aPayloadOfAJobWhoseScheduleIsGoneIsTakenAway() {
        Schedule gone = Schedule.of("gone", "rehearse", ScheduleSpec.cron("@daily", ZoneId.of("UTC")), false, NOW);
        NewJob job = job(noise(ITEM)).onlyWhile(gone.asRead());

        assertThatThrownBy(() -> store().create(job, KEY_EXPIRES)).isInstanceOf(OutdatedScheduleException.class);

        assertGone(job.id(), "payload#" + job.token());
    }

    @Test
    void aBodyThatIsGoneIsSaidToBeGone() {
        for (int bytes : new int[] {ITEM, FILE}) {
            Job job = created(noise(bytes));
            bodies().discard(job.id(), (Body.Apart) job.payload());

            assertThatThrownBy(() -> store().payload(found(job.id())))
                    .isInstanceOf(BodyMissingException.class)
                    .hasMessageContaining(job.id().text());
        }
    }

    private void assertGone(JobId id, String name) {
        Body.Apart body = new Body.Apart("item:" + id + "#" + name, ITEM);
        assertThatThrownBy(() -> bodies().read(id, body)).as(name).isInstanceOf(BodyMissingException.class);
    }

    protected Json noise(int bytes) {
        byte[] noise = new byte[bytes];
        random.nextBytes(noise);
        return Json.of(noise);
    }

    private NewJob job(Json payload) {
        return NewJob.of(JobId.next(NOW, random), "rehearse", "default", 3, payload, NOW, tokens.next());
    }

    protected Job created(Json payload) {
        return created(job(payload));
    }

    /** When a body ends; null while its job has not ended, as far as the body shows. */
    private @Nullable Instant end(JobId id, @Nullable Body body) {
        if (!(body instanceof Body.Apart apart)) {
            return null;
        }
        boolean item = apart.size() < FILE;
        Instant end = item ? endOfItem(id, apart) : nextLook(id, apart);
        Instant ofANewOne = NOW.plus(item ? BodyStore.LONGEST_STAY : BodyStore.USUAL_STAY);
        return ofANewOne.equals(end) ? null : end;
    }

    private static Change withPayload(Job dead, Json other, String token) {
        RunsAs same = new RunsAs(dead.task(), dead.pool());
        return new OperatorChanges(NOW, token).redriveWithPayload(dead, same, other, false, "operator");
    }

    private Change succeed(Job running, Json result) {
        return new Lifecycle(NOW, tokens.next()).succeed(running, result, new Progress(100, null), Duration.ofDays(5));
    }
}
