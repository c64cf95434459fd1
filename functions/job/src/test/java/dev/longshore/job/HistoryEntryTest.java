package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HistoryEntryTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00.123Z");

    @Test
    void everyEntryIsReadAsItWasWritten() {
        List<HistoryEntry> entries = new ArrayList<>();
        for (JobState state : JobState.ofThisVersion()) {
            entries.add(HistoryEntry.of(state, NOON));
            entries.add(HistoryEntry.of(state, NOON).afterAttempts(3));
            entries.add(HistoryEntry.of(state, NOON).afterAttempts(0).by("k3yId"));
            entries.add(HistoryEntry.of(state, NOON)
                    .afterAttempts(3)
                    .because(new JobError("java.io.IOException", "a;b;e;a1 \u00e9\ud83d\udea2")));
        }
        entries.add(HistoryEntry.of(JobState.RETRYING, NOON).afterAttempts(2).asSnooze());
        entries.add(HistoryEntry.of(JobState.QUEUED, NOON).afterAttempts(2).asSnooze());
        entries.add(HistoryEntry.of(JobState.QUEUED, NOON)
                .afterAttempts(0)
                .by("me")
                .withAnotherPayload()
                .asTask("other"));

        assertThat(entries)
                .allSatisfy(
                        entry -> assertThat(HistoryEntry.decode(entry.encode())).isEqualTo(entry));
    }

    @Test
    void anEntryWithoutAnErrorTakesADozenBytes() {
        assertThat(HistoryEntry.of(JobState.RUNNING, NOON).encode()).hasSizeLessThanOrEqualTo(12);
    }

    @Test
    void aHistoryKeepsItsFirstAndItsLastEntries() {
        List<HistoryEntry> history = List.of();
        for (int i = 0; i < 1_000; i++) {
            history = HistoryEntry.append(
                    history,
                    HistoryEntry.of(JobState.RETRYING, NOON.plusSeconds(i)).afterAttempts(i));
        }

        assertThat(history).hasSize(HistoryEntry.MOST);
        assertThat(history.stream().limit(5).map(HistoryEntry::attempt)).containsExactly(0, 1, 2, 3, 4);
        assertThat(history.stream().skip(5).map(HistoryEntry::attempt))
                .containsExactlyElementsOf(IntStream.range(965, 1_000).boxed().toList());
    }

    @Test
    void theLastClaimsAttemptIsTheRowsOwnCount() {
        List<String> encoded = List.of(HistoryEntry.of(JobState.RUNNING, NOON).encode());

        assertThat(HistoryEntry.decode(encoded, 3))
                .containsExactly(HistoryEntry.of(JobState.RUNNING, NOON).afterAttempts(3));
    }

    @Test
    void aClaimsAttemptFollowsFromWhatCameAfterIt() {
        List<String> encoded = List.of(
                HistoryEntry.of(JobState.QUEUED, NOON).encode(),
                HistoryEntry.of(JobState.RUNNING, NOON).encode(),
                HistoryEntry.of(JobState.RETRYING, NOON).afterAttempts(1).encode(),
                HistoryEntry.of(JobState.RUNNING, NOON).encode(),
                HistoryEntry.of(JobState.RETRYING, NOON)
                        .afterAttempts(1)
                        .asSnooze()
                        .encode(),
                HistoryEntry.of(JobState.RUNNING, NOON).encode(),
                HistoryEntry.of(JobState.RUNNING, NOON).encode());

        assertThat(HistoryEntry.decode(encoded, 3).stream()
                        .filter(entry -> entry.state() == JobState.RUNNING)
                        .map(HistoryEntry::attempt))
                .containsExactly(1, 2, 2, 3);
    }

    @Test
    void aLongErrorIsCutBetweenCharacters() {
        JobError error = new JobError("T", "\ud83d\udea2".repeat(2_000), "s".repeat(5_000));

        assertThat(error.message())
                .hasSizeLessThanOrEqualTo(JobError.LONGEST_MESSAGE)
                .endsWith("\udea2…");
        assertThat(error.stack()).hasSize(JobError.LONGEST_STACK);
        assertThat(error.line())
                .hasSizeLessThanOrEqualTo(HistoryEntry.LONGEST_ERROR)
                .endsWith("\udea2…");
    }

    @Test
    void anErrorWithoutAMessageStillSaysWhatItIs() {
        JobError error = JobError.of(new StackOverflowError());

        assertThat(error.type()).isEqualTo("java.lang.StackOverflowError");
        assertThat(error.message()).isEqualTo("no message");
        assertThat(error.stack()).contains(getClass().getName());
    }

    @Test
    void delaysAreRoundedUpToWholeSecondsWithinTheirLimit() {
        assertThat(JobQueue.wholeSeconds(Duration.ofMillis(-5), JobQueue.LONGEST_DELAY))
                .isZero();
        assertThat(JobQueue.wholeSeconds(Duration.ofMillis(1), JobQueue.LONGEST_DELAY))
                .isEqualTo(1);
        assertThat(JobQueue.wholeSeconds(Duration.ofSeconds(2), JobQueue.LONGEST_DELAY))
                .isEqualTo(2);
        assertThat(JobQueue.wholeSeconds(Duration.ofDays(3), JobQueue.LONGEST_DELAY))
                .isEqualTo(900);
    }
}
