package dev.longshore.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Body;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.Lifecycle;
import dev.longshore.job.NewJob;
import dev.longshore.reliability.SimulatedTasks.Orders;
import dev.longshore.reliability.Violation.Kind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A job of an old definition that starts after the change was answered is noticed. */
class ScheduleChangesTest extends SampleHistory {
    private static final Orders NEXT = new Orders("version 2", "return", 0, 0, 1, 0);
    private static final Instant INSTANT = NOW.plusSeconds(60);

    @Test
    void aJobOfTheOldDefinitionIsNoticed() {
        Job job = scheduledFor(INSTANT);
        events.add(new Event.ScheduleChanged(now, "s", NEXT));
        starts(job, ORDERS);

        assertThat(changes()).containsExactly(Kind.OUTDATED);
    }

    @Test
    void anyJobOfAScheduleThatMakesNoneIsNoticed() {
        Job job = scheduledFor(INSTANT);
        events.add(new Event.ScheduleChanged(now, "s", null));
        starts(job, ORDERS);

        assertThat(changes()).containsExactly(Kind.OUTDATED);
    }

    @Test
    void aJobOfTheNewDefinitionIsRight() {
        Job job = scheduledFor(INSTANT);
        events.add(new Event.ScheduleChanged(now, "s", ORDERS));
        starts(job, ORDERS);

        assertThat(changes()).isEmpty();
    }

    @Test
    void aJobWhoseTimeHadComeMayStart() {
        Job job = scheduledFor(NOW);
        now = NOW.plus(Lifecycle.CLOCK_SKEW);
        events.add(new Event.ScheduleChanged(now, "s", NEXT));
        starts(job, ORDERS);

        assertThat(changes()).isEmpty();
    }

    @Test
    void whileAChangeIsNotAnsweredEitherDefinitionMayStart() {
        Job job = scheduledFor(INSTANT);
        events.add(new Event.ScheduleChanged(now, "s", NEXT));
        events.add(new Event.ScheduleChanging(now, "s"));
        starts(job, ORDERS);

        assertThat(changes()).isEmpty();
    }

    private List<Kind> changes() {
        return check().stream().filter(Kind.OUTDATED::equals).toList();
    }

    private Job scheduledFor(Instant instant) {
        JobId id = JobId.of(now.toEpochMilli(), events.size(), 7);
        NewJob job = ofSchedule(id, instant);
        store.create(job, new Body.Inline(PAYLOAD), now);
        Job created = store.find(id).orElseThrow();
        events.add(new Event.Created(now, "schedule s at " + instant, created, PAYLOAD));
        return created;
    }
}
