package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JobQueueTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    @Test
    void aMessageWaitsUpToFifteenMinutesAndAJobBeyondThatInTheIndex() {
        Instant latest = NOON.plus(Duration.ofMinutes(15));

        assertThat(JobQueue.isBeyondDelay(NOON, latest)).isFalse();
        assertThat(JobQueue.isBeyondDelay(NOON, latest.plusMillis(1))).isTrue();
    }

    @Test
    void aDelayIsOfWholeSecondsRatherLateThanEarlyAndWithinItsLimit() {
        assertThat(seconds(Duration.ofMillis(-1))).isZero();
        assertThat(seconds(Duration.ZERO)).isZero();
        assertThat(seconds(Duration.ofMillis(1))).isEqualTo(1);
        assertThat(seconds(Duration.ofSeconds(1))).isEqualTo(1);
        assertThat(seconds(Duration.ofMillis(1_001))).isEqualTo(2);
        assertThat(seconds(Duration.ofMinutes(15))).isEqualTo(900);
        assertThat(seconds(Duration.ofDays(1))).isEqualTo(900);
    }

    private static int seconds(Duration delay) {
        return JobQueue.wholeSeconds(delay, JobQueue.LONGEST_DELAY);
    }
}
