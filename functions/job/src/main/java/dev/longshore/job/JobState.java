package dev.longshore.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Arrays;
import java.util.List;

/** The state of a job. The changes between these are in {@link Lifecycle}, and nowhere else. */
public enum JobState {
    /** Waits for the time that its client requested. */
    SCHEDULED,
    /** Waits for a worker. */
    QUEUED,
    /** A worker holds it under a lease. */
    RUNNING,
    /** An attempt failed or was snoozed; waits for the next. */
    RETRYING,
    /** Ended well. */
    SUCCEEDED,
    /** Failed for good, or never could run; an operator may redrive it. */
    DEAD,
    /** Ended on request. */
    CANCELLED,
    /** A state of newer code: a deployment is in progress, or was rolled back. */
    UNKNOWN;

    /** Whether nothing more happens by itself. */
    public boolean isTerminal() {
        return this == SUCCEEDED || this == DEAD || this == CANCELLED;
    }

    /** Whether the job waits to be claimed. */
    public boolean isWaiting() {
        return this == SCHEDULED || this == QUEUED || this == RETRYING;
    }

    /** The state of that name; {@link #UNKNOWN} for a name that newer code has written, into a row or into a count. */
    @JsonCreator
    static JobState named(String name) {
        return Arrays.stream(values())
                .filter(state -> state.name().equals(name))
                .findFirst()
                .orElse(UNKNOWN);
    }

    /** The states that this version of the code has: all but {@link #UNKNOWN}. */
    public static List<JobState> ofThisVersion() {
        return Arrays.stream(values()).filter(state -> state != UNKNOWN).toList();
    }

    static List<String> waiting() {
        return Arrays.stream(values())
                .filter(JobState::isWaiting)
                .map(Enum::name)
                .toList();
    }
}
