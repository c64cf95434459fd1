package dev.longshore.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.Change;
import dev.longshore.job.DeadReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.JobStore;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.OperatorChanges;
import dev.longshore.memory.InMemoryEngines;
import dev.longshore.task.ChainTooLongException;
import dev.longshore.task.Json;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.Task;
import dev.longshore.task.TaskCatalog;
import dev.longshore.task.TaskHandler;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a job, by the result of its attempt, its row, and its task's policy. */
class DeciderTest {
    private static final Duration RETENTION = Duration.ofDays(2);
    private static final Duration BACKOFF = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofHours(2);
    private static final Json CURSOR = Json.parse("7");

    private final InMemoryEngines memory = InMemoryEngines.create();
    private final JobStore jobs = memory.jobs();
    private final Task<?, ?> task = new TaskCatalog()
            .add("t", Json.class, (payload, job) -> payload)
            .retry(RetryPolicy.fixed(BACKOFF).maxAttempts(2).discardOn(IllegalArgumentException.class))
            .retention(RETENTION);

    /** What is different from a first attempt of two, received once. */
    private enum Row {
        FIRST_ATTEMPT,
        LAST_ATTEMPT,
        CANCEL_REQUESTED,
        LAST_ATTEMPT_CANCEL_REQUESTED,
        RECEIVED_OFTEN,
        MANY_IN_FLIGHT
    }

    static Stream<Arguments> decisions() {
        AttemptResult returned = new AttemptResult.Returned(CURSOR);
        AttemptResult failed = new AttemptResult.Failed(new IOException("m"));
        AttemptResult chain =
                new AttemptResult.Failed(new IllegalStateException(new ChainTooLongException("t", 1_001, 1_000)));
        AttemptResult discarded = new AttemptResult.Failed(new IllegalArgumentException("m"));
        AttemptResult retryIn = new AttemptResult.RetryIn(LONG, new IOException("m"));
        AttemptResult timedOut = new AttemptResult.TimedOut(BACKOFF);
        AttemptResult snoozed = new AttemptResult.Snoozed(BACKOFF);
        AttemptResult longSnooze = new AttemptResult.Snoozed(LONG);
        AttemptResult notFetched = new AttemptResult.NotFetched();
        AttemptResult stopped = new AttemptResult.Stopped();
        AttemptResult anotherTask = new AttemptResult.AnotherTask();
        AttemptResult continued = new AttemptResult.Continued(CURSOR);
        AttemptResult cancelled = new AttemptResult.Cancelled();
        return Stream.of(
                // result, row, change, state, reason, next
                row(returned, Row.FIRST_ATTEMPT, "succeed", JobState.SUCCEEDED, null, deleted()),
                row(returned, Row.CANCEL_REQUESTED, "succeed", JobState.SUCCEEDED, null, deleted()),
                row(tooLarge(), Row.FIRST_ATTEMPT, "kill", JobState.DEAD, DeadReason.RESULT_TOO_LARGE, dead()),
                row(failed, Row.FIRST_ATTEMPT, "retry", JobState.RETRYING, null, after(BACKOFF)),
                row(failed, Row.LAST_ATTEMPT, "kill", JobState.DEAD, DeadReason.EXHAUSTED, dead()),
                row(failed, Row.CANCEL_REQUESTED, "cancelRunning", JobState.CANCELLED, null, deleted()),
                row(failed, Row.LAST_ATTEMPT_CANCEL_REQUESTED, "kill", JobState.DEAD, DeadReason.EXHAUSTED, dead()),
                row(failed, Row.MANY_IN_FLIGHT, "retry", JobState.RETRYING, null, deleted()),
                row(chain, Row.FIRST_ATTEMPT, "kill", JobState.DEAD, DeadReason.CHAIN_TOO_LONG, dead()),
                row(discarded, Row.FIRST_ATTEMPT, "kill", JobState.DEAD, DeadReason.DISCARDED, dead()),
                row(retryIn, Row.FIRST_ATTEMPT, "retry", JobState.RETRYING, null, deleted()),
                row(timedOut, Row.FIRST_ATTEMPT, "retry", JobState.RETRYING, null, after(BACKOFF)),
                row(
                        new AttemptResult.Discarded("r"),
                        Row.FIRST_ATTEMPT,
                        "kill",
                        JobState.DEAD,
                        DeadReason.DISCARDED,
                        dead()),
                row(snoozed, Row.LAST_ATTEMPT, "snooze", JobState.RETRYING, null, after(BACKOFF)),
                row(snoozed, Row.CANCEL_REQUESTED, "cancelRunning", JobState.CANCELLED, null, deleted()),
                row(longSnooze, Row.FIRST_ATTEMPT, "snooze", JobState.RETRYING, null, deleted()),
                row(notFetched, Row.LAST_ATTEMPT, "snooze", JobState.RETRYING, null, after(Duration.ofSeconds(5))),
                row(stopped, Row.LAST_ATTEMPT, "snooze", JobState.RETRYING, null, after(Duration.ZERO)),
                row(stopped, Row.CANCEL_REQUESTED, "cancelRunning", JobState.CANCELLED, null, deleted()),
                row(anotherTask, Row.LAST_ATTEMPT, "snooze", JobState.RETRYING, null, new Decision.Next.SendAnother()),
                row(anotherTask, Row.CANCEL_REQUESTED, "cancelRunning", JobState.CANCELLED, null, deleted()),
                row(continued, Row.LAST_ATTEMPT, "continueLater", JobState.QUEUED, null, after(Duration.ZERO)),
                row(continued, Row.RECEIVED_OFTEN, "continueLater", JobState.QUEUED, null, deleted()),
                row(continued, Row.CANCEL_REQUESTED, "cancelRunning", JobState.CANCELLED, null, deleted()),
                row(cancelled, Row.CANCEL_REQUESTED, "cancelRunning", JobState.CANCELLED, null, deleted()),
                row(cancelled, Row.FIRST_ATTEMPT, "kill", JobState.DEAD, DeadReason.DISCARDED, dead()),
                row(
                        new AttemptResult.NotDecoded("m"),
                        Row.FIRST_ATTEMPT,
                        "killUnstarted",
                        JobState.DEAD,
                        DeadReason.UNDECODABLE,
                        dead()),
                row(
                        new AttemptResult.PayloadMissing("m"),
                        Row.FIRST_ATTEMPT,
                        "killUnstarted",
                        JobState.DEAD,
                        DeadReason.PAYLOAD_MISSING,
                        dead()));
    }

