package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Change;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.ledger.HourTally;
import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.task.Json;
import dev.longshore.task.ScheduleSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the audit counts, and how it dies. Noon is an hour's start. */
class AuditTest {
    private final KeeperStage stage = new KeeperStage();
    private final Instant noon = stage.now();

    // ---- what it counts

    @Test
    void anHourIsCountedByItsStatesAndBalances() {
        stage.claimedByTheDead(3);
        IntStream.range(0, 2).forEach(i -> succeeded(Duration.ofDays(7)));
        IntStream.range(0, 3).forEach(i -> stage.enqueue(3, Duration.ofDays(i + 1)));
        JobId cancelled = stage.enqueue(3, Duration.ofDays(1));
        stage.memory
                .jobs()
                .apply(
                        cancelled,
                        new OperatorChanges(noon, "t").cancelWaiting(stage.job(cancelled), Duration.ofDays(7), null));
        stage.dead(Duration.ofDays(30));

        stage.memory.clock().advance(Duration.ofMinutes(76));
        stage.audit();

        LedgerHour entry = entry();
        assertThat(List.of(
                        entry.accepted(),
                        entry.succeeded(),
                        entry.dead(),
                        entry.cancelled(),
                        entry.waiting(),
                        entry.running()))
                .containsExactly(8L, 2L, 1L, 1L, 3L, 1L);
        assertThat(entry.missing()).isZero();
        assertThat(entry.closed()).isFalse();
    }

    @Test
    void aRowThatVanishesIsMissing() {
        JobId id = succeeded(Duration.ofDays(7));
        succeeded(Duration.ofDays(7));
        stage.memory.clock().advance(Duration.ofMinutes(76));
        stage.audit();
        stage.memory.jobs().withdraw(stage.job(id));

        auditsFor(Duration.ofHours(3));

        assertThat(entry().accepted()).isEqualTo(2);
        assertThat(entry().succeeded()).isEqualTo(1);
        assertThat(entry().missing()).isEqualTo(1);
    }

    @Test
    void rowsThatRetentionTakesAreNotMissingAndStayCounted() {
        JobId soon = succeeded(Duration.ofDays(1));
        JobId dead = stage.dead(Duration.ofDays(30));
        auditsFor(Duration.ofDays(2).plusMinutes(16));
        stage.memory.jobs().withdraw(stage.job(soon));

        auditsFor(Duration.ofDays(26));
        assertThat(entry().closed()).as("a dead job may be redriven").isFalse();
        auditsFor(Duration.ofDays(3));
        stage.memory.jobs().withdraw(stage.job(dead));
        auditsFor(Duration.ofDays(1));

        assertThat(entry().missing()).isZero();
        assertThat(entry().closed()).isTrue();
        assertThat(List.of(entry().accepted(), entry().succeeded(), entry().dead()))
                .containsExactly(2L, 1L, 1L);
    }

    @Test
    void aDeadJobThatAnOperatorPurgesIsNotMissingAndStaysCounted() {
        JobId dead = stage.dead(Duration.ofDays(30));
        auditsFor(Duration.ofHours(2));

        stage.memory.jobs().apply(dead, new OperatorChanges(stage.now(), "t2").purge(stage.job(dead)));
        auditsFor(Duration.ofDays(3));

        assertThat(entry().missing()).isZero();
        assertThat(List.of(entry().accepted(), entry().dead())).containsExactly(1L, 1L);
    }

    @Test
    void aDeadJobThatIsRedrivenJustBeforeItsEndIsCountedOnce() {
        JobId dead = stage.dead(Duration.ofDays(3));
        auditsFor(Duration.ofHours(47));
        redrive(dead);

        auditsFor(Duration.ofHours(30));

        assertThat(entry().missing()).isZero();
        assertThat(List.of(entry().accepted(), entry().dead(), entry().waiting()))
                .containsExactly(1L, 0L, 1L);
    }

