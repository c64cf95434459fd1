package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Change;
import dev.longshore.job.JobId;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.ledger.HourTally;
import dev.longshore.job.ledger.LedgerHour;
import java.time.Duration;
import java.time.Instant;
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
        IntStream.range(0, 2).forEach(i -> stage.succeeded(Duration.ofDays(7)));
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

    /** What `longshore doctor` goes by: an audit that is older than that is one that does not run. */
    @Test
    void aDeploymentWithoutJobsIsAuditedOnceAnHour() {
        stage.auditsFor(Duration.ofHours(3));

        for (int hour = 0; hour < 48; hour++) {
            stage.auditsFor(Duration.ofHours(1));
            assertThat(stage.memory.ledger().progress().orElseThrow().finishedAt())
                    .isAfterOrEqualTo(stage.now().minus(Duration.ofMinutes(61)));
        }
    }

    @Test
    void aRowThatVanishesIsMissing() {
        JobId id = stage.succeeded(Duration.ofDays(7));
        stage.succeeded(Duration.ofDays(7));
        stage.memory.clock().advance(Duration.ofMinutes(76));
        stage.audit();
        stage.memory.jobs().withdraw(stage.job(id));

        stage.auditsFor(Duration.ofHours(3));

        assertThat(entry().accepted()).isEqualTo(2);
        assertThat(entry().succeeded()).isEqualTo(1);
        assertThat(entry().missing()).isEqualTo(1);
    }

    @Test
    void rowsThatRetentionTakesAreNotMissingAndStayCounted() {
        JobId soon = stage.succeeded(Duration.ofDays(1));
        JobId dead = stage.dead(Duration.ofDays(30));
        stage.auditsFor(Duration.ofDays(2).plusMinutes(16));
        stage.memory.jobs().withdraw(stage.job(soon));

        stage.auditsFor(Duration.ofDays(26));
        assertThat(entry().closed()).as("a dead job may be redriven").isFalse();
        stage.auditsFor(Duration.ofDays(3));
        stage.memory.jobs().withdraw(stage.job(dead));
        stage.auditsFor(Duration.ofDays(1));

        assertThat(entry().missing()).isZero();
        assertThat(entry().closed()).isTrue();
        assertThat(List.of(entry().accepted(), entry().succeeded(), entry().dead()))
                .containsExactly(2L, 1L, 1L);
    }

    @Test
    void aDeadJobThatAnOperatorPurgesIsNotMissingAndStaysCounted() {
        JobId dead = stage.dead(Duration.ofDays(30));
        stage.auditsFor(Duration.ofHours(2));

        stage.memory.jobs().apply(dead, new OperatorChanges(stage.now(), "t2").purge(stage.job(dead)));
        stage.auditsFor(Duration.ofDays(3));

        assertThat(entry().missing()).isZero();
        assertThat(List.of(entry().accepted(), entry().dead())).containsExactly(1L, 1L);
    }

    @Test
    void aDeadJobThatIsRedrivenJustBeforeItsEndIsCountedOnce() {
        JobId dead = stage.dead(Duration.ofDays(3));
        stage.auditsFor(Duration.ofHours(47));
        redrive(dead);

        stage.auditsFor(Duration.ofHours(30));

        assertThat(entry().missing()).isZero();
        assertThat(List.of(entry().accepted(), entry().dead(), entry().waiting()))
                .containsExactly(1L, 0L, 1L);
    }

    @Test
    void aDeadJobThatIsRedrivenJustBeforeItsEndHidesNoOtherThatVanishes() {
        JobId dead = stage.dead(Duration.ofDays(3));
        JobId other = stage.succeeded(Duration.ofDays(7));
        stage.auditsFor(Duration.ofHours(47));
        redrive(dead);
        stage.memory.jobs().withdraw(stage.job(other));

        stage.auditsFor(Duration.ofHours(30));

        assertThat(entry().missing()).isEqualTo(1);
        assertThat(List.of(entry().accepted(), entry().dead(), entry().waiting()))
                .containsExactly(2L, 0L, 1L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 12, 18, 23})
    void aRowThatVanishesInTheLastHoursOfItsRetentionIsMissing(int hoursBeforeItsEnd) {
        stage.dead(Duration.ofDays(31)); // keeps the hour open
        JobId id = stage.succeeded(Duration.ofDays(2));
        stage.auditsFor(Duration.ofDays(2).minusHours(hoursBeforeItsEnd));
        stage.memory.jobs().withdraw(stage.job(id));

        stage.auditsFor(Duration.ofHours(26));

        assertThat(entry().missing()).isEqualTo(1);
    }

    private void redrive(JobId dead) {
        Change back =
                new OperatorChanges(stage.now(), "t2").redrive(stage.job(dead), KeeperStage.POOL, stage.now(), "me");
        assertThat(stage.memory.jobs().apply(dead, back)).isInstanceOf(Change.Outcome.Done.class);
    }

    @Test
    void anHourIsClosedADayAfterItsLastJobEndedAndIsNotReadAgain() {
        stage.succeeded(Duration.ofDays(7));

        stage.auditsFor(Duration.ofDays(2));
        assertThat(entry().closed()).isTrue();
        Instant closed = entry().at();

        stage.auditsFor(Duration.ofDays(2));
        assertThat(entry().at()).isEqualTo(closed);
    }

    @Test
    void anOpenHourIsCountedAtMostOnceAnHour() {
        stage.claimedByTheDead(3);
        stage.memory.clock().advance(Duration.ofMinutes(76));
        stage.audit();
        Instant first = entry().at();

        stage.auditsFor(Duration.ofMinutes(59));
        assertThat(entry().at()).isEqualTo(first);
        stage.auditsFor(Duration.ofMinutes(1));
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

    // ---- how it dies

    @Test
    void anAuditThatRunsOutOfTimeContinuesWhereItWas() {
        IntStream.range(0, 100).forEach(i -> stage.succeeded(Duration.ofDays(7)));
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
        IntStream.range(0, 100).forEach(i -> stage.succeeded(Duration.ofDays(7)));
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
        IntStream.range(0, 20).forEach(i -> stage.succeeded(Duration.ofDays(7)));
        stage.memory.clock().advance(Duration.ofMinutes(75));
        stage.audit(); // all hours before noon's
        stage.memory.clock().advance(Duration.ofMinutes(1));
        stage.faults.afterCalls("hour", 10, () -> stage.memory.clock().advance(Duration.ofSeconds(40)));
        assertThat(oneByOne().run().hours()).isZero();
    }

    @Test
    void anAuditWhoseStoreFailsIsDoneByTheNextTick() {
        stage.succeeded(Duration.ofDays(7));
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
}
