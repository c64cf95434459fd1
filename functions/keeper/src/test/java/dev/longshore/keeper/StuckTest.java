package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Field;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobRows;
import dev.longshore.job.JobState;
import dev.longshore.job.Row;
import dev.longshore.job.pause.Pausable;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which jobs are stuck. Minutes are from now on; those before now are below zero. */
class StuckTest {
    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
    private static final JobId ID = JobId.of(NOW.toEpochMilli(), 1, 2);
    private static final HoldReason PAUSED = HoldReason.paused(Pausable.task("t"));

    @ParameterizedTest
    @CsvSource({
        "SCHEDULED, -15,", "SCHEDULED, -16, LATE",
        "QUEUED, -15,", "QUEUED, -16, LATE",
        "RETRYING, -15,", "RETRYING, -16, LATE",
        "QUEUED, 15,", "QUEUED, 16, NOT_HELD",
    })
    void aWaitingJobThatIsNotHeldIsStuckByItsDue(JobState state, int due, @Nullable Stuck reason) {
        assertThat(find(row(state).put(Field.DUE, minutes(due)))).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "due, -15,",
        "due, -16, HELD_TOO_LONG",
        "paused#task:t, -16,",
        "paused#task:other, -16, HELD_TOO_LONG",
        "limit#crm, -16,"
    })
    void aHeldJobIsStuckWhenWhatShouldReleaseItHasNot(String reason, int heldUntil, @Nullable Stuck stuck) {
        assertThat(find(held(reason, heldUntil).put(Field.DUE, minutes(-60)))).isEqualTo(stuck);
    }

    @ParameterizedTest
    @CsvSource({"due, -15, LATE", "due, -14,", "paused#task:t, -15,"})
    void aJobThatExpiredBeforeItsStartIsLate(String reason, int expires, @Nullable Stuck stuck) {
        assertThat(find(held(reason, 60).put(Field.EXPIRES, minutes(expires)))).isEqualTo(stuck);
    }

    @ParameterizedTest
    @CsvSource({"-15,", "-16, ABANDONED", "1,"})
    void aRunningJobIsStuckAfterItsLease(int leaseUntil, @Nullable Stuck reason) {
        assertThat(find(row(JobState.RUNNING).put(Field.LEASE, minutes(leaseUntil))))
                .isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"-15, 60,", "-16, 60, COMPLETION_UNHANDLED", "-16, 0,"})
    void aDeadJobIsStuckUntilItsCompletionIsHandledOrItsRowIsOver(int finishedAt, int rowEnds, @Nullable Stuck reason) {
        Row dead = row(JobState.DEAD)
                .put(Field.FINISHED, minutes(finishedAt))
                .put(Field.TTL, minutes(rowEnds).getEpochSecond());

        assertThat(find(dead)).isEqualTo(reason);
        assertThat(find(dead.put(Field.DEATH_HANDLED, 1))).isNull();
    }

    @ParameterizedTest
    @CsvSource({"SUCCEEDED", "CANCELLED", "UNKNOWN"})
    void aJobInAnotherStateIsNotStuck(JobState state) {
        assertThat(find(row(state))).isNull();
    }

    @ParameterizedTest
    @CsvSource({"QUEUED", "RUNNING", "DEAD"})
    void aJobOfNewerCodeIsNotStuckForThisCode(JobState state) {
        Row old = row(state).put(Field.LEASE, minutes(-60)).put(Field.FINISHED, minutes(-60));
        assertThat(find(old)).isNotNull();

        assertThat(find(old.put(Field.FORMAT, Job.FORMAT + 1))).isNull();
    }

    private static @Nullable Stuck find(Row row) {
        return Stuck.find(JobRows.toJob(ID, row), NOW, Set.of(PAUSED)).orElse(null);
    }

    private static Row held(String reason, int until) {
        return row(JobState.RETRYING)
                .put(Field.INDEX, reason + "#" + ID.shard())
                .put(Field.INDEX_AT, minutes(until));
    }

    private static Row row(JobState state) {
        return new Row()
                .put(Field.STATE, state.name())
                .put(Field.CREATED, minutes(-90))
                .put(Field.DUE, minutes(-60));
    }

    private static Instant minutes(int fromNow) {
        return NOW.plus(Duration.ofMinutes(fromNow));
    }
}