    @Test
    void aDeadJobThatIsRedrivenJustBeforeItsEndHidesNoOtherThatVanishes() {
        JobId dead = stage.dead(Duration.ofDays(3));
        JobId other = succeeded(Duration.ofDays(7));
        auditsFor(Duration.ofHours(47));
        redrive(dead);
        stage.memory.jobs().withdraw(stage.job(other));

        auditsFor(Duration.ofHours(30));

        assertThat(entry().missing()).isEqualTo(1);
        assertThat(List.of(entry().accepted(), entry().dead(), entry().waiting()))
                .containsExactly(2L, 0L, 1L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 12, 18, 23})
    void aRowThatVanishesInTheLastHoursOfItsRetentionIsMissing(int hoursBeforeItsEnd) {
        stage.dead(Duration.ofDays(31)); // keeps the hour open
        JobId id = succeeded(Duration.ofDays(2));
        auditsFor(Duration.ofDays(2).minusHours(hoursBeforeItsEnd));
        stage.memory.jobs().withdraw(stage.job(id));

        auditsFor(Duration.ofHours(26));

        assertThat(entry().missing()).isEqualTo(1);
    }

    private void redrive(JobId dead) {
        Change back =
                new OperatorChanges(stage.now(), "t2").redrive(stage.job(dead), KeeperStage.POOL, stage.now(), "me");
        assertThat(stage.memory.jobs().apply(dead, back)).isInstanceOf(Change.Outcome.Done.class);
    }

    @Test
    void anHourIsClosedADayAfterItsLastJobEndedAndIsNotReadAgain() {
        succeeded(Duration.ofDays(7));

        auditsFor(Duration.ofDays(2));
        assertThat(entry().closed()).isTrue();
        Instant closed = entry().at();

        auditsFor(Duration.ofDays(2));
        assertThat(entry().at()).isEqualTo(closed);
    }

    @Test
    void anOpenHourIsCountedAtMostOnceAnHour() {
        stage.claimedByTheDead(3);
        stage.memory.clock().advance(Duration.ofMinutes(76));
        stage.audit();
        Instant first = entry().at();

        auditsFor(Duration.ofMinutes(59));
        assertThat(entry().at()).isEqualTo(first);
        auditsFor(Duration.ofMinutes(1));
        assertThat(entry().at()).isEqualTo(first.plus(Duration.ofHours(1)));
    }

    @Test
    void aRequestedAuditCountsTheCurrentHourAtTheNextTick() {
        stage.enqueue(3, Duration.ZERO);
        stage.memory.clock().advance(Duration.ofMinutes(1));
        stage.audit();
        assertThat(stage.memory.ledger().hour(noon)).isEmpty();

        stage.memory.ledger().request(stage.now());
        stage.audit();

        assertThat(entry().accepted()).isEqualTo(1);
        assertThat(entry().next()).isEqualTo(noon.plus(Duration.ofMinutes(76)));
        assertThat(stage.memory.ledger().progress().orElseThrow().served()).isEqualTo(stage.now());
        stage.memory.clock().advance(Duration.ofMinutes(5));
        assertThat(stage.audit().hours()).as("it was served").isZero();
    }

    // ---- jobs that are made late

    @Test
    void aJobThatIsMadeInAClosedHourIsCountedAndFoundWhenItsMessageIsLost() {
        succeeded(Duration.ofDays(7));
        auditsFor(Duration.ofDays(2));
        assertThat(entry().closed()).isTrue();

        JobId child = stage.enqueueIn(noon);
        stage.memory.queue().loseAll(KeeperStage.POOL);
        auditsFor(Duration.ofHours(2));

        assertThat(entry().accepted()).isEqualTo(2);
        assertThat(entry().waiting()).isEqualTo(1);
        assertThat(stage.hasMessage(child)).as("sent again").isTrue();
        assertThat(stage.memory.ledger().expected(stage.now(), 10)).isEmpty();
    }

    @Test
    void jobsOfAClosedHourStayCountedWhenAJobIsMadeInItAfterTheirRowsAreDeleted() {
        JobId ended = succeeded(Duration.ofDays(7));
        auditsFor(Duration.ofDays(2));
        auditsFor(Duration.ofDays(10));
        stage.memory.jobs().withdraw(stage.job(ended));

        stage.enqueueIn(noon);
        auditsFor(Duration.ofHours(24));

        assertThat(List.of(entry().accepted(), entry().succeeded(), entry().waiting(), entry().missing()))
                .containsExactly(2L, 1L, 1L, 0L);
    }

