package dev.longshore.memory;

import dev.longshore.job.BodyStore;
import dev.longshore.job.DayShards;
import dev.longshore.job.JobQueue;
import dev.longshore.job.JobStore;
import dev.longshore.job.RowStore;
import dev.longshore.job.engines.Engines;
import java.util.Random;

/**
 * All engines in memory under one {@link SettableClock}.
 *
 * @param random seeded: two runs draw the same ids
 */
public record InMemoryEngines(
        SettableClock clock,
        InMemoryRowStore rows,
        InMemoryBodyStore bodies,
        InMemoryJobQueue queue,
        InMemoryKeyStore keys,
        InMemoryQuarantine quarantine,
        InMemoryScheduleStore schedules,
        InMemoryPauseStore pauses,
        InMemoryLimitStore limits,
        InMemoryLedger ledger,
        InMemoryOperatorLog operatorLog,
        InMemoryFileStore files,
        Random random) {

    public static InMemoryEngines create() {
        return create(DayShards.SIXTEEN);
    }

    /** As they are on a table whose days have so many shards. */
    public static InMemoryEngines create(DayShards shards) {
        SettableClock clock = SettableClock.atNoon();
        Random random = new Random(20_260_310);
        InMemoryScheduleStore schedules = new InMemoryScheduleStore();
        return new InMemoryEngines(
                clock,
                new InMemoryRowStore(schedules, shards),
                new InMemoryBodyStore(clock),
                new InMemoryJobQueue(clock),
                new InMemoryKeyStore(random),
                new InMemoryQuarantine(),
                schedules,
                new InMemoryPauseStore(),
                new InMemoryLimitStore(),
                new InMemoryLedger(),
                new InMemoryOperatorLog(),
                new InMemoryFileStore(),
                random);
    }

    /** As the functions take them. */
    public Engines engines() {
        return engines(rows, queue);
    }

    /** The jobs, whose bodies follow their rows. */
    public JobStore jobs() {
        return new JobStore(rows, bodies);
    }

    /** With another store or queue in front, one that fails on purpose, say. */
    public Engines engines(RowStore otherRows, JobQueue otherQueue) {
        return engines(otherRows, bodies, otherQueue);
    }

    /** With other stores and another queue in front. */
    public Engines engines(RowStore otherRows, BodyStore otherBodies, JobQueue otherQueue) {
        return new Engines(
                otherRows,
                otherBodies,
                otherQueue,
                keys,
                quarantine,
                schedules,
                pauses,
                limits,
                ledger,
                operatorLog,
                files,
                new InMemoryUploadUrls(),
                clock,
                random);
    }
}
