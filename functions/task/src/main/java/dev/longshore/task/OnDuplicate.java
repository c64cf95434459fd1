package dev.longshore.task;

/** What a request for a job does when another job of the task has its unique key. */
public enum OnDuplicate {
    /** The job that has the key stays as it is, and answers the request. */
    KEEP,

    /**
     * The job that has the key gets the request's payload and time, if no worker has ever started it; requests that come
     * one after the other then end in one run. A job that was started keeps its payload, and the new job waits beside it.
     */
    REPLACE,

    /** The request is refused with 409. */
    REJECT
}
