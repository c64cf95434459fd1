package dev.longshore.suites.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.JobId;
import dev.longshore.job.Page;
import dev.longshore.job.StoreUnavailableException;
import dev.longshore.job.schedule.Schedule;
import dev.longshore.job.schedule.Schedule.Firing;
import dev.longshore.job.schedule.Schedule.FiringResult;
import dev.longshore.job.schedule.ScheduleStore;
import dev.longshore.task.ScheduleSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a {@link ScheduleStore} has to do. Every test makes schedules of its own. */
public abstract class ScheduleStoreContract {
    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
    private static final ScheduleSpec EVERY = ScheduleSpec.cron("30 4 * * MON-FRI", ZoneId.of("Australia/Lord_Howe"))
            .payload(Map.of("text", "\u6771\ud83d\udea2", "many", "x".repeat(2_000)))
            .overlap(ScheduleSpec.Overlap.SKIP)
            .catchUpAll(7)
            .jitter(Duration.ofSeconds(30))
            .maxAttempts(4)
            .tags("blue", "green");

    private final String prefix = "s" + UUID.randomUUID();

    /** The store to test; the same one for a whole test. */
    protected abstract ScheduleStore store();

    // ---- one schedule

    @Test
    void aScheduleIsFoundAsItWasWritten() {
        Schedule schedule = Schedule.of(prefix, "rehearse", EVERY, true, NOW);

        assertThat(store().write(schedule)).isTrue();

        assertThat(store().find(prefix)).contains(schedule.written());
        assertThat(store().find(prefix + "x")).isEmpty();
    }

    @Test
    void aScheduleOfAnIntervalIsFoundAsItWasWrittenWithWhatItReplaced() {
        ScheduleSpec often = ScheduleSpec.interval(Duration.ofMinutes(90), NOW.plusSeconds(7));
        Schedule schedule = Schedule.of(prefix, "rehearse", often, true, NOW)
                .changedTo("rehearse", ScheduleSpec.interval(Duration.ofDays(2)), true, NOW.plusSeconds(1));

        assertThat(store().write(schedule)).isTrue();

        Schedule found = found(prefix);
        assertThat(found).isEqualTo(schedule.written());
        assertThat(found.outdated().getFirst().times()).isEqualTo(often.times());
    }

    @Test
    void afterItsFiringsAScheduleStillHasItsZoneItsPayloadAndAllElse() {
        Schedule first = written(prefix, EVERY);
        JobId job = JobId.of(NOW.toEpochMilli(), 1, 2);

        Instant next = EVERY.next(first.next());
        store().write(first.advance(next, new Firing(first.next(), job, FiringResult.CREATED), 3));
        Schedule second = found(prefix);
        store().write(second.advance(EVERY.next(next), new Firing(next, job, FiringResult.SKIPPED), 1));

        Schedule now = found(prefix);
        assertThat(now.spec()).isEqualTo(EVERY);
        assertThat(now.next()).isEqualTo(EVERY.next(next));
        assertThat(now.last()).isEqualTo(new Firing(next, job, FiringResult.SKIPPED));
        assertThat(now.skipped()).isEqualTo(4);
        assertThat(now.version()).isEqualTo(first.version() + 2);
        assertThat(now.task()).isEqualTo("rehearse");
    }

    @Test
    void aScheduleThatWasChangedInBetweenIsNotOverwritten() {
        Schedule read = written(prefix, EVERY);
        assertThat(store().write(read.pause(NOW))).isTrue();

        assertThat(store().write(read.advance(NOW, new Firing(NOW, null, FiringResult.MISSED), 1)))
                .isFalse();
        assertThat(store().write(Schedule.of(prefix, "other", EVERY, false, NOW)))
                .as("there is one of that name")
                .isFalse();
        assertThat(store().delete(read)).isFalse();

        assertThat(found(prefix)).isEqualTo(read.pause(NOW).written());
    }

    @Test
    void aScheduleThatWasDeletedInBetweenDoesNotComeBack() {
        Schedule read = written(prefix, EVERY);
        assertThat(store().delete(read)).isTrue();

        assertThat(store().write(read.pause(NOW))).isFalse();
        assertThat(store().delete(read)).isFalse();

        assertThat(store().find(prefix)).isEmpty();
    }