    @ParameterizedTest
    @MethodSource("decisions")
    void everyResultEndsInOneChange(
            AttemptResult result,
            Row row,
            String change,
            JobState state,
            Optional<DeadReason> reason,
            Decision.Next next) {
        AttemptEnd end = new AttemptEnd(task, running(row), null, result, row == Row.RECEIVED_OFTEN ? 8 : 1);

        Decision decision = decider(row == Row.MANY_IN_FLIGHT).decide(end);

        assertThat(decision.change().name()).isEqualTo(change);
        assertThat(decision.next()).isEqualTo(next);
        Job written = done(end.job().id(), decision.change());
        assertThat(written.state()).isEqualTo(state);
        assertThat(Optional.ofNullable(written.deadReason())).isEqualTo(reason);
        boolean needsNoMessage = state.isWaiting() && !(next instanceof Decision.Next.Redeliver);
        assertThat(written.isHeld()).as("held").isEqualTo(needsNoMessage);
    }

    /** A snooze that found its job cancelled kept it for 30 days, whatever its task's retention was. */
    @ParameterizedTest
    @MethodSource("decisions")
    void anEndIsKeptForItsTasksRetentionAndADeathForThirtyDays(
            AttemptResult result,
            Row row,
            String change,
            JobState state,
            Optional<DeadReason> reason,
            Decision.Next next) {
        AttemptEnd end = new AttemptEnd(task, running(row), null, result, 1);

        Job written = done(end.job().id(), decider(false).decide(end).change());

        Duration kept = state == JobState.DEAD ? Lifecycle.DEAD_RETENTION : RETENTION;
        assertThat(written.keptUntil()).isEqualTo(state.isTerminal() ? now().plus(kept) : null);
    }

    @Test
    void nothingIsDecidedForAJobThatAnotherWorkerHas() {
        AttemptEnd end = new AttemptEnd(task, running(Row.FIRST_ATTEMPT), null, new AttemptResult.LeaseLost(), 1);

        assertThatThrownBy(() -> decider(false).decide(end)).isInstanceOf(IllegalArgumentException.class);
    }

    private Decider decider(boolean inFlightIsHigh) {
        return new Decider(new Lifecycle(now(), "decided"), new Random(1), () -> inFlightIsHigh);
    }

    private Job running(Row row) {
        boolean last = row == Row.LAST_ATTEMPT || row == Row.LAST_ATTEMPT_CANCEL_REQUESTED;
        NewJob job =
                NewJob.of(JobId.next(now(), new Random(1)), "t", "default", last ? 1 : 2, CURSOR, now(), "created");
        jobs.create(job, now());
        Job claimed = done(job.id(), new Lifecycle(now(), "claimed").claim(job.id(), now().plusSeconds(60)));
        return row == Row.CANCEL_REQUESTED || row == Row.LAST_ATTEMPT_CANCEL_REQUESTED
                ? done(job.id(), new OperatorChanges(now(), "requested").requestCancel("an operator"))
                : claimed;
    }

    private Job done(JobId id, Change change) {
        return ((Change.Outcome.Done) jobs.apply(id, change)).job();
    }

    private Instant now() {
        return memory.clock().instant();
    }

    private static Arguments row(
            AttemptResult result,
            Row row,
            String change,
            JobState state,
            @Nullable DeadReason reason,
            Decision.Next next) {
        return Arguments.of(result, row, change, state, Optional.ofNullable(reason), next);
    }

    private static AttemptResult tooLarge() {
        return new AttemptResult.Returned(Json.of("x".repeat(TaskHandler.LARGEST_RESULT)));
    }

    private static Decision.Next deleted() {
        return new Decision.Next.Delete();
    }

    private static Decision.Next dead() {
        return new Decision.Next.SendToDeadLetters();
    }

    private static Decision.Next after(Duration delay) {
        return new Decision.Next.Redeliver(delay);
    }
}
