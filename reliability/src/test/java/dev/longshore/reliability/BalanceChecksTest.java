package dev.longshore.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Body;
import dev.longshore.job.Job;
import dev.longshore.job.JobId;
import dev.longshore.job.JobState;
import dev.longshore.job.NewJob;
import dev.longshore.job.ledger.HourTally;
import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.job.schedule.Schedule.Firing;
import dev.longshore.job.schedule.Schedule.FiringResult;
import dev.longshore.memory.InMemoryRowStore;
import dev.longshore.reliability.Violation.Kind;
import dev.longshore.task.ScheduleSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** BalanceChecks that do not come out are noticed. */
class BalanceChecksTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final Instant NEXT = NOON.plusSeconds(300);
    private static final Schedule PUT =
            Schedule.of("s", "task", ScheduleSpec.cron("*/5 * * * *", ZoneOffset.UTC), false, NOON);

    private final InMemoryRowStore store = new InMemoryRowStore();
    private final List<Event> events = new ArrayList<>(List.of(new Event.Scheduled(NOON, PUT)));
    private Schedule last = PUT;
    private List<LedgerHour> ledger = List.of();

    @Test
    void aScheduleThatMadeAJobAtEachInstantAddsUp() {
        made(NEXT);
        moved(NEXT.plusSeconds(300), 0);

        assertThat(check()).isEmpty();
    }

    @Test
    void anInstantThatWasSkippedAddsUp() {
        moved(NEXT.plusSeconds(300), 1);

        assertThat(check()).isEmpty();
    }

    @Test
    void anInstantOfWhichNothingBecameIsMissed() {
        made(NEXT);
        moved(NEXT.plusSeconds(600), 0);

        assertThat(check()).containsExactly(Kind.UNBALANCED);
    }

    @Test
    void aLedgerThatCountsTheRowsAddsUp() {
        made(NEXT);
        ledger = List.of(entry(1));

        assertThat(check()).isEmpty();
    }

    @Test
    void aLedgerThatCountsAnotherNumberThanThereAreRowsDoesNot() {
        made(NEXT);
        made(NEXT.plusSeconds(300));
        ledger = List.of(entry(1));

        assertThat(check()).containsExactly(Kind.UNBALANCED);
    }

    @Test
    void anHourThatTheLedgerDoesNotHaveIsMissed() {
        made(NEXT.plus(Duration.ofHours(1)));
        made(NEXT);
        ledger = List.of(entry(1));

        assertThat(check()).containsExactly(Kind.UNBALANCED);
    }

    private List<Kind> check() {
        Map<JobId, Job> rows = new LinkedHashMap<>();
        store.all().forEach(job -> rows.put(job.id(), job));
        List<Violation> found = new ArrayList<>();
        BalanceChecks.check(
                new History(
                        events,
                        rows,
                        List.of(last),
                        ledger,
                        List.of(),
                        Map.of(),
                        Map.of(),
                        0,
                        false,
                        true,
                        Duration.ZERO),
                found);
        return found.stream().map(Violation::kind).toList();
    }

    private void made(Instant instant) {
        NewJob job = SampleHistory.ofSchedule(JobId.of(instant.toEpochMilli(), 1, 7), instant);
        store.create(job, new Body.Inline(job.payload()), NOON);
    }

    private void moved(Instant next, long skipped) {
        last = PUT.advance(next, new Firing(NEXT, null, FiringResult.CREATED), skipped);
    }

    private static LedgerHour entry(long waiting) {
        HourTally tally = new HourTally(Map.of(JobState.QUEUED, waiting), Map.of(), waiting, 0, 0, null, 0);
        return LedgerHour.counted(NOON, NOON.plus(Duration.ofHours(2)), tally, null);
    }
}
