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

    @Test
    void aJobIsCountedUnderItsState() {
        HourTally tally = of(job(JobState.SUCCEEDED))
                .plus(of(job(JobState.SUCCEEDED)))
                .plus(of(job(JobState.DEAD)))
                .plus(of(job(JobState.QUEUED)));

        assertThat(tally.rows()).isEqualTo(Map.of(JobState.SUCCEEDED, 2L, JobState.DEAD, 1L, JobState.QUEUED, 1L));
        assertThat(HourTally.of(tally.rows(), JobState.SUCCEEDED, JobState.QUEUED, JobState.RUNNING))
                .isEqualTo(3);
    }

    @Test
    void theNextCountHasToFindOnlyWhatWasCreatedTwoMinutesBeforeThisOne() {
        assertThat(of(created(COUNT.minusSeconds(120))).comparable()).isEqualTo(1);
        assertThat(of(created(COUNT.minusSeconds(119))).comparable()).isZero();
        assertThat(of(created(COUNT.minusSeconds(119))).rows()).hasSize(1);
    }

    @Test
    void rowsThatTheCountBeforeSawAreFoundAgain() {
        LedgerHour before = LedgerHour.counted(NOON, COUNT, HourTally.NOTHING, null);
        Instant next = COUNT.plus(Duration.ofHours(1));

        assertThat(HourTally.of(created(COUNT.minusSeconds(120)), next, before).foundAgain())
                .isEqualTo(1);
        assertThat(HourTally.of(created(COUNT.minusSeconds(119)), next, before).foundAgain())
                .isZero();
        assertThat(HourTally.of(created(NOON), next, null).foundAgain()).isZero();
        HourTally one = HourTally.of(created(NOON), next, before);
        assertThat(one.plus(one).foundAgain()).isEqualTo(2);
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
    void aRowIsSettledTwoHoursAfterItsRetentionAndThenLeftOut() {
        Job job = kept(COUNT);
        Instant settling = COUNT.plus(Duration.ofHours(2)).plusMillis(1);
        LedgerHour before = LedgerHour.counted(NOON, settling.minusMillis(1), of(job), null);

        HourTally open = HourTally.of(job, settling.minusMillis(1), null);
        HourTally settled = HourTally.of(job, settling, before);
        LedgerHour after = LedgerHour.counted(NOON, settling, settled, before);

        assertThat(open.rows()).isEqualTo(Map.of(JobState.SUCCEEDED, 1L));
        assertThat(open.settled()).isEmpty();
        assertThat(settled).isEqualTo(new HourTally(Map.of(), Map.of(JobState.SUCCEEDED, 1L), 0, 1, 0, null, 0));
        assertThat(settled.plus(settled).settled()).isEqualTo(Map.of(JobState.SUCCEEDED, 2L));
        assertThat(settled.settled()).as("a sum leaves its parts alone").containsValue(1L);
        assertThat(HourTally.of(job, settling.plusMillis(1), after)).isEqualTo(HourTally.NOTHING);
    }

    @Test
    void rescuesAddUp() {
        assertThat(HourTally.NOTHING
                        .plusRescued(2)
                        .plus(HourTally.NOTHING.plusRescued(3))
                        .plusRescued(4)
                        .rescued())
                .isEqualTo(9);
    }

    @Test
    void deadJobsKeepACountFromBeingFinal() {
        assertThat(HourTally.NOTHING.isFinal()).isTrue();
        assertThat(of(job(JobState.SUCCEEDED)).plus(of(job(JobState.CANCELLED))).isFinal())
                .isTrue();
        assertThat(of(job(JobState.DEAD)).isFinal()).isFalse();
        assertThat(of(job(JobState.RUNNING)).isFinal()).isFalse();
        assertThat(of(job(JobState.SCHEDULED)).isFinal()).isFalse();
        assertThat(of(job(JobState.UNKNOWN)).isFinal()).isFalse();
        assertThat(of(job(JobState.SUCCEEDED)).plus(of(job(JobState.DEAD))).isFinal())
                .isFalse();
    }

    private static HourTally of(Job job) {
        return HourTally.of(job, COUNT, null);
    }

    private static Job job(JobState state) {
        return job(state, NOON, NOON, null);
    }

    static Job created(Instant time) {
        return job(JobState.QUEUED, time, time, null);
    }

    private static Job due(JobState state, Instant due) {
        return job(state, NOON, due, null);
    }

    static Job kept(Instant until) {
        return job(JobState.SUCCEEDED, NOON, NOON, until);
    }

    private static Job job(JobState state, Instant created, Instant due, @Nullable Instant keptUntil) {
        return JobRows.toJob(
                JobId.of(NOON.toEpochMilli(), 1, 2),
                new Row()
                        .put(Field.STATE, state.name())
                        .put(Field.CREATED, created)
                        .put(Field.DUE, due)
                        .put(
                                Field.TTL,
                                keptUntil == null
                                        ? null
                                        : keptUntil.plus(Job.ROW_STAYS).getEpochSecond()));
    }
}
