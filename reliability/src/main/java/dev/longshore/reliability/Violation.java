package dev.longshore.reliability;

import dev.longshore.job.JobId;
import org.jspecify.annotations.Nullable;

/** A promise that a history breaks. */
record Violation(Kind kind, @Nullable JobId job, String what) {

    enum Kind {
        /** An acknowledged job has no row. */
        LOST,
        /** All is quiet, and a job has not come to its end. */
        UNFINISHED,
        /** It had not ended, had no message and was in no index, although no queue had lost a message. */
        STRANDED,
        /** A job that no client requested, or an end that no client requested. */
        INVENTED,
        /** Two jobs for one request. */
        DOUBLED,
        /** Two jobs of one unique key had not ended. */
        NOT_UNIQUE,
        /** Not in the table of {@code docs/lifecycle.md}, or with a fence or an attempt that jumps. */
        ILLEGAL_CHANGE,
        /** Two terminal states without an operator's retry between them. */
        FORKED,
        /** Written by a worker whose claim was no longer the last. */
        STALE_WRITE,
        /** Taken from a holder whose lease was not over by the taker's own clock. */
        STOLEN,
        /** Started before its time by the starter's own clock. */
        EARLY,
        /** The row says how an attempt ended, and it did not end so. */
        UNTRUE,
        /** An attempt is counted, although no handler started and no function crashed. */
        UNFAIR_ATTEMPT,
        /** The kept effect is not of the attempt that succeeded. */
        WRONG_EFFECT,
        /** A payload or a result is missing, or is another job's. */
        LOST_CONTENTS,
        /** A job of a schedule started after its definition was replaced, and was made for a later time. */
        OUTDATED,
        /** Two handlers of one job ran at once although all clocks were within what the lifecycle allows for. */
        OVERLAP,
        /** More claims with leases that last than their limit has slots, although all clocks were within what the lifecycle allows for. */
        OVER_LIMIT,
        /** A job is dead and its death was never handled. */
        UNHANDLED_DEATH,
        /** Accepted is not succeeded + dead + cancelled + waiting + running. */
        UNBALANCED
    }

    @Override
    public String toString() {
        return kind + (job == null ? "" : " " + job) + ": " + what;
    }
}
