package dev.longshore.worker;

import dev.longshore.job.Change;
import java.time.Duration;

/**
 * The change that an ended attempt leads to, and what happens to its message once the change is written.
 *
 * @param change to the job's row
 * @param next what happens to the message
 */
record Decision(Change change, Next next) {
    /** What happens to the message of an attempt. */
    sealed interface Next {
        /** The message is deleted: the job has ended, or is held. */
        record Delete() implements Next {}

        /** The message is delivered again after this time. */
        record Redeliver(Duration delay) implements Next {}

        /** The message goes to the dead letters, where the death is handled. */
        record SendToDeadLetters() implements Next {}

        /** The message is deleted, and the held job is sent one of its own task. */
        record SendAnother() implements Next {}
    }

    static Decision end(Change change) {
        return new Decision(change, new Next.Delete());
    }

    static Decision kill(Change change) {
        return new Decision(change, new Next.SendToDeadLetters());
    }

    /** @param inDueIndex whether the job waits there, without this message */
    static Decision wait(Change change, Duration wait, boolean inDueIndex) {
        return new Decision(change, inDueIndex ? new Next.Delete() : new Next.Redeliver(wait));
    }
}
