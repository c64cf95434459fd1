package dev.longshore.testkit;

import dev.longshore.job.Engines;
import dev.longshore.job.JobQueue;
import dev.longshore.job.JobStore;
import java.util.Random;

/**
 * All engines in memory under one {@link SettableClock}.
 *
 * @param random seeded: two runs draw the same ids
 */
public record InMemoryEngines(
        SettableClock clock,
        InMemoryJobStore jobs,
        InMemoryJobQueue queue,
        InMemoryKeyStore keys,
        InMemoryQuarantine quarantine,
        InMemoryScheduleStore schedules,
        InMemoryPauseStore pauses,
        InMemoryLedger ledger,
        InMemoryOperatorLog operatorLog,
        InMemoryFileStore files,
        Random random) {

    public static InMemoryEngines create() {
        SettableClock clock = SettableClock.atNoon();
        Random random = new Random(20_260_310);
        return new InMemoryEngines(
                clock,
                new InMemoryJobStore(),
                new InMemoryJobQueue(clock),
                new InMemoryKeyStore(random),
                new InMemoryQuarantine(),
                new InMemoryScheduleStore(),
                new InMemoryPauseStore(),
                new InMemoryLedger(),
                new InMemoryOperatorLog(),
                new InMemoryFileStore(),
                random);
    }

    /** As the functions take them. */
    public Engines engines() {
        return engines(jobs, queue);
    }

    /** With all stores failing when {@code faults} say so. */
    public Engines engines(Faults faults) {
        return new Engines(
                new FaultyJobStore(jobs, faults),
                new FaultyJobQueue(queue, faults),
                keys,
                quarantine,
                new FaultyScheduleStore(schedules, faults),
                new FaultyPauseStore(pauses, faults),
                ledger,
                operatorLog,
                files,
                clock,
                random);
    }

    /** With another store or queue in front, one that fails on purpose, say. */
    public Engines engines(JobStore otherJobs, JobQueue otherQueue) {
        return new Engines(
                otherJobs, otherQueue, keys, quarantine, schedules, pauses, ledger, operatorLog, files, clock, random);
    }
}