    @Test
    void aTickThatHasReadADeletedScheduleDoesNotWriteOverTheOneThatHasItsNameNow() {
        Schedule read = written(prefix, EVERY);
        assertThat(store().delete(read)).isTrue();
        Schedule another = Schedule.of(prefix, "other", EVERY, false, NOW.plusMillis(3));
        assertThat(store().write(another)).isTrue();

        assertThat(store().write(read.advance(NOW, new Firing(NOW, null, FiringResult.MISSED), 1)))
                .isFalse();
        assertThat(store().delete(read)).isFalse();

        assertThat(store().find(prefix)).contains(another.written());
    }

    @Test
    void whatAChangeAnswersIsWhatTheStoreHas() {
        Schedule made = store().put(prefix, there -> Schedule.of(prefix, "rehearse", EVERY, true, NOW));
        assertThat(made).isEqualTo(found(prefix));
        assertThat(made.isNew()).isFalse();

        Schedule paused =
                store().change(prefix, schedule -> schedule.pause(NOW)).orElseThrow();
        assertThat(paused).isEqualTo(found(prefix));

        assertThat(store().put(prefix, there -> there.orElseThrow())).isEqualTo(found(prefix));
        assertThat(store().change(prefix, schedule -> schedule.pause(NOW))).contains(found(prefix));
    }

    @Test
    void aScheduleThatChangesOnEveryTryIsAnError() {
        written(prefix, EVERY);

        assertThatThrownBy(() -> store().change(prefix, schedule -> {
                    store().write(schedule.advance(NOW, new Firing(NOW, null, FiringResult.MISSED), 1));
                    return schedule.pause(NOW);
                }))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("The schedule " + prefix + " changes too fast");
    }

    @Test
    void aChangeIsRetriedWhenAnotherWasFaster() {
        written(prefix, EVERY);
        List<Integer> tries = new ArrayList<>();

        store().change(prefix, schedule -> {
            if (tries.size() < 3) {
                store().write(schedule.advance(NOW, new Firing(NOW, null, FiringResult.MISSED), 1));
            }
            tries.add(1);
            return schedule.pause(NOW);
        });

        assertThat(tries).hasSize(4);
        assertThat(found(prefix).paused()).isTrue();
        assertThat(found(prefix).skipped()).isEqualTo(3);
        assertThat(store().change(prefix + "x", schedule -> schedule.pause(NOW)))
                .isEmpty();
    }

    // ---- many

    @Test
    void schedulesAreListedByNameInPagesWithoutAGapOrADouble() {
        List<String> names =
                IntStream.range(0, 25).mapToObj(i -> prefix + (char) ('a' + i)).toList();
        names.forEach(name -> written(name, EVERY));

        List<String> listed = new ArrayList<>();
        String after = prefix;
        do {
            Page<Schedule, String> page = store().list(4, after);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(4);
            page.items().forEach(schedule -> listed.add(schedule.name()));
            after = page.next();
        } while (after != null);

        assertThat(listed.stream().filter(name -> name.startsWith(prefix))).isEqualTo(names);
    }

    @Test
    void moreThanAMegabyteOfSchedulesIsListedWholeAndFoundWholeWhenDue() {
        byte[] noise = new byte[45_000]; // what gzip cannot make smaller
        new Random(1).nextBytes(noise);
        ScheduleSpec large = ScheduleSpec.cron("* * * * *", ZoneId.of("UTC")).payload(noise);
        List<String> names = IntStream.range(1_000, 2_000)
                .mapToObj(i -> prefix + "-" + i)
                .filter(name -> Schedule.shardOf(name).equals("7"))
                .limit(30)
                .toList();
        names.forEach(name -> written(name, large));

        List<String> listed = new ArrayList<>();
        String after = prefix;
        do {
            Page<Schedule, String> page = store().list(100, after);
            page.items().forEach(schedule -> listed.add(schedule.name()));
            after = page.next();
        } while (after != null);

        assertThat(listed.stream().filter(name -> name.startsWith(prefix))).isEqualTo(names);
        assertThat(due(NOW.plusSeconds(60))).containsExactlyInAnyOrderElementsOf(names);
    }

    // ---- the due ones

