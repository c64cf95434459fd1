package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.task.ScheduleSpec;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A schedule is changed while a tick is frozen, or the change dies in the middle. */
class InterruptedHandoverTest extends HandoverStage {
    // ---- a tick that was frozen

    @Test
    void tickThatHasReadTheScheduleBeforeMakesNothingOfItsOldDefinition() {
        stage.scheduled("s", HOURLY);
        stage.at("2026-03-10T12:59:20Z");
        Schedule read = stage.schedule("s");
        List<Function<Schedule, Schedule>> changes = List.of(
                schedule -> schedule.changedTo("t", CHANGED, false, stage.now()),
                schedule -> schedule.pause(stage.now()));
        for (Function<Schedule, Schedule> change : changes) {
            handover().change("s", change::apply);
            stage.memory.clock().advance(Duration.ofMillis(1));

            assertThatThrownBy(() -> schedules().fire(read, stage.now())).hasMessageContaining("generation");

            assertThat(stage.memory.rows().all()).isEmpty();
        }
        assertThat(handover().delete(stage.schedule("s"))).isTrue();
        assertThatThrownBy(() -> schedules().fire(read, stage.now())).hasMessageContaining("generation");
        assertThat(stage.memory.rows().all()).isEmpty();
    }

    @Test
    void tickWhoseScheduleIsChangedWhileItFiresContinuesWithTheNewDefinition() {
        stage.scheduled("s", HOURLY);
        stage.at("2026-03-10T12:59:20Z");
        stage.faults.afterCalls("dueSchedules", 16, () -> changed(CHANGED));

        assertThat(stage.tick()).isEqualTo(1);

        assertThat(starts()).containsExactly("13:00 new");
    }

    @Test
    void tickWhoseScheduleIsChangedAfterItMadeTheJobLeavesItToTheHandover() {
        stage.scheduled("s", HOURLY);
        stage.at("2026-03-10T12:59:20Z");
        stage.faults.afterCalls("create", 1, () -> changed(CHANGED));

        stage.tick();
        stage.tick();

        assertThat(starts()).containsExactly("13:00 new");
        assertThat(stage.schedule("s").next()).isEqualTo("2026-03-10T14:00:00Z");
        assertThat(stage.schedule("s").last().job())
                .isEqualTo(waiting().getFirst().id());
    }

    @Test
    void handoverThatComesLateLeavesTheJobsOfTheNewDefinitionAlone() {
        ScheduleSpec minutely = ScheduleSpec.cron("* * * * *", UTC);
        stage.scheduled("s", minutely.payload("old"));
        stage.at("2026-03-10T12:59:30Z");
        Schedule late = stage.memory
                .schedules()
                .change("s", read -> read.changedTo("t", minutely.payload("new"), false, stage.now()))
                .orElseThrow();
        stage.at("2026-03-10T13:00:05Z");
        stage.tick();
        List<String> made = starts();
        assertThat(made).contains("13:01 new").doesNotContain("13:01 old");
        stage.faults.refuse("create", 1);

        assertThat(handover().handOver(late)).contains(stage.schedule("s"));

        assertThat(starts()).isEqualTo(made);
    }

    // ---- a crash

    @Test
    void handoverThatDiesAnywhereIsMadeGoodByTheNextTick() {
        for (String call : List.of("writeSchedule", "find", "cancelUnstarted", "expireBodies", "create", "send")) {
            for (boolean lost : List.of(false, true)) {
                for (boolean pauses : List.of(false, true)) {
                    dieAt(call, lost, pauses);
                }
            }
        }
    }

    private static void dieAt(String call, boolean lost, boolean pauses) {
        InterruptedHandoverTest fresh = new InterruptedHandoverTest();
        fresh.aTask();
        fresh.madeAhead(HOURLY);
        if (lost) {
            fresh.stage.faults.loseAnswer(call, 1);
        } else {
            fresh.stage.faults.refuse(call, 1);
        }
        String when = call + (lost ? " lost its answer" : " failed") + (pauses ? ", pause" : ", change");
        boolean done = true;
        try {
            fresh.handover()
                    .change(
                            "s",
                            schedule -> pauses
                                    ? schedule.pause(fresh.stage.now())
                                    : schedule.changedTo("t", CHANGED, false, fresh.stage.now()));
        } catch (StoreUnavailableException e) {
            done = false;
        }
        boolean written = fresh.stage.schedule("s").generation()
                        > fresh.stage.schedule("s").series()
                || fresh.stage.schedule("s").paused();
        assertThat(written || !done).as(when).isTrue();

        fresh.stage.memory.clock().advance(Duration.ofSeconds(20));
        fresh.stage.tick();

        assertThat(fresh.stage.schedule("s").outdated()).as(when).isEmpty();
        List<String> expected = !written ? List.of("13:00 old") : pauses ? List.of() : List.of("13:00 new");
        assertThat(fresh.starts()).as(when).isEqualTo(expected);
    }

    @Test
    void pauseThatDiedInTheMiddleAndWasEndedLeavesItsInstantsOut() {
        madeAhead(HOURLY);
        stage.faults.refuse("find", 1);
        assertThatThrownBy(() -> handover().change("s", schedule -> schedule.pause(stage.now())))
                .isInstanceOf(StoreUnavailableException.class);
        stage.memory.clock().advance(Duration.ofMinutes(1));

        handover().change("s", schedule -> schedule.resume(stage.now()));
        tickOn();

        assertThat(starts()).containsExactly("14:00 old");
    }

    @Test
    void deletionThatDiesInTheMiddleLeavesTheSchedulePausedAndIsDoneTheNextTime() {
        madeAhead(HOURLY);
        stage.faults.refuse("deleteSchedule", 1);
        assertThatThrownBy(() -> handover().delete(stage.schedule("s"))).isInstanceOf(StoreUnavailableException.class);
        assertThat(stage.schedule("s").paused()).isTrue();
        assertThat(starts()).isEmpty();

        assertThat(handover().delete(stage.schedule("s"))).isTrue();

        assertThat(stage.memory.schedules().find("s")).isEmpty();
    }
}
