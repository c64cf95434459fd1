package dev.longshore.job;

import static dev.longshore.job.Condition.all;
import static dev.longshore.job.Guards.asRead;
import static dev.longshore.job.Guards.neverStarted;
import static dev.longshore.job.Guards.readable;
import static dev.longshore.job.Guards.waiting;

import dev.longshore.job.BodyStore.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The change that a request makes to a waiting job instead of making a job of its own: both have one unique key, and the request
 * says that it replaces. The table of all changes is {@code docs/lifecycle.md}.
 */
public final class Replacement {
    private Replacement() {}

    /**
     * A job that no worker has ever started gets the payload, the time and the {@code expiresAt} of a new request. What else
     * the first request said stays. A job that a pause holds stays held by it, and one that waits for a slot waits on if it is due.
     * Any other is in the due index until its message is sent if it was there, or is due later than a message can wait.
     *
     * @param by the job that the request would make
     */
    public static Change replaceWaiting(Job waiting, NewJob by) {
        Instant now = by.createdAt();
        Instant due = due(waiting, by);
        Change change = new Change(
                        "replaceWaiting", all(waiting(), neverStarted(), readable(), asRead(waiting)), by.token())
                .set(Field.STATE, due.isAfter(now) ? JobState.SCHEDULED : JobState.QUEUED)
                .set(Field.DUE, due)
                .setOrRemove(Field.RUN_AT, due.isAfter(now) ? due : null)
                .setOrRemove(Field.EXPIRES, by.expiresAt())
                .content(Kind.PAYLOAD, "payload#" + by.token(), by.payload(), now)
                .replace(waiting.payload(), now)
                .history(history(waiting, due, now));
        return waitsInDueIndex(waiting, now, due)
                ? change.set(Field.INDEX, Lifecycle.dueIndex(waiting.id())).set(Field.INDEX_AT, due)
                : change;
    }

    private static boolean waitsInDueIndex(Job waiting, Instant now, Instant due) {
        if (waiting.heldByLimit().isPresent()) {
            return due.isAfter(now); // not due any more, it takes no slot
        }
        return waiting.index() == null ? JobQueue.isBeyondDelay(now, due) : waiting.isHeldUntilDue();
    }

    /** Not before now, and not later than the longest debounce of the job that waits. */
    private static Instant due(Job waiting, NewJob by) {
        Duration most = by.unique() == null ? null : by.unique().debounceMax();
        if (most == null) {
            return by.due();
        }
        Instant last = waiting.createdAt().plus(most);
        Instant latest = last.isAfter(by.createdAt()) ? last : by.createdAt();
        return by.due().isBefore(latest) ? by.due() : latest;
    }

    /** One entry for all replacements, of the last one: a job that is replaced a thousand times keeps a small row. */
    private static List<HistoryEntry> history(Job waiting, Instant due, Instant now) {
        List<HistoryEntry> history = new ArrayList<>(waiting.history());
        if (!history.isEmpty() && history.getLast().payloadReplaced()) {
            history.removeLast();
        }
        JobState state = due.isAfter(now) ? JobState.SCHEDULED : JobState.QUEUED;
        return HistoryEntry.append(history, HistoryEntry.of(state, now).withAnotherPayload());
    }
}