    @Test
    void aScheduleIsDueAMinuteBeforeItsInstantButAtItWhenTheJobBeforeMatters() {
        ScheduleSpec minutely = ScheduleSpec.cron("* * * * *", ZoneId.of("UTC"));
        written(prefix + "-allow", minutely);
        written(prefix + "-skip", minutely.overlap(ScheduleSpec.Overlap.SKIP));
        written(prefix + "-cancel", minutely.overlap(ScheduleSpec.Overlap.CANCEL));

        assertThat(due(NOW.minusMillis(1))).isEmpty();
        assertThat(due(NOW)).containsExactly(prefix + "-allow");
        assertThat(due(NOW.plusSeconds(60)))
                .containsExactlyInAnyOrder(prefix + "-allow", prefix + "-skip", prefix + "-cancel");
    }

    @Test
    void aScheduleThatIsPausedAdvancedOrDeletedIsNoLongerDue() {
        ScheduleSpec minutely = ScheduleSpec.cron("* * * * *", ZoneId.of("UTC"));
        Schedule paused = written(prefix + "-paused", minutely);
        Schedule advanced = written(prefix + "-advanced", minutely);
        Schedule deleted = written(prefix + "-deleted", minutely);

        store().write(paused.pause(NOW).handedOver(paused.next(), null));
        store().write(advanced.advance(NOW.plusSeconds(120), new Firing(NOW, null, FiringResult.MISSED), 0));
        store().delete(deleted);

        assertThat(due(NOW)).isEmpty();
        store().write(found(paused.name()).resume(NOW));
        assertThat(due(NOW)).containsExactly(paused.name());
    }

    @Test
    void scheduleWhoseOutdatedJobsAreToBeTakenBackIsDueAtOnceThoughItIsPaused() {
        Schedule paused = written(prefix, EVERY);
        Schedule outdated = paused.changedTo("other", EVERY.payload(2), false, NOW.plusMillis(5))
                .pause(NOW.plusMillis(7));

        assertThat(store().write(outdated)).isTrue();

        assertThat(found(prefix)).isEqualTo(outdated.written());
        assertThat(found(prefix).outdated()).hasSize(2);
        assertThat(due(NOW.plusMillis(4))).isEmpty();
        assertThat(due(NOW.plusMillis(5))).containsExactly(prefix);
        store().write(found(prefix).handedOver(paused.next(), null));
        assertThat(found(prefix).outdated()).isEmpty();
        assertThat(due(NOW.plusSeconds(60))).isEmpty();
    }

    @Test
    void dueSchedulesComeEarliestFirstAndInPages() {
        ScheduleSpec minutely = ScheduleSpec.cron("* * * * *", ZoneId.of("UTC"));
        List<Schedule> ofOneShard = IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> prefix + "-" + i)
                .filter(name -> Schedule.shardOf(name).equals("7"))
                .limit(5)
                .map(name -> written(name, minutely))
                .toList();
        Schedule late = ofOneShard.getFirst();
        store().write(late.advance(NOW.minusSeconds(600), new Firing(NOW, null, FiringResult.MISSED), 0));

        List<String> names = new ArrayList<>();
        String after = null;
        do {
            Page<Schedule, String> page = store().due("7", NOW, 2, after);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(2);
            page.items().forEach(schedule -> names.add(schedule.name()));
            after = page.next();
        } while (after != null);

        names.removeIf(name -> !name.startsWith(prefix));
        assertThat(names)
                .hasSize(5)
                .startsWith(late.name())
                .containsExactlyInAnyOrderElementsOf(
                        ofOneShard.stream().map(Schedule::name).toList());
    }

    @Test
    void whatTheStoreWasMadeToAgreeWithIsKept() {
        store().agree(prefix);
        assertThat(store().agreement()).contains(prefix);

        store().agree(prefix + "x");
        assertThat(store().agreement()).contains(prefix + "x");
    }

    private Schedule written(String name, ScheduleSpec spec) {
        assertThat(store().write(Schedule.of(name, "rehearse", spec, false, NOW)))
                .isTrue();
        return found(name);
    }

    private Schedule found(String name) {
        return store().find(name).orElseThrow();
    }

    private List<String> due(Instant until) {
        List<String> names = new ArrayList<>();
        for (char shard : "0123456789abcdef".toCharArray()) {
            @Nullable String after = null;
            do {
                Page<Schedule, String> page = store().due(Character.toString(shard), until, 100, after);
                page.items().forEach(schedule -> names.add(schedule.name()));
                after = page.next();
            } while (after != null);
        }
        names.removeIf(name -> !name.startsWith(prefix));
        return names;
    }
}
