package dev.longshore.benchmarks;

import java.time.Duration;

/**
 * What the cost tables take for granted, since an embedded engine cannot show it: durations in Lambda, and what AWS does by
 * itself. The tables print all of it.
 */
final class Assumptions {
    /** Memory of the API, of a usual pool, of the dead-letter function and of the dispatcher, in MiB. */
    static final int API_MEMORY = 1_024;

    static final int POOL_MEMORY = 1_024;
    static final int DEAD_LETTERS_MEMORY = 512;
    static final int DISPATCHER_MEMORY = 1_769;

    static final Duration API_REQUEST = Duration.ofMillis(30);
    static final Duration HANDLER = Duration.ofMillis(100);

    /** An invocation's own work around the handlers of its messages, which run side by side. */
    static final Duration INVOCATION = Duration.ofMillis(30);

    /** By how much a call of S3 keeps a function of 1,024 MiB waiting longer than one of DynamoDB. */
    static final Duration S3_CALL = Duration.ofMillis(20);

    /** Of CPU time as {@link DispatcherMemory} measures it, and of calls of AWS one after another. */
    static final Duration IDLE_TICK = Duration.ofMillis(100);

    /** Messages that an invocation gets in a burst; in a steady trickle each comes alone. */
    static final int BURST = 5;

    /** How long a finished job is kept. */
    static final Duration RETENTION = Duration.ofDays(7);

    static final Duration MONTH = Duration.ofHours(730);

    /** The lines START, END and REPORT of an invocation ("Monitoring Lambda functions", AWS Lambda Developer Guide). */
    static final int PLATFORM_LOG_BYTES = 330;

    /** Lambda reads an empty queue with five long polls of 20 s side by side ("Using Lambda with Amazon SQS"). */
    static final double POLLS_OF_AN_EMPTY_QUEUE = 5 * MONTH.toSeconds() / 20.0;

    private Assumptions() {}

    static double gigabyteSeconds(int memoryMiB, Duration time) {
        return memoryMiB / 1_024.0 * time.toMillis() / 1_000.0;
    }

    /** GB-months of so many bytes that are kept for as long as their job. */
    static double keptGigabyteMonths(double bytes) {
        return bytes / 1e9 * RETENTION.toSeconds() / MONTH.toSeconds();
    }
}