    @Test
    void aSteadyStreamOfLateJobsDoesNotPostponeTheCountThatFindsALostMessage() {
        succeeded(Duration.ofDays(7));
        auditsFor(Duration.ofDays(2));
        JobId lost = stage.enqueueIn(noon);
        stage.memory.queue().loseAll(KeeperStage.POOL);
        Instant documented = stage.now().plus(Duration.ofHours(2));

        while (!stage.hasMessage(lost) && stage.now().isBefore(documented)) {
            succeed(stage.enqueueIn(noon));
            auditsFor(Duration.ofMinutes(30));
        }

        assertThat(stage.hasMessage(lost)).as("sent again within two hours").isTrue();
    }

    @Test
    void oneCountMeetsAllExpectationsOfItsHourThatAreDue() {
        succeeded(Duration.ofDays(7));
        auditsFor(Duration.ofDays(2));
        stage.memory.ledger().expect(noon, stage.now().minusSeconds(2));
        stage.memory.ledger().expect(noon, stage.now().minusSeconds(1));

        assertThat(stage.audit().hours()).isEqualTo(1);

        assertThat(entry().at()).isEqualTo(stage.now());
        assertThat(stage.memory.ledger().expected(stage.now(), 10)).isEmpty();
    }

    @Test
    void aCountThatBeganBeforeALateJobWasMadeDoesNotCloseItsHourForGood() {
        succeeded(Duration.ofDays(7));
        auditsFor(Duration.ofDays(2));
        Instant start = stage.now();
        stage.memory.ledger().expect(noon, start.plus(Duration.ofHours(1)));
        stage.memory.ledger().request(start);
        stage.audit();

        stage.enqueueIn(noon);
        auditsFor(Duration.ofHours(2));

        assertThat(entry().accepted()).isEqualTo(2);
    }

    @Test
    void everyInstantThatAScheduleCatchesUpWithIsInTheLedger() {
        stage.tasks.add("t", Json.class, (payload, job) -> "done");
        stage.scheduled(
                "hourly",
                ScheduleSpec.cron("0 * * * *", ZoneOffset.UTC)
                        .overlap(ScheduleSpec.Overlap.ALLOW)
                        .catchUpAll(100));
        stage.memory.clock().advance(Duration.ofHours(60));
        for (int i = 0; i < 10; i++) {
            stage.audit(); // all hours of the outage are counted, and closed
        }

        stage.tick();
        int made = stage.memory.rows().all().size();
        auditsFor(Duration.ofHours(21)); // the longest interval between two counts of an open hour

        long accepted = stage.memory.ledger().hours(Instant.EPOCH, stage.now()).stream()
                .mapToLong(LedgerHour::accepted)
                .sum();
        assertThat(made).isGreaterThan(50);
        assertThat(accepted).isEqualTo(made);
    }

    // ---- how it dies

    @Test
    void anAuditThatRunsOutOfTimeContinuesWhereItWas() {
        IntStream.range(0, 100).forEach(i -> succeeded(Duration.ofDays(7)));
        stage.memory.ledger().request(stage.now());
        stage.memory.clock().advance(Duration.ofMinutes(3));
        stage.audit();
        stage.memory.clock().advance(Duration.ofMinutes(72));
        stage.audit(); // all hours but noon's
        stage.memory.clock().advance(Duration.ofMinutes(1));
        int pages = hoursRead();
        stage.faults.afterCalls("hour", 60, () -> stage.memory.clock().advance(Duration.ofSeconds(40)));

        assertThat(oneByOne().run().hours()).isZero();
        assertThat(stage.memory.ledger().progress().orElseThrow().unfinished()).isNotNull();
        assertThat(entry().at()).isEqualTo(noon.plus(Duration.ofMinutes(3)));
        assertThat(oneByOne().run().hours()).isEqualTo(1);

        assertThat(hoursRead() - pages).as("no page was read twice").isBetween(100, 116);
        assertThat(entry().succeeded()).isEqualTo(100);
        assertThat(entry().missing()).isZero();
        assertThat(stage.memory.ledger().progress().orElseThrow().unfinished()).isNull();
    }

