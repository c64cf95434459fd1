package dev.longshore.job.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CountScheduleTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final Instant ONE = NOON.plus(Duration.ofHours(1));
    private static final Instant FIRST = CountSchedule.firstCount(NOON);
    private static final HourTally QUIET = tally(JobState.DEAD, 1);

    @Test
    void anHourIsCountedFirstWhenItsLastJobIsDueForLongEnough() {
        assertThat(FIRST).isEqualTo(ONE.plus(Duration.ofMinutes(16)));
        assertThat(next(NOON, HourTally.NOTHING)).isEqualTo(FIRST);
        assertThat(next(FIRST.minusMillis(1), HourTally.NOTHING)).isEqualTo(FIRST);
        assertThat(next(FIRST, QUIET)).isAfter(FIRST);
    }

    @Test
    void itIsClosedWhenNothingCanChangeAndNoJobCanCome() {
        Instant lastComer = ONE.plus(Duration.ofHours(25));
        Instant after = lastComer.plusMillis(1);

        assertThat(next(lastComer, tally(JobState.SUCCEEDED, 5))).isNotNull();
        assertThat(next(after, tally(JobState.SUCCEEDED, 5))).isNull();
        assertThat(next(after, tally(JobState.CANCELLED, 5))).isNull();
        assertThat(next(after, QUIET)).isNotNull();
    }

    @Test
    void itIsNotClosedWhileARowIsSoNewThatTheCountMayHaveMissedAnother() {
        HourTally oneIsNew = new HourTally(Map.of(JobState.SUCCEEDED, 5L), Map.of(), 4, 0, 0, null, 0);

        assertThat(next(ONE.plus(Duration.ofHours(26)), oneIsNew)).isNotNull();
    }

    @Test
    void whileAJobIsInWorkItIsCountedHourly() {
        Instant at = ONE.plus(Duration.ofHours(9));
        HourTally inWork = new HourTally(Map.of(JobState.RUNNING, 1L), Map.of(), 1, 0, 1, null, 0);

        assertThat(next(at, inWork)).isEqualTo(at.plus(Duration.ofHours(1)));
    }

    @Test
    void whileNothingHappensItIsCountedAtDoublingIntervalsUpToTwentyHours() {
        assertThat(next(ONE.plus(Duration.ofMinutes(30)), QUIET))
                .as("not before an hour")
                .isEqualTo(ONE.plus(Duration.ofMinutes(90)));
        assertThat(next(ONE.plus(Duration.ofHours(3)), QUIET)).isEqualTo(ONE.plus(Duration.ofHours(6)));
        assertThat(next(ONE.plus(Duration.ofHours(20)), QUIET)).isEqualTo(ONE.plus(Duration.ofHours(40)));
        assertThat(next(ONE.plus(Duration.ofHours(21)), QUIET)).isEqualTo(ONE.plus(Duration.ofHours(41)));
    }

    @Test
    void aJobThatWaitsBringsTheNextCountSixteenMinutesAfterItIsDueButNotWithinTheHour() {
        Instant at = ONE.plus(Duration.ofHours(10));

        assertThat(next(at, waitsUntil(at.plus(Duration.ofHours(3)))))
                .isEqualTo(at.plus(Duration.ofHours(3)).plus(Duration.ofMinutes(16)));
        assertThat(next(at, waitsUntil(at.plus(Duration.ofMinutes(5))))).isEqualTo(at.plus(Duration.ofHours(1)));
        assertThat(next(at, waitsUntil(at.plus(Duration.ofDays(3))))).isEqualTo(at.plus(Duration.ofHours(10)));
    }

    private static @Nullable Instant next(Instant at, HourTally tally) {
        return CountSchedule.next(NOON, at, tally);
    }

    private static HourTally tally(JobState state, long rows) {
        return new HourTally(Map.of(state, rows), Map.of(), rows, 0, 0, null, 0);
    }

    private static HourTally waitsUntil(Instant due) {
        return new HourTally(Map.of(JobState.SCHEDULED, 1L), Map.of(), 1, 0, 0, due, 0);
    }
}
