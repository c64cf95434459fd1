package dev.longshore.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.DeadReason;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.OperatorChanges;
import dev.longshore.job.RunsAs;
import dev.longshore.reliability.SimulatedTasks.Orders;
import dev.longshore.reliability.Violation.Kind;
import org.junit.jupiter.api.Test;

/** Payloads and results that are missing, or are another job's, are noticed. */
class ContentsTest extends SampleHistory {
    @Test
    void aPayloadThatCannotBeReadIsLost() {
        JobId id = asked("one");
        succeeds(id);
        withoutPayload.add(id);

        assertThat(check()).containsExactly(Kind.LOST_CONTENTS);
    }

    @Test
    void aPurgedJobsPayloadMayBeGone() {
        JobId id = asked("one");
        dies(id, DeadReason.EXHAUSTED);
        change(id, new OperatorChanges(now, "t2").purge(store.find(id).orElseThrow()), null);
        withoutPayload.add(id);

        assertThat(check()).isEmpty();
    }

    @Test
    void aDeathWithoutAPayloadIsNoticed() {
        dies(asked("one"), DeadReason.PAYLOAD_MISSING);

        assertThat(check()).containsExactly(Kind.LOST_CONTENTS);
    }

    @Test
    void aResultThatIsNotThatOfTheAttemptThatSucceededIsLost() {
        JobId id = asked("one");
        succeeds(id);
        withoutResult.add(id);

        assertThat(check()).containsExactly(Kind.LOST_CONTENTS);
    }

    @Test
    void aHandlerThatGetsAnotherPayloadThanItsJobsIsNoticed() {
        JobId id = asked("one");
        Job held = claim(id);
        events.removeLast();
        starts(held, new Orders("two", "return", 0, 0, 1, 0));
        finishes(id, held);

        assertThat(check()).containsExactly(Kind.LOST_CONTENTS);
    }

    @Test
    void aHandlerThatStillGetsThePayloadWhichAnOperatorHasReplacedIsNoticed() {
        JobId id = asked("one");
        dies(id, DeadReason.EXHAUSTED);
        Job dead = store.find(id).orElseThrow();
        change(
                id,
                new OperatorChanges(now, "t2")
                        .redriveWithPayload(dead, new RunsAs(dead.task(), dead.pool()), PAYLOAD, false, null),
                null);
        succeeds(id);

        assertThat(check()).containsExactly(Kind.LOST_CONTENTS);
    }
}