    @Test
    void anHourWhoseFirstCountTakesTwoTicksIsPassedAndNotCountedAnew() {
        IntStream.range(0, 100).forEach(i -> succeeded(Duration.ofDays(7)));
        stage.memory.clock().advance(Duration.ofMinutes(75));
        stage.audit(); // all hours before noon's
        stage.memory.clock().advance(Duration.ofMinutes(1));
        int pages = hoursRead();
        stage.faults.afterCalls("hour", 60, () -> stage.memory.clock().advance(Duration.ofSeconds(40)));

        assertThat(oneByOne().run().hours()).isZero();
        assertThat(oneByOne().run().hours()).isEqualTo(1);

        assertThat(hoursRead() - pages).as("no page was read twice").isBetween(100, 116);
        assertThat(stage.memory.ledger().progress().orElseThrow().upTo()).isEqualTo(noon.plus(Duration.ofHours(1)));
    }

    @Test
    void aCountThatTakesTooLongBeginsAnew() {
        leaveACountOfNoonUnfinished();

        stage.memory.clock().advance(LedgerHour.LONGEST_COUNT);
        oneByOne().run();

        assertThat(entry().at()).as("it is not the time of the first count").isEqualTo(stage.now());
        assertThat(entry().succeeded()).isEqualTo(20);
    }

    @Test
    void aCountThatIsComparedWithAnEntryThatAnotherAuditReplacedBeginsAnew() {
        leaveACountOfNoonUnfinished();
        Instant begun =
                stage.memory.ledger().progress().orElseThrow().unfinished().at();
        LedgerHour ofAnotherAudit = LedgerHour.counted(noon, begun.minusSeconds(1), HourTally.NOTHING, null);
        assertThat(stage.memory.ledger().put(ofAnotherAudit, null)).isTrue();

        oneByOne().run();

        assertThat(entry().at()).isEqualTo(stage.now());
        assertThat(entry().succeeded()).isEqualTo(20);
    }

    private void leaveACountOfNoonUnfinished() {
        IntStream.range(0, 20).forEach(i -> succeeded(Duration.ofDays(7)));
        stage.memory.clock().advance(Duration.ofMinutes(75));
        stage.audit(); // all hours before noon's
        stage.memory.clock().advance(Duration.ofMinutes(1));
        stage.faults.afterCalls("hour", 10, () -> stage.memory.clock().advance(Duration.ofSeconds(40)));
        assertThat(oneByOne().run().hours()).isZero();
    }

    @Test
    void anAuditWhoseStoreFailsIsDoneByTheNextTick() {
        succeeded(Duration.ofDays(7));
        stage.memory.clock().advance(Duration.ofMinutes(76));
        stage.faults.refuse("hour", 1);

        assertThatThrownBy(stage::audit).isInstanceOf(StoreUnavailableException.class);
        assertThat(stage.memory.ledger().hour(noon)).isEmpty();

        stage.audit();
        assertThat(entry().succeeded()).isEqualTo(1);
    }

    private Audit oneByOne() {
        return new Audit(stage.engines, stage.thirtySeconds(), 1);
    }

    private int hoursRead() {
        return (int) stage.faults.calls().stream().filter("hour"::equals).count();
    }

    private LedgerHour entry() {
        return stage.ledgerHour(noon);
    }

    private void auditsFor(Duration time) {
        Instant end = stage.now().plus(time);
        while (stage.now().isBefore(end)) {
            stage.memory.clock().advance(Duration.ofMinutes(time.toHours() > 5 ? 20 : 1));
            stage.audit();
        }
    }

    private JobId succeeded(Duration retention) {
        JobId id = stage.enqueue(3, Duration.ZERO);
        succeed(id, retention);
        return id;
    }

    private void succeed(JobId id) {
        succeed(id, Duration.ofDays(7));
    }

    private void succeed(JobId id, Duration retention) {
        stage.memory.queue().loseAll(KeeperStage.POOL);
        Job held = stage.claim(id);
        Change succeed = new Lifecycle(stage.now(), "done-" + id).succeed(held, null, null, retention);
        stage.memory.jobs().apply(id, succeed);
        assertThat(stage.job(id).state()).isEqualTo(JobState.SUCCEEDED);
    }
}
