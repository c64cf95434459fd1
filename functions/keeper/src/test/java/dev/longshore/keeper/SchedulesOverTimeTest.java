package dev.longshore.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.schedule.Schedule;
import dev.longshore.job.schedule.Schedule.FiringResult;
import dev.longshore.task.Json;
import dev.longshore.task.ScheduleSpec;
import dev.longshore.task.ScheduleSpec.CatchUp;
import dev.longshore.task.ScheduleSpec.Overlap;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Schedules over hours and years: after outages, and over the changes of clocks. */
class SchedulesOverTimeTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final ScheduleSpec MINUTELY = ScheduleSpec.cron("* * * * *", UTC);
    private static final ScheduleSpec HOURLY = ScheduleSpec.cron("@hourly", UTC);

    private final KeeperStage stage = new KeeperStage();

    @BeforeEach
    void aTask() {
        stage.tasks.add("t", Json.class, (payload, job) -> null);
    }

    // ---- an outage

    private record Outage(String name, ScheduleSpec spec, String back, List<String> jobs, long skipped) {}

    @Test
    void afterAnOutageOfThreeHoursEachPolicyDoesWhatItsRowSays() {
        List<Outage> table = List.of(
                new Outage("none", HOURLY.catchUp(CatchUp.NONE), "15:20:30", List.of(), 3),
                new Outage("latest", HOURLY.catchUp(CatchUp.LATEST), "15:20:30", List.of("15:00"), 2),
                new Outage("all", HOURLY.catchUpAll(100), "15:20:30", List.of("13:00", "14:00", "15:00"), 0),
                new Outage("all-two", HOURLY.catchUpAll(2), "15:20:30", List.of("14:00", "15:00"), 1),
                new Outage("none-on-time", HOURLY.catchUp(CatchUp.NONE), "15:03:00", List.of("15:00"), 2),
                new Outage("latest-on-time", HOURLY.catchUp(CatchUp.LATEST), "15:03:00", List.of("15:00"), 2),
                new Outage(
                        "none-minutely",
                        MINUTELY.catchUp(CatchUp.NONE),
                        "15:00:30",
                        List.of("14:56", "14:57", "14:58", "14:59", "15:00", "15:01"),
                        175),
                new Outage(
                        "latest-minutely",
                        MINUTELY.catchUp(CatchUp.LATEST),
                        "15:00:30",
                        List.of("14:56", "14:57", "14:58", "14:59", "15:00", "15:01"),
                        175),
                new Outage("skip-all", HOURLY.catchUpAll(9).overlap(Overlap.SKIP), "15:20:30", List.of("13:00"), 2),
                new Outage("cancel-all", HOURLY.catchUpAll(9).overlap(Overlap.CANCEL), "15:20:30", List.of("15:00"), 2),
                new Outage("daily", ScheduleSpec.cron("@daily", UTC), "15:20:30", List.of(), 0));
        for (Outage row : table) {
            KeeperStage fresh = new KeeperStage();
            fresh.tasks.add("t", Json.class, (payload, job) -> null);
            fresh.scheduled(row.name(), row.spec());
            fresh.memory.clock().set(Instant.parse("2026-03-10T" + row.back() + "Z"));

            fresh.tick();
            fresh.tick();

            assertThat(fresh.instants(row.name()))
                    .as(row.name())
                    .isEqualTo(row.jobs().stream()
                            .map(time -> Instant.parse("2026-03-10T" + time + ":00Z"))
                            .toList());
            assertThat(fresh.schedule(row.name()).skipped()).as(row.name()).isEqualTo(row.skipped());
            assertThat(fresh.schedule(row.name()).next()).as(row.name()).isAfter(fresh.now());
        }
    }

    @Test
    void missedAndSkippedInstantsAreCounted() {
        stage.scheduled("s", HOURLY.catchUp(CatchUp.NONE));
        stage.at("2026-03-10T15:20:30Z");

        stage.tick();

        assertThat(stage.schedule("s").last())
                .isEqualTo(new Schedule.Firing(Instant.parse("2026-03-10T15:00:00Z"), null, FiringResult.MISSED));
    }

    @Test
    void aMissedMinuteIsCaughtUpWhateverThePolicy() {
        for (CatchUp policy : CatchUp.values()) {
            KeeperStage fresh = new KeeperStage();
            fresh.tasks.add("t", Json.class, (payload, job) -> null);
            fresh.scheduled("s", MINUTELY.catchUp(policy));
            for (int minute = 0; minute < 10; minute++) {
                if (minute != 5) {
                    fresh.tick();
                }
                fresh.memory.clock().advance(Duration.ofMinutes(1));
            }

            assertThat(fresh.instants("s")).as("%s", policy).isEqualTo(KeeperStage.minutes("2026-03-10T12:01:00Z", 10));
        }
    }

    @Test
    void anOutageOfYearsIsOverInOneTick() {
        stage.scheduled("s", MINUTELY.catchUpAll(3));
        stage.at("2029-03-10T12:00:00Z");

        assertThat(stage.tick()).isEqualTo(7);

        assertThat(stage.instants("s")).isEqualTo(KeeperStage.minutes("2029-03-10T11:55:00Z", 7));
    }

    // ---- a year

    @Test
    void inAYearOfTicksOverThreeZonesNoInstantIsSkippedOrDoubled() {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        Instant end = Instant.parse("2027-01-01T00:00:00Z");
        stage.memory.clock().set(start);
        List<String> zones = List.of("America/New_York", "Europe/Berlin", "Australia/Lord_Howe");
        for (int i = 0; i < zones.size(); i++) {
            ZoneId zone = ZoneId.of(zones.get(i));
            stage.scheduled("fixed-" + i, ScheduleSpec.cron("15 2 * * *", zone));
            stage.scheduled("twice-" + i, ScheduleSpec.cron("45 1 * * *", zone));
            stage.scheduled("real-" + i, ScheduleSpec.cron("15 */3 * * *", zone));
        }

        Instant second = start.plusSeconds(17);
        for (Instant now = second; now.isBefore(end); now = now.plus(Duration.ofMinutes(29))) {
            stage.memory.clock().set(now);
            stage.tick();
        }

        for (int i = 0; i < zones.size(); i++) {
            ZoneId zone = ZoneId.of(zones.get(i));
            assertThat(stage.instants("fixed-" + i)).as(zones.get(i)).isEqualTo(fixed(zone, 2, 15, start, end));
            assertThat(stage.instants("twice-" + i)).as(zones.get(i)).isEqualTo(fixed(zone, 1, 45, start, end));
            assertThat(stage.instants("real-" + i)).as(zones.get(i)).isEqualTo(everyThreeHours(zone, start, end));
        }
    }

    /** When a wall clock that is looked at every minute first shows, or has passed, a time of day. */
    private static List<Instant> fixed(ZoneId zone, int hour, int minute, Instant start, Instant end) {
        List<Instant> firings = new ArrayList<>();
        LocalDateTime wanted =
                LocalDateTime.ofInstant(start, zone).toLocalDate().atTime(hour, minute);
        if (!wanted.isAfter(LocalDateTime.ofInstant(start, zone))) {
            wanted = wanted.plusDays(1);
        }
        for (Instant now = start; now.isBefore(end); now = now.plusSeconds(60)) {
            if (!LocalDateTime.ofInstant(now, zone).isBefore(wanted)) {
                firings.add(now);
                wanted = wanted.plusDays(1);
            }
        }
        return firings;
    }

    private static List<Instant> everyThreeHours(ZoneId zone, Instant start, Instant end) {
        List<Instant> firings = new ArrayList<>();
        for (Instant now = start; now.isBefore(end); now = now.plusSeconds(60)) {
            LocalTime shown = now.atZone(zone).toLocalTime();
            if (shown.getHour() % 3 == 0 && shown.getMinute() == 15) {
                firings.add(now);
            }
        }
        return firings;
    }
}
