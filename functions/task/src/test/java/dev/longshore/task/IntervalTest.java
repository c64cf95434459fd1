package dev.longshore.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntervalTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    @Test
    void instantsAreCountedFromTheAnchorAtAnyTime() {
        ScheduleSpec spec = ScheduleSpec.interval(Duration.ofMinutes(90), NOON);

        assertThat(spec.after(NOON.minusSeconds(1)).limit(2)).containsExactly(NOON, NOON.plusSeconds(5_400));
        assertThat(spec.next(NOON)).isEqualTo(NOON.plusSeconds(5_400));
        assertThat(spec.next(NOON.plusSeconds(5_399).plusNanos(999_999_999))).isEqualTo(NOON.plusSeconds(5_400));
        assertThat(spec.next(NOON.plus(Duration.ofDays(3_000)).plusMillis(1)))
                .isEqualTo(NOON.plus(Duration.ofDays(3_000)).plusSeconds(5_400));
    }

    @Test
    void nothingFiresBeforeTheAnchor() {
        assertThat(ScheduleSpec.interval(Duration.ofDays(1), NOON).next(Instant.EPOCH))
                .isEqualTo(NOON);
    }

    @Test
    void withoutAnAnchorInstantsAreCountedFrom1970() {
        assertThat(ScheduleSpec.interval(Duration.ofMinutes(90)).next(NOON)).isEqualTo("2026-03-10T13:30:00Z");
        assertThat(ScheduleSpec.interval(Duration.ofHours(1)).next(NOON)).isEqualTo("2026-03-10T13:00:00Z");
    }

    @Test
    void noInstantIsSkippedOrDoubled() {
        Random random = new Random(20_261_128);
        for (int i = 0; i < 1_000; i++) {
            Duration interval = Duration.ofSeconds(60 + random.nextInt(100_000));
            ScheduleSpec spec = ScheduleSpec.interval(interval, Instant.ofEpochSecond(random.nextInt()));
            List<Instant> firings = spec.after(Instant.ofEpochMilli(random.nextInt() * 1_000L + random.nextInt(1_000)))
                    .limit(5)
                    .toList();
            for (int n = 1; n < firings.size(); n++) {
                assertThat(firings.get(n)).isEqualTo(firings.get(n - 1).plus(interval));
                assertThat(spec.next(firings.get(n - 1).plusMillis(random.nextInt(60_000))))
                        .isEqualTo(firings.get(n));
            }
        }
    }

    @Test
    void aClockThatIsPutForwardMovesNothing() {
        ScheduleSpec spec = ScheduleSpec.interval(Duration.ofHours(24), Instant.parse("2026-03-28T01:30:00Z"));

        assertThat(spec.after(Instant.parse("2026-03-28T12:00:00Z")).limit(2))
                .containsExactly(Instant.parse("2026-03-29T01:30:00Z"), Instant.parse("2026-03-30T01:30:00Z"));
    }

    @Test
    void itsTextIsThatOfIso8601AndReadsAsWhatItWas() {
        Times often = new Interval(Duration.ofMinutes(90), NOON);

        assertThat(often.text()).isEqualTo("R/2026-03-10T12:00:00Z/PT1H30M");
        assertThat(Times.parse(often.text())).isEqualTo(often);
        assertThat(Json.of(ScheduleSpec.interval(Duration.ofMinutes(90))).as(ScheduleSpec.class))
                .isEqualTo(ScheduleSpec.interval(Duration.ofMinutes(90)));
    }

    @Test
    void aRowOfBeforeThereWereIntervalsIsRead() {
        Json row = Json.parse("""
                {"cron":"0 3 * * *","zone":"UTC","payload":{},"overlap":"ALLOW","catchUp":"LATEST","catchUpLimit":100,
                "jitterSeconds":0,"maxAttempts":null,"tags":[],"fairKey":null}""");

        assertThat(row.as(ScheduleSpec.class)).isEqualTo(ScheduleSpec.cron("0 3 * * *", ZoneOffset.UTC));
    }

    @Test
    void lessThanAMinuteMoreThanAYearAndPartsOfSecondsAreRefused() {
        assertThatThrownBy(() -> ScheduleSpec.interval(Duration.ofSeconds(59)))
                .hasMessage("every takes a duration from PT1M to PT8784H, and got PT59S");
        assertThatThrownBy(() -> ScheduleSpec.interval(Duration.ofDays(367))).hasMessageContaining("PT8784H");
        assertThatThrownBy(() -> ScheduleSpec.interval(Duration.ofMillis(90_500)))
                .hasMessage(
                        "An interval and its anchor take whole seconds, and got PT1M30.5S and 1970-01-01T00:00:00Z");
        assertThatThrownBy(() -> ScheduleSpec.interval(Duration.ofMinutes(1), NOON.plusMillis(1)))
                .hasMessageContaining("whole seconds");
    }
}
