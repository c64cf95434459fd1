package dev.longshore.client;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/** Where a job is in its lifecycle. */
public enum JobState {
    /** Waits for its time. */
    SCHEDULED,
    /** Waits for a worker. */
    QUEUED,
    /** A worker runs its handler. */
    RUNNING,
    /** Waits for its next attempt. */
    RETRYING,
    /** Ended: the handler returned. */
    SUCCEEDED,
    /** Ended: no attempts are left, or it was discarded. */
    DEAD,
    /** Ended: an operator or a client cancelled it. */
    CANCELLED,
    /** A state of a newer Longshore, in which the job has not ended. */
    @JsonEnumDefaultValue
    OTHER;

    /** Whether the job has ended: SUCCEEDED, DEAD or CANCELLED. */
    public boolean ended() {
        return this == SUCCEEDED || this == DEAD || this == CANCELLED;
    }
}
