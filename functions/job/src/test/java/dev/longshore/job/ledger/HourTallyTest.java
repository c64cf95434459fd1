package dev.longshore.job.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Field;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobRows;
import dev.longshore.job.JobState;
import dev.longshore.job.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HourTallyTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final Instant COUNT = NOON.plus(Duration.ofMinutes(76));
    private static final long MIDNIGHT = HourTally.epochHour(Instant.parse("2026-03-11T00:00:00Z"));

    @Test
    void aJobIsCountedUnderItsState() {
        HourTally tally = of(job(JobState.SUCCEEDED))
                .plus(of(job(JobState.SUCCEEDED)))
                .plus(of(job(JobState.DEAD)))
                .plus(of(job(JobState.SCHEDULED)))
                .plus(of(job(JobState.QUEUED)))
                .plus(of(job(JobState.RETRYING)));

        assertThat(tally.of(JobState.SUCCEEDED)).isEqualTo(2);
        assertThat(tally.of(JobState.RUNNING)).isZero();
        assertThat(tally.waiting()).isEqualTo(3);
        assertThat(tally.all()).isEqualTo(6);
    }

    @Test
    void onlyWhatWasCreatedTwoMinutesBeforeTheCountIsKnown() {
        assertThat(of(created(COUNT.minusSeconds(120))).known()).isEqualTo(1);
        assertThat(of(created(COUNT.minusSeconds(119))).known()).isZero();
        assertThat(of(created(COUNT.minusSeconds(119))).all()).isEqualTo(1);
    }

    @Test
    void whatTheCountBeforeKnewIsStillThere() {
        LedgerHour before = LedgerHour.counted(NOON, COUNT, HourTally.NOTHING, null);
        Instant next = COUNT.plus(Duration.ofHours(1));

        assertThat(HourTally.of(created(COUNT.minusSeconds(120)), next, before).still())
                .isEqualTo(1);
        assertThat(HourTally.of(created(COUNT.minusSeconds(119)), next, before).still())
                .isZero();
        assertThat(HourTally.of(created(NOON), next, null).still()).isZero();
        HourTally one = HourTally.of(created(NOON), next, before);
        assertThat(one.plus(one).still()).isEqualTo(2);
    }

    @Test
    void whatRunsOrCouldIsInWork() {
        assertThat(of(job(JobState.RUNNING)).inWork()).isEqualTo(1);
        assertThat(of(due(JobState.QUEUED, COUNT)).inWork()).isEqualTo(1);
        assertThat(of(due(JobState.RETRYING, COUNT.plusMillis(1))).inWork()).isZero();
        assertThat(of(job(JobState.SUCCEEDED)).inWork()).isZero();
        assertThat(of(job(JobState.DEAD)).inWork()).isZero();
        assertThat(of(job(JobState.RUNNING)).plus(of(job(JobState.RUNNING))).inWork())
                .isEqualTo(2);
    }

    @Test
    void theNextDueIsTheEarliestOfThoseThatWait() {
        Instant soon = COUNT.plusSeconds(1);
        Instant later = COUNT.plusSeconds(2);
        HourTally none = of(job(JobState.SUCCEEDED));

        assertThat(of(due(JobState.SCHEDULED, soon)).nextDue()).isEqualTo(soon);
        assertThat(of(due(JobState.QUEUED, COUNT)).nextDue())
                .as("it may run now")
                .isNull();
        assertThat(of(due(JobState.DEAD, later)).nextDue())
                .as("it does not wait")
                .isNull();
        assertThat(of(due(JobState.RETRYING, soon))
                        .plus(of(due(JobState.RETRYING, later)))
                        .nextDue())
                .isEqualTo(soon);
        assertThat(of(due(JobState.RETRYING, later))
                        .plus(of(due(JobState.RETRYING, soon)))
                        .nextDue())
                .isEqualTo(soon);
        assertThat(none.plus(of(due(JobState.RETRYING, later))).nextDue()).isEqualTo(later);
        assertThat(of(due(JobState.RETRYING, later)).plus(none).nextDue()).isEqualTo(later);
        assertThat(none.plus(none).nextDue()).isNull();
    }

    @Test
    void aRowWhoseRetentionEndsWithinTwoHoursOfTheCountsHourIsLeftOut() {
        Instant from = Instant.parse("2026-03-10T15:00:00Z");

        assertThat(of(kept(from.minusSeconds(1)))).isEqualTo(HourTally.NOTHING);
        assertThat(of(kept(from)).all()).isEqualTo(1);
    }

    @Test
    void whatIsKnownIsRememberedByTheHourInWhichItsRetentionEnds() {
        Job kept = kept(Instant.parse("2026-03-11T00:59:59Z"));
        HourTally one = of(kept);

        assertThat(one.leaving()).isEqualTo(Map.of(JobState.SUCCEEDED, Map.of(MIDNIGHT, 1L)));
        assertThat(HourTally.of(kept, kept.createdAt(), null).leaving())
                .as("it is not known yet")
                .isEmpty();
        assertThat(of(job(JobState.QUEUED)).leaving()).as("it has not ended").isEmpty();
        assertThat(one.plus(one)
                        .plus(of(kept(Instant.parse("2026-03-11T01:00:00Z"))))
                        .leaving())
                .isEqualTo(Map.of(JobState.SUCCEEDED, Map.of(MIDNIGHT, 2L, MIDNIGHT + 1, 1L)));
        assertThat(one.leaving()).as("a sum leaves its parts alone").containsValue(Map.of(MIDNIGHT, 1L));
    }

    @Test
    void whatWasMendedAddsUp() {
        assertThat(HourTally.NOTHING
                        .mended(2)
                        .plus(HourTally.NOTHING.mended(3))
                        .mended(4)
                        .mended())
                .isEqualTo(9);
    }

    @Test
    void theDeadKeepAnHourFromBeingOver() {
        assertThat(HourTally.NOTHING.isOver()).isTrue();
        assertThat(of(job(JobState.SUCCEEDED)).plus(of(job(JobState.CANCELLED))).isOver())
                .isTrue();
        assertThat(of(job(JobState.DEAD)).isOver()).isFalse();
        assertThat(of(job(JobState.RUNNING)).isOver()).isFalse();
        assertThat(of(job(JobState.SCHEDULED)).isOver()).isFalse();
        assertThat(of(job(JobState.QUEUED)).plus(of(job(JobState.RUNNING))).isOver())
                .isFalse();
        assertThat(of(job(JobState.QUEUED)).plus(of(job(JobState.DEAD))).isOver())
                .isFalse();
    }

    private static HourTally of(Job job) {
        return HourTally.of(job, COUNT, null);
    }

    private static Job job(JobState state) {
        return job(state, NOON, NOON, null);
    }

    private static Job created(Instant time) {
        return job(JobState.QUEUED, time, time, null);
    }

    private static Job due(JobState state, Instant due) {
        return job(state, NOON, due, null);
    }

    private static Job kept(Instant until) {
        return job(JobState.SUCCEEDED, NOON, NOON, until);
    }

    private static Job job(JobState state, Instant created, Instant due, @Nullable Instant keptUntil) {
        return JobRows.toJob(
                JobId.of(NOON.toEpochMilli(), 1, 2),
                new Row()
                        .put(Field.STATE, state.name())
                        .put(Field.CREATED, created)
                        .put(Field.DUE, due)
                        .put(Field.TTL, keptUntil == null ? null : keptUntil.getEpochSecond()));
    }
}
