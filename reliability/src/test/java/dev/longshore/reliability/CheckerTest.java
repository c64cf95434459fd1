package dev.longshore.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.DeadReason;
import dev.longshore.job.Field;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.Progress;
import dev.longshore.job.Row;
import dev.longshore.reliability.Violation.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A checker that never complains proves nothing: each kind of bad history is caught. */
class CheckerTest extends SampleHistory {
    @Test
    void aHistoryInWhichAllGoesWellIsAccepted() {
        JobId id = asked("one");
        succeeds(id);

        assertThat(check()).isEmpty();
    }

    @Test
    void anAcknowledgedJobWithoutARowIsLost() {
        JobId id = asked("one");
        succeeds(id);
        events.add(new Event.Acknowledged(now, "two", JobId.of(1, 2, 3)));

        assertThat(check()).containsExactly(Kind.LOST);
    }

    @Test
    void aRequestThatIsAnsweredWithAnotherJobIsLost() {
        JobId id = asked("one");
        succeeds(id);
        events.add(new Event.Asked(now, "two"));
        events.add(new Event.Acknowledged(now, "two", id));

        assertThat(check()).containsExactly(Kind.LOST);
    }

    @Test
    void aKeyIsFreeOnceItsJobIsPurgedAndNotBefore() {
        JobId dead = asked("one");
        dies(dead, DeadReason.EXHAUSTED);
        change(dead, new OperatorChanges(now, "t2").purge(store.find(dead).orElseThrow()), null);
        succeeds(create("one"));
        assertThat(check()).isEmpty();

        succeeds(create("one"));
        assertThat(check()).containsExactly(Kind.DOUBLED);
    }

    @Test
    void aDeathForWantOfAPoolBeforeADeploymentCouldBringItIsEarly() {
        JobId id = asked("one");
        tamper(
                id,
                row -> row.put(Field.STATE, JobState.DEAD.name())
                        .put(Field.DEAD_REASON, DeadReason.UNKNOWN_POOL.name())
                        .put(Field.TASK, SimulatedTasks.STRANGE),
                "killUnrunnable");

        assertThat(check()).contains(Kind.EARLY).doesNotContain(Kind.UNTRUE);
    }

    @Test
    void aDeathForWantOfAPoolOfATaskThatHasOneIsUntrue() {
        JobId id = asked("one");
        now = now.plus(Lifecycle.DEPLOYMENT_GRACE);
        tamper(
                id,
                row -> row.put(Field.STATE, JobState.DEAD.name())
                        .put(Field.DEAD_REASON, DeadReason.UNKNOWN_POOL.name()),
                "killUnrunnable");

        assertThat(check()).contains(Kind.UNTRUE).doesNotContain(Kind.EARLY);
    }

    @Test
    void aJobThatIsNotAtItsEndWhenAllIsQuietIsUnfinished() {
        asked("one");

        assertThat(check()).containsExactly(Kind.UNFINISHED);
    }

    @Test
    void aRowWhoseClientGotNoAnswerMustEndToo() {
        created("one");

        assertThat(check()).containsExactly(Kind.UNFINISHED);
    }

    @Test
    void aStartedJobWhoseClientGotNoAnswerMustEndToo() {
        claim(created("one"));

        assertThat(check()).contains(Kind.UNFINISHED);
    }

    @Test
    void aJobThatNoClientRequestedIsInvented() {
        JobId id = create("never asked");
        succeeds(id);

        assertThat(check()).containsExactly(Kind.INVENTED);
    }

    @Test
    void aScheduleRunsNowAtMostOncePerRequest() {
        succeeds(created(Recorder.runOf("s")));
        succeeds(created(Recorder.runOf("s")));
        assertThat(check()).isEmpty();

        succeeds(create(Recorder.runOf("s")));
        assertThat(check()).containsExactly(Kind.INVENTED);
    }

    @Test
    void aJobThatIsLeftToTheAuditIsStranded() {
        JobId id = asked("one");
        stranded.add(store.find(id).orElseThrow());
        succeeds(id);

        assertThat(check()).containsExactly(Kind.STRANDED);
    }

    @Test
    void anEndThatNoClientRequestedIsInvented() {
        JobId id = asked("one");
        change(
                id,
                new OperatorChanges(now, "t").cancelWaiting(store.find(id).orElseThrow(), Duration.ZERO, "ops"),
                null);

        assertThat(check()).containsExactly(Kind.INVENTED);
    }

    @Test
    void twoJobsForOneRequestAreADouble() {
        succeeds(asked("one"));
        succeeds(create("one"));

        assertThat(check()).containsExactly(Kind.DOUBLED);
    }

