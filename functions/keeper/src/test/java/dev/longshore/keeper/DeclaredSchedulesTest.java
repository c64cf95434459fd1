package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.task.Json;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.TaskCatalog;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class DeclaredSchedulesTest {
    private static final ScheduleSpec HOURLY = ScheduleSpec.cron("@hourly", ZoneId.of("UTC"));

    private final KeeperStage stage = new KeeperStage();

    @Test
    void theFirstTickBringsInWhatTheCodeDeclares() {
        agree(HOURLY);

        Schedule schedule = stage.schedule("s");
        assertThat(schedule.declared()).isTrue();
        assertThat(schedule.task()).isEqualTo("t");
        assertThat(schedule.spec()).isEqualTo(HOURLY);
        assertThat(schedule.next()).isEqualTo("2026-03-10T13:00:00Z");
    }

    @Test
    void aTickThatFindsAnAgreementReadsNoSchedule() {
        agree(HOURLY);
        int before = stage.faults.calls().size();

        agree(HOURLY);

        assertThat(stage.faults.calls().subList(before, stage.faults.calls().size()))
                .containsExactly("agreement");
    }

    @Test
    void anotherPayloadKeepsThePauseTheLastAndTheNextInstant() {
        agree(HOURLY);
        stage.memory.schedules().change("s", schedule -> schedule.pause(stage.now()));
        Instant next = stage.schedule("s").next();
        stage.memory.clock().advance(Duration.ofHours(5));

        agree(HOURLY.payload("new"));

        assertThat(stage.schedule("s").paused()).isTrue();
        assertThat(stage.schedule("s").next()).isEqualTo(next);
        assertThat(stage.schedule("s").spec().payload()).isEqualTo(Json.of("new"));
    }

    @Test
    void anotherZoneStartsWithItsNextInstant() {
        agree(ScheduleSpec.cron("0 3 * * *", ZoneId.of("UTC")));

        agree(ScheduleSpec.cron("0 3 * * *", ZoneId.of("Europe/Berlin")));

        assertThat(stage.schedule("s").next()).isEqualTo("2026-03-11T02:00:00Z");
    }

    @Test
    void whatTheCodeNoLongerDeclaresIsRemovedAndWhatTheApiMadeStays() {
        agree(HOURLY);
        stage.scheduled("by-hand", HOURLY);

        new DeclaredSchedules(stage.engines, new TaskCatalog().descriptions()).agree();

        assertThat(stage.memory.schedules().find("s")).isEmpty();
        assertThat(stage.memory.schedules().find("by-hand")).isPresent();
    }

    @Test
    void theCodeTakesOverAScheduleOfTheSameNameThatTheApiMade() {
        stage.scheduled("s", HOURLY.payload("by hand"));

        agree(HOURLY);

        assertThat(stage.schedule("s").declared()).isTrue();
        assertThat(stage.schedule("s").spec()).isEqualTo(HOURLY);
    }

    @Test
    void anOlderDeploymentThatWakesUpLateIsPutRightByTheNextTick() {
        TaskCatalog old = catalog(HOURLY.payload("old"));
        DeclaredSchedules late = new DeclaredSchedules(stage.engines, old.descriptions());
        DeclaredSchedules current = new DeclaredSchedules(
                stage.engines, catalog(HOURLY.payload("new")).descriptions());
        current.agree();
        late.agree();

        current.agree();

        assertThat(stage.schedule("s").spec().payload()).isEqualTo(Json.of("new"));
    }

    @Test
    void aTickThatDiesInTheMiddleIsCompletedByTheNext() {
        DeclaredSchedules declared =
                new DeclaredSchedules(stage.engines, catalog(HOURLY).descriptions());
        stage.scheduled("gone", HOURLY);
        stage.memory.schedules().change("gone", there -> there.changedTo("t", HOURLY, true, stage.now()));
        stage.faults.refuse("deleteSchedule", 1);
        assertThatThrownBy(declared::agree).isInstanceOf(StoreUnavailableException.class);

        declared.agree();

        assertThat(stage.memory.schedules().find("gone")).isEmpty();
        assertThat(stage.memory.schedules().agreement()).isPresent();
    }

    private void agree(ScheduleSpec spec) {
        new DeclaredSchedules(stage.engines, catalog(spec).descriptions()).agree();
    }

    private static TaskCatalog catalog(ScheduleSpec spec) {
        TaskCatalog tasks = new TaskCatalog();
        tasks.add("t", Json.class, (payload, job) -> null).every("s", spec);
        return tasks;
    }
}
