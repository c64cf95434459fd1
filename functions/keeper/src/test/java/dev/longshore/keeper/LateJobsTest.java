package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.job.ledger.LedgerHour;
import dev.longshore.task.Json;
import dev.longshore.task.ScheduleSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Jobs whose ids are of an hour that the ledger has counted before: a child has the time of its parent. */
class LateJobsTest {
    private final KeeperStage stage = new KeeperStage();
    private final Instant noon = stage.now();

    @Test
    void aJobThatIsMadeInAClosedHourIsCountedAndFoundWhenItsMessageIsLost() {
        stage.succeeded(Duration.ofDays(7));
        stage.auditsFor(Duration.ofDays(2));
        assertThat(entry().closed()).isTrue();

        JobId child = stage.enqueueIn(noon);
        stage.memory.queue().loseAll(KeeperStage.POOL);
        stage.auditsFor(Duration.ofHours(2));

        assertThat(entry().accepted()).isEqualTo(2);
        assertThat(entry().waiting()).isEqualTo(1);
        assertThat(stage.hasMessage(child)).as("sent again").isTrue();
        assertThat(stage.memory.ledger().expected(stage.now(), 10)).isEmpty();
    }

    @Test
    void jobsOfAClosedHourStayCountedWhenAJobIsMadeInItAfterTheirRowsAreDeleted() {
        JobId ended = stage.succeeded(Duration.ofDays(7));
        stage.auditsFor(Duration.ofDays(2));
        stage.auditsFor(Duration.ofDays(10));
        stage.memory.jobs().withdraw(stage.job(ended));

        stage.enqueueIn(noon);
        stage.auditsFor(Duration.ofHours(24));

        assertThat(List.of(entry().accepted(), entry().succeeded(), entry().waiting(), entry().missing()))
                .containsExactly(2L, 1L, 1L, 0L);
    }

    @Test
    void aSteadyStreamOfLateJobsDoesNotPostponeTheCountThatFindsALostMessage() {
        stage.succeeded(Duration.ofDays(7));
        stage.auditsFor(Duration.ofDays(2));
        JobId lost = stage.enqueueIn(noon);
        stage.memory.queue().loseAll(KeeperStage.POOL);
        Instant documented = stage.now().plus(Duration.ofHours(2));

        while (!stage.hasMessage(lost) && stage.now().isBefore(documented)) {
            stage.succeed(stage.enqueueIn(noon));
            stage.auditsFor(Duration.ofMinutes(30));
        }

        assertThat(stage.hasMessage(lost)).as("sent again within two hours").isTrue();
    }

    @Test
    void oneCountMeetsAllExpectationsOfItsHourThatAreDue() {
        stage.succeeded(Duration.ofDays(7));
        stage.auditsFor(Duration.ofDays(2));
        stage.memory.ledger().expect(noon, stage.now().minusSeconds(2));
        stage.memory.ledger().expect(noon, stage.now().minusSeconds(1));

        assertThat(stage.audit().hours()).isEqualTo(1);

        assertThat(entry().at()).isEqualTo(stage.now());
        assertThat(stage.memory.ledger().expected(stage.now(), 10)).isEmpty();
    }

    @Test
    void aCountThatBeganBeforeALateJobWasMadeDoesNotCloseItsHourForGood() {
        stage.succeeded(Duration.ofDays(7));
        stage.auditsFor(Duration.ofDays(2));
        Instant start = stage.now();
        stage.memory.ledger().expect(noon, start.plus(Duration.ofHours(1)));
        stage.memory.ledger().request(start);
        stage.audit();

        stage.enqueueIn(noon);
        stage.auditsFor(Duration.ofHours(2));

        assertThat(entry().accepted()).isEqualTo(2);
    }

    @Test
    void everyInstantThatAScheduleCatchesUpWithIsInTheLedger() {
        stage.tasks.add("t", Json.class, (payload, job) -> "done");
        stage.scheduled(
                "hourly",
                ScheduleSpec.cron("0 * * * *", ZoneOffset.UTC)
                        .overlap(ScheduleSpec.Overlap.ALLOW)
                        .catchUpAll(100));
        stage.memory.clock().advance(Duration.ofHours(60));
        for (int i = 0; i < 10; i++) {
            stage.audit(); // all hours of the outage are counted, and closed
        }

        stage.tick();
        int made = stage.memory.rows().all().size();
        stage.auditsFor(Duration.ofHours(21)); // the longest interval between two counts of an open hour

        long accepted = stage.memory.ledger().hours(Instant.EPOCH, stage.now()).stream()
                .mapToLong(LedgerHour::accepted)
                .sum();
        assertThat(made).isGreaterThan(50);
        assertThat(accepted).isEqualTo(made);
    }

    private LedgerHour entry() {
        return stage.ledgerHour(noon);
    }
}
