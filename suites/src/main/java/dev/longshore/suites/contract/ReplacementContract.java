package dev.longshore.suites.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Change.Outcome;
import dev.longshore.job.HistoryEntry;
import dev.longshore.job.HoldReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.job.Replacement;
import dev.longshore.job.Uniqueness;
import dev.longshore.job.pause.Pausable;
import dev.longshore.task.Json;
import dev.longshore.task.OnDuplicate;
import dev.longshore.task.UniqueWhile;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A waiting job that gets the payload and the time of a later request. */
public abstract class ReplacementContract extends JobStoreSteps {
    private static final Instant LATER = NOW.plusSeconds(10);

    @Test
    void waitingJobGetsThePayloadAndTheTimeOfTheRequest() {
        Job first = created(newJob().at(NOW.plusSeconds(60)));

        Job replaced = done(first.id(), Replacement.replaceWaiting(first, request("2", LATER.plusSeconds(30), null)));

        assertThat(found(first.id())).isEqualTo(replaced);
        assertThat(store().payload(replaced)).isEqualTo(Json.parse("\"2\""));
        assertThat(replaced.due()).isEqualTo(LATER.plusSeconds(30));
        assertThat(replaced.runAt()).isEqualTo(LATER.plusSeconds(30));
        assertThat(replaced.state()).isEqualTo(JobState.SCHEDULED);
        assertThat(replaced.isHeld()).isFalse();
        Job atOnce = done(first.id(), Replacement.replaceWaiting(replaced, request("3", null, null)));
        assertThat(atOnce.state()).isEqualTo(JobState.QUEUED);
        assertThat(atOnce.runAt()).isNull();
        assertThat(atOnce.due()).isEqualTo(LATER);
        assertThat(atOnce.createdAt()).isEqualTo(NOW);
    }

    @Test
    void anyNumberOfReplacementsIsOneEntryOfTheHistory() {
        Job job = created(newJob());
        for (int i = 0; i < 100; i++) {
            job = done(job.id(), Replacement.replaceWaiting(job, request("" + i, null, null)));
        }

        assertThat(job.history()).hasSize(2);
        assertThat(job.history().getLast())
                .isEqualTo(new HistoryEntry(JobState.QUEUED, LATER, null, null, null, false, true, null));
    }

    @Test
    void jobIsDueAtTheEndOfTheLongestDebounceHoweverOftenItIsReplaced() {
        Job job = created(newJob().at(NOW.plusSeconds(60)));
        Duration most = Duration.ofSeconds(90);

        job = done(job.id(), Replacement.replaceWaiting(job, request("2", NOW.plusSeconds(80), most)));
        assertThat(job.due()).isEqualTo(NOW.plusSeconds(80));
        job = done(job.id(), Replacement.replaceWaiting(job, request("3", NOW.plusSeconds(100), most)));
        assertThat(job.due()).isEqualTo(NOW.plusSeconds(90));
        job = done(
                job.id(), Replacement.replaceWaiting(job, request("4", NOW.plusSeconds(100), Duration.ofSeconds(1))));
        assertThat(job.due()).as("that end is over").isEqualTo(LATER);
        assertThat(job.state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void jobEntersTheDueIndexForATimeThatAMessageCannotWaitFor() {
        Job job = created(newJob());
        Instant due = LATER.plus(Duration.ofHours(1));

        Job far = done(job.id(), Replacement.replaceWaiting(job, request("2", due, null)));
        assertThat(far.isHeldUntilDue()).isTrue();
        assertThat(far.indexedAt()).isEqualTo(due);
        Job near = done(job.id(), Replacement.replaceWaiting(far, request("3", null, null)));
        assertThat(near.isHeldUntilDue()).as("until its message is sent").isTrue();
        assertThat(near.indexedAt()).isEqualTo(LATER);
    }

    @Test
    void jobThatAPauseHoldsStaysHeldByIt() {
        Job job = created(newJob());
        HoldReason pause = HoldReason.paused(Pausable.task("rehearse"));
        Job held = done(job.id(), new Lifecycle(NOW, tokens.next()).hold(job, pause, NOW));

        Job replaced =
                done(job.id(), Replacement.replaceWaiting(held, request("2", LATER.plus(Duration.ofHours(1)), null)));

        assertThat(replaced.isHeldByPause()).isTrue();
        assertThat(replaced.indexedAt()).isEqualTo(NOW);
    }

    @Test
    void jobThatWasClaimedReplacedOrHeldSinceItWasReadIsNotReplaced() {
        Job claimed = created(newJob());
        done(claimed.id(), claim(claimed.id()));
        Job replaced = created(newJob());
        done(replaced.id(), Replacement.replaceWaiting(replaced, request("2", null, null)));
        Job held = created(newJob());
        done(held.id(), new Lifecycle(NOW, tokens.next()).hold(held, HoldReason.DUE, NOW));

        for (Job read : new Job[] {claimed, replaced, held}) {
            Job before = found(read.id());
            assertThat(store().apply(read.id(), Replacement.replaceWaiting(read, request("3", null, null))))
                    .isEqualTo(new Outcome.Refused(before));
            assertThat(store().payload(found(read.id()))).isNotEqualTo(Json.parse("\"3\""));
        }
    }

    @Test
    void claimOfAReplacedJobGetsTheLaterPayload() {
        Job first = created(newJob());
        done(first.id(), Replacement.replaceWaiting(first, request("2", null, null)));

        Job running = done(first.id(), new Lifecycle(LATER, tokens.next()).claim(first.id(), LATER.plusSeconds(60)));

        assertThat(store().payload(running)).isEqualTo(Json.parse("\"2\""));
    }

    @Test
    void replacementIsRecognisedAfterALostResponse() {
        Job first = created(newJob());
        NewJob request = request("2", null, null);
        Job replaced = done(first.id(), Replacement.replaceWaiting(first, request));

        assertThat(store().apply(first.id(), Replacement.replaceWaiting(first, request)))
                .isEqualTo(new Outcome.Done(replaced));
    }

    private NewJob request(String payload, @Nullable Instant runAt, @Nullable Duration debounceMax) {
        return NewJob.of(JobId.next(LATER, random), "rehearse", "default", 3, Json.of(payload), LATER, tokens.next())
                .at(runAt)
                .unique(new Uniqueness("key", OnDuplicate.REPLACE, UniqueWhile.UNFINISHED, debounceMax, null));
    }
}
