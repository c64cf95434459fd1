package dev.longshore.job;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a job's lifecycle.
 *
 * @param state what it became
 * @param at when
 * @param attempt how many attempts had been counted then; null where none had
 * @param error the failure, as one line
 * @param by the id of the API key that requested it
 * @param snoozed whether the attempt before it was given back: the job waits, or continues in a further invocation
 * @param payloadReplaced whether this step replaced the payload
 * @param task the task that the job runs as from then on; null where that did not change
 */
public record HistoryEntry(
        JobState state,
        Instant at,
        @Nullable Integer attempt,
        @Nullable String error,
        @Nullable String by,
        boolean snoozed,
        boolean payloadReplaced,
        @Nullable String task) {

    /** How many entries a job keeps: the first ones and the last ones, when there were more. */
    public static final int MOST = 40;

    static final int LONGEST_ERROR = 200;
    private static final int FIRST_KEPT = 5;

    public static HistoryEntry of(JobState state, Instant at) {
        return new HistoryEntry(state, at, null, null, null, false, false, null);
    }

    HistoryEntry after(int attempts) {
        return new HistoryEntry(state, at, attempts, error, by, snoozed, payloadReplaced, task);
    }

    HistoryEntry because(JobError failure) {
        return new HistoryEntry(state, at, attempt, failure.line(), by, snoozed, payloadReplaced, task);
    }

    HistoryEntry by(@Nullable String keyId) {
        return new HistoryEntry(state, at, attempt, error, keyId, snoozed, payloadReplaced, task);
    }

    HistoryEntry asSnooze() {
        return new HistoryEntry(state, at, attempt, error, by, true, payloadReplaced, task);
    }

    HistoryEntry withAnotherPayload() {
        return new HistoryEntry(state, at, attempt, error, by, snoozed, true, task);
    }

    HistoryEntry asTask(String name) {
        return new HistoryEntry(state, at, attempt, error, by, snoozed, payloadReplaced, name);
    }

    /** Adds an entry to a history, and takes one out of its middle when it is full. */
    static List<HistoryEntry> append(List<HistoryEntry> history, HistoryEntry entry) {
        List<HistoryEntry> all = new ArrayList<>(history);
        while (all.size() >= MOST) {
            all.remove(FIRST_KEPT);
        }
        all.add(entry);
        return all;
    }

    /** About 12 bytes in the row: a letter, the time in base 36, and the other fields that are set. */
    String encode() {
        StringBuilder text = new StringBuilder();
        text.append(snoozed ? givenBackLetter(state) : letter(state)).append(Long.toString(at.toEpochMilli(), 36));
        if (attempt != null) {
            text.append(";a").append(attempt);
        }
        if (by != null) {
            text.append(";b").append(by);
        }
        if (payloadReplaced) {
            text.append(";p");
        }
        if (task != null) {
            text.append(";t").append(task);
        }
        if (error != null) {
            text.append(";e").append(error);
        }
        return text.toString();
    }

    static HistoryEntry decode(String text) {
        String[] parts = text.split(";", 2);
        Instant at = Instant.ofEpochMilli(Long.parseLong(parts[0].substring(1), 36));
        char letter = parts[0].charAt(0);
        Integer attempt = null;
        String by = null;
        String error = null;
        boolean payloadReplaced = false;
        String task = null;
        String rest = parts.length == 1 ? "" : parts[1];
        while (!rest.isEmpty() && error == null) {
            String[] next = rest.startsWith("e") ? new String[] {rest} : rest.split(";", 2);
            switch (next[0].charAt(0)) {
                case 'a' -> attempt = Integer.valueOf(next[0].substring(1));
                case 'b' -> by = next[0].substring(1);
                case 'p' -> payloadReplaced = true;
                case 't' -> task = next[0].substring(1);
                default -> error = next[0].substring(1);
            }
            rest = next.length == 1 ? "" : next[1];
        }
        return new HistoryEntry(
                state(letter), at, attempt, error, by, letter == 'Z' || letter == 'N', payloadReplaced, task);
    }

    /**
     * Decodes a whole history. The entry of a claim has no attempt number, since a claim is written without reading the row;
     * the number follows from the entries after it, and for the last one from the row's count.
     */
    static List<HistoryEntry> decode(List<String> encoded, int attemptNow) {
        List<HistoryEntry> history =
                new ArrayList<>(encoded.stream().map(HistoryEntry::decode).toList());
        int attempt = attemptNow;
        for (int i = history.size() - 1; i >= 0; i--) {
            HistoryEntry entry = history.get(i);
            if (entry.state() == JobState.RUNNING) {
                history.set(i, entry.after(attempt));
                attempt--;
            } else if (entry.attempt() != null) {
                attempt = entry.snoozed() ? entry.attempt() + 1 : entry.attempt();
            }
        }
        return List.copyOf(history);
    }

    private static char letter(JobState state) {
        return switch (state) {
            case SCHEDULED -> 'S';
            case QUEUED -> 'Q';
            case RUNNING -> 'R';
            case RETRYING -> 'Y';
            case SUCCEEDED -> 'O';
            case DEAD -> 'D';
            case CANCELLED -> 'C';
            case UNKNOWN -> throw new IllegalStateException("A history has no entry of the state " + state);
        };
    }

    private static char givenBackLetter(JobState state) {
        return state == JobState.QUEUED ? 'N' : 'Z';
    }

    private static JobState state(char letter) {
        return switch (letter) {
            case 'S' -> JobState.SCHEDULED;
            case 'Q', 'N' -> JobState.QUEUED;
            case 'R' -> JobState.RUNNING;
            case 'Y', 'Z' -> JobState.RETRYING;
            case 'O' -> JobState.SUCCEEDED;
            case 'D' -> JobState.DEAD;
            case 'C' -> JobState.CANCELLED;
            default -> JobState.UNKNOWN; // newer code has written it
        };
    }
}
