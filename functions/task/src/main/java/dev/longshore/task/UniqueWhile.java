package dev.longshore.task;

/** How long a job has its unique key. */
public enum UniqueWhile {
    /** Until it has ended: while it waits or runs. */
    UNFINISHED,

    /** Until a worker starts it for the first time. */
    WAITING
}