    @Test
    void aRowThatIsGoneUnbalancesTheSum() {
        JobId id = asked("one");
        Job job = store.find(id).orElseThrow();
        succeeds(asked("two"));
        store.withdraw(job); // and no event says so
        events.removeIf(event ->
                event instanceof Event.Acknowledged answer && answer.id().equals(id));

        assertThat(check()).containsExactly(Kind.UNBALANCED);
    }

    @Test
    void aChangeThatThePageDoesNotHaveIsIllegal() {
        JobId id = asked("one");
        succeeds(id);
        tamper(id, row -> row.put(Field.STATE, JobState.QUEUED.name()), "requeue");
        tamper(id, row -> row.put(Field.STATE, JobState.SUCCEEDED.name()), "claim");

        assertThat(check()).contains(Kind.ILLEGAL_CHANGE);
    }

    @Test
    void aFenceThatFallsIsIllegal() {
        JobId id = asked("one");
        succeeds(id);
        tamper(id, row -> row.put(Field.FENCE, 0), "progress");

        assertThat(check()).contains(Kind.ILLEGAL_CHANGE);
    }

    @Test
    void twoEndsAreAFork() {
        JobId id = asked("one");
        succeeds(id);
        tamper(id, row -> row.put(Field.STATE, JobState.DEAD.name()).put(Field.DEATH_HANDLED, now), "kill");

        assertThat(check()).contains(Kind.FORKED);
    }

    @Test
    void anOperatorsRetryBetweenTwoEndsIsNone() {
        JobId id = asked("one");
        Job held = claim(id);
        ends(id, held, false);
        change(id, new Lifecycle(now, "t").kill(held, DeadReason.EXHAUSTED, ERROR), held.fence());
        Job dead = store.find(id).orElseThrow();
        events.add(new Event.DeathHandled(now, id));
        change(id, new Lifecycle(now, "handled").markDeathHandled(dead), null);
        change(id, new OperatorChanges(now, "t2").redrive(dead, dead.pool(), now, "ops"), null);
        succeeds(id);

        assertThat(check()).isEmpty();
    }

    @Test
    void aWriteUnderAnOldClaimIsStale() {
        JobId id = asked("one");
        Job held = claim(id);
        change(id, Lifecycle.progress(held, new Progress(5, null)), 0L);
        finishes(id, held);

        assertThat(check()).containsExactly(Kind.STALE_WRITE);
    }

    @Test
    void aClaimDuringALeaseIsTheft() {
        JobId id = asked("one");
        Job first = claim(id);
        ends(id, first, false);
        Instant over = now.plus(LEASE).plus(Lifecycle.CLOCK_SKEW);
        store.apply(id, new Lifecycle(over, "t9").claim(id, over.plus(LEASE)));
        Job stolen = store.find(id).orElseThrow();
        events.add(new Event.Changed(now, "w", now.plusSeconds(10), "claim", first, stolen, null));
        heard(stolen);
        finishes(id, stolen);

        assertThat(check()).containsExactly(Kind.STOLEN);
    }

    @Test
    void aStartBeforeItsTimeIsEarly() {
        JobId id = asked("one");
        Job before = store.find(id).orElseThrow();
        store.apply(id, new Lifecycle(now, "t9").claim(id, now.plus(LEASE)));
        Job held = store.find(id).orElseThrow();
        events.add(new Event.Changed(now, "w", now.minusSeconds(1), "claim", before, held, null));
        heard(held);
        finishes(id, held);

        assertThat(check()).containsExactly(Kind.EARLY);
    }

    @Test
    void aClaimDecidedAfterItsExpiresAtIsEarly() {
        events.add(new Event.Frozen(now, "w"));

        assertThat(claimWrittenLateOfOneThatExpiresInTenSeconds(10)).containsExactly(Kind.EARLY);
    }

    @Test
    void aClaimDecidedInTimeCountsAlthoughItsWorkerFrozeBeforeWritingIt() {
        events.add(new Event.Frozen(now.plusSeconds(9), "w"));

        assertThat(claimWrittenLateOfOneThatExpiresInTenSeconds(9)).isEmpty();
    }

    @Test
    void aClaimByAnOldClockIsEarlyUnlessItsWorkerFrozeSince() {
        events.add(new Event.Frozen(now.plusSeconds(8), "w"));
        events.add(new Event.Frozen(now.plusSeconds(20), "another"));

        assertThat(claimWrittenLateOfOneThatExpiresInTenSeconds(9)).containsExactly(Kind.EARLY);
    }

