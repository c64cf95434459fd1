package dev.longshore.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why a job is DEAD. */
public enum DeadReason {
    /** Every attempt failed. */
    EXHAUSTED,
    /** Its handler, or its retry policy, said that no attempt makes sense. */
    DISCARDED,
    /** It was not started before its {@code expiresAt}. */
    EXPIRED,
    /** Its worker died in the middle of the last attempt. */
    CRASHED,
    /** No worker of its pool knows its task. */
    UNKNOWN_TASK,
    /** The deployment has neither its pool nor, in another pool, its task. */
    UNKNOWN_POOL,
    /** Its payload cannot be read as its task's type. */
    UNDECODABLE,
    /** Its payload is gone: something other than Longshore deleted it. */
    PAYLOAD_MISSING,
    /** Its handler returned more than a result may hold. */
    RESULT_TOO_LARGE,
    /** Its handler enqueued a job beyond the longest chain that the other task allows. */
    CHAIN_TOO_LONG;

    /** The reason of that name; empty for one that newer code has written. */
    static Optional<DeadReason> named(String name) {
        return Arrays.stream(values())
                .filter(reason -> reason.name().equals(name))
                .findFirst();
    }

    /** The name in JSON: {@code unknown_task}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
