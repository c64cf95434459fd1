package dev.longshore.job.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Job;
import dev.longshore.job.JobState;
import dev.longshore.task.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LedgerHourTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final Instant FIRST = CountSchedule.firstCount(NOON);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Map<JobState, Long> FIVE_SUCCEEDED = Map.of(JobState.SUCCEEDED, 5L);

    // ---- what it says

    @Test
    void acceptedIsTheSumOfTheStates() {
        LedgerHour hour = counted(
                FIRST,
                tally(
                        Map.of(
                                JobState.SUCCEEDED, 10L,
                                JobState.DEAD, 20L,
                                JobState.CANCELLED, 30L,
                                JobState.SCHEDULED, 1L,
                                JobState.QUEUED, 2L,
                                JobState.RETRYING, 3L,
                                JobState.UNKNOWN, 4L,
                                JobState.RUNNING, 50L),
                        0),
                null);

        assertThat(List.of(
                        hour.accepted(),
                        hour.succeeded(),
                        hour.dead(),
                        hour.cancelled(),
                        hour.waiting(),
                        hour.running()))
                .containsExactly(120L, 10L, 20L, 30L, 10L, 50L);
        assertThat(hour.missing()).isZero();
    }

    @Test
    void aRowThatNoRetentionTookIsMissingUntilItIsThereAgain() {
        LedgerHour five = counted(FIRST, tally(FIVE_SUCCEEDED, 0), null);
        LedgerHour three = counted(FIRST.plusSeconds(3600), tally(Map.of(JobState.SUCCEEDED, 3L), 3), five);
        LedgerHour two = counted(FIRST.plusSeconds(7200), tally(Map.of(JobState.SUCCEEDED, 2L), 2), three);
        LedgerHour again = counted(FIRST.plusSeconds(10800), tally(Map.of(JobState.SUCCEEDED, 4L), 4), two);

        assertThat(three.missing()).isEqualTo(2);
        assertThat(two.missing()).isEqualTo(3);
        assertThat(again.missing()).isEqualTo(1);
        assertThat(List.of(three.accepted(), two.accepted(), again.accepted())).containsOnly(5L);
    }

    @Test
    void moreThanWasMissingIsNotLessThanNothing() {
        LedgerHour one = counted(FIRST, tally(Map.of(JobState.SUCCEEDED, 1L), 0), null);

        assertThat(counted(FIRST.plusSeconds(3600), tally(Map.of(JobState.SUCCEEDED, 3L), 3), one)
                        .missing())
                .isZero();
    }

    @Test
    void jobsWhoseRowsAreSettledStayCounted() {
        Map<JobState, Long> ended = Map.of(JobState.SUCCEEDED, 5L, JobState.DEAD, 2L, JobState.CANCELLED, 3L);
        LedgerHour before = counted(FIRST, tally(ended, 0), null);

        LedgerHour after = counted(FIRST.plus(HOUR), settled(ended, 10), before);
        LedgerHour later = counted(FIRST.plus(HOUR).plus(HOUR), settled(Map.of(), 0), after);

        assertThat(List.of(after, later))
                .allSatisfy(entry -> assertThat(List.of(
                                entry.succeeded(), entry.dead(), entry.cancelled(), entry.accepted(), entry.missing()))
                        .containsExactly(5L, 2L, 3L, 10L, 0L));
    }

    @Test
    void aDeadJobThatWasRedrivenIsCountedOnce() {
        LedgerHour before = counted(FIRST, tally(Map.of(JobState.DEAD, 2L), 0), null);
        HourTally oneSettled = settled(Map.of(JobState.DEAD, 1L), 1);
        HourTally oneRedriven = tally(Map.of(JobState.SUCCEEDED, 1L), 1);

        LedgerHour after = counted(FIRST.plus(HOUR), oneSettled.plus(oneRedriven), before);

        assertThat(List.of(after.succeeded(), after.dead(), after.accepted(), after.missing()))
                .containsExactly(1L, 1L, 2L, 0L);
    }

    @Test
    void rescuesAddUpFromCountToCount() {
        LedgerHour first = counted(FIRST, HourTally.NOTHING.plusRescued(2), null);

        assertThat(counted(FIRST.plus(HOUR), HourTally.NOTHING.plusRescued(3), first)
                        .rescued())
                .isEqualTo(5);
    }

    @Test
    void anHourBeginsAtItsFullHour() {
        assertThat(LedgerHour.hourOf(Instant.parse("2026-03-10T12:59:59.999Z"))).isEqualTo(NOON);
    }

    // ---- what a count settles

    @Test
    void aCountSettlesTheRowsWhoseRetentionEndedTwoHoursBefore() {
        LedgerHour entry = counted(FIRST, tally(FIVE_SUCCEEDED, 0), null);
        Instant end = FIRST.minus(Duration.ofHours(2));

        assertThat(entry.hasSettled(HourTallyTest.kept(end.minusSeconds(1)))).isTrue();
        assertThat(entry.hasSettled(HourTallyTest.kept(end))).isFalse();
        assertThat(entry.hasSettled(HourTallyTest.created(NOON))).isFalse();
    }

    @Test
    void theCountThatClosesAnHourSettlesAllRowsAndKeepsOnDoingSoWhenALaterJobOpensIt() {
        Instant closing = FIRST.plus(Duration.ofHours(40));
        Job late = HourTallyTest.created(closing.plusSeconds(9));
        LedgerHour closed = counted(closing, tally(FIVE_SUCCEEDED, 0), null);
        assertThat(closed.closed()).isTrue();

        Instant reopening = closing.plus(Duration.ofDays(30));
        LedgerHour open = counted(reopening, HourTally.of(late, reopening, closed), closed);
        LedgerHour again = counted(reopening.plus(HOUR), HourTally.of(late, reopening.plus(HOUR), open), open);

        assertThat(List.of(closed, open, again))
                .allSatisfy(entry -> assertThat(entry.hasSettled(HourTallyTest.created(NOON)))
                        .isTrue())
                .allSatisfy(entry -> assertThat(entry.hasSettled(late)).isFalse());
        assertThat(List.of(open, again))
                .allSatisfy(entry -> assertThat(
                                List.of(entry.accepted(), entry.succeeded(), entry.waiting(), entry.missing()))
                        .containsExactly(6L, 5L, 1L, 0L));
    }

    // ---- what is not compared

    /** A row that the count before has not settled may be deleted before a later one has read it. */
    @Test
    void aCountMoreThanTwentyOneHoursAfterTheOneBeforeCallsNoMoreRowsMissing() {
        LedgerHour five = counted(FIRST, tally(FIVE_SUCCEEDED, 0), null);
        LedgerHour four = counted(FIRST.plus(HOUR), tally(Map.of(JobState.SUCCEEDED, 4L), 4), five);
        HourTally three = tally(Map.of(JobState.SUCCEEDED, 3L), 3);
        Instant latest = four.at().plus(Duration.ofHours(21));

        assertThat(counted(latest, three, four).missing()).isEqualTo(2);
        assertThat(counted(latest.plusMillis(1), three, four).missing()).isEqualTo(1);
    }

    @Test
    void aRowThatOneCountHasNotSettledIsThereUntilTheNextIsOver() {
        assertThat(LedgerHour.LONGEST_GAP.plus(LedgerHour.SETTLED_AFTER).plus(LedgerHour.LONGEST_COUNT))
                .isLessThan(Job.ROW_STAYS);
        assertThat(CountSchedule.LONGEST_INTERVAL).isLessThan(LedgerHour.LONGEST_GAP);
    }

    /** As code before 2026-11-28 wrote it, which settled rows by another rule. */
    @Test
    void anEntryOfEarlierCodeIsReadAndComparedWithNothing() {
        LedgerHour earlier = Json.parse("""
                        {"hour":"2026-03-10T12:00:00Z","at":"2026-03-10T13:16:00Z","next":"2026-03-10T14:16:00Z","accepted":19,
                        "succeeded":10,"dead":8,"cancelled":1,"waiting":0,"running":0,"mended":2,"missing":0,"memory":{
                        "mark":"2026-03-10T13:14:00Z","known":16,"leaving":{"DEAD":{"492561":1}},"forgotten":{"SUCCEEDED":3}}}""").as(LedgerHour.class);
        assertThat(earlier.hasSettled(HourTallyTest.kept(NOON))).isFalse();

        LedgerHour next = counted(FIRST.plus(HOUR), tally(FIVE_SUCCEEDED, 5), earlier);

        assertThat(List.of(next.accepted(), next.succeeded(), next.missing(), next.rescued()))
                .containsExactly(8L, 8L, 0L, 2L);
    }

    // ---- the stage

    private static LedgerHour counted(Instant at, HourTally tally, @Nullable LedgerHour before) {
        return LedgerHour.counted(NOON, at, tally, before);
    }

    private static HourTally tally(Map<JobState, Long> rows, long foundAgain) {
        return new HourTally(rows, Map.of(), HourTally.of(rows, JobState.values()), foundAgain, 0, null, 0);
    }

    private static HourTally settled(Map<JobState, Long> rows, long foundAgain) {
        return new HourTally(Map.of(), rows, 0, foundAgain, 0, null, 0);
    }
}