    private List<Kind> claimWrittenLateOfOneThatExpiresInTenSeconds(int seconds) {
        JobId id = asked("one");
        Row row = store.row(id).put(Field.EXPIRES, now.plusSeconds(10));
        store.plant(id, row);
        Job before = store.find(id).orElseThrow();
        Instant decided = now.plusSeconds(seconds);
        store.plant(
                id, new Lifecycle(decided, "t9").claim(id, decided.plus(LEASE)).applyTo(row));
        Job held = store.find(id).orElseThrow();
        Instant late = now.plusSeconds(60);
        events.add(new Event.Changed(late, "w", late, "claim", before, held, null));
        heard(held);
        finishes(id, held);
        return check();
    }

    @Test
    void aSuccessWhoseHandlerDidNotReturnIsUntrue() {
        JobId id = asked("one");
        Job held = claim(id);
        events.add(new Event.Effect(now, id, held.fence()));
        ends(id, held, false);
        change(id, new Lifecycle(now, "t").succeed(held, null, null, Duration.ZERO), held.fence());

        assertThat(check()).containsExactly(Kind.UNTRUE);
    }

    @Test
    void anAttemptWithoutAStartIsUnfair() {
        JobId id = asked("one");
        change(id, new Lifecycle(now, "t1").claim(id, now.plus(LEASE)), null);
        Job unused = store.find(id).orElseThrow();
        events.add(new Event.Claimed(now, "w", id, unused.fence()));
        now = now.plus(LEASE).plus(Lifecycle.CLOCK_SKEW);
        succeeds(id);

        assertThat(check()).containsExactly(Kind.UNFAIR_ATTEMPT);
    }

    /** By a clock that was far ahead, another worker took the attempt for crashed before it could be given back. */
    @Test
    void anAttemptWhoseReturnWasRefusedIsFair() {
        JobId id = asked("one");
        change(id, new Lifecycle(now, "t1").claim(id, now.plus(LEASE)), null);
        Job unused = store.find(id).orElseThrow();
        events.add(new Event.Claimed(now, "w", id, unused.fence()));
        events.add(new Event.Refused(now, "w", "killUnstarted", id));
        now = now.plus(LEASE).plus(Lifecycle.CLOCK_SKEW);
        succeeds(id);

        assertThat(check()).isEmpty();
    }

    @Test
    void anEffectOfALosersAttemptIsWrong() {
        JobId id = asked("one");
        Job held = claim(id);
        finishes(id, held);
        events.add(new Event.Effect(now, id, held.fence() + 1));

        assertThat(check()).containsExactly(Kind.WRONG_EFFECT);
    }

    @Test
    void twoHandlersAtOnceOverlapUnlessClocksAreOff() {
        JobId id = asked("one");
        Job first = claim(id);
        now = now.plus(LEASE).plus(Lifecycle.CLOCK_SKEW);
        Job second = claim(id);
        ends(id, first, false);
        finishes(id, second);

        assertThat(check()).containsExactly(Kind.OVERLAP);
        handlersMayOverlap = true;
        assertThat(check()).isEmpty();
    }

    @Test
    void aDeathThatWasNotHandledIsFound() {
        JobId id = asked("one");
        Job held = claim(id);
        ends(id, held, false);
        change(id, new Lifecycle(now, "t").kill(held, DeadReason.EXHAUSTED, ERROR), held.fence());

        assertThat(check()).containsExactly(Kind.UNHANDLED_DEATH);
    }

    @Test
    void aDeathMarkedAsHandledBeforeItsHookIsFound() {
        JobId id = asked("one");
        Job held = claim(id);
        ends(id, held, false);
        change(id, new Lifecycle(now, "t").kill(held, DeadReason.EXHAUSTED, ERROR), held.fence());
        change(id, new Lifecycle(now, "handled").markDeathHandled(store.find(id).orElseThrow()), null);

        assertThat(check()).containsExactly(Kind.UNHANDLED_DEATH);
    }

    @Test
    void oneMoreAttemptOfAStoppedJobIsIllegal() {
        JobId id = asked("one");
        Job held = claim(id);
        ends(id, held, false);
        change(id, new Lifecycle(now, "t").retry(held, Duration.ZERO, false, ERROR), held.fence());
        Event.Changed retry = (Event.Changed) events.removeLast();
        store.plant(id, store.row(id).put(Field.CANCEL_REQUESTED, now));
        events.add(new Event.Changed(now, "w", now, "retry", stopped(retry.before()), retry.after(), held.fence()));
        succeeds(id);

        assertThat(check()).containsExactly(Kind.ILLEGAL_CHANGE);
    }
}
