package dev.longshore.client;

import java.util.Locale;

/** What a request for a job does when another job of the task has its unique key. */
public enum OnDuplicate {
    /** The other job stays as it is, and is the answer. */
    KEEP,
    /** The other job gets this request's payload and time, if it never started, and is the answer. */
    REPLACE,
    /** The request is refused: {@link ConflictException}. */
    REJECT;

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
