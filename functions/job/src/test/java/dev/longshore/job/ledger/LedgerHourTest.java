package dev.longshore.job.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LedgerHourTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final Instant ONE = NOON.plus(Duration.ofHours(1));
    private static final Instant FIRST = ONE.plus(LedgerHour.FIRST_COUNT);
    private static final Map<JobState, Long> FIVE_SUCCEEDED = Map.of(JobState.SUCCEEDED, 5L);

    // ---- what it says

    @Test
    void acceptedIsTheSumOfWhatTheyCameTo() {
        LedgerHour hour = counted(
                FIRST,
                tally(Map.of(
                        JobState.SUCCEEDED, 10L,
                        JobState.DEAD, 20L,
                        JobState.CANCELLED, 30L,
                        JobState.SCHEDULED, 1L,
                        JobState.QUEUED, 2L,
                        JobState.RETRYING, 3L,
                        JobState.RUNNING, 50L)),
                null);

        assertThat(List.of(
                        hour.accepted(),
                        hour.succeeded(),
                        hour.dead(),
                        hour.cancelled(),
                        hour.waiting(),
                        hour.running()))
                .containsExactly(116L, 10L, 20L, 30L, 6L, 50L);
        assertThat(hour.missing()).isZero();
    }

    @Test
    void aRowThatNoRetentionTookIsMissingUntilItIsThereAgain() {
        LedgerHour five = counted(FIRST, known(FIVE_SUCCEEDED, 5, 0), null);
        LedgerHour three = counted(FIRST.plusSeconds(3600), known(Map.of(JobState.SUCCEEDED, 3L), 3, 3), five);
        LedgerHour two = counted(FIRST.plusSeconds(7200), known(Map.of(JobState.SUCCEEDED, 2L), 2, 2), three);
        LedgerHour again = counted(FIRST.plusSeconds(10800), known(Map.of(JobState.SUCCEEDED, 4L), 4, 4), two);

        assertThat(three.missing()).isEqualTo(2);
        assertThat(two.missing()).isEqualTo(3);
        assertThat(again.missing()).isEqualTo(1);
        assertThat(List.of(three.accepted(), two.accepted(), again.accepted())).containsOnly(5L);
    }

    @Test
    void moreThanWasMissingIsNotLessThanNothing() {
        LedgerHour one = counted(FIRST, known(Map.of(JobState.SUCCEEDED, 1L), 1, 0), null);

        assertThat(counted(FIRST.plusSeconds(3600), known(Map.of(JobState.SUCCEEDED, 3L), 3, 3), one)
                        .missing())
                .isZero();
    }

    @Test
    void rowsThatRetentionTakesStayCounted() {
        Instant leaves = NOON.plus(Duration.ofHours(24));
        HourTally five = leaving(known(FIVE_SUCCEEDED, 5, 0), JobState.SUCCEEDED, leaves, 5);
        LedgerHour before = counted(FIRST, five, null);

        LedgerHour tooEarly = counted(leaves.minus(Duration.ofHours(2)), known(Map.of(), 0, 0), before);
        LedgerHour after = counted(leaves.minus(Duration.ofHours(1)), known(Map.of(), 0, 0), before);

        assertThat(tooEarly.missing()).isEqualTo(5);
        assertThat(after.missing()).isZero();
        assertThat(after.succeeded()).isEqualTo(5);
        assertThat(after.accepted()).isEqualTo(5);
        LedgerHour later = counted(leaves.plus(Duration.ofDays(1)), known(Map.of(), 0, 0), after);
        assertThat(later.succeeded()).isEqualTo(5);
        assertThat(later.accepted()).isEqualTo(5);
    }

    @Test
    void theDeadAndTheCancelledStayCountedToo() {
        Instant leaves = NOON.plus(Duration.ofHours(24));
        HourTally dead = leaving(known(Map.of(JobState.DEAD, 2L), 2, 0), JobState.DEAD, leaves, 2);
        HourTally cancelled = leaving(known(Map.of(JobState.CANCELLED, 3L), 3, 0), JobState.CANCELLED, leaves, 3);
        LedgerHour before = counted(FIRST, dead.plus(cancelled), null);

        LedgerHour after = counted(leaves, known(Map.of(), 0, 0), before);

        assertThat(List.of(after.dead(), after.cancelled(), after.accepted(), after.missing()))
                .containsExactly(2L, 3L, 5L, 0L);
    }

    @Test
    void aDeadJobThatWentBackToWorkBeforeItsEndIsCountedOnce() {
        Instant leaves = NOON.plus(Duration.ofHours(24));
        HourTally dead = leaving(known(Map.of(JobState.DEAD, 2L), 2, 0), JobState.DEAD, leaves, 2);
        LedgerHour before = counted(FIRST, dead, null);

        LedgerHour after = counted(leaves, known(Map.of(JobState.SUCCEEDED, 1L), 1, 1), before);

        assertThat(List.of(after.succeeded(), after.dead(), after.accepted(), after.missing()))
                .containsExactly(1L, 1L, 2L, 0L);
    }

    @Test
    void whatIsThereAgainIsFirstTakenForADeadJobSentBack() {
        Instant leaves = NOON.plus(Duration.ofHours(24));
        LedgerHour four = counted(FIRST, known(Map.of(JobState.DEAD, 4L), 4, 0), null);
        HourTally two = leaving(known(Map.of(JobState.DEAD, 2L), 2, 2), JobState.DEAD, leaves, 1);
        LedgerHour before = counted(FIRST.plusSeconds(3600), two, four);
        assertThat(before.missing()).isEqualTo(2);

        LedgerHour after = counted(leaves, known(Map.of(JobState.DEAD, 2L, JobState.QUEUED, 1L), 3, 3), before);

        assertThat(after.missing())
                .as("one went back to work, and one of the two was found")
                .isEqualTo(1);
        assertThat(List.of(after.dead(), after.waiting(), after.accepted())).containsExactly(2L, 1L, 4L);
    }

    @Test
    void whatWasMendedAddsUpFromCountToCount() {
        LedgerHour first = counted(FIRST, HourTally.NOTHING.mended(2), null);

        assertThat(counted(FIRST.plusSeconds(3600), HourTally.NOTHING.mended(3), first)
                        .mended())
                .isEqualTo(5);
    }

    @Test
    void aCountLeavesItsMarkToTheNext() {
        LedgerHour hour = counted(FIRST, known(FIVE_SUCCEEDED, 4, 0), null);

        assertThat(hour.at()).isEqualTo(FIRST);
        assertThat(hour.memory().mark()).isEqualTo(FIRST.minus(Duration.ofMinutes(2)));
        assertThat(hour.memory().known()).isEqualTo(4);
    }

    // ---- when it is counted again

    @Test
    void countedTooEarlyItIsCountedAgainWhenItsLastJobIsDueForLongEnough() {
        assertThat(next(NOON, HourTally.NOTHING)).isEqualTo(FIRST);
        assertThat(next(FIRST.minusMillis(1), HourTally.NOTHING)).isEqualTo(FIRST);
        assertThat(next(FIRST, tally(Map.of(JobState.DEAD, 1L)))).isAfter(FIRST);
    }

    @Test
    void itIsClosedWhenNothingCanChangeAndNobodyCanCome() {
        Instant lastComer = ONE.plus(Duration.ofHours(25));
        HourTally over = tally(FIVE_SUCCEEDED);

        assertThat(counted(lastComer, over, null).closed()).isFalse();
        assertThat(counted(lastComer.plusMillis(1), over, null).closed()).isTrue();
        assertThat(counted(lastComer.plusMillis(1), tally(Map.of(JobState.DEAD, 1L)), null)
                        .closed())
                .isFalse();
    }

    @Test
    void whileAJobIsInWorkItIsCountedHourly() {
        Instant at = ONE.plus(Duration.ofHours(9));
        HourTally inWork = new HourTally(Map.of(JobState.RUNNING, 1L), 1, 0, 1, null, Map.of(), 0);

        assertThat(next(at, inWork)).isEqualTo(at.plus(Duration.ofHours(1)));
    }

    @Test
    void whileNothingHappensItIsCountedAtDoublingIntervalsUpToTwentyHours() {
        HourTally quiet = tally(Map.of(JobState.DEAD, 1L));

        assertThat(next(ONE.plus(Duration.ofMinutes(30)), quiet))
                .as("not before an hour")
                .isEqualTo(ONE.plus(Duration.ofMinutes(90)));
        assertThat(next(ONE.plus(Duration.ofHours(3)), quiet)).isEqualTo(ONE.plus(Duration.ofHours(6)));
        assertThat(next(ONE.plus(Duration.ofHours(20)), quiet)).isEqualTo(ONE.plus(Duration.ofHours(40)));
        assertThat(next(ONE.plus(Duration.ofHours(21)), quiet)).isEqualTo(ONE.plus(Duration.ofHours(41)));
    }

    @Test
    void aJobThatWaitsBringsTheNextCountSixteenMinutesAfterItIsDueButNotWithinTheHour() {
        Instant at = ONE.plus(Duration.ofHours(10));

        assertThat(next(at, waitsUntil(at.plus(Duration.ofHours(3)))))
                .isEqualTo(at.plus(Duration.ofHours(3)).plus(Duration.ofMinutes(16)));
        assertThat(next(at, waitsUntil(at.plus(Duration.ofMinutes(5))))).isEqualTo(at.plus(Duration.ofHours(1)));
        assertThat(next(at, waitsUntil(at.plus(Duration.ofDays(3))))).isEqualTo(at.plus(Duration.ofHours(10)));
    }

    @Test
    void anHourBeginsAtItsFullHour() {
        assertThat(LedgerHour.hourOf(Instant.parse("2026-03-10T12:59:59.999Z"))).isEqualTo(NOON);
    }

    // ---- the stage

    private static LedgerHour counted(Instant at, HourTally tally, @Nullable LedgerHour before) {
        return LedgerHour.counted(NOON, at, tally, before);
    }

    private static @Nullable Instant next(Instant at, HourTally tally) {
        return counted(at, tally, null).next();
    }

    private static HourTally tally(Map<JobState, Long> rows) {
        return known(rows, 0, 0);
    }

    private static HourTally known(Map<JobState, Long> rows, long known, long still) {
        return new HourTally(rows, known, still, 0, null, Map.of(), 0);
    }

    private static HourTally leaving(HourTally tally, JobState state, Instant time, long rows) {
        return new HourTally(
                tally.rows(),
                tally.known(),
                tally.still(),
                tally.inWork(),
                tally.nextDue(),
                Map.of(state, Map.of(HourTally.epochHour(time), rows)),
                0);
    }

    private static HourTally waitsUntil(Instant due) {
        return new HourTally(Map.of(JobState.SCHEDULED, 1L), 1, 0, 0, due, Map.of(), 0);
    }
}
